package dev.mainstay.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.retention.RetentionRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the operator asks of a Job, as JSON in one environment variable. It names Secrets and their keys and never holds
 * a value of one: those are mounted as files.
 *
 * @param contractVersion version of this record; a runner reads its own and the one before
 * @param kind what to do
 * @param origin whose backup it is
 * @param attempt number of the attempt, from 1
 * @param path the attempt's folder in the bucket: relative to the bucket, with a slash at the end; null for a restore that
 *     needs no backup
 * @param policyPath the policy's folder in the bucket, where {@code owner.json} is; with a slash at the end
 * @param database the database; null for a task that works on the bucket alone, or starts a server of its own
 * @param storage the bucket; null for a restore that needs no backup
 * @param dump how the database is dumped; null unless the task is a backup or a preflight
 * @param verification level at which the backup is proven after it is committed
 * @param startBy the runner does nothing but say so when it starts later than this
 * @param timeoutSeconds how long the task may take from the start of its container
 * @param retention what is removed once the backup is proven; null when nothing is to be looked at
 * @param restore what a restore works on; null for every other task
 * @param listStored whether a preflight also tells which backups are in the bucket, and takes the path over first where
 *     {@link Origin#adopt} says so; null for no
 * @param step what a step of a run does; null for every other task
 */
public record Task(
        int contractVersion,
        TaskKind kind,
        Origin origin,
        int attempt,
        String path,
        String policyPath,
        DatabaseTarget database,
        StorageTarget storage,
        Dump dump,
        VerificationLevel verification,
        Instant startBy,
        long timeoutSeconds,
        Retention retention,
        RestoreOrder restore,
        Boolean listStored,
        StepOrder step) {

    /** A task that lists nothing. */
    public Task(
            int contractVersion,
            TaskKind kind,
            Origin origin,
            int attempt,
            String path,
            String policyPath,
            DatabaseTarget database,
            StorageTarget storage,
            Dump dump,
            VerificationLevel verification,
            Instant startBy,
            long timeoutSeconds,
            Retention retention,
            RestoreOrder restore) {
        this(
                contractVersion,
                kind,
                origin,
                attempt,
                path,
                policyPath,
                database,
                storage,
                dump,
                verification,
                startBy,
                timeoutSeconds,
                retention,
                restore,
                null,
                null);
    }

    /** A task that restores nothing. */
    public Task(
            int contractVersion,
            TaskKind kind,
            Origin origin,
            int attempt,
            String path,
            String policyPath,
            DatabaseTarget database,
            StorageTarget storage,
            Dump dump,
            VerificationLevel verification,
            Instant startBy,
            long timeoutSeconds,
            Retention retention) {
        this(
                contractVersion,
                kind,
                origin,
                attempt,
                path,
                policyPath,
                database,
                storage,
                dump,
                verification,
                startBy,
                timeoutSeconds,
                retention,
                null,
                null,
                null);
    }

    /** The same task, which also tells what is in the bucket. */
    public Task listingStored() {
        return new Task(
                contractVersion,
                kind,
                origin,
                attempt,
                path,
                policyPath,
                database,
                storage,
                dump,
                verification,
                startBy,
                timeoutSeconds,
                retention,
                restore,
                true,
                step);
    }

    /** A task of a step of a run: what it works on is in the order. */
    public static Task of(Origin origin, int attempt, Instant startBy, long timeoutSeconds, StepOrder step) {
        return new Task(
                CONTRACT_VERSION,
                TaskKind.STEP,
                origin,
                attempt,
                null,
                null,
                null,
                null,
                null,
                null,
                startBy,
                timeoutSeconds,
                null,
                null,
                null,
                step);
    }

    /** The version that this code writes. */
    public static final int CONTRACT_VERSION = 1;

    /** Name of the environment variable that holds the task. */
    public static final String ENVIRONMENT_VARIABLE = "MAINSTAY_TASK";

    /** Folder in which the Secrets are mounted, each in a folder of its own named in {@link MountedSecret}. */
    public static final String SECRETS_FOLDER = "/var/run/mainstay/secrets";

    /** Folder in which a server that lives as long as the Pod has its data. */
    public static final String SERVER_FOLDER = "/var/lib/mainstay/postgresql";

    /** File to which the runner writes its result, read by the kubelet: at most 4,096 bytes. */
    public static final String TERMINATION_MESSAGE_PATH = "/dev/termination-log";

    /** The Secrets that it reads. */
    public List<MountedSecret> secrets() {
        List<MountedSecret> secrets = new ArrayList<>();
        if (database != null) {
            secrets.addAll(database.secrets());
        }
        if (storage != null) {
            secrets.add(storage.credentials());
            secrets.add(storage.certificateAuthority());
        }
        if (restore != null) {
            secrets.add(restore.identity());
        }
        if (step != null) {
            secrets.addAll(step.work().secrets());
        }
        return secrets.stream().filter(Objects::nonNull).toList();
    }

    /**
     * Whose backup it is.
     *
     * @param clusterId uid of the cluster's namespace kube-system, or the chart's {@code clusterId}
     * @param namespace namespace of the objects
     * @param application name of the ManagedApplication
     * @param policy name of the BackupPolicy
     * @param databaseName name under which the application calls the database
     * @param backup name of the DatabaseBackup; null for a preflight
     * @param backupUid its uid; null for a preflight
     * @param madeBy who made the object
     * @param keepUntil until when its data is kept at least; null for one made by its policy
     * @param adopt id of the cluster whose path is taken over; null when nothing is
     */
    public record Origin(
            String clusterId,
            String namespace,
            String application,
            String policy,
            String databaseName,
            String backup,
            String backupUid,
            MadeBy madeBy,
            Instant keepUntil,
            String adopt) {}

    /**
     * What is removed after a backup is proven at the task's level.
     *
     * @param zone zone of the policy, as IANA spells it
     * @param rules what is kept
     * @param dryRun whether the plan is only told
     * @param newestFailed whether an attempt newer than the task's own ended in failure: then nothing is removed
     * @param finished backups whose objects are finished, at most {@link #MOST_FINISHED}, by the names of their folders in
     *     {@link Task#policyPath}: paths of the longest prefix would be more than an environment variable takes. The
     *     answer numbers those that have no manifest any more
     */
    public record Retention(
            String zone, RetentionRules rules, boolean dryRun, boolean newestFailed, List<String> finished) {

        /** Most paths that are looked at: so many numbers fit into any answer. */
        public static final int MOST_FINISHED = 500;

        /** The rules; none when none are given. */
        @Override
        public RetentionRules rules() {
            return rules == null ? RetentionRules.NONE : rules;
        }

        /** The paths; never null. */
        @Override
        public List<String> finished() {
            return finished == null ? List.of() : finished;
        }
    }

    /** Who made a DatabaseBackup. */
    public enum MadeBy {
        @JsonProperty("Policy")
        POLICY,
        @JsonProperty("Person")
        PERSON,
        @JsonProperty("Operation")
        OPERATION
    }

    /**
     * A Secret that is mounted into the Job, with {@code optional: true}, so that the runner can tell what is missing.
     *
     * @param folder folder below {@link #SECRETS_FOLDER}
     * @param name name of the Secret, for messages
     * @param keys what each key is for (such as {@code password}) to the key's name
     * @param onlyKeys whether these keys are mounted and no others, which the runner can then not name; null for no
     * @param namedBy the field and the object that name it, for messages; null where those say it otherwise
     */
    public record MountedSecret(
            String folder, String name, Map<String, String> keys, Boolean onlyKeys, String namedBy) {

        /** One of which nothing says where it is named. */
        public MountedSecret(String folder, String name, Map<String, String> keys, Boolean onlyKeys) {
            this(folder, name, keys, onlyKeys, null);
        }

        /** The same, with the field and the object that name it. */
        public MountedSecret namedBy(String field, String object) {
            return new MountedSecret(folder, name, keys, onlyKeys, field + " of " + object);
        }

        /** One of which all keys are mounted. */
        public MountedSecret(String folder, String name, Map<String, String> keys) {
            this(folder, name, keys, null);
        }

        /** One of which nothing but a key is mounted. */
        public static MountedSecret ofKey(String folder, String name, String purpose, String key) {
            return new MountedSecret(folder, name, Map.of(purpose, key), true);
        }
    }

    /**
     * A PostgreSQL database.
     *
     * @param host host name or address
     * @param port port
     * @param database name of the database
     * @param adminDatabase database of the same server in which advisory locks are held
     * @param sslMode {@code sslmode} as libpq spells it
     * @param credentials keys {@code username} and {@code password}
     * @param certificateAuthority key {@code ca}; null when none is given
     * @param clientCertificate keys {@code certificate} and {@code key}; null when none is given
     */
    public record DatabaseTarget(
            String host,
            int port,
            String database,
            String adminDatabase,
            String sslMode,
            MountedSecret credentials,
            MountedSecret certificateAuthority,
            MountedSecret clientCertificate) {

        /** The same, whose Secrets but for that of the client's certificate are named by these fields of an object. */
        public DatabaseTarget namedBy(String credentialsField, String authorityField, String object) {
            return new DatabaseTarget(
                    host,
                    port,
                    database,
                    adminDatabase,
                    sslMode,
                    credentials.namedBy(credentialsField, object),
                    certificateAuthority == null ? null : certificateAuthority.namedBy(authorityField, object),
                    clientCertificate);
        }

        /** The Secrets that open it. */
        public List<MountedSecret> secrets() {
            return Stream.of(credentials, certificateAuthority, clientCertificate)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /**
     * How a database is dumped.
     *
     * @param compressionLevel level of zstd, 1 to 19
     * @param lockWaitTimeoutSeconds how long pg_dump waits for a lock
     * @param recipients public keys of age to whom all that is stored of the database is encrypted; empty for nobody
     * @param excludedTableData tables whose rows are left out, as {@link dev.mainstay.core.backup.TablePattern} reads them
     */
    public record Dump(
            int compressionLevel,
            long lockWaitTimeoutSeconds,
            List<String> recipients,
            List<String> excludedTableData) {

        /** The public keys; never null. */
        @Override
        public List<String> recipients() {
            return recipients == null ? List.of() : recipients;
        }

        /** The patterns; never null. */
        @Override
        public List<String> excludedTableData() {
            return excludedTableData == null ? List.of() : excludedTableData;
        }
    }

    /**
     * An S3 bucket.
     *
     * @param endpoint URL of the store; null for AWS
     * @param checksumsWhenRequiredOnly whether requests carry checksums only where they must
     * @param credentials keys {@code accessKeyId}, {@code secretAccessKey} and perhaps {@code sessionToken}; null where
     *     the Pod's identity serves
     * @param certificateAuthority key {@code ca}; null when none is given
     * @param serverSideEncryption algorithm; null for the bucket's own
     * @param kmsKeyId key of the key management service; null for the bucket's own
     * @param storageClass storage class of data objects; null for the bucket's own
     * @param tags tags of every object
     */
    public record StorageTarget(
            String bucket,
            String region,
            String endpoint,
            boolean pathStyle,
            boolean checksumsWhenRequiredOnly,
            MountedSecret credentials,
            MountedSecret certificateAuthority,
            String serverSideEncryption,
            String kmsKeyId,
            String storageClass,
            Map<String, String> tags) {}
}

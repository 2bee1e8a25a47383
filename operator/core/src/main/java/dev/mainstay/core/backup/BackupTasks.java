package dev.mainstay.core.backup;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.DatabaseCredentials;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.ClientCertificate;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.S3Credentials;
import dev.mainstay.api.backup.S3Storage;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.Dump;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.Task.Retention;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The tasks of a backup's Jobs. */
public final class BackupTasks {

    /** How long the data of a backup made by hand is kept at least, when its object doesn't say. */
    static final Duration KEPT_BY_HAND = Duration.ofDays(30);

    private static final String SCHEME = "s3://";

    private BackupTasks() {}

    /** A folder of a bucket as statuses spell it. */
    static String url(String bucket, String folder) {
        return SCHEME + bucket + "/" + folder;
    }

    /** Where an attempt's data goes. */
    public static String location(DatabaseBackup backup, BackupPolicySpec policy, int attempt) {
        S3Storage s3 = policy.storage().s3();
        String folder = Names.policyFolder(
                s3.prefix(),
                backup.getMetadata().getNamespace(),
                backup.getSpec().policyRef().name());
        return url(
                s3.bucket(),
                Names.attemptFolder(
                        folder,
                        Instant.parse(backup.getMetadata().getCreationTimestamp()),
                        backup.getMetadata().getUid(),
                        attempt));
    }

    /**
     * The task of an attempt. The bucket and the path are those written when the attempt was planned, so that an edit of
     * the policy in between can't send a settling somewhere else.
     *
     * @param retention what it is told of the policy's retention; null when it leaves all other backups alone
     */
    public static Task task(
            DatabaseBackup backup,
            BackupPolicy policy,
            Database database,
            String clusterId,
            Attempt attempt,
            TaskKind kind,
            Instant startBy,
            Retention retention) {
        BackupPolicySpec spec = policy.getSpec();
        String location = attempt.path().substring(SCHEME.length());
        String bucket = location.substring(0, location.indexOf('/'));
        String path = location.substring(location.indexOf('/') + 1);
        String policyPath = Names.parentFolder(path);
        return new Task(
                Task.CONTRACT_VERSION,
                kind,
                origin(backup, policy, database, clusterId),
                attempt.number(),
                path,
                policyPath,
                kind == TaskKind.BACKUP ? database(database.postgres(), spec) : null,
                storage(spec.storage().s3(), bucket),
                kind == TaskKind.BACKUP ? dump(spec) : null,
                spec.verification().afterBackup(),
                startBy,
                Durations.parse(spec.timeout()).toSeconds(),
                retention);
    }

    private static Origin origin(DatabaseBackup backup, BackupPolicy policy, Database database, String clusterId) {
        return new Origin(
                clusterId,
                backup.getMetadata().getNamespace(),
                policy.getSpec().applicationRef().name(),
                policy.getMetadata().getName(),
                database.name(),
                backup.getMetadata().getName(),
                backup.getMetadata().getUid(),
                madeBy(backup),
                keepUntil(backup),
                policy.getSpec().storage().adopt());
    }

    private static MadeBy madeBy(DatabaseBackup backup) {
        if (SlotBackup.slot(backup).isPresent()) {
            return MadeBy.POLICY;
        }
        return SlotBackup.madeBeforeRestore(backup) ? MadeBy.OPERATION : MadeBy.PERSON;
    }

    private static Instant keepUntil(DatabaseBackup backup) {
        if (backup.getSpec().keepUntil() != null || SlotBackup.slot(backup).isPresent()) {
            return backup.getSpec().keepUntil();
        }
        return Instant.parse(backup.getMetadata().getCreationTimestamp()).plus(KEPT_BY_HAND);
    }

    /** The task that looks whether the policy's backups would succeed. */
    public static Task preflight(
            BackupPolicy policy, Database database, String clusterId, Instant startBy, Duration timeout) {
        BackupPolicySpec spec = policy.getSpec();
        S3Storage s3 = spec.storage().s3();
        String policyPath = Names.policyFolder(
                s3.prefix(),
                policy.getMetadata().getNamespace(),
                policy.getMetadata().getName());
        Task task = new Task(
                Task.CONTRACT_VERSION,
                TaskKind.PREFLIGHT,
                new Origin(
                        clusterId,
                        policy.getMetadata().getNamespace(),
                        spec.applicationRef().name(),
                        policy.getMetadata().getName(),
                        database.name(),
                        null,
                        null,
                        MadeBy.POLICY,
                        null,
                        spec.storage().adopt()),
                0,
                policyPath + "preflight/",
                policyPath,
                database(database.postgres(), spec),
                storage(s3, s3.bucket()),
                dump(spec),
                null,
                startBy,
                timeout.toSeconds(),
                null);
        return Attachment.isDue(policy) ? task.listingStored() : task;
    }

    private static Dump dump(BackupPolicySpec spec) {
        return new Dump(
                spec.compression().level(),
                Durations.parse(spec.lockWaitTimeout()).toSeconds(),
                spec.recipients(),
                spec.exclude().tableData());
    }

    private static DatabaseTarget database(PostgresDatabase postgres, BackupPolicySpec spec) {
        return database(postgres, postgres.credentialsSecretRef(), spec.clientCertSecretRef());
    }

    /** A database as a task opens it with these credentials. */
    public static DatabaseTarget database(
            PostgresDatabase postgres, DatabaseCredentials credentials, ClientCertificate certificate) {
        return new DatabaseTarget(
                postgres.sessionHost(),
                postgres.sessionPort(),
                postgres.database(),
                postgres.adminDatabase(),
                postgres.sslMode().text(),
                new MountedSecret(
                        "database",
                        credentials.name(),
                        new TreeMap<>(
                                Map.of("username", credentials.usernameKey(), "password", credentials.passwordKey()))),
                certificateAuthority("database-ca", postgres.caSecretRef()),
                clientCertificate(certificate));
    }

    /** What is shown to a database's server: the certificate that its backups show; null for none. */
    public static ClientCertificate certificate(
            ManagedApplication application, Database database, List<BackupPolicy> policies) {
        return policies.stream()
                .filter(policy -> DatabaseChoice.of(policy, application) instanceof DatabaseChoice.Found chosen
                        && chosen.database().name().equals(database.name()))
                .sorted(Comparator.comparing(policy -> policy.getMetadata().getName()))
                .map(policy -> policy.getSpec().clientCertSecretRef())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A policy's storage as a task opens it. */
    public static StorageTarget storage(S3Storage s3, String bucket) {
        boolean whenRequired = s3.checksums() == ChecksumMode.WHEN_REQUIRED
                || s3.checksums() == ChecksumMode.AUTO && s3.endpoint() != null;
        return new StorageTarget(
                bucket,
                s3.region(),
                s3.endpoint(),
                s3.pathStyle(),
                whenRequired,
                credentials(s3.credentialsSecretRef()),
                certificateAuthority("storage-ca", s3.caSecretRef()),
                s3.serverSideEncryption() == null
                        ? null
                        : s3.serverSideEncryption().algorithm(),
                s3.serverSideEncryption() == null
                        ? null
                        : s3.serverSideEncryption().kmsKeyId(),
                s3.storageClass(),
                s3.tags());
    }

    private static MountedSecret credentials(S3Credentials credentials) {
        if (credentials == null) {
            return null;
        }
        Map<String, String> keys = new TreeMap<>();
        keys.put("accessKeyId", credentials.accessKeyIdKey());
        keys.put("secretAccessKey", credentials.secretAccessKeyKey());
        if (credentials.sessionTokenKey() != null) {
            keys.put("sessionToken", credentials.sessionTokenKey());
        }
        return new MountedSecret("storage", credentials.name(), keys);
    }

    private static MountedSecret clientCertificate(ClientCertificate reference) {
        return reference == null
                ? null
                : new MountedSecret(
                        "database-client",
                        reference.name(),
                        new TreeMap<>(Map.of("certificate", reference.certKey(), "key", reference.keyKey())));
    }

    private static MountedSecret certificateAuthority(String folder, SecretKeyReference reference) {
        return reference == null ? null : new MountedSecret(folder, reference.name(), Map.of("ca", reference.key()));
    }
}

package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.DatabaseCredentials;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.S3Storage;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.Dump;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.Task.StorageTarget;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupTasksTest {

    private static final Attempt PLANNED = AttemptBuilder.attempt(1).build();

    @Test
    void givenAPolicy_whenAnAttemptIsPlanned_thenItsLocationNamesAllThatItBelongsTo() {
        assertThat(BackupTasks.location(Shop.backup(), Shop.policy().getSpec(), 1))
                .isEqualTo("s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/");
    }

    @Test
    void givenAPolicyWithoutAPrefix_whenAnAttemptIsPlanned_thenItsPathBeginsWithTheNamespace() {
        S3Storage s3 = new S3Storage("backups", null, null, null, null, null, null, null, null, null, null);
        BackupPolicy policy = Shop.policy(s3, VerificationLevel.NONE, 0);
        String location = BackupTasks.location(Shop.backup(), policy.getSpec(), 3);

        assertThat(location).isEqualTo("s3://backups/webshop/nightly/20260329T010000Z-b1c2d3e4-3/");
    }

    @Test
    void givenAPlannedAttempt_whenItsTaskIsMade_thenPathAndFolderAreThoseOfItsPlan() {
        Task task = task(Shop.policy(), TaskKind.BACKUP);

        assertThat(task.storage().bucket()).isEqualTo("backups");
        assertThat(task.path()).isEqualTo("prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/");
        assertThat(task.policyPath()).isEqualTo("prod/webshop/nightly/");
        assertThat(task.attempt()).isEqualTo(1);
        assertThat(task.startBy()).isEqualTo(Shop.at("10m"));
        assertThat(task.timeoutSeconds()).isEqualTo(14_400);
        assertThat(task.dump()).isEqualTo(new Dump(1, 120, List.of(), List.of()));
    }

    @Test
    void givenAPolicyEditedInBetween_whenTheAttemptIsSettled_thenItIsSettledWhereItWasPlanned() {
        S3Storage elsewhere = new S3Storage(
                "elsewhere", "other/prefix", null, "https://s3.example.org", true, null, null, null, null, null, null);
        Task task = task(Shop.policy(elsewhere, VerificationLevel.NONE, 0), TaskKind.SETTLE);

        assertThat(task.storage().bucket()).isEqualTo("backups");
        assertThat(task.path()).isEqualTo("prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/");
        assertThat(task.policyPath()).isEqualTo("prod/webshop/nightly/");
    }

    @Test
    void givenAnAttemptWithoutAPrefix_whenItsTaskIsMade_thenThePolicysFolderIsFoundInItsPath() {
        Attempt attempt =
                Attempts.planned(2, "s3://backups/webshop/nightly/20260329T010000Z-b1c2d3e4-2/", Shop.CREATED);
        Task task = BackupTasks.task(
                Shop.backup(),
                Shop.policy(),
                Shop.database("ecommerce", SslMode.PREFER),
                Shop.CLUSTER,
                attempt,
                TaskKind.BACKUP,
                Shop.at("10m"),
                null);

        assertThat(task.path()).isEqualTo("webshop/nightly/20260329T010000Z-b1c2d3e4-2/");
        assertThat(task.policyPath()).isEqualTo("webshop/nightly/");
    }

    @Test
    void givenABackupMadeByHand_whenItsTaskIsMade_thenItsOriginTellsWhoseItIs() {
        assertThat(task(Shop.policy(), TaskKind.BACKUP).origin())
                .isEqualTo(new Origin(
                        Shop.CLUSTER,
                        "webshop",
                        "shop",
                        "nightly",
                        "ecommerce",
                        "first",
                        Shop.UID,
                        MadeBy.PERSON,
                        Shop.at("30d"),
                        null));
    }

    @Test
    void givenAKeepUntil_whenTheTaskIsMade_thenItIsTaken() {
        Instant keepUntil = Instant.parse("2030-01-01T00:00:00Z");
        DatabaseBackup backup = Shop.backup();
        backup.setSpec(new DatabaseBackupSpec(new ObjectReference("nightly"), keepUntil, "before the upgrade"));

        assertThat(BackupTasks.task(
                                backup,
                                Shop.policy(),
                                Shop.database("ecommerce", SslMode.PREFER),
                                Shop.CLUSTER,
                                PLANNED,
                                TaskKind.BACKUP,
                                Shop.at("10m"),
                                null)
                        .origin()
                        .keepUntil())
                .isEqualTo(keepUntil);
    }

    @ParameterizedTest
    @CsvSource({"SETTLE", "VERIFY"})
    void givenATaskThatNeedsNoDatabase_whenItIsMade_thenItGetsNoneOfItsSecrets(TaskKind kind) {
        Task task = task(Shop.policy(), kind);

        assertThat(task.database()).isNull();
        assertThat(task.dump()).isNull();
        assertThat(TaskJson.write(task)).doesNotContain("db-reader");
    }

    @Test
    void givenSecrets_whenTheTaskIsWritten_thenItNamesThemAndTheirKeysAndHoldsNothingOfThem() {
        Database database = new Database(
                "ecommerce",
                new PostgresDatabase(
                        "pooler.shop.svc",
                        6432,
                        "db.shop.svc",
                        5433,
                        "shop",
                        "admin",
                        SslMode.VERIFY_FULL,
                        new SecretKeyReference("db-tls", "ca.crt"),
                        new DatabaseCredentials("db-reader", "user", null),
                        null));
        Task task = task(everything(), database);

        assertThat(task.database().credentials())
                .isEqualTo(
                        new MountedSecret("database", "db-reader", Map.of("username", "user", "password", "password")));
        assertThat(task.database().certificateAuthority())
                .isEqualTo(new MountedSecret("database-ca", "db-tls", Map.of("ca", "ca.crt")));
        assertThat(task.database().clientCertificate())
                .isEqualTo(new MountedSecret(
                        "database-client", "db-client", Map.of("certificate", "tls.crt", "key", "private.pem")));
        assertThat(task.database().sslMode()).isEqualTo("verify-full");
        assertThat(task.database().host()).isEqualTo("db.shop.svc");
        assertThat(task.database().port()).isEqualTo(5433);
        assertThat(task.database().adminDatabase()).isEqualTo("admin");
        assertThat(task.storage())
                .isEqualTo(new StorageTarget(
                        "backups",
                        "eu-central-1",
                        "https://s3.example.org",
                        true,
                        true,
                        new MountedSecret(
                                "storage",
                                "bucket",
                                Map.of(
                                        "accessKeyId", "id",
                                        "secretAccessKey", "secretAccessKey",
                                        "sessionToken", "token")),
                        new MountedSecret("storage-ca", "s3-tls", Map.of("ca", "tls.crt")),
                        "aws:kms",
                        "key-1",
                        "STANDARD_IA",
                        Map.of("team", "shop")));
        assertThat(task.origin().adopt()).isEqualTo("old-cluster");
        assertThat(task.verification()).isEqualTo(VerificationLevel.CHECKSUM);
        assertThat(task.dump()).isEqualTo(new Dump(19, 30, List.of(Shop.RECIPIENT), List.of("public.audit_*")));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, https://s3.example.org, true",
        "AUTO,, false",
        "WHEN_REQUIRED,, true",
        "WHEN_SUPPORTED, https://s3.example.org, false"
    })
    void givenAChecksumMode_whenTheTaskIsMade_thenAutoMeansWhatTheStoreCanDo(
            ChecksumMode mode, String endpoint, boolean whenRequiredOnly) {
        S3Storage s3 = new S3Storage("backups", null, null, endpoint, null, null, mode, null, null, null, null);
        StorageTarget target = task(Shop.policy(s3, VerificationLevel.NONE, 0), TaskKind.BACKUP)
                .storage();

        assertThat(target.checksumsWhenRequiredOnly()).isEqualTo(whenRequiredOnly);
        assertThat(target.credentials()).as("the Pod's own identity serves").isNull();
    }

    private static BackupPolicy everything() {
        return Shop.with(Shop.policy(), """
                {storage: {adopt: 'old-cluster', s3: {
                    bucket: 'backups', prefix: 'prod', region: 'eu-central-1', endpoint: 'https://s3.example.org',
                    pathStyle: true, caSecretRef: {name: 's3-tls', key: 'tls.crt'},
                    credentialsSecretRef: {name: 'bucket', accessKeyIdKey: 'id', sessionTokenKey: 'token'},
                    serverSideEncryption: {algorithm: 'aws:kms', kmsKeyId: 'key-1'}, storageClass: 'STANDARD_IA',
                    tags: {team: 'shop'}}},
                 compression: {level: 19}, lockWaitTimeout: '30s', encryption: {recipients: ['%s']}, clientCertSecretRef: {name: 'db-client', keyKey: 'private.pem'}, exclude: {tableData: ['public.audit_*']}, verification: {afterBackup: 'Checksum'}}""".formatted(Shop.RECIPIENT));
    }

    @Test
    void givenABackupOfASlot_whenItsTaskIsMade_thenItIsThePolicysAndMayBeThinned() {
        DatabaseBackup backup = Shop.annotated(Shop.backup(), Annotations.SLOT, "2026-03-29T01:00:00Z");
        Task task = BackupTasks.task(
                backup,
                Shop.policy(),
                Shop.database("ecommerce", SslMode.PREFER),
                Shop.CLUSTER,
                PLANNED,
                TaskKind.BACKUP,
                Shop.at("10m"),
                null);

        assertThat(task.origin().madeBy()).isEqualTo(Task.MadeBy.POLICY);
        assertThat(task.origin().keepUntil()).isNull();
    }

    @Test
    void givenABackupThatARestoreHasMade_whenItsTaskIsMade_thenItsManifestWillSaySo() {
        DatabaseBackup backup = Shop.annotated(Shop.backup(), Annotations.MADE_BEFORE, "undo");
        Task task = BackupTasks.task(
                backup,
                Shop.policy(),
                Shop.database("ecommerce", SslMode.PREFER),
                Shop.CLUSTER,
                PLANNED,
                TaskKind.BACKUP,
                Shop.at("10m"),
                null);

        assertThat(task.origin().madeBy()).isEqualTo(Task.MadeBy.OPERATION);
        assertThat(task.origin().keepUntil()).isEqualTo(Shop.at("30d"));
    }

    private static Task task(BackupPolicy policy, TaskKind kind) {
        return BackupTasks.task(
                Shop.backup(),
                policy,
                Shop.database("ecommerce", SslMode.PREFER),
                Shop.CLUSTER,
                PLANNED,
                kind,
                Shop.at("10m"),
                null);
    }

    private static Task task(BackupPolicy policy, Database database) {
        return BackupTasks.task(
                Shop.backup(), policy, database, Shop.CLUSTER, PLANNED, TaskKind.BACKUP, Shop.at("10m"), null);
    }
}

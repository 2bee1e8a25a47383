package dev.mainstay.core.backup;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.DatabaseCredentials;
import dev.mainstay.api.application.JobTemplate;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.S3Credentials;
import dev.mainstay.api.backup.S3Storage;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.ApplicationDecider;
import dev.mainstay.core.application.ApplicationObservation;
import dev.mainstay.core.application.HealthStreak;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects of the tables: an application with one database, its policy, and one backup made by hand. */
final class Shop {

    static final Instant CREATED = Instant.parse("2026-03-29T01:00:00Z");
    static final String UID = "b1c2d3e4-0000-4000-8000-000000000001";
    static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    static final String CLUSTER = "0b5e5d0c-cluster";

    private Shop() {}

    /** A time after the backup's creation, such as {@code 12m}. */
    static Instant at(String offset) {
        return CREATED.plus(Durations.parse(offset));
    }

    static DatabaseBackup backup() {
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(new ObjectMetaBuilder(metadata("first")).withUid(UID).build());
        backup.setSpec(new DatabaseBackupSpec(new ObjectReference("nightly"), null, null));
        return backup;
    }

    static BackupPolicy policy() {
        return policy(s3("backups", ChecksumMode.AUTO), VerificationLevel.FULL_READ, 2);
    }

    static BackupPolicy policy(S3Storage s3, VerificationLevel level, int retries) {
        BackupPolicy policy = new BackupPolicy();
        policy.setMetadata(new ObjectMetaBuilder(metadata("nightly"))
                .withUid("c1c2d3e4-0000-4000-8000-000000000002")
                .build());
        policy.setSpec(Fields.of(BackupPolicySpec.class, """
                {applicationRef: {name: 'shop'}, retry: {limit: %d}, verification: {afterBackup: '%s'}, storage: {s3: %s}}""".formatted(retries, level.text(), TaskJson.write(s3))));
        return policy;
    }

    /** The policy with these fields of its spec replaced. */
    static BackupPolicy with(BackupPolicy policy, String fields) {
        BackupPolicy other = new BackupPolicy();
        other.setMetadata(policy.getMetadata());
        other.setSpec(Fields.with(policy.getSpec(), fields));
        other.setStatus(policy.getStatus());
        return other;
    }

    /** The policy with a schedule. */
    static BackupPolicy scheduled(String schedule) {
        return with(policy(), "{schedule: '%s', failedHistoryLimit: 2}".formatted(schedule));
    }

    static BackupPolicy scheduled(String schedule, String timeZone) {
        return with(scheduled(schedule), "{timeZone: '%s'}".formatted(timeZone));
    }

    static S3Storage s3(String bucket, ChecksumMode checksums) {
        return new S3Storage(
                bucket,
                "prod",
                null,
                "https://s3.example.org",
                true,
                null,
                checksums,
                new S3Credentials("bucket", null, null, null),
                null,
                null,
                null);
    }

    static ManagedApplication application() {
        return application(List.of(database("ecommerce", SslMode.REQUIRE)), null);
    }

    static ManagedApplication application(List<Database> databases, JobTemplate template) {
        ManagedApplication application = new ManagedApplication();
        application.setMetadata(metadata("shop"));
        application.setSpec(new ManagedApplicationSpec(
                List.of(), List.of(), List.of(), databases, List.of(), List.of(), List.of(), null, template, null, null,
                null, null, null, null));
        return application;
    }

    /** As it stands after no Job could be made of its template. */
    static ManagedApplication withRefusedTemplate(ManagedApplication application) {
        application.setStatus(ApplicationDecider.decide(
                new ApplicationObservation(
                        application,
                        Map.of(),
                        Claims.NONE,
                        HealthStreak.NONE,
                        List.of(),
                        Ledger.Decision.NONE,
                        List.of(),
                        List.of(),
                        RestoreReady.NONE,
                        "limits: lots"),
                CREATED));
        return application;
    }

    static Database database(String name, SslMode mode) {
        return new Database(
                name,
                new PostgresDatabase(
                        "db.shop.svc",
                        null,
                        null,
                        null,
                        name,
                        null,
                        mode,
                        null,
                        new DatabaseCredentials("db-reader", null, null),
                        null));
    }

    static JobTemplate template(String serviceAccount) {
        return new JobTemplate(null, null, null, null, null, null, null, null, null, null, null, serviceAccount);
    }

    static <T extends HasMetadata> T annotated(T object, String annotation, String value) {
        Map<String, String> annotations = new TreeMap<>();
        if (object.getMetadata().getAnnotations() != null) {
            annotations.putAll(object.getMetadata().getAnnotations());
        }
        annotations.put(annotation, value);
        object.getMetadata().setAnnotations(annotations);
        return object;
    }

    private static ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("webshop")
                .withGeneration(1L)
                .withCreationTimestamp(CREATED.toString())
                .build();
    }
}

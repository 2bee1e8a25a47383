package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.application.DatabaseCredentials;
import dev.mainstay.api.application.SslMode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a backup is restored to be tested: exactly one of sameServer, server and pod. */
@ValidationRule(
        value = "[has(self.sameServer), has(self.server), has(self.pod)].filter(given, given).size() == 1",
        message = "must have exactly one of sameServer, server and pod")
public record RestoreTestTarget(
        @JsonPropertyDescription("Beside the database in use, by the application's adminSecretRef.")
        SameServer sameServer,

        @JsonPropertyDescription("On another server.") Server server,

        @JsonPropertyDescription(
                "In a PostgreSQL of the backup's own major version, which is started in the Pod of the test and goes with it.")
        Pod pod) {

    /** The server of the database in use. */
    public record SameServer(
            @JsonPropertyDescription(
                    "A backup of a larger database is not restored: a full disk would stop the database in use as well.")
            @Required
            @Min(1)
            Long maxDatabaseBytes) {}

    /** A server that is there for tests. */
    public record Server(
            @JsonPropertyDescription("Host name or address of the server, as seen from the policy's namespace.")
            @Required
            @Size(min = 1, max = 253)
            @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
            String host,

            @JsonPropertyDescription("Port of the server.") @Default("5432") @Min(1) @Max(65535)
            Integer port,

            @JsonPropertyDescription(
                    "Database of the server that exists already. The one of the test is made from there, with its encoding and "
                            + "locale.")
            @Default("postgres")
            @Size(min = 1, max = 63)
            String adminDatabase,

            @JsonPropertyDescription(
                    "How the connection is encrypted and the server's certificate checked, as in libpq.")
            @Default("prefer")
            SslMode sslMode,

            @JsonPropertyDescription(
                    "Certificate authority that signed the server's certificate, for verify-ca and verify-full.")
            SecretKeyReference caSecretRef,

            @JsonPropertyDescription(
                    "User and password of a role that may make databases (CREATEDB). They are mounted into "
                            + "the Jobs of restore tests alone.")
            @Required
            DatabaseCredentials adminSecretRef) {

        /** The port; 5432 when none is given. */
        @Override
        public Integer port() {
            return port == null ? Integer.valueOf(5432) : port;
        }

        /** The database that exists already; {@code postgres} when none is given. */
        @Override
        public String adminDatabase() {
            return adminDatabase == null ? "postgres" : adminDatabase;
        }

        /** The mode; {@code prefer} when none is given. */
        @Override
        public SslMode sslMode() {
            return sslMode == null ? SslMode.PREFER : sslMode;
        }
    }

    /** A server that lives as long as the Pod of the test. */
    public record Pod(
            @JsonPropertyDescription(
                    "Room for the restored database, its indexes and its write-ahead log, such as 20Gi: a whole number of Mi, Gi "
                            + "or Ti, at least 256Mi. A test that needs more fails.")
            @Required
            @Size(min = 3, max = 8)
            @ValidationRule(value = FieldRules.VOLUME_SIZE, message = FieldRules.VOLUME_SIZE_MESSAGE)
            String size,

            @JsonPropertyDescription(
                    "Name of the StorageClass of a volume that is made for each test and deleted with its Pod. Left out, the data "
                            + "is on the disk of the Pod's node.")
            @Size(min = 1, max = 253)
            @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
            String storageClassName) {}
}

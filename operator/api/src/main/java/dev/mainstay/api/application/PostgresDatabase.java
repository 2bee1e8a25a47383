package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.SecretKeyReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a PostgreSQL database is and what it is opened with. */
public record PostgresDatabase(
        @JsonPropertyDescription("Host name or address of the server, as seen from the application's namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
        String host,

        @JsonPropertyDescription("Port of the server.") @Default("5432") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription(
                "Host of the server itself, where host is a connection pooler: a dump and a lock need a "
                        + "session of their own.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
        String directHost,

        @JsonPropertyDescription("Port of directHost; that of host when left out.") @Min(1) @Max(65535)
        Integer directPort,

        @JsonPropertyDescription("Name of the database, exactly as the server spells it.")
        @Required
        @Size(min = 1, max = 63)
        String database,

        @JsonPropertyDescription("Database of the same server in which Mainstay's advisory locks are held, for all "
                + "databases alike.")
        @Default("postgres")
        @Size(min = 1, max = 63)
        String adminDatabase,

        @JsonPropertyDescription("How the connection is encrypted and the server's certificate checked, as in libpq.")
        @Default("prefer")
        SslMode sslMode,

        @JsonPropertyDescription(
                "Certificate authority that signed the server's certificate, for verify-ca and " + "verify-full.")
        SecretKeyReference caSecretRef,

        @JsonPropertyDescription("User and password for backups; a role that may only read is enough.") @Required
        DatabaseCredentials credentialsSecretRef,

        @JsonPropertyDescription(
                "User and password for restores: of a role that owns the database, or is a member of the "
                        + "role that does, and may make databases (CREATEDB). They are mounted into the Jobs of restores and "
                        + "restore tests, of the daily look whether a restore would succeed, and of the step databaseMaintain of "
                        + "runs, alone.")
        DatabaseCredentials adminSecretRef) {

    /** The port; 5432 when none is given. */
    @Override
    public Integer port() {
        return port == null ? Integer.valueOf(5432) : port;
    }

    /** The database of the locks; {@code postgres} when none is given. */
    @Override
    public String adminDatabase() {
        return adminDatabase == null ? "postgres" : adminDatabase;
    }

    /** The host with which a session of its own can be opened. */
    public String sessionHost() {
        return directHost == null ? host : directHost;
    }

    /** The port that belongs to {@link #sessionHost()}. */
    public int sessionPort() {
        return directHost == null || directPort == null ? port() : directPort;
    }

    /** Both, for people, and to tell one server from another. */
    public String server() {
        return sessionHost() + ":" + sessionPort();
    }

    /** The mode; {@code prefer} when none is given. */
    @Override
    public SslMode sslMode() {
        return sslMode == null ? SslMode.PREFER : sslMode;
    }
}

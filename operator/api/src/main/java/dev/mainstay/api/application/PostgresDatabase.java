package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$')"
                        + " || self.matches('^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$')",
                message =
                        "must be a host name or an address alone, such as shop-db, 10.0.0.7 or fd00::7: the port goes into port,"
                                + " the database into database")
        String host,

        @JsonPropertyDescription("Port of the server.") @Default("5432") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription("Name of the database, exactly as the server spells it.")
        @Required
        @Size(min = 1, max = 63)
        String database,

        @JsonPropertyDescription("How the connection is encrypted and the server's certificate checked, as in libpq.")
        @Default("prefer")
        SslMode sslMode,

        @JsonPropertyDescription(
                "Certificate authority that signed the server's certificate, for verify-ca and " + "verify-full.")
        SecretKeyReference caSecretRef,

        @JsonPropertyDescription("User and password for backups; a role that may only read is enough.") @Required
        DatabaseCredentials credentialsSecretRef) {

    /** The port; 5432 when none is given. */
    @Override
    public Integer port() {
        return port == null ? Integer.valueOf(5432) : port;
    }

    /** The mode; {@code prefer} when none is given. */
    @Override
    public SslMode sslMode() {
        return sslMode == null ? SslMode.PREFER : sslMode;
    }
}

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

/** Where a Redis server is and what it is opened with. */
@ValidationRule(
        value = "!has(self.caSecretRef) || self.tls",
        message = "caSecretRef is of no use without tls: true: set it, or leave caSecretRef out")
public record RedisCache(
        @JsonPropertyDescription(
                "Host name or address of the server that takes writes, as seen from the application's namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
        String host,

        @JsonPropertyDescription("Port of the server.") @Default("6379") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription("true speaks TLS; the server's certificate must be made out to host.")
        @Default("false")
        Boolean tls,

        @JsonPropertyDescription(
                "Certificate authority that signed the server's certificate; left out, one that is publicly known.")
        SecretKeyReference caSecretRef,

        @JsonPropertyDescription("Number of the database.") @Default("0") @Min(0) @Max(65535)
        Integer database,

        @JsonPropertyDescription(
                "What all keys of the application begin with, where the database is shared with others: only those are "
                        + "sampled or removed, and the database is never emptied.")
        @Size(min = 1, max = 256)
        String keyPrefix,

        @JsonPropertyDescription("User and password, where the server wants one.")
        CacheCredentials credentialsSecretRef) {

    /** The port; 6379 when none is given. */
    @Override
    public Integer port() {
        return port == null ? Integer.valueOf(6379) : port;
    }

    /** Whether TLS is spoken; not when nothing is said. */
    @Override
    public Boolean tls() {
        return Boolean.TRUE.equals(tls);
    }

    /** The database; the first when none is given. */
    @Override
    public Integer database() {
        return database == null ? Integer.valueOf(0) : database;
    }

    /** Both, for people. */
    public String server() {
        return host + ":" + port();
    }
}

package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a certificate is served. */
public record CertificateEndpoint(
        @JsonPropertyDescription("Host name or address of the server, as seen from the application's namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
        String host,

        @JsonPropertyDescription("Port of the server.") @Default("443") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription(
                "Name for which the server is asked (SNI), and to which the certificate must be made out. Left out: host.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.HOST, message = FieldRules.HOST_MESSAGE)
        String serverName) {

    /** The port; 443 when none is given. */
    @Override
    public Integer port() {
        return port == null ? Integer.valueOf(443) : port;
    }

    /** The name; the host when none is given. */
    @Override
    public String serverName() {
        return serverName == null ? host : serverName;
    }
}

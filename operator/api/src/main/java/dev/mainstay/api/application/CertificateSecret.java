package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The key of a Secret that holds certificates. That key alone is mounted into Jobs; the operator never reads it. */
public record CertificateSecret(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key of the certificates, in PEM form; nothing else of the Secret is mounted.")
        @Default("tls.crt")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        @ValidationRule(
                value = "self != 'tls.key'",
                message = "must not be tls.key, which holds the private key: the certificate is in tls.crt")
        String key) {

    /** The key; {@code tls.crt} when none is given. */
    @Override
    public String key() {
        return key == null ? "tls.crt" : key;
    }
}

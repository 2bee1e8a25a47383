package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Secret with a certificate and its key, such as cert-manager makes. It is mounted into Jobs; the operator never reads it. */
public record ClientCertificate(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key of the certificate, in PEM form.")
        @Default("tls.crt")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String certKey,

        @JsonPropertyDescription("Key of the private key, in PEM form and without a passphrase.")
        @Default("tls.key")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String keyKey) {

    /** The key of the certificate; {@code tls.crt} when none is given. */
    @Override
    public String certKey() {
        return certKey == null ? "tls.crt" : certKey;
    }

    /** The key of the private key; {@code tls.key} when none is given. */
    @Override
    public String keyKey() {
        return keyKey == null ? "tls.key" : keyKey;
    }
}

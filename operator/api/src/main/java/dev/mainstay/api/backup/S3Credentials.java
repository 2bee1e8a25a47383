package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Secret with an access key. It is mounted into Jobs; the operator never reads it. */
public record S3Credentials(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key of the access key's id.")
        @Default("accessKeyId")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String accessKeyIdKey,

        @JsonPropertyDescription("Key of the secret access key.")
        @Default("secretAccessKey")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String secretAccessKeyKey,

        @JsonPropertyDescription("Key of the session token; none is used when left out.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String sessionTokenKey) {

    /** The key of the access key's id; {@code accessKeyId} when none is given. */
    @Override
    public String accessKeyIdKey() {
        return accessKeyIdKey == null ? "accessKeyId" : accessKeyIdKey;
    }

    /** The key of the secret access key; {@code secretAccessKey} when none is given. */
    @Override
    public String secretAccessKeyKey() {
        return secretAccessKeyKey == null ? "secretAccessKey" : secretAccessKeyKey;
    }
}

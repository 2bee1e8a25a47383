package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Secret with the password of a cache and perhaps a user name. It is mounted into Jobs; the operator never reads it. */
public record CacheCredentials(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.OBJECT_NAME, message = FieldRules.OBJECT_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Key of the name of an ACL user; left out, the password is that of the user default.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String usernameKey,

        @JsonPropertyDescription("Key of the password.")
        @Default("password")
        @Size(min = 1, max = 253)
        @ValidationRule(value = FieldRules.SECRET_KEY, message = FieldRules.SECRET_KEY_MESSAGE)
        String passwordKey) {

    /** The key of the password; {@code password} when none is given. */
    @Override
    public String passwordKey() {
        return passwordKey == null ? "password" : passwordKey;
    }
}

package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.Patterns;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret with a user name and a password. It is mounted into Jobs; the operator never reads it. */
public record DatabaseCredentials(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Patterns.OBJECT_NAME)
        String name,

        @JsonPropertyDescription("Key of the user name.")
        @Default("username")
        @Size(min = 1, max = 253)
        @Pattern(Patterns.SECRET_KEY)
        String usernameKey,

        @JsonPropertyDescription("Key of the password.")
        @Default("password")
        @Size(min = 1, max = 253)
        @Pattern(Patterns.SECRET_KEY)
        String passwordKey) {

    /** The key of the user name; {@code username} when none is given. */
    @Override
    public String usernameKey() {
        return usernameKey == null ? "username" : usernameKey;
    }

    /** The key of the password; {@code password} when none is given. */
    @Override
    public String passwordKey() {
        return passwordKey == null ? "password" : passwordKey;
    }
}

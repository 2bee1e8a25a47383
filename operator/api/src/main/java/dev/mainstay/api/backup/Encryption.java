package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** To whom backups are encrypted before they leave the Pod. */
public record Encryption(
        @JsonPropertyDescription("Public keys of age, age1 and 58 characters each. Any one of their secret keys opens "
                + "the backup; Mainstay has none of them.")
        @Required
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(recipient, recipient.matches('^age1[02-9ac-hj-np-z]{58}$'))",
                message = "must be public keys of age, age1 and 58 characters, as `age-keygen -y` prints them; "
                        + "a secret key has no place here")
        @ValidationRule(
                value = "self.all(recipient, self.exists_one(other, other == recipient))",
                message = "must not name one public key twice")
        List<@Size(min = 1, max = 128) String> recipients) {

    /** The public keys; empty when none are given. */
    @Override
    public List<String> recipients() {
        return recipients == null ? List.of() : recipients;
    }
}

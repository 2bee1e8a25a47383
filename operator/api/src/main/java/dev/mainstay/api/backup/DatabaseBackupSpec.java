package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;

/** Which policy the backup follows. */
public record DatabaseBackupSpec(
        @JsonPropertyDescription("The BackupPolicy that says what is backed up and where to.") @Required
        ObjectReference policyRef,

        @JsonPropertyDescription(
                "Until when the backup's data is kept at least; 30 days from its creation when left " + "out.")
        Instant keepUntil,

        @JsonPropertyDescription("Why the backup was made, for people.")
        @Size(max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason) {}

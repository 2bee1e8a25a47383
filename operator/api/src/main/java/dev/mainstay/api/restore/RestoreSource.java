package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;

/** What is restored: exactly one of backupRef, policyRef and previousOf. */
@ValidationRule(
        value = "[has(self.backupRef), has(self.policyRef), has(self.previousOf)].filter(given, given).size() == 1",
        message = "must have exactly one of backupRef, policyRef and previousOf")
@ValidationRule(
        value = "!has(self.before) || has(self.policyRef)",
        message = "before chooses among the backups of policyRef: name a policy, or leave before out")
public record RestoreSource(
        @JsonPropertyDescription("A DatabaseBackup that has succeeded.")
        ObjectReference backupRef,

        @JsonPropertyDescription("A BackupPolicy, whose newest good backup is restored.")
        ObjectReference policyRef,

        @JsonPropertyDescription("With policyRef: the newest good backup whose data is older than this moment, such as "
                + "the moment before the mistake.")
        Instant before,

        @JsonPropertyDescription(
                "An earlier RestoreRequest, whose kept previous database is put back: this undoes that restore.")
        ObjectReference previousOf) {}

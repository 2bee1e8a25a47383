package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;

/** What is restored: exactly one of backupRef, policyRef and previousOf. */
@ValidationRule(
        value = "[has(self.backupRef), has(self.policyRef), has(self.previousOf)].filter(given, given).size() == 1",
        message = "must have exactly one of backupRef, policyRef and previousOf")
@ValidationRule(
        value = "!has(self.before) || has(self.policyRef)",
        message = "before chooses among the backups of policyRef: name a policy, or leave before out")
@ValidationRule(
        value = "!has(self.path) || has(self.policyRef) && !has(self.before)",
        message = "path is one backup in the bucket of policyRef: name a policy, and leave before out")
public record RestoreSource(
        @JsonPropertyDescription("A DatabaseBackup that has succeeded.")
        ObjectReference backupRef,

        @JsonPropertyDescription("A BackupPolicy, whose newest good backup is restored.")
        ObjectReference policyRef,

        @JsonPropertyDescription("With policyRef: the newest good backup whose data is older than this moment, such as "
                + "the moment before the mistake.")
        Instant before,

        @JsonPropertyDescription(
                "With policyRef: the folder of one backup in that policy's bucket and under its prefix, such as "
                        + "prod/shop/shop-main/20260329T010002Z-b1c2d3e4-1, whether or not a DatabaseBackup stands for it.")
        @Size(min = 1, max = 900)
        @ValidationRule(
                value = "self.matches(r\"^" + FieldRules.PATH_SEGMENT + "(/" + FieldRules.PATH_SEGMENT + ")+/?$\")",
                message =
                        "must be the path of a folder in the bucket, without s3:// and the bucket's name: parts of letters, digits"
                                + " and !_.*'()- with one slash between two of them, and no part that is . or ..")
        String path,

        @JsonPropertyDescription(
                "An earlier RestoreRequest, whose kept previous database is put back: this undoes that restore.")
        ObjectReference previousOf) {}

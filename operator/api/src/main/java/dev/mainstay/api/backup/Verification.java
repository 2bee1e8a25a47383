package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** How a backup is proven. */
public record Verification(
        @JsonPropertyDescription("What is done right after each backup. FullRead reads it back and has pg_restore "
                + "parse every row; Checksum reads it back and compares hashes; None trusts the store.")
        @Default("FullRead")
        @ValidationRule(
                value = "self != 'RestoreTest'",
                message =
                        "must be FullRead, Checksum or None: a restore test has a schedule of its own, in restoreTest")
        VerificationLevel afterBackup,

        @JsonPropertyDescription(
                "Restores the newest backup into a database that is dropped again, on a schedule of its "
                        + "own; never when left out.")
        RestoreTest restoreTest) {

    /** The level after each backup; {@code FullRead} when none is given. */
    @Override
    public VerificationLevel afterBackup() {
        return afterBackup == null ? VerificationLevel.FULL_READ : afterBackup;
    }
}

package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How a backup is proven. */
public record Verification(
        @JsonPropertyDescription("What is done right after each backup. FullRead reads it back and has pg_restore "
                + "parse every row; Checksum reads it back and compares hashes; None trusts the store.")
        @Default("FullRead")
        VerificationLevel afterBackup) {

    /** The level after each backup; {@code FullRead} when none is given. */
    @Override
    public VerificationLevel afterBackup() {
        return afterBackup == null ? VerificationLevel.FULL_READ : afterBackup;
    }
}

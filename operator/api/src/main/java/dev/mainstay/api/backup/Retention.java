package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which backups are kept: what any rule keeps, stays; without a rule everything does. */
public record Retention(
        @JsonPropertyDescription("Keeps the newest so many backups.") @Min(1) @Max(100_000)
        Integer keepLast,

        @JsonPropertyDescription("Keeps the newest backup of each of so many hours that have one.")
        @Min(1)
        @Max(100_000)
        Integer keepHourly,

        @JsonPropertyDescription("Keeps the newest backup of each of so many days that have one; a day begins at "
                + "midnight in the policy's zone.")
        @Min(1)
        @Max(100_000)
        Integer keepDaily,

        @JsonPropertyDescription(
                "Keeps the newest backup of each of so many weeks that have one; a week begins on " + "Monday.")
        @Min(1)
        @Max(100_000)
        Integer keepWeekly,

        @JsonPropertyDescription("Keeps the newest backup of each of so many months that have one.")
        @Min(1)
        @Max(100_000)
        Integer keepMonthly,

        @JsonPropertyDescription("Keeps the newest backup of each of so many years that have one.") @Min(1) @Max(1000)
        Integer keepYearly,

        @JsonPropertyDescription("Keeps every backup that is no older than this, counted from the newest good one.")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String keepWithin,

        @JsonPropertyDescription("So many good backups always stay, whatever the rules say. Good is one that is proven "
                + "at the level of verification.afterBackup.")
        @Default("1")
        @Min(1)
        @Max(1000)
        Integer minGood,

        @JsonPropertyDescription("Tells what would be removed, and removes nothing.") @Default("false")
        Boolean dryRun) {

    /** The number of good backups that always stay; 1 when none is given. */
    @Override
    public Integer minGood() {
        return minGood == null ? Integer.valueOf(1) : minGood;
    }

    /** Whether nothing is removed; {@code false} when nothing is given. */
    @Override
    public Boolean dryRun() {
        return dryRun != null && dryRun;
    }
}

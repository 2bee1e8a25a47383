package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which of the databases are dropped that restores of this one have kept; never any other. */
public record DropPrevious(
        @JsonPropertyDescription(
                "A kept database is dropped that has been kept for so long, since its restore succeeded; a day at least.")
        @Default("14d")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.DURATION + " && self.matches('^0*[1-9][0-9]*d')",
                message = "must be a day or more, with the days first, such as 14d or 1d12h")
        String olderThan) {

    /** How long; two weeks when nothing is said. */
    @Override
    public String olderThan() {
        return olderThan == null ? "14d" : olderThan;
    }
}

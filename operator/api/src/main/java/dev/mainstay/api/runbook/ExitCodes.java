package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What the exit codes of a Job's container mean. */
@ValidationRule(
        value = "!has(self.findings) || !has(self.couldNotCheck)"
                + " || self.findings.all(code, !(code in self.couldNotCheck))",
        message = "an exit code can't be both in findings and in couldNotCheck")
public record ExitCodes(
        @JsonPropertyDescription("Exit codes that mean Findings.") @Size(max = 16)
        List<@Min(1) @Max(255) Integer> findings,

        @JsonPropertyDescription("Exit codes that mean CouldNotCheck.") @Size(max = 16)
        List<@Min(1) @Max(255) Integer> couldNotCheck) {

    /** None is listed. */
    public static final ExitCodes NONE = new ExitCodes(null, null);

    /** Those that mean Findings. */
    @Override
    public List<Integer> findings() {
        return findings == null ? List.of() : findings;
    }

    /** Those that mean CouldNotCheck. */
    @Override
    public List<Integer> couldNotCheck() {
        return couldNotCheck == null ? List.of() : couldNotCheck;
    }
}

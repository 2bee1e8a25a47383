package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What a finished run came to in short; the whole is in a ConfigMap. */
public record RunReport(
        @JsonPropertyDescription(
                "ConfigMap with the whole report, report.md and report.json, in the same namespace; absent until it is written.")
        @Size(max = 253)
        String configMap,

        @JsonPropertyDescription("How many steps came to what.")
        StepCounts counts,

        @JsonPropertyDescription("The run that it is compared with; absent when there is none.")
        PreviousRun previousRun,

        @JsonPropertyDescription("What the comparison came to, for people.") @Size(max = 1024)
        String comparison,

        @JsonPropertyDescription("What differs from the previous run, the most important first.") @Size(max = 32)
        List<@Size(max = 256) String> differences,

        @JsonPropertyDescription("How many more differences the ConfigMap has; absent when it has no more.")
        Integer moreDifferences,

        @JsonPropertyDescription("Steps that came to Findings, and to that in no earlier run that is kept.")
        @Size(max = 64)
        List<@Size(max = 63) String> firstFindings,

        @JsonPropertyDescription("Why the ConfigMap could not be written; it is tried again.") @Size(max = 1024)
        String problem) {

    /** The differences; empty when there are none. */
    public List<String> told() {
        return differences == null ? List.of() : differences;
    }

    /** Steps that came to Findings for the first time; empty when there are none. */
    public List<String> first() {
        return firstFindings == null ? List.of() : firstFindings;
    }

    /** The same, of which the ConfigMap is written. */
    public RunReport kept(String name) {
        return new RunReport(name, counts, previousRun, comparison, differences, moreDifferences, firstFindings, null);
    }

    /** The same, of which the ConfigMap could not be written. */
    public RunReport refused(String why) {
        return new RunReport(
                configMap, counts, previousRun, comparison, differences, moreDifferences, firstFindings, why);
    }
}

package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.Map;

/** Which steps are done for which application. It only names them: who may run is not who may write steps. */
public record MaintenanceRunSpec(
        @JsonPropertyDescription("The ManagedApplication that the steps are done for.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("The Runbook whose steps are done, as they stand when the run begins.") @Required
        ObjectReference runbookRef,

        @JsonPropertyDescription("Values of the Runbook's parameters, by name; each at most 1024 characters.")
        @Size(max = 16)
        Map<String, @Size(max = 1024) String> parameters,

        @JsonPropertyDescription("Why, for people.")
        @Required
        @Size(max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason,

        @JsonPropertyDescription(
                "Who asks, and therefore may not approve. Where the chart's policy is installed it is the name of the user "
                        + "who makes the run, as the API server knows it, or is left out. Required with approval, also of a step.")
        @Size(max = 256)
        String requestedBy,

        @JsonPropertyDescription("true tells what each step would do, and does nothing.") @Default("false")
        Boolean dryRun,

        @JsonPropertyDescription("After this moment it does not begin any more; left out, it may begin at any time.")
        Instant notAfter,

        @JsonPropertyDescription(
                "The run does not begin before somebody other than the one in requestedBy has approved it, with the annotation"
                        + " mainstay.dev/approve. Left out, it begins by itself.")
        Approval approval) {

    /** A run that begins by itself. */
    public MaintenanceRunSpec(
            ObjectReference applicationRef,
            ObjectReference runbookRef,
            Map<String, String> parameters,
            String reason,
            String requestedBy,
            Boolean dryRun,
            Instant notAfter) {
        this(applicationRef, runbookRef, parameters, reason, requestedBy, dryRun, notAfter, null);
    }

    /** Values of parameters; empty when there are none. */
    @Override
    public Map<String, String> parameters() {
        return parameters == null ? Map.of() : parameters;
    }

    @Override
    public Boolean dryRun() {
        return Boolean.TRUE.equals(dryRun);
    }
}

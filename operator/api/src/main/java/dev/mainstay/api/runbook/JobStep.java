package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Required;

/** A Job of one's own, in namespaces whose administrator allows that. */
public record JobStep(
        @JsonPropertyDescription("Pod template of the Job, as in a Job; restricted, and without what "
                + "docs/steps/job.md does not list. $(params.NAME) is replaced where it is the whole value of "
                + "an environment variable, or one whole argument.")
        @Required
        @PreserveUnknownFields
        JsonNode template,

        @JsonPropertyDescription("What exit codes other than 0 mean; Failed, when they are not listed.")
        ExitCodes exitCodes) {

    /** What exit codes mean; all are failures when nothing is said. */
    @Override
    public ExitCodes exitCodes() {
        return exitCodes == null ? ExitCodes.NONE : exitCodes;
    }
}

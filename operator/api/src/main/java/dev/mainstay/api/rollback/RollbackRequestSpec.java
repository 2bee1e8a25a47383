package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import dev.mainstay.api.ObjectReference;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;

/** What is rolled back, to what, and when it counts as done. */
@ValidationRule(
        value = "!has(self.holdUntil) || self.gitOps != 'PatchAnyway'",
        message = "holdUntil does nothing with gitOps: PatchAnyway, which holds nothing: leave one of them out")
public record RollbackRequestSpec(
        @JsonPropertyDescription("The ManagedApplication whose Deployments are rolled back.") @Required
        ObjectReference applicationRef,

        @JsonPropertyDescription("Names of the Deployments that are rolled back; all of the application when left out. "
                + "A web server and its worker of different releases may not understand each other.")
        @Size(max = 32)
        List<@Size(min = 1, max = 253) String> workloads,

        @JsonPropertyDescription("What is gone back to; the last known good release when left out.")
        RollbackTarget to,

        @JsonPropertyDescription("Why, for people.")
        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(value = FieldRules.NOT_BLANK, message = FieldRules.NOT_BLANK_MESSAGE)
        String reason,

        @JsonPropertyDescription(
                "Who asks, for people. Where the chart's policy is installed it is the name of the user who makes "
                        + "the request, as the API server knows it, or is left out.")
        @Size(max = 256)
        String requestedBy,

        @JsonPropertyDescription(
                "true also goes back to a state that was never seen to work: to a revision in the history "
                        + "of the Deployments, where no release that was verified fits.")
        @Default("false")
        Boolean allowUnverified,

        @JsonPropertyDescription("true tells what would be done, and changes nothing.") @Default("false")
        Boolean dryRun,

        @JsonPropertyDescription("true refuses a release whose ConfigMaps had another content than they have now; "
                + "else that is told as a warning.")
        @Default("false")
        Boolean strictConfig,

        @JsonPropertyDescription("How long it may take from the first change to the end of the verification.")
        @Default("15m")
        @Size(min = 2, max = 32)
        @ValidationRule(value = FieldRules.POSITIVE_DURATION, message = FieldRules.POSITIVE_DURATION_MESSAGE)
        String timeout,

        @JsonPropertyDescription(
                "After this moment it does not begin any more; one hour after its creation when left out. "
                        + "Required in a request that Argo CD, Flux or Helm applies, since these may apply it again.")
        Instant notAfter,

        @JsonPropertyDescription("When the rollback counts as verified.")
        RollbackVerification verify,

        @JsonPropertyDescription("What happens when it can't be verified: Hold leaves everything as it is then, "
                + "RestorePrevious puts back what ran before, once; MaintenanceMode leaves everything as it is, too, and makes a "
                + "MaintenanceMode without an end, which shows the maintenance page until a person deletes it. One that "
                + "the application has already is left as it is.")
        @Default("Hold")
        OnFailure onFailure,

        @JsonPropertyDescription(
                "What is done about a program that applies the Deployments from a repository: Detect keeps a Flux "
                        + "Kustomization from putting them back until holdUntil, or until this request is deleted, and does "
                        + "not begin while an Argo CD Application heals them; PatchAnyway writes them all the same, and the "
                        + "outcome is Reverted when they are put back before they are verified.")
        @Default("Detect")
        GitOps gitOps,

        @JsonPropertyDescription(
                "Until when Flux leaves the Deployments alone; until this request is deleted when left out.")
        Instant holdUntil) {

    private static final String TIMEOUT = "15m";

    /** Names of the Deployments; empty when all are meant. */
    @Override
    public List<String> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** What is gone back to; the last known good when nothing is said. */
    @Override
    public RollbackTarget to() {
        return to == null ? RollbackTarget.LAST_KNOWN_GOOD : to;
    }

    @Override
    public Boolean allowUnverified() {
        return Boolean.TRUE.equals(allowUnverified);
    }

    @Override
    public Boolean dryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    @Override
    public Boolean strictConfig() {
        return Boolean.TRUE.equals(strictConfig);
    }

    /** How long it may take; 15 minutes when nothing is said. */
    @Override
    public String timeout() {
        return timeout == null ? TIMEOUT : timeout;
    }

    /** When it counts as verified. */
    @Override
    public RollbackVerification verify() {
        return verify == null ? RollbackVerification.DEFAULTS : verify;
    }

    /** What happens when it can't be verified; nothing when nothing is said. */
    @Override
    public OnFailure onFailure() {
        return onFailure == null ? OnFailure.HOLD : onFailure;
    }

    /** What is done about a program that applies the Deployments from a repository; it is looked for when nothing is said. */
    @Override
    public GitOps gitOps() {
        return gitOps == null ? GitOps.DETECT : gitOps;
    }
}

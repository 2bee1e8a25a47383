package dev.mainstay.api.rollback;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.application.ReleaseSummary;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the rollback did and came to. */
public record RollbackRequestStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, Finished and Succeeded.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription(
                "Where it is: Pending, RollingBack, Verifying, Restoring, EnteringMaintenance, Holding or Finished.")
        RollbackPhase phase,

        @JsonPropertyDescription("What it came to; absent until it is finished.")
        RollbackOutcome outcome,

        @JsonPropertyDescription(
                "Version of the first workload before, for people; with its revision where both versions are the same.")
        @Size(max = 128)
        String from,

        @JsonPropertyDescription(
                "Version of the first workload that is gone back to, for people; with its revision where both versions are the same.")
        @Size(max = 128)
        String to,

        @JsonPropertyDescription("The release that is gone back to; absent when it is one that was never verified.")
        ReleaseSummary release,

        @JsonPropertyDescription("Name of the ControllerRevision that holds what ran and what is to run, in full.")
        @Size(max = 253)
        String plan,

        @JsonPropertyDescription("The Deployments, in the order in which they are changed.") @Size(max = 32)
        List<RolledBackWorkload> workloads,

        @JsonPropertyDescription(
                "The autoscalers that may not scale down until it is over, so that the target has the Pods "
                        + "that carried the load; at most 16 are told of.")
        @Size(max = 16)
        List<HeldAutoscaler> autoscalers,

        @JsonPropertyDescription("What does not fit, and does not stop it.") @Size(max = 16)
        List<@Size(max = 512) String> warnings,

        @JsonPropertyDescription("What the verification looks at.") @Size(max = 96)
        List<VerificationCheck> checks,

        @JsonPropertyDescription("The last values of the metrics, oldest first; at most 16.") @Size(max = 16)
        List<MetricValue> samples,

        @JsonPropertyDescription("What it was granted of its application.")
        HeldClaim claim,

        @JsonPropertyDescription("When the first Deployment was to be changed.")
        Instant startedAt,

        @JsonPropertyDescription("When it was finished.") Instant completedAt,

        @JsonPropertyDescription("From startedAt to completedAt, for people.") @Size(max = 32)
        String duration,

        @JsonPropertyDescription("The command that undoes it by hand.") @Size(max = 1024)
        String undoCommand,

        @JsonPropertyDescription("Name of the MaintenanceMode that shows the maintenance page since the target was "
                + "seen not to work: one that this request has made, or one that was there.")
        @Size(max = 253)
        String maintenanceMode) {

    /** Of an object that nothing is known of yet. */
    public static final RollbackRequestStatus NONE = new RollbackRequestStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null);

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** The Deployments; empty before there is a plan. */
    @Override
    public List<RolledBackWorkload> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** When the target was written into a Deployment; empty before that. */
    public Optional<Instant> writtenAt(String workload) {
        return workloads().stream()
                .filter(line -> line.name().equals(workload))
                .map(RolledBackWorkload::writtenAt)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** The autoscalers; empty when there are none. */
    @Override
    public List<HeldAutoscaler> autoscalers() {
        return autoscalers == null ? List.of() : autoscalers;
    }

    /** The checks; empty before there are any. */
    @Override
    public List<VerificationCheck> checks() {
        return checks == null ? List.of() : checks;
    }

    /** The values; empty before there are any. */
    @Override
    public List<MetricValue> samples() {
        return samples == null ? List.of() : samples;
    }

    /** The warnings; empty when there are none. */
    @Override
    public List<String> warnings() {
        return warnings == null ? List.of() : warnings;
    }
}

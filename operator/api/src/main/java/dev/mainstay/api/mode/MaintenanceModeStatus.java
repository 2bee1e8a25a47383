package dev.mainstay.api.mode;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.workload.StoppedWorkload;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the maintenance mode did, and where it is. */
public record MaintenanceModeStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription("Conditions Ready, Reconciling, Stalled, Active, Finished and Succeeded.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Where it is: Entering, Active, Leaving or Ended.")
        ModePhase phase,

        @JsonPropertyDescription("The Services, and what they led to before.") @Size(max = 32)
        List<RedirectedService> services,

        @JsonPropertyDescription("The workloads that it stops, and what they had before.") @Size(max = 64)
        List<StoppedWorkload> workloads,

        @JsonPropertyDescription(
                "What it was granted of its application, while it stops workloads and while it gives them back.")
        HeldClaim claim,

        @JsonPropertyDescription("Name of the Deployment that serves the page.") @Size(max = 63)
        String page,

        @JsonPropertyDescription("What does not fit, and does not stop it.") @Size(max = 16)
        List<@Size(max = 512) String> warnings,

        @JsonPropertyDescription("Since when all of the Services lead to the page.")
        Instant activeSince,

        @JsonPropertyDescription("When it ends; absent when it lasts until it is deleted.")
        Instant endsAt,

        @JsonPropertyDescription("When it began to end.") Instant leavingSince,

        @JsonPropertyDescription("Since when the workloads have back what they had.")
        Instant workloadsBackSince,

        @JsonPropertyDescription("Since when none of the Services leads to the page any more.")
        Instant backSince,

        @JsonPropertyDescription("When it ended.") Instant endedAt,

        @JsonPropertyDescription(
                "The command that gives the workloads back and leads the Services back by hand, for when Mainstay does not run; else delete this object.")
        @Size(max = 1024)
        String undoCommand) {

    /** Of an object that nothing is known of yet. */
    public static final MaintenanceModeStatus NONE = new MaintenanceModeStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }

    /** The Services; empty before they were looked at. */
    @Override
    public List<RedirectedService> services() {
        return services == null ? List.of() : services;
    }

    /** The workloads; empty before they were looked at. */
    @Override
    public List<StoppedWorkload> workloads() {
        return workloads == null ? List.of() : workloads;
    }

    /** The warnings; empty when there are none. */
    @Override
    public List<String> warnings() {
        return warnings == null ? List.of() : warnings;
    }

    /** What is known of a Service of this name. */
    public Optional<RedirectedService> service(String name) {
        return services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst();
    }
}

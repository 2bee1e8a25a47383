package dev.mainstay.api.application;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.claims.OperationStatus;
import dev.mainstay.api.status.Condition;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What is known of the application. */
public record ManagedApplicationStatus(
        @JsonPropertyDescription("Generation of the object that this status was decided for.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Conditions Ready, Reconciling and Stalled; RollbackReady with Deployments; RestoreReady with databases; Healthy and "
                        + "Reachable with spec.health; InMaintenance from the first MaintenanceMode on.")
        @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Version of the application: label app.kubernetes.io/version of the first workload's "
                + "pod template, else of the workload, else its image's tag.")
        @Size(max = 128)
        String version,

        @JsonPropertyDescription(
                "The operations that work on the application or wait to, those that work first; at most "
                        + "32 of them. For people: what is granted is kept in the Lease <name>.claims.mainstay.dev.")
        @Size(max = 32)
        List<OperationStatus> operations,

        @JsonPropertyDescription("The releases that a rollback can go back to, the newest first; at most 10 of them. "
                + "They are kept in ControllerRevisions with the label mainstay.dev/release-of.")
        @Size(max = 10)
        List<ReleaseSummary> releases,

        @JsonPropertyDescription(
                "What runs now and works, and becomes a release when it has for spec.releases.soakTime.")
        ReleaseCandidate candidate,

        @JsonPropertyDescription(
                "What was found of each database whose adminSecretRef is given, when it was looked last whether a restore "
                        + "would succeed.")
        @Size(max = 16)
        List<RestoreReadiness> restoreReadiness,

        @JsonPropertyDescription(
                "The AlertRules of the application that fire, those of severity critical first, then warning; at "
                        + "most 32 of them. Absent while none fires.")
        @Size(max = MOST_ALERTS)
        List<String> firingAlerts) {

    /** How many alerts are named. */
    public static final int MOST_ALERTS = 32;

    /** What was found; empty when nothing was looked at. */
    @Override
    public List<RestoreReadiness> restoreReadiness() {
        return restoreReadiness == null ? List.of() : restoreReadiness;
    }

    /** The releases; empty when there are none. */
    @Override
    public List<ReleaseSummary> releases() {
        return releases == null ? List.of() : releases;
    }

    /** The operations; empty when there are none. */
    @Override
    public List<OperationStatus> operations() {
        return operations == null ? List.of() : operations;
    }

    /** The conditions; empty when there are none. */
    @Override
    public List<Condition> conditions() {
        return conditions == null ? List.of() : conditions;
    }
}

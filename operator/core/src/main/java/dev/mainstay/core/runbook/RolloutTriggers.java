package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.schedule.RolloutStage;
import dev.mainstay.core.rollback.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a schedule says of rollouts. */
public final class RolloutTriggers {

    private RolloutTriggers() {}

    /** Names of the Deployments whose rollouts a schedule follows, in the application's order; empty when it follows none. */
    public static List<String> watched(MaintenanceScheduleSpec spec, ManagedApplication application) {
        if (spec.trigger() == null) {
            return List.of();
        }
        List<String> named = spec.trigger().workloads();
        return Ledger.deployments(application.getSpec()).stream()
                .filter(name -> named == null || named.contains(name))
                .toList();
    }

    /** What is wrong with the Deployments that a schedule names; empty when nothing is. */
    static Optional<String> unknown(MaintenanceSchedule schedule, ManagedApplication application) {
        MaintenanceScheduleSpec spec = schedule.getSpec();
        if (spec.trigger() == null) {
            return Optional.empty();
        }
        List<String> watched = watched(spec, application);
        String names = application.getMetadata().getName();
        return spec.trigger().workloads() == null
                ? watched.isEmpty()
                        ? Optional.of("spec.trigger follows the Deployments of ManagedApplication " + names
                                + ", which names none. Add them to its spec.workloads.")
                        : Optional.empty()
                : spec.trigger().workloads().stream()
                        .filter(name -> !watched.contains(name))
                        .findFirst()
                        .map(name -> "spec.trigger.workloads names " + name
                                + ", which is no Deployment among spec.workloads of ManagedApplication " + names
                                + ". Add it there, or correct the name.");
    }

    /** When it makes runs, as a part of a sentence; empty for one that follows no rollouts. */
    static String told(MaintenanceScheduleSpec spec, List<RolloutSeen> seen) {
        if (spec.trigger() == null) {
            return "";
        }
        String missing = seen == null
                ? ""
                : seen.stream()
                        .filter(one -> !one.exists())
                        .map(RolloutSeen::name)
                        .collect(Collectors.joining(", "));
        return (spec.trigger().rollout() == RolloutStage.STARTED
                        ? " as soon as a rollout of "
                        : " after each rollout of ")
                + (spec.trigger().workloads() == null
                        ? "its Deployments"
                        : String.join(", ", spec.trigger().workloads()))
                + (spec.trigger().rollout() == RolloutStage.STARTED ? " begins" : "")
                + (missing.isEmpty() ? "" : " (" + missing + " does not exist yet)");
    }
}

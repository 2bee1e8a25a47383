package dev.mainstay.controller.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.schedule.KnownDeployment;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.RevisionState;
import dev.mainstay.core.runbook.RolloutSeen;
import dev.mainstay.core.runbook.RolloutTriggers;
import java.util.List;
import java.util.Optional;

/** Looks at the Deployments whose rollouts a schedule follows: at the API server where the cache has something new. */
public final class RolloutObserver {

    private final ApplicationWorkloads workloads;
    private final Deployments deployments;

    public RolloutObserver(ApplicationWorkloads workloads, Deployments deployments) {
        this.workloads = workloads;
        this.deployments = deployments;
    }

    /** Those of a schedule, in the application's order. */
    public List<RolloutSeen> seen(MaintenanceSchedule schedule, ManagedApplication application) {
        List<DeploymentState> cached = workloads.deployments(application);
        return RolloutTriggers.watched(schedule.getSpec(), application).stream()
                .map(name -> seen(schedule, name, cached))
                .toList();
    }

    private RolloutSeen seen(MaintenanceSchedule schedule, String name, List<DeploymentState> cached) {
        Optional<KnownDeployment> known = Optional.ofNullable(schedule.getStatus())
                .map(MaintenanceScheduleStatus::lastRollout)
                .flatMap(last -> last.workload(name));
        return known.flatMap(before -> cached.stream()
                        .filter(deployment -> deployment.name().equals(name))
                        .filter(deployment -> RolloutSeen.asKnown(deployment, before))
                        .findFirst()
                        .map(deployment -> RolloutSeen.of(deployment, before)))
                .orElseGet(() -> fresh(schedule.getMetadata().getNamespace(), name));
    }

    private RolloutSeen fresh(String namespace, String name) {
        return deployments
                .read(namespace, name)
                .filter(deployment -> !deployment.deleting())
                .map(deployment -> RolloutSeen.of(
                        deployment,
                        deployments.replicaSets(namespace, deployment).stream()
                                .map(RevisionState::of)
                                .toList()))
                .orElseGet(() -> RolloutSeen.missing(name));
    }
}

package dev.mainstay.controller;

import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.application.HttpLook;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.Deployments;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.IssuedCertificates;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.MaintenancePages;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.PodEvictions;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.RollbackRequests;
import dev.mainstay.controller.kube.RunbookStore;
import dev.mainstay.controller.kube.ServiceSelectors;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.WorkloadRestarts;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.mode.ModeClaimDesk;
import dev.mainstay.controller.mode.ModeObserver;
import dev.mainstay.controller.mode.ModePass;
import dev.mainstay.controller.mode.ModeSurroundings;
import dev.mainstay.controller.rollback.RollbackObserver;
import dev.mainstay.controller.runbook.JobActor;
import dev.mainstay.controller.runbook.MaintenanceRunReconciler;
import dev.mainstay.controller.runbook.MaintenanceScheduleReconciler;
import dev.mainstay.controller.runbook.NotifyActor;
import dev.mainstay.controller.runbook.RolloutObserver;
import dev.mainstay.controller.runbook.RunObserver;
import dev.mainstay.controller.runbook.RunnerActor;
import dev.mainstay.controller.runbook.StepActors;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.RollbackDecider;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** Puts together what maintenance modes, schedules and runs need, in the operator and before it is uninstalled. */
final class MaintenanceComposition {

    private MaintenanceComposition() {}

    /** What looks at a maintenance mode. */
    static ModePass pass(
            KubernetesClient client,
            Settings settings,
            ModeSurroundings surroundings,
            MaintenanceModes modes,
            ModeClaimDesk claims,
            EventRecorder events) {
        WorkloadScales scales = new WorkloadScales(client);
        MaintenancePages pages = new MaintenancePages(client);
        return new ModePass(
                new ModeObserver(
                        surroundings,
                        modes,
                        new Services(client),
                        pages,
                        new ReadyPods(client),
                        scales,
                        new Autoscalers(client),
                        settings.runnerImage()),
                settings.runnerImagePullPolicy(),
                new ExecutionMarks(client),
                pages,
                new ServiceSelectors(client),
                scales,
                claims,
                new Finalizers(client),
                new StatusWriter(client),
                events);
    }

    /** What looks at a schedule. */
    static MaintenanceScheduleReconciler schedules(
            KubernetesClient client,
            ApplicationWorkloads workloads,
            ClaimLeases leases,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        return new MaintenanceScheduleReconciler(
                new MaintenanceRuns(client),
                new OwnUser(client),
                new RolloutObserver(workloads, new Deployments(client))::seen,
                leases::otherRelease,
                statuses,
                events,
                wakeups,
                clock);
    }

    /** What looks at a run. */
    static MaintenanceRunReconciler runs(
            KubernetesClient client,
            HttpLook looks,
            PrometheusClient prometheus,
            RollbackObserver rollbacks,
            JobActor jobs,
            NotifyActor notices,
            RunnerActor runner,
            ClaimLeases leases,
            ClaimStore claims,
            ExecutionMarks marks,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        StepActors actors = new StepActors(
                new DatabaseBackups(client),
                looks,
                new WorkloadRestarts(client),
                new PodEvictions(client),
                new RollbackRequests(client),
                (request, now) -> RollbackDecider.decide(rollbacks.observe(request, now), now),
                jobs,
                prometheus,
                notices,
                runner,
                new IssuedCertificates(client),
                new MaintenanceModes(client),
                new Services(client),
                new WorkloadScales(client),
                new Autoscalers(client),
                events,
                wakeups,
                clock);
        RunbookStore store = new RunbookStore(client);
        return new MaintenanceRunReconciler(
                new RunObserver(store, actors, leases, wakeups),
                actors,
                store,
                marks,
                claims,
                new Finalizers(client),
                new ConfigMaps(client),
                statuses,
                events,
                wakeups,
                clock);
    }
}

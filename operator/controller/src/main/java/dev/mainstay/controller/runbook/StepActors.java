package dev.mainstay.controller.runbook;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.controller.application.HttpLook;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.IssuedCertificates;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.PodEvictions;
import dev.mainstay.controller.kube.RollbackRequests;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.WorkloadRestarts;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.runbook.BackupStepType;
import dev.mainstay.core.runbook.CertificateCheckStepType;
import dev.mainstay.core.runbook.HttpCheckStepType;
import dev.mainstay.core.runbook.JobStepType;
import dev.mainstay.core.runbook.MaintenanceModeStepType;
import dev.mainstay.core.runbook.ManualStepType;
import dev.mainstay.core.runbook.MetricCheckStepType;
import dev.mainstay.core.runbook.NotifyStepType;
import dev.mainstay.core.runbook.RestartEvictions;
import dev.mainstay.core.runbook.RestartStepType;
import dev.mainstay.core.runbook.ReversibleStepType;
import dev.mainstay.core.runbook.RollbackStepType;
import dev.mainstay.core.runbook.RunnerStepType;
import dev.mainstay.core.runbook.ScaleStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.runbook.StepType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The actor of each type of step. */
public final class StepActors {

    private static final StepActor NONE = turn -> new StepSeen.Nothing();

    private final StepActor backups;
    private final StepActor httpChecks;
    private final StepActor restarts;
    private final StepActor evictions;
    private final StepActor rollbacks;
    private final StepActor jobs;
    private final StepActor metrics;
    private final StepActor notices;
    private final StepActor runner;
    private final StepActor certificates;
    private final ReversibleActor modes;
    private final ReversibleActor scales;

    public StepActors(
            DatabaseBackups backups,
            HttpLook look,
            WorkloadRestarts restarts,
            PodEvictions evictions,
            RollbackRequests rollbacks,
            BiFunction<RollbackRequest, Instant, RollbackDecision> rehearsal,
            JobActor jobs,
            PrometheusClient prometheus,
            NotifyActor notices,
            RunnerActor runner,
            IssuedCertificates certificates,
            MaintenanceModes modes,
            Services services,
            WorkloadScales scales,
            Autoscalers autoscalers,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.backups = new BackupActor(backups, wakeups);
        this.httpChecks = new HttpCheckActor(look);
        this.restarts = new RestartActor(restarts, events);
        this.evictions = new EvictionActor(restarts, evictions, events, clock);
        this.rollbacks = new RollbackActor(rollbacks, wakeups, rehearsal, clock);
        this.jobs = jobs;
        this.metrics = new MetricCheckActor(prometheus, clock);
        this.notices = notices;
        this.runner = runner;
        this.certificates = new CertificateCheckActor(runner, certificates, clock);
        this.modes = new MaintenanceModeActor(modes, services);
        this.scales = new ScaleActor(scales, autoscalers, events, run -> stopped(run, wakeups));
    }

    private static List<StoppedWorkload> stopped(MaintenanceRun run, Wakeups wakeups) {
        return wakeups
                .modesOf(
                        run.getMetadata().getNamespace(),
                        run.getSpec().applicationRef().name())
                .stream()
                .filter(mode -> mode.getStatus() != null)
                .flatMap(mode -> mode.getStatus().workloads().stream())
                .toList();
    }

    StepActor of(StepTurn turn) {
        Optional<StepType> type = StepType.of(turn.step());
        return type.isEmpty()
                ? NONE
                : switch (type.get()) {
                    case BackupStepType ignored -> backups;
                    case HttpCheckStepType ignored -> httpChecks;
                    case RestartStepType ignored -> RestartEvictions.by(turn) ? evictions : restarts;
                    case RollbackStepType ignored -> rollbacks;
                    case JobStepType ignored -> jobs;
                    case ManualStepType ignored -> NONE;
                    case MetricCheckStepType ignored -> metrics;
                    case NotifyStepType ignored -> notices;
                    case CertificateCheckStepType ignored -> certificates;
                    case RunnerStepType ignored -> runner;
                    case ReversibleStepType reversible -> of(reversible);
                };
    }

    /** The actor of a type that can give back what it changes. */
    ReversibleActor of(ReversibleStepType type) {
        return switch (type) {
            case MaintenanceModeStepType ignored -> modes;
            case ScaleStepType ignored -> scales;
        };
    }
}

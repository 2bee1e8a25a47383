package dev.mainstay.controller.runbook;

import dev.mainstay.controller.application.HealthLook;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.RollbackRequests;
import dev.mainstay.controller.kube.WorkloadRestarts;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.runbook.BackupStepType;
import dev.mainstay.core.runbook.HttpCheckStepType;
import dev.mainstay.core.runbook.JobStepType;
import dev.mainstay.core.runbook.ManualStepType;
import dev.mainstay.core.runbook.RestartStepType;
import dev.mainstay.core.runbook.RollbackStepType;
import dev.mainstay.core.runbook.RunnerStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.runbook.StepType;
import java.util.Optional;

/** The actor of each type of step. */
public final class StepActors {

    private static final StepActor NONE = turn -> new StepSeen.Nothing();

    private final StepActor backups;
    private final StepActor httpChecks;
    private final StepActor restarts;
    private final StepActor rollbacks;
    private final StepActor jobs;
    private final StepActor runner;

    public StepActors(
            DatabaseBackups backups,
            HealthLook health,
            WorkloadRestarts restarts,
            RollbackRequests rollbacks,
            JobActor jobs,
            RunnerActor runner,
            EventRecorder events,
            Wakeups wakeups) {
        this.backups = new BackupActor(backups, wakeups);
        this.httpChecks = new HttpCheckActor(health);
        this.restarts = new RestartActor(restarts, events);
        this.rollbacks = new RollbackActor(rollbacks, wakeups);
        this.jobs = jobs;
        this.runner = runner;
    }

    StepActor of(StepTurn turn) {
        Optional<StepType> type = StepType.of(turn.step());
        return type.isEmpty()
                ? NONE
                : switch (type.get()) {
                    case BackupStepType ignored -> backups;
                    case HttpCheckStepType ignored -> httpChecks;
                    case RestartStepType ignored -> restarts;
                    case RollbackStepType ignored -> rollbacks;
                    case JobStepType ignored -> jobs;
                    case ManualStepType ignored -> NONE;
                    case RunnerStepType ignored -> runner;
                };
    }
}

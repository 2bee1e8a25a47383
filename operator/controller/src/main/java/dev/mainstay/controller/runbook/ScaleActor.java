package dev.mainstay.controller.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.ChangedKind;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.WorkloadWrites;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.ScaleStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.StopTarget;
import dev.mainstay.core.workload.WorkloadSeen;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Scales workloads, or sets the minimum of their autoscalers, if they still are what was written down of them. */
final class ScaleActor implements ReversibleActor {

    private final WorkloadScales scales;
    private final WorkloadWrites writes;
    private final Autoscalers autoscalers;
    private final Function<MaintenanceRun, List<StoppedWorkload>> stopped;

    /**
     * Creates it.
     *
     * @param stopped what maintenance modes keep stopped of a run's application
     */
    ScaleActor(
            WorkloadScales scales,
            Autoscalers autoscalers,
            EventRecorder events,
            Function<MaintenanceRun, List<StoppedWorkload>> stopped) {
        this.scales = scales;
        this.writes = new WorkloadWrites(scales, events);
        this.autoscalers = autoscalers;
        this.stopped = stopped;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        if (turn.attempt() == 0) {
            return new StepSeen.Nothing();
        }
        MaintenanceRun run = turn.run();
        SavedChange saved = RunLines.of(turn).map(RunStep::saved).orElse(null);
        WorkloadSeen workload = target(turn.application(), turn.step().scale().workload())
                .map(target -> read(run, target))
                .orElse(null);
        return seen(run, workload, saved);
    }

    /** Unlike a look it lets go of nothing that the operator has written. */
    @Override
    public StepSeen foresee(StepTurn turn) {
        MaintenanceRun run = turn.run();
        String namespace = run.getMetadata().getNamespace();
        return new StepSeen.OfScale(
                target(turn.application(), turn.step().scale().workload())
                        .map(target -> scales.read(namespace, target.kind(), target.name()))
                        .orElse(null),
                autoscalers.list(namespace),
                stopped.apply(run));
    }

    @Override
    public StepSeen look(Owed owed) {
        SavedChange saved = owed.saved();
        return seen(owed.run(), workload(owed.run(), saved).orElse(null), saved);
    }

    private StepSeen seen(MaintenanceRun run, WorkloadSeen workload, SavedChange saved) {
        String namespace = run.getMetadata().getNamespace();
        if (saved != null && saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER) {
            // Whoever wrote it may have died before it was let go of.
            autoscalers.letGo(namespace, saved.name());
        }
        return new StepSeen.OfScale(workload, autoscalers.list(namespace), stopped.apply(run));
    }

    private static Optional<StopTarget> target(ManagedApplication application, String name) {
        return application == null || application.getSpec() == null
                ? Optional.empty()
                : StopTarget.of(application.getSpec(), List.of(name)).stream()
                        .filter(target -> target.kind() != StoppableKind.CRON_JOB)
                        .findFirst();
    }

    private WorkloadSeen read(MaintenanceRun run, StopTarget target) {
        WorkloadSeen workload = scales.read(run.getMetadata().getNamespace(), target.kind(), target.name());
        if (WorkloadScales.owed(workload)) {
            writes.letGo(run, workload.kind(), workload.name());
        }
        return workload;
    }

    private Optional<WorkloadSeen> workload(MaintenanceRun run, SavedChange saved) {
        return switch (saved.kind()) {
            case DEPLOYMENT -> Optional.of(read(run, new StopTarget(StoppableKind.DEPLOYMENT, saved.name())));
            case STATEFUL_SET -> Optional.of(read(run, new StopTarget(StoppableKind.STATEFUL_SET, saved.name())));
            case HORIZONTAL_POD_AUTOSCALER, MAINTENANCE_MODE, UNRECOGNIZED -> Optional.empty();
        };
    }

    @Override
    public Written change(StepTurn turn, StepSeen seen) {
        return write(turn.run(), RunLines.of(turn).map(RunStep::saved).orElseThrow(), seen, false);
    }

    @Override
    public Written giveBack(Owed owed, StepSeen seen) {
        return write(owed.run(), owed.saved(), seen, true);
    }

    private Written write(MaintenanceRun run, SavedChange saved, StepSeen seen, boolean back) {
        if (saved.kind() == ChangedKind.HORIZONTAL_POD_AUTOSCALER) {
            return autoscalers.set(run.getMetadata().getNamespace(), ScaleStepType.change(saved, back));
        }
        if (!(seen instanceof StepSeen.OfScale(WorkloadSeen workload, var _, var _))) {
            return new Written.Changed();
        }
        return writes.stop(run, List.of(ScaleStepType.change(saved, workload, back)), Reason.SCALED)
                .map(WorkloadWrites.Refusal::why)
                .orElseGet(Written.There::new);
    }
}

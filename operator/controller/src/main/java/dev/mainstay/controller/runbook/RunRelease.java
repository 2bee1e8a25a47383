package dev.mainstay.controller.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.runbook.MaintenanceModeStepType;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.ReversibleStepType;
import dev.mainstay.core.runbook.RunChanges;
import dev.mainstay.core.runbook.RunWords;
import dev.mainstay.core.runbook.ScaleStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.status.Reason;
import java.util.List;

/** Gives back what runs have changed before the operator is uninstalled: nobody would do it afterwards. */
public final class RunRelease {

    /** Somebody may write a workload at the same moment, and nobody comes after this. */
    private static final int TRIES = 3;

    private final ReversibleActor modes;
    private final ReversibleActor scales;
    private final EventRecorder events;

    public RunRelease(
            MaintenanceModes modes,
            Services services,
            WorkloadScales scales,
            Autoscalers autoscalers,
            EventRecorder events) {
        this.modes = new MaintenanceModeActor(modes, services);
        this.scales = new ScaleActor(scales, autoscalers, events, _ -> List.of());
        this.events = events;
    }

    /** Gives back what does not outlive the run, what was changed last at first. */
    public void giveBack(MaintenanceRun run) {
        List<RunStep> owed = RunChanges.held(run).reversed();
        List<RunStep> left = owed.stream()
                .filter(line -> !isGivenBack(new Owed(run, null, line)))
                .toList();
        if (!owed.isEmpty()) {
            events.tell(
                    run,
                    Reason.CANCELLED.text(),
                    RunWords.uninstalled(left.stream().map(RunStep::saved).toList()));
        }
    }

    private boolean isGivenBack(Owed owed) {
        for (int tries = 1; tries <= TRIES; tries++) {
            StepSeen seen = actor(owed.type()).look(owed);
            ReversibleStepType.Back back = owed.type().back(owed, seen);
            if (back instanceof ReversibleStepType.Back.Done) {
                return true;
            }
            if (back instanceof ReversibleStepType.Back.Write
                    && actor(owed.type()).giveBack(owed, seen) instanceof Written.There) {
                return true;
            }
        }
        return false;
    }

    private ReversibleActor actor(ReversibleStepType type) {
        return switch (type) {
            case MaintenanceModeStepType ignored -> modes;
            case ScaleStepType ignored -> scales;
        };
    }
}

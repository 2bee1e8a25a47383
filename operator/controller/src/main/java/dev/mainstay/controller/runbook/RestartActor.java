package dev.mainstay.controller.runbook;

import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.WorkloadRestarts;
import dev.mainstay.core.runbook.RestartStepType;
import dev.mainstay.core.runbook.RestartedWorkload;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.status.Reason;
import java.util.List;

/** Restarts workloads, each once in an attempt; what was begun goes on when nobody waits for it any more. */
final class RestartActor implements StepActor {

    private final WorkloadRestarts restarts;
    private final EventRecorder events;

    RestartActor(WorkloadRestarts restarts, EventRecorder events) {
        this.restarts = restarts;
        this.events = events;
    }

    /** All are tried before the first one is changed, so that what refuses one leaves nothing half done. */
    @Override
    public StepSeen look(StepTurn turn) {
        List<RestartedWorkload> seen = seen(turn);
        if (turn.attempt() == 0) {
            return new StepSeen.OfRestart(seen);
        }
        List<RestartedWorkload> due = RestartStepType.due(turn, seen);
        return new StepSeen.OfRestart(seen.stream()
                .map(workload -> due.contains(workload) ? restarts.attempt(namespace(turn), workload, turn) : workload)
                .toList());
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        return look(turn);
    }

    @Override
    public void act(StepTurn turn) {
        for (RestartedWorkload workload : RestartStepType.due(turn, seen(turn))) {
            if (restarts.restart(namespace(turn), workload, turn)) {
                events.tell(
                        restarts.reference(namespace(turn), workload),
                        Reason.RESTARTING.text(),
                        "Step " + turn.step().name() + " of MaintenanceRun "
                                + turn.run().getMetadata().getName() + " restarts it.");
            }
        }
    }

    private List<RestartedWorkload> seen(StepTurn turn) {
        return RestartStepType.workloads(turn).stream()
                .map(workload -> restarts.read(namespace(turn), workload))
                .toList();
    }

    private static String namespace(StepTurn turn) {
        return turn.run().getMetadata().getNamespace();
    }
}

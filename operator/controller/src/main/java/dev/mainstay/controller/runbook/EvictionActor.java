package dev.mainstay.controller.runbook;

import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.PodEvictions;
import dev.mainstay.controller.kube.WorkloadRestarts;
import dev.mainstay.core.runbook.EvictedWorkload;
import dev.mainstay.core.runbook.RestartEvictions;
import dev.mainstay.core.runbook.RestartEvictions.Chosen;
import dev.mainstay.core.runbook.RestartStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.status.Reason;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Evicts the Pods of workloads, one in a pass; what is evicted is not waited for any more when the step is left. */
final class EvictionActor implements StepActor {

    private final WorkloadRestarts workloads;
    private final PodEvictions evictions;
    private final EventRecorder events;
    private final Clock clock;

    EvictionActor(WorkloadRestarts workloads, PodEvictions evictions, EventRecorder events, Clock clock) {
        this.workloads = workloads;
        this.evictions = evictions;
        this.events = events;
        this.clock = clock;
    }

    /** The next eviction is tried before it is done, so that the status tells what stands against it. */
    @Override
    public StepSeen look(StepTurn turn) {
        StepSeen.OfEviction seen = seen(turn);
        return turn.attempt() == 0
                ? seen
                : tried(seen, RestartEvictions.next(turn, seen).stream().toList());
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        StepSeen.OfEviction seen = seen(turn);
        return tried(seen, RestartEvictions.samples(seen));
    }

    private StepSeen tried(StepSeen.OfEviction seen, List<Chosen> chosen) {
        return new StepSeen.OfEviction(
                seen.workloads().stream()
                        .map(workload -> chosen.stream()
                                .filter(one -> one.workload().equals(workload))
                                .findFirst()
                                .flatMap(one -> evictions.attempt(one.pod()))
                                .map(workload::refused)
                                .orElse(workload))
                        .toList(),
                seen.at());
    }

    @Override
    public void act(StepTurn turn) {
        Optional<Chosen> next = RestartEvictions.next(turn, seen(turn));
        if (next.filter(chosen -> evictions.evict(chosen.pod())).isPresent()) {
            EvictedWorkload workload = next.get().workload();
            events.tell(
                    workloads.reference(turn.run().getMetadata().getNamespace(), workload.workload()),
                    Reason.RESTARTING.text(),
                    "Step " + turn.step().name() + " of MaintenanceRun "
                            + turn.run().getMetadata().getName() + " evicts its Pod "
                            + next.get().pod().getMetadata().getName() + ".");
        }
    }

    private StepSeen.OfEviction seen(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        return new StepSeen.OfEviction(
                RestartStepType.workloads(turn).stream()
                        .map(workload -> evictions.read(namespace, workloads.read(namespace, workload)))
                        .toList(),
                clock.instant());
    }
}

package dev.mainstay.controller.runbook;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.controller.kube.RollbackRequests;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.runbook.RollbackStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

/** Makes a RollbackRequest, by a name that is the same however often it is made. */
final class RollbackActor implements StepActor {

    private final RollbackRequests requests;
    private final Wakeups wakeups;
    private final BiFunction<RollbackRequest, Instant, RollbackDecision> rehearsal;
    private final Clock clock;

    /**
     * Makes the actor.
     *
     * @param rehearsal what would be decided now about a request that does not exist
     */
    RollbackActor(
            RollbackRequests requests,
            Wakeups wakeups,
            BiFunction<RollbackRequest, Instant, RollbackDecision> rehearsal,
            Clock clock) {
        this.requests = requests;
        this.wakeups = wakeups;
        this.rehearsal = rehearsal;
        this.clock = clock;
    }

    /** The request is asked for as one that is not to be kept, and planned as one with dryRun: true would be. */
    @Override
    public StepSeen foresee(StepTurn turn) {
        Instant now = clock.instant();
        RollbackRequest request = RollbackStepType.rehearsal(turn, now);
        return new StepSeen.OfRehearsal(
                rehearsal.apply(request, now), requests.rejection(request).orElse(null));
    }

    /** What the cache does not have is asked for: a request that was deleted is not made again. */
    @Override
    public StepSeen look(StepTurn turn) {
        if (turn.attempt() == 0) {
            return new StepSeen.Nothing();
        }
        String namespace = turn.run().getMetadata().getNamespace();
        String name = RollbackStepType.requestName(turn);
        Optional<RollbackRequest> made = wakeups.rollback(namespace, name).or(() -> requests.find(namespace, name));
        return new StepSeen.OfRollback(
                made.orElse(null),
                made.isPresent()
                        ? null
                        : requests.rejection(RollbackStepType.request(turn)).orElse(null));
    }

    @Override
    public void act(StepTurn turn) {
        requests.make(RollbackStepType.request(turn));
    }

    @Override
    public void leave(StepTurn turn) {
        requests.cancel(
                turn.run().getMetadata().getNamespace(),
                RollbackStepType.requestName(turn),
                "MaintenanceRun " + turn.run().getMetadata().getName() + " does not wait for it any more");
    }
}

package dev.mainstay.controller.runbook;

import dev.mainstay.controller.application.HealthLook;
import dev.mainstay.core.restore.HealthSeen;
import dev.mainstay.core.runbook.HttpCheckStepType;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** Asks the application's own Pods, in the pass itself, once an attempt is under way. */
final class HttpCheckActor implements StepActor {

    private final HealthLook health;

    HttpCheckActor(HealthLook health) {
        this.health = health;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        return turn.attempt() == 0
                ? new StepSeen.Nothing()
                : HttpCheckStepType.check(turn.application(), turn.step())
                        .<StepSeen>map(check -> new StepSeen.OfHealth(health.of(turn.application(), check)
                                .orElseGet(() -> HealthSeen.notAsked(
                                        "spec.health.workload names none of the application's workloads"))))
                        .orElseGet(StepSeen.Nothing::new);
    }
}

package dev.mainstay.controller.runbook;

import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** What a type of step looks at and does in the cluster. Each is done once, however often it is asked for. */
interface StepActor {

    /** What is known of that which the step looks at or has made. */
    StepSeen look(StepTurn turn);

    /** What is known of that which stands against the step, for a dry run; nothing is changed for that. */
    default StepSeen foresee(StepTurn turn) {
        return new StepSeen.Nothing();
    }

    /** Does what the attempt does. */
    default void act(StepTurn turn) {}

    /** Ends what the attempt has begun: nobody waits for it any more. */
    default void leave(StepTurn turn) {}
}

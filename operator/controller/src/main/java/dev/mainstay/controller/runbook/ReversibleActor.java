package dev.mainstay.controller.runbook;

import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** What a type of step that can give back what it changes does in the cluster. */
interface ReversibleActor extends StepActor {

    /** What is known of that which is to be given back. */
    StepSeen look(Owed owed);

    /** Changes what was written down, if it still is as it was seen. */
    Written change(StepTurn turn, StepSeen seen);

    /** Gives back what was changed, likewise. */
    Written giveBack(Owed owed, StepSeen seen);
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.FormerPod;
import dev.mainstay.api.runbook.SavedChange;
import java.util.List;
import java.util.Optional;

/** How far an attempt is. */
public sealed interface StepProgress {

    /** What it does is to be done now. */
    record Act() implements StepProgress {}

    /** What it changes is to be written down, before it is changed. */
    record Save(SavedChange change) implements StepProgress {}

    /** The Pods that are there are to be written down, before the first one is evicted. */
    record Remember(List<FormerPod> pods) implements StepProgress {}

    /** What was written down is to be changed now. */
    record Change() implements StepProgress {}

    /** It is waited for. */
    record Wait(String message) implements StepProgress {}

    /**
     * It has ended.
     *
     * @param left whether something of it goes on, and is to be ended
     */
    record Ended(StepResult result, boolean left) implements StepProgress {

        /** Nothing of it goes on. */
        Ended(StepResult result) {
            this(result, false);
        }
    }

    /** What it came to, if that is of no use. */
    default Optional<StepResult> bad() {
        return this instanceof Ended(StepResult result, var _) && result.bad() ? Optional.of(result) : Optional.empty();
    }
}

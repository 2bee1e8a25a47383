package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.SavedChange;
import java.util.Optional;

/**
 * A step that changes something of the application and can give it back. What was there before is in the status before it is
 * changed; the engine gives it back when a later step says so, when a step fails that undoes, and when the run ends.
 */
public sealed interface ReversibleStepType extends StepType permits MaintenanceModeStepType, ScaleStepType {

    /** The type of a step, by what the status has of it; empty for one that changes nothing, or that this version does not know. */
    static Optional<ReversibleStepType> of(RunStep line) {
        return ALL.stream()
                .filter(type -> type.name().equals(line.type()))
                .filter(ReversibleStepType.class::isInstance)
                .map(ReversibleStepType.class::cast)
                .findFirst();
    }

    /** Whether a step changes nothing, and gives back what earlier ones have changed. */
    boolean restores(RunbookStep step);

    /** Whether a step gives back what an earlier one has changed. */
    boolean ends(RunbookStep step, RunbookStep earlier);

    /** Whether it is the workloads that are changed and given back, while nobody else works on them. */
    default boolean claimsWorkloads() {
        return false;
    }

    /** How far the giving back is. */
    Back back(Owed owed, StepSeen seen);

    /** The command that gives it back by hand. */
    String command(SavedChange saved, String namespace);

    /** How far the giving back of something is. */
    sealed interface Back {

        /** It is to be written now. */
        record Write() implements Back {}

        /** It can't be done now, and is tried again. */
        record Wait(StepResult hindrance) implements Back {}

        /** Nothing is owed any more; what is told of it. */
        record Done(String note) implements Back {}
    }
}

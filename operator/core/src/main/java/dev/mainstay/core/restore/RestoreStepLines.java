package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import java.time.Instant;
import java.util.List;

/** The lines of {@code status.steps}, and what becomes of them. */
final class RestoreStepLines {

    private RestoreStepLines() {}

    /** A step is in that state now; a message of null leaves the one that it has. */
    static List<RestoreStep> marked(
            List<RestoreStep> steps, RestoreStepName name, RestoreStepState state, String message, Instant now) {
        return steps.stream()
                .map(line -> line.name() != name
                        ? line
                        : new RestoreStep(
                                name,
                                state,
                                line.startedAt() == null && state != RestoreStepState.SKIPPED ? now : line.startedAt(),
                                state == RestoreStepState.RUNNING ? null : now,
                                message == null ? line.message() : message))
                .toList();
    }

    /** What is not done any more is not waited for either. */
    static List<RestoreStep> failed(List<RestoreStep> steps, String why, Instant now) {
        return steps.stream()
                .map(line -> switch (line.state()) {
                    case RUNNING -> new RestoreStep(line.name(), RestoreStepState.FAILED, line.startedAt(), now, why);
                    case WAITING -> new RestoreStep(line.name(), RestoreStepState.SKIPPED, null, null, null);
                    default -> line;
                })
                .toList();
    }

    /** The step was begun, but no Job has done anything for it: nothing needs to be found out. */
    static List<RestoreStep> withoutSwap(List<RestoreStep> steps, String why, Instant now) {
        return steps.stream()
                .map(line -> isPlacing(line.name()) && line.state() == RestoreStepState.RUNNING
                        ? new RestoreStep(line.name(), RestoreStepState.SKIPPED, line.startedAt(), now, why)
                        : line)
                .toList();
    }

    private static boolean isPlacing(RestoreStepName name) {
        return name == RestoreStepName.SWAP || name == RestoreStepName.RESTORE_INTO_EMPTY;
    }

    /** What puts the data in place was given up, and is done all the same: what comes after it is still to be done. */
    static List<RestoreStep> afterSwap(List<RestoreStep> steps) {
        return steps.stream()
                .map(line -> line.state() == RestoreStepState.SKIPPED
                                && line.name().ordinal() > RestoreStepName.RESTORE_INTO_EMPTY.ordinal()
                        ? new RestoreStep(line.name(), RestoreStepState.WAITING, null, null, null)
                        : line)
                .toList();
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.backup.PreflightStatus;
import dev.mainstay.core.task.Task;
import java.time.Duration;
import java.time.Instant;

/** What is to be done about a policy's preflight now. */
public sealed interface PreflightDecision {

    /**
     * Nothing.
     *
     * @param until when one is due; null when something else has to change first
     */
    record Nothing(Instant until) implements PreflightDecision {}

    /** Makes the Job. */
    record Make(String name, Task task, Instant startBy) implements PreflightDecision {}

    /** Waits for a place, or for the Job. */
    record Wait(Duration lookAgain) implements PreflightDecision {}

    /**
     * Tells what came of it.
     *
     * @param status what is written down
     * @param findings text of the ConfigMap; null when none is to be written
     * @param end name of the Job that is to be ended, since nobody waits for it any more; null when none is
     */
    record Tell(PreflightStatus status, String findings, String end) implements PreflightDecision {

        /** Where no Job is to be ended. */
        Tell(PreflightStatus status, String findings) {
            this(status, findings, null);
        }
    }
}

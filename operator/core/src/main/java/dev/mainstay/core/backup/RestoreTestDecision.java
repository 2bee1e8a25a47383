package dev.mainstay.core.backup;

import dev.mainstay.api.backup.LastRestoreTest;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.core.task.Task;
import java.time.Instant;

/**
 * What is to be done about a policy's restore tests now.
 *
 * @param status what is written down once that is done; null for a policy without restore tests
 * @param last the newest test that has ended; null when there is none
 * @param verdict what is told in the condition; null when nothing is
 * @param make the Job to be made, if there is a place for it; null for none
 * @param end name of the Job that is to end; null for none
 * @param wakeUp when to look again at the latest; null when time alone changes nothing
 */
public record RestoreTestDecision(
        RestoreTestStatus status,
        LastRestoreTest last,
        RestoreTestVerdict verdict,
        Make make,
        String end,
        Instant wakeUp) {

    /** A Job. Its name is its lock: made twice, it is there once. */
    public record Make(String name, Task task, Instant startBy) {}
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.Undisturbed;
import java.time.Duration;
import java.util.Optional;

/** Drops what a task has made, whatever has ended the task. */
final class CopyCleanup {

    /** What of the time of a Pod that is being deleted goes to the children's end, and to telling what came of it. */
    private static final Duration REST = Duration.ofSeconds(22);

    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    private CopyCleanup() {}

    /** What kept the copy from being dropped, after a failure; empty when it is gone. */
    static Optional<TaskFailure> after(TaskFailure failure, DatabaseAccess access, Task task) {
        return drop(access, task, failure.reason() == Reason.CANCELLED ? whenCancelled(task) : LONGEST);
    }

    /** Of a restore test nobody drops it before its next slot, and of one that is taken off nobody at all. */
    static Duration whenCancelled(Task task) {
        return Duration.ofSeconds(task.kind().graceSeconds()).minus(REST);
    }

    /** The same when nobody is in a hurry. */
    static Optional<TaskFailure> drop(DatabaseAccess access, Task task) {
        return drop(access, task, LONGEST);
    }

    private static Optional<TaskFailure> drop(DatabaseAccess access, Task task, Duration limit) {
        return Undisturbed.call(() -> {
            StopSignal time = new StopSignal();
            time.stopAfter(limit, Reason.DEADLINE_EXCEEDED, "it took longer than " + limit.toSeconds() + " s");
            try (ServerSession server =
                    ServerSession.open(access, access.target().adminDatabase(), time)) {
                // A later run may be at work on it by now.
                server.lockAlone(task.restore().copy(), LOCK_PATIENCE);
                new Databases(server).dropOwnCopy(task);
                return Optional.empty();
            } catch (TaskFailure left) {
                return Optional.of(left);
            }
        });
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is to be done about a DatabaseBackup now. Each is one step; the next pass sees what became of it. */
public sealed interface BackupDecision {

    /** When to look again at the latest. */
    Duration lookAgain();

    /** Nothing: the object is finished for ever. */
    record Finished() implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.NEVER;
        }
    }

    /**
     * Nothing: another release works on the application, or a newer version wrote into the status what this one can neither
     * understand nor write back.
     */
    record LeaveAlone(String why, Duration lookAgain) implements BackupDecision {}

    /** Somebody has to do something before a first attempt can be made. */
    record Stuck(Reason reason, String message, Duration lookAgain) implements BackupDecision {}

    /** Waits for something that comes by itself. */
    record Wait(Reason reason, String message, Duration lookAgain) implements BackupDecision {}

    /** Writes an attempt, or a follow-up of one, into the status; the effect comes in a pass that has seen it there. */
    record Intend(Attempt attempt, Reason reason, String message) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /**
     * Asks for what the backup claims of its application, and then writes its first attempt into the status.
     *
     * @param request what is asked for
     * @param database name of the database in the application
     * @param then the attempt that begins once it is granted
     */
    record TakeClaim(ClaimRequest request, String database, Intend then) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /** The claim is granted: writes it and the attempt into the status. */
    record Begin(Intend intend, HeldClaim claim) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /** Somebody else has what it claims. */
    record AwaitClaim(Wait waiting, HeldClaim claim) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return waiting.lookAgain();
        }
    }

    /** It stands for a backup in the bucket, and its policy is about to write its status. */
    record AwaitStatus(Duration lookAgain) implements BackupDecision {}

    /** Nothing can be told before the next look: somebody else wrote at the same moment. */
    record LookAgain() implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.AFTER_A_CONFLICT;
        }
    }

    /** Makes the Job of an attempt's task. */
    record MakeJob(Attempt attempt, String name, Task task, Instant startBy) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /**
     * A task is under way.
     *
     * @param attempt the attempt, with what was seen of it
     * @param progress how far it is; null when that isn't known
     */
    record Watch(Attempt attempt, TaskProgress progress, Reason reason, String message, Duration lookAgain)
            implements BackupDecision {}

    /**
     * The backup is committed and still has to be proven by a task of its own.
     *
     * @param attempt the attempt in state {@code Verifying}
     * @param committed what is committed
     */
    record Commit(Attempt attempt, CommittedBackup committed) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /**
     * The attempt failed and is over; what becomes of the backup is decided in the next pass.
     *
     * @param attempt the attempt in state {@code Failed}
     * @param failure why
     */
    record GiveUpAttempt(Attempt attempt, Failure failure) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /**
     * Ends a Job that the status does not wait for any more, and whose Pod would wait for ever. The Job stays: its name keeps
     * a second one from being made.
     */
    record EndJob(String name) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /**
     * The backup succeeded.
     *
     * @param attempt the attempt in state {@code Succeeded}
     * @param committed what is committed; null when the status holds it already
     * @param unproven why it could not be proven as far as asked; null when it was
     * @param retention what came of retention; null when there was none
     */
    record Succeed(Attempt attempt, CommittedBackup committed, Failure unproven, RetentionReport retention)
            implements BackupDecision {

        Succeed(Attempt attempt, CommittedBackup committed, Failure unproven) {
            this(attempt, committed, unproven, null);
        }

        @Override
        public Duration lookAgain() {
            return Pace.NEVER;
        }
    }

    /** The data of other backups is gone, and their objects are to say so. This one's end is told when they do. */
    record Expire(List<DatabaseBackup> gone) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.SOON;
        }
    }

    /** The backup of a slot is not made, for a reason that is nobody's mistake. */
    record Skip(Failure why) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.NEVER;
        }
    }

    /** The backup failed for good. */
    record Fail(Failure failure) implements BackupDecision {
        @Override
        public Duration lookAgain() {
            return Pace.NEVER;
        }
    }

    /** How soon to look again; a wake-up only, never what makes something due. */
    final class Pace {
        /** Right after a write, as soon as the cache may have seen it. */
        static final Duration SOON = Duration.ofMillis(100);

        /** After somebody else's write, which the cache has not seen yet. */
        static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

        /** While a task runs. */
        static final Duration RUNNING = Duration.ofSeconds(10);

        /** While something is waited for that wakes us by an event anyway. */
        static final Duration SLOW = Duration.ofSeconds(60);

        /** The safety net only. */
        static final Duration NEVER = Duration.ofMinutes(10);

        private Pace() {}
    }
}

package dev.mainstay.core.task;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.util.List;

/**
 * What a Job answers, as JSON in its container's termination message: at most 4,096 bytes in all, so the runner cuts
 * {@code message} to 1,024 characters and {@code logTail} to what fits. A container that ends without it ended without a
 * result, whatever its exit code.
 *
 * @param contractVersion version of this record; an operator reads its own and the one before
 * @param kind what was asked
 * @param outcome what came of it
 * @param reason word of {@link dev.mainstay.core.status.Reason}; null when nothing is wrong. Beside
 *     {@link Outcome#COMMITTED} it tells why the committed backup was not proven as far as asked
 * @param message what was found and what to do; null when nothing is wrong
 * @param logTail last lines of the failed program, none of which carries rows of tables
 * @param backup the committed backup; null unless the outcome is {@link Outcome#COMMITTED}
 * @param retention what came of retention, which never changes the outcome; null when there was none
 * @param preflight what a preflight found; null for every other task
 * @param restore what a restore found or did; null for every other task, and for one that failed
 * @param step what a step of a run came to; null for every other task, and for one that failed
 */
public record TaskResult(
        int contractVersion,
        TaskKind kind,
        Outcome outcome,
        String reason,
        String message,
        List<String> logTail,
        CommittedBackup backup,
        RetentionReport retention,
        PreflightReport preflight,
        RestoreReport restore,
        StepReport step) {

    /** A result that no retention belongs to. */
    public TaskResult(
            int contractVersion,
            TaskKind kind,
            Outcome outcome,
            String reason,
            String message,
            List<String> logTail,
            CommittedBackup backup) {
        this(contractVersion, kind, outcome, reason, message, logTail, backup, null, null, null, null);
    }

    /** A result that is no step's. */
    public TaskResult(
            int contractVersion,
            TaskKind kind,
            Outcome outcome,
            String reason,
            String message,
            List<String> logTail,
            CommittedBackup backup,
            RetentionReport retention,
            PreflightReport preflight,
            RestoreReport restore) {
        this(contractVersion, kind, outcome, reason, message, logTail, backup, retention, preflight, restore, null);
    }

    /** The same result with what came of retention. */
    public TaskResult with(RetentionReport report) {
        return new TaskResult(
                contractVersion, kind, outcome, reason, message, logTail(), backup, report, preflight, restore, step);
    }

    /** The result of a preflight that was made to its end. */
    public static TaskResult of(PreflightReport report) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.PREFLIGHT,
                Outcome.ABORTED,
                null,
                null,
                List.of(),
                null,
                null,
                report,
                null,
                null);
    }

    /** The result of a task of a restore that did what it is for. */
    public static TaskResult of(TaskKind kind, RestoreReport report) {
        return new TaskResult(
                Task.CONTRACT_VERSION, kind, Outcome.COMMITTED, null, null, List.of(), null, null, null, report, null);
    }

    /** The result of a step that came to its end, whatever it found. */
    public static TaskResult of(StepReport report) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.STEP,
                Outcome.COMMITTED,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                report);
    }

    /** What came of a task. */
    public enum Outcome {
        /**
         * A manifest stands at the attempt's path: for a backup, a settling and a verification alike. A task of a restore
         * has done what it is for, and a step of a run has come to its end.
         */
        COMMITTED,
        /**
         * The path holds nothing that counts, and nothing will appear there any more: for a removal and a settling what
         * they are for, for a backup a failure.
         */
        ABORTED,
        /** The task could not do its work; for a settling, a verification and a restore's tasks it may be tried again. */
        FAILED
    }

    /** The lines; never null. */
    @Override
    public List<String> logTail() {
        return logTail == null ? List.of() : logTail;
    }

    /**
     * A backup whose manifest is committed.
     *
     * @param databaseBytes size of the database on its server
     * @param storedBytes sum of the data objects' sizes
     * @param serverVersion version of the server, such as {@code 17.6}
     * @param snapshotAt the moment whose data the backup holds
     * @param lsn position in the write-ahead log just before the snapshot; null on a standby
     * @param manifestSha256 SHA-256 of {@code manifest.json}, in hexadecimal
     * @param committedAt when the manifest was written
     * @param verified level at which it is proven so far
     * @param verifiedAt when that was proven; null with {@link VerificationLevel#NONE}
     * @param rows rows of all tables counted in the archive; null unless it was read in full
     */
    public record CommittedBackup(
            long databaseBytes,
            long storedBytes,
            String serverVersion,
            Instant snapshotAt,
            String lsn,
            String manifestSha256,
            Instant committedAt,
            VerificationLevel verified,
            Instant verifiedAt,
            Long rows) {}
}

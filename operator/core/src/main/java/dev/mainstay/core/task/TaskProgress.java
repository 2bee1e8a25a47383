package dev.mainstay.core.task;

/**
 * How far a Job is: one line of JSON in its container's log, at most 8 KiB, with the single key {@code progress}. Only the
 * newest counts; none may come at all.
 *
 * @param stage what is being done
 * @param bytes bytes uploaded; while reading back or restoring, bytes of the backup read
 * @param percent share of the tables' bytes whose dump has ended, at most 99 until the backup is committed; while
 *     restoring, share of the backup's bytes that was read
 * @param table table that is being dumped, or whose rows are being counted; null when none is
 */
public record TaskProgress(Stage stage, long bytes, int percent, String table) {

    /** What a task is doing. */
    public enum Stage {
        /** Connecting and checking. */
        PREFLIGHT,
        /** Dumping and uploading. */
        DUMP,
        /** Reading back; the backup is committed. */
        VERIFY,
        /** Restoring a copy. */
        RESTORE,
        /** Counting the rows of a restored copy, asking its queries, and analysing it. */
        CHECK
    }
}

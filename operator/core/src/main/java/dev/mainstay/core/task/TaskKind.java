package dev.mainstay.core.task;

/** What a Job is made for. */
public enum TaskKind {
    /** Checks, dumps, uploads, commits, and reads back. */
    BACKUP("backup"),
    /** Makes sure that an attempt which ended without a result left either a whole backup or nothing. */
    SETTLE("settle"),
    /** Reads a committed backup back. */
    VERIFY("verify"),
    /** Removes a finished backup: its manifest first, then its data. */
    REMOVE("remove"),
    /** Looks whether a backup would succeed, and stores nothing. */
    PREFLIGHT("preflight"),
    /** Looks whether a restore of a database would succeed, long before there is one, and changes nothing. */
    RESTORE_READY("restore-ready"),
    /** Looks at a backup and at the server that it is to be restored to, and changes nothing. */
    RESTORE_PLAN("restore-plan"),
    /** Restores a backup into a database of its own, beside the one in use, and verifies it there. */
    RESTORE_COPY("restore-copy"),
    /** Puts a verified copy in the place of the database in use, which is kept under another name. */
    RESTORE_SWAP("restore-swap"),
    /** Restores a backup into a database that is there and empty, and verifies it before it is committed. */
    RESTORE_INTO_EMPTY("restore-into-empty"),
    /** Makes sure how an interrupted restore stands: swapped, or as before, open for connections and without a copy. */
    RESTORE_SETTLE("restore-settle"),
    /** Restores a policy's backup into a database that is dropped again, and proves it there. */
    RESTORE_TEST("restore-test"),
    /** Does a step of a MaintenanceRun. */
    STEP("step");

    private final String text;

    TaskKind(String text) {
        this.text = text;
    }

    /**
     * How long its Pod has to end once that is asked of it, in seconds. A test drops its database then, for which the server
     * may write all that is in its memory first; what any other task leaves is looked after by the next one.
     */
    public int graceSeconds() {
        return this == RESTORE_TEST ? 120 : 30;
    }

    /** The kind as labels and names spell it. */
    public String text() {
        return text;
    }
}

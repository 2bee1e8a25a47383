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
    PREFLIGHT("preflight");

    private final String text;

    TaskKind(String text) {
        this.text = text;
    }

    /** The kind as labels and names spell it. */
    public String text() {
        return text;
    }
}

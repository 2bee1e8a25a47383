package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import java.time.Instant;
import java.util.List;

/**
 * Upkeep of a database.
 *
 * @param database the database, with the credentials of a role that owns it
 * @param sessions which sessions are ended; null for none
 * @param previous which databases that restores have kept are dropped; null for none
 * @param reindex which indexes are built anew; null for none
 * @param vacuum tables that are vacuumed and analyzed, empty for all; null for none
 * @param analyze tables that are analyzed, empty for all; null for none
 * @param lockTimeoutSeconds how long a lock is waited for
 * @param transactionSeconds age of a transaction beside which nothing is reindexed, vacuumed or analyzed
 */
public record DatabaseMaintainWork(
        DatabaseTarget database,
        Sessions sessions,
        Previous previous,
        Indexes reindex,
        List<String> vacuum,
        List<String> analyze,
        long lockTimeoutSeconds,
        long transactionSeconds)
        implements StepWork {

    /** What is told of how many kept databases were dropped. */
    public static final String DROPPED = "droppedDatabases";

    /** What is told of how many were to be dropped, and were gone. */
    public static final String GONE = "goneDatabases";

    /** Upkeep that drops nothing. */
    public DatabaseMaintainWork(
            DatabaseTarget database,
            Sessions sessions,
            Indexes reindex,
            List<String> vacuum,
            List<String> analyze,
            long lockTimeoutSeconds,
            long transactionSeconds) {
        this(database, sessions, null, reindex, vacuum, analyze, lockTimeoutSeconds, transactionSeconds);
    }

    /**
     * Sessions of the database that are ended.
     *
     * @param users roles that they are of
     * @param idleSeconds how long they are idle outside of a transaction
     * @param inTransactionSeconds how long they are idle in one
     */
    public record Sessions(List<String> users, long idleSeconds, long inTransactionSeconds) {}

    /**
     * Databases that restores have kept.
     *
     * @param drop those that are dropped, the oldest first
     * @param spared those that stay, and why
     */
    public record Previous(List<Kept> drop, List<Spared> spared) {}

    /**
     * A database that a restore has kept, by that restore's own word.
     *
     * @param name its name on the server
     * @param request name of the RestoreRequest
     * @param mark uid of the RestoreRequest, which the comment on the database holds
     * @param since since when it is kept
     */
    public record Kept(String name, String request, String mark, Instant since) {}

    /**
     * One that stays.
     *
     * @param name its name on the server
     * @param why in a sentence
     * @param odd whether somebody should look at it
     */
    public record Spared(String name, String why, boolean odd) {}

    /**
     * Indexes that are built anew.
     *
     * @param invalid whether those are that are invalid
     * @param names others, as schema.index
     * @param maxBytes larger ones are left out
     */
    public record Indexes(boolean invalid, List<String> names, long maxBytes) {}

    @Override
    public List<MountedSecret> secrets() {
        return database.secrets();
    }
}

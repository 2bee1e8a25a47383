package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * Upkeep of a database.
 *
 * @param database the database, with the credentials of a role that owns it
 * @param sessions which sessions are ended; null for none
 * @param reindex which indexes are built anew; null for none
 * @param vacuum tables that are vacuumed and analyzed, empty for all; null for none
 * @param analyze tables that are analyzed, empty for all; null for none
 * @param lockTimeoutSeconds how long a lock is waited for
 * @param transactionSeconds age of a transaction beside which nothing is reindexed, vacuumed or analyzed
 */
public record DatabaseMaintainWork(
        DatabaseTarget database,
        Sessions sessions,
        Indexes reindex,
        List<String> vacuum,
        List<String> analyze,
        long lockTimeoutSeconds,
        long transactionSeconds)
        implements StepWork {

    /**
     * Sessions of the database that are ended.
     *
     * @param users roles that they are of
     * @param idleSeconds how long they are idle outside of a transaction
     * @param inTransactionSeconds how long they are idle in one
     */
    public record Sessions(List<String> users, long idleSeconds, long inTransactionSeconds) {}

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

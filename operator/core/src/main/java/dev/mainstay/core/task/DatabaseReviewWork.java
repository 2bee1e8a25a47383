package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * A look at a database that changes nothing in it, and from when on something is a finding.
 *
 * @param database the database
 * @param connectionsPercent connections that are taken, of those that are allowed
 * @param transactionSeconds age of a transaction
 * @param idleInTransactionSeconds how long a session is idle in one
 * @param slowQuerySeconds mean time of a query
 * @param unusedIndexBytes size of an index that no query has used
 * @param statisticsSeconds age from which on statistics say something of such indexes
 * @param bloatPercent what of a table or an index is empty
 * @param bloatBytes size from which on that counts
 * @param wraparoundPercent age of the oldest transaction id, of the way to the wraparound
 * @param walBytes what a replication slot holds back of the write-ahead log
 */
public record DatabaseReviewWork(
        DatabaseTarget database,
        int connectionsPercent,
        long transactionSeconds,
        long idleInTransactionSeconds,
        long slowQuerySeconds,
        long unusedIndexBytes,
        long statisticsSeconds,
        int bloatPercent,
        long bloatBytes,
        int wraparoundPercent,
        long walBytes)
        implements StepWork {

    @Override
    public List<MountedSecret> secrets() {
        return database.secrets();
    }
}

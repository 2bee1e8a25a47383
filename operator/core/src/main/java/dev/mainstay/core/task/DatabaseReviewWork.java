package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * A look at a database that changes nothing in it.
 *
 * @param database the database
 * @param connectionsPercent from which part of max_connections on it is told how many are taken, in percent
 */
public record DatabaseReviewWork(DatabaseTarget database, int connectionsPercent) implements StepWork {

    @Override
    public List<MountedSecret> secrets() {
        return database.secrets();
    }
}

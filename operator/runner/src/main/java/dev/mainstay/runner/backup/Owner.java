package dev.mainstay.runner.backup;

import dev.mainstay.core.task.Task.Origin;
import java.time.Instant;

/**
 * Who a policy's path in the bucket belongs to: {@code owner.json}.
 *
 * @param formatVersion version of this format
 * @param clusterId id of the cluster
 * @param namespace namespace of the policy
 * @param application name of the ManagedApplication
 * @param database name under which the application calls the database
 * @param since when the path was taken
 */
record Owner(
        int formatVersion, String clusterId, String namespace, String application, String database, Instant since) {

    private static final int FORMAT_VERSION = 1;

    static Owner of(Origin origin, Instant now) {
        return new Owner(
                FORMAT_VERSION,
                origin.clusterId(),
                origin.namespace(),
                origin.application(),
                origin.databaseName(),
                now);
    }

    /** Whether it is the same one; when it came doesn't matter. */
    boolean isSameAs(Owner other) {
        return clusterId.equals(other.clusterId)
                && namespace.equals(other.namespace)
                && application.equals(other.application)
                && database.equals(other.database);
    }
}

package dev.mainstay.runner.backup;

import dev.mainstay.core.task.Task.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Who a policy's path in the bucket belongs to: {@code owner.json}.
 *
 * @param formatVersion version of this format
 * @param clusterId id of the cluster
 * @param namespace namespace of the policy
 * @param application name of the ManagedApplication
 * @param database name under which the application calls the database
 * @param since when the path was taken
 * @param adopted owners that it was taken over from, whose backups are ours since; null when there is none
 */
record Owner(
        int formatVersion,
        String clusterId,
        String namespace,
        String application,
        String database,
        Instant since,
        List<Owner> adopted) {

    private static final int FORMAT_VERSION = 1;

    static Owner of(Origin origin, Instant now) {
        return new Owner(
                FORMAT_VERSION,
                origin.clusterId(),
                origin.namespace(),
                origin.application(),
                origin.databaseName(),
                now,
                null);
    }

    /** Whether it is the same one; when it came doesn't matter. */
    boolean isSameAs(Owner other) {
        return Objects.equals(clusterId, other.clusterId)
                && Objects.equals(namespace, other.namespace)
                && Objects.equals(application, other.application)
                && Objects.equals(database, other.database);
    }

    /** The same owner, having taken the path over from another one. */
    Owner takingOver(Owner other) {
        List<Owner> all = new ArrayList<>();
        other.earlier().stream().filter(owner -> !owner.isSameAs(this)).forEach(all::add);
        if (all.stream().noneMatch(other::isSameAs)) {
            all.add(other.withoutEarlier());
        }
        return new Owner(formatVersion, clusterId, namespace, application, database, since, all);
    }

    /** Whether a backup of that origin is this owner's, by its own hand or taken over. */
    boolean owns(Manifest.Origin origin) {
        Owner maker = new Owner(
                formatVersion,
                origin.clusterId(),
                origin.namespace(),
                origin.application(),
                origin.database(),
                null,
                null);
        return isSameAs(maker) || earlier().stream().anyMatch(maker::isSameAs);
    }

    private List<Owner> earlier() {
        return adopted == null ? List.of() : adopted;
    }

    private Owner withoutEarlier() {
        return new Owner(formatVersion, clusterId, namespace, application, database, since, null);
    }
}

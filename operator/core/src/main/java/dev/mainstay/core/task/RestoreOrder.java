package dev.mainstay.core.task;

import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;
import java.util.Map;

/**
 * What the tasks of a restore, or a policy's restore test, work on. The database of {@link Task#database()} is the one whose data is wanted back; the
 * credentials there are those of a role that owns it and may make databases.
 *
 * @param request name of the RestoreRequest, or of the BackupPolicy whose backup is tested, for messages
 * @param mark uid of the request, or a hash that stands for the policy: noted in a comment on each database that the restore makes, since only what carries it
 *     is ever emptied, renamed or dropped
 * @param copy name of the database that is filled: the one beside, the new one that was asked for, or with intoEmpty
 *     the database itself
 * @param copyIsKept whether the copy is a database that an earlier restore has kept: then nothing is restored into it, it
 *     carries another mark, and it is never dropped
 * @param previous name that the replaced database gets; null when none is replaced
 * @param createMissingRoles whether roles that the server lacks are made, without a login
 * @param roleMapping roles of the backup, and what takes the place of each
 * @param minimumTables how many tables the copy must have at least
 * @param queries questions to the copy
 * @param identity key {@code identity}: the secret key of age; null when none is given
 * @param allowForeignSource whether the backup may be another origin's than the one of {@link Task#origin()}
 * @param fenceMayStand for {@link TaskKind#RESTORE_SETTLE}: whether a swap was begun, so that the database may still
 *     refuse connections
 * @param intoEmpty whether the database itself is filled, which has to be empty: none is made, renamed or dropped
 * @param test for {@link TaskKind#RESTORE_TEST}; null for the tasks of a RestoreRequest
 */
public record RestoreOrder(
        String request,
        String mark,
        String copy,
        boolean copyIsKept,
        String previous,
        boolean createMissingRoles,
        Map<String, String> roleMapping,
        int minimumTables,
        List<RestoreQuery> queries,
        MountedSecret identity,
        boolean allowForeignSource,
        boolean fenceMayStand,
        boolean intoEmpty,
        Test test) {

    /** Of a RestoreRequest. */
    public RestoreOrder(
            String request,
            String mark,
            String copy,
            boolean copyIsKept,
            String previous,
            boolean createMissingRoles,
            Map<String, String> roleMapping,
            int minimumTables,
            List<RestoreQuery> queries,
            MountedSecret identity,
            boolean allowForeignSource,
            boolean fenceMayStand,
            boolean intoEmpty) {
        this(
                request,
                mark,
                copy,
                copyIsKept,
                previous,
                createMissingRoles,
                roleMapping,
                minimumTables,
                queries,
                identity,
                allowForeignSource,
                fenceMayStand,
                intoEmpty,
                null);
    }

    /**
     * What is special about a restore test.
     *
     * @param maxDatabaseBytes a backup of a larger database is not restored; null for any size
     * @param rolesStandIn whether the role that restores takes the place of roles that the server lacks
     * @param pod the server that is started in the Pod, in which case the task names no database; null for one that is there
     */
    public record Test(Long maxDatabaseBytes, boolean rolesStandIn, PodServer pod) {}

    /**
     * A server that lives as long as the Pod.
     *
     * @param size room for its data, as a Kubernetes quantity in Mi, Gi or Ti
     * @param storageClassName StorageClass of the volume; null for the disk of the node
     */
    public record PodServer(String size, String storageClassName) {

        /** Name of the volume in the Pod, and of the container that the server runs in. */
        public static final String VOLUME = "postgresql";

        /** Argument with which the runner's program starts the server. */
        public static final String ARGUMENT = "--postgres";

        /** The size in bytes. */
        public long bytes() {
            return ByteSizes.parse(size);
        }
    }

    /** The roles; never null. */
    @Override
    public Map<String, String> roleMapping() {
        return roleMapping == null ? Map.of() : roleMapping;
    }

    /** The questions; never null. */
    @Override
    public List<RestoreQuery> queries() {
        return queries == null ? List.of() : queries;
    }
}

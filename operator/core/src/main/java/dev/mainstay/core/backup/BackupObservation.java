package dev.mainstay.core.backup;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.task.TaskProgress;
import java.util.List;
import java.util.Map;

/**
 * All that is known when a DatabaseBackup is decided on.
 *
 * @param backup the object; its spec and status were readable
 * @param policy the policy that it names; null when there is none
 * @param application the application that the policy names; null when there is none
 * @param serviceAccount what is known of the ServiceAccount that the application's job template names
 * @param clusterId id of this cluster, the owner of its paths
 * @param jobs the Jobs with this object's uid on them, by name. Where the informer's cache lacked a Job that the status
 *     speaks of, it was asked for afresh
 * @param places whether one more Job may be made now
 * @param others the other backups of its policy; empty for one that is finished
 * @param claim what the record of the application's claims says of this backup
 * @param progress the newest line of progress of the running task; null when there is none
 */
public record BackupObservation(
        DatabaseBackup backup,
        BackupPolicy policy,
        ManagedApplication application,
        ServiceAccountObservation serviceAccount,
        String clusterId,
        Map<String, JobObservation> jobs,
        Places places,
        List<DatabaseBackup> others,
        ClaimObservation claim,
        TaskProgress progress) {

    /**
     * What the record of an application's claims says.
     *
     * @param otherRelease another release of Mainstay, which works on the application; empty when this one has handed it
     *     back; null when this one works on it
     * @param makeRoomFor the emergency that needs what this backup has; null when none does
     * @param restoring whether a restore of the application has not ended
     */
    public record ClaimObservation(String otherRelease, Holder makeRoomFor, boolean restoring) {

        /** No restore is under way. */
        public ClaimObservation(String otherRelease, Holder makeRoomFor) {
            this(otherRelease, makeRoomFor, false);
        }

        /** There is nothing to say. */
        public static final ClaimObservation NONE = new ClaimObservation(null, null);
    }

    /** What is known of a ServiceAccount. */
    public enum ServiceAccountObservation {
        /** The job template names none. */
        NOT_NAMED,
        /** It exists, and an administrator labelled it for Jobs. */
        ALLOWED,
        /** It does not exist, or is not labelled. */
        NOT_ALLOWED
    }

    /**
     * How many Jobs run and may run.
     *
     * @param running Jobs of Mainstay that are not finished, in all namespaces watched
     * @param limit how many there may be
     * @param runningInNamespace those of them in this object's namespace
     * @param limitInNamespace how many there may be in one namespace
     * @param dumpsOnServer Jobs that dump a database of the same server
     * @param limitOnServer how many there may be
     * @param ahead how many others wait for the same, and have waited longer
     */
    public record Places(
            int running,
            int limit,
            int runningInNamespace,
            int limitInNamespace,
            int dumpsOnServer,
            int limitOnServer,
            int ahead) {

        /** Whether one more Job may be made, and it is this one's turn. */
        public boolean free() {
            return ahead
                    < Math.min(
                            Math.min(limit - running, limitInNamespace - runningInNamespace),
                            limitOnServer - dumpsOnServer);
        }
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.claims.Holder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whether what the caches show of a Job is enough to decide on. The caches of Jobs and of Pods are filled by two watches
 * that know nothing of each other: a Job may be seen to have failed before its Pod is seen at all, and a watch may be behind
 * or silent. That a task is alive may rest on them; that it is dead, or will never start, may not.
 */
public final class CacheDoubt {

    private CacheDoubt() {}

    /**
     * The Job that has to be asked for afresh, together with its Pods, before anything is decided.
     *
     * @param backup a backup whose spec and status are readable
     * @param makeRoomFor the emergency that needs its place; null when none does
     * @param cached the Jobs of it that the caches hold, by name
     */
    public static Optional<String> of(
            DatabaseBackup backup, Holder makeRoomFor, Map<String, JobObservation> cached, Instant now) {
        return BackupDecider.currentJob(backup).filter(name -> {
            JobObservation job = cached.get(name);
            return job == null
                    ? seenBefore(backup) || Ending.of(backup, makeRoomFor).isPresent()
                    : !lives(job, now);
        });
    }

    /** A Job that was never seen is made, which tells whether it exists; that of a backup that is to end is not. */
    private static boolean seenBefore(DatabaseBackup backup) {
        Attempt last = backup.getStatus().attempts().getLast();
        return last.state() == AttemptState.ACTIVE && last.job() != null;
    }

    private static boolean lives(JobObservation job, Instant now) {
        if (job.dead(now)) {
            return false;
        }
        if (job.pod() != null && job.pod().started()) {
            return true;
        }
        boolean mayStart = job.startBy() == null || !now.isAfter(job.startBy());
        return mayStart && (job.pod() != null || !job.hadPod());
    }
}

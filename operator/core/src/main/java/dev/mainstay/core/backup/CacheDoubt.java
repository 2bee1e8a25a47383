package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.BackupDecider.jobName;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.core.task.TaskKind;
import java.time.Instant;
import java.util.List;
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
     * @param cached the Jobs of it that the caches hold, by name
     */
    public static Optional<String> of(DatabaseBackup backup, Map<String, JobObservation> cached, Instant now) {
        List<Attempt> attempts =
                backup.getStatus() == null ? List.of() : backup.getStatus().attempts();
        if (attempts.isEmpty()) {
            return Optional.empty();
        }
        Attempt last = attempts.getLast();
        FollowUps followUps = Attempts.followUps(last);
        return switch (last.state()) {
            case ACTIVE -> doubted(jobName(backup, last, TaskKind.BACKUP, 1), last.job() != null, cached, now);
            case SETTLING -> doubted(jobName(backup, last, TaskKind.SETTLE, followUps.settles()), false, cached, now);
            case VERIFYING ->
                doubted(jobName(backup, last, TaskKind.VERIFY, followUps.verifications()), false, cached, now);
            case null, default -> Optional.empty();
        };
    }

    /** A Job that was never seen is made, which tells whether it exists. */
    private static Optional<String> doubted(
            String name, boolean seenBefore, Map<String, JobObservation> cached, Instant now) {
        JobObservation job = cached.get(name);
        boolean doubted = job == null ? seenBefore : !lives(job, now);
        return doubted ? Optional.of(name) : Optional.empty();
    }

    private static boolean lives(JobObservation job, Instant now) {
        if (ActiveAttempt.dead(job, now)) {
            return false;
        }
        if (job.pod() != null && job.pod().started()) {
            return true;
        }
        boolean mayStart = job.startBy() == null || !now.isAfter(job.startBy());
        return mayStart && (job.pod() != null || !job.hadPod());
    }
}

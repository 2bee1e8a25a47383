package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.BackupSummary;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether a scheduled policy has a backup that is as new as its schedule promises: one slot may fail, two may not. What
 * counts is the newest good backup and not whether the last one failed, since failures may come between good ones.
 *
 * @param fresh whether it has
 * @param message what was found, for people
 * @param until when that turns; null when time alone does not turn it
 */
record BackupFreshness(boolean fresh, String message, Instant until) {

    private static final Duration FIRST_BACKUP = Duration.ofDays(1);

    /**
     * Judges.
     *
     * @param good the newest backup proven as far as the policy asks; null when there is none
     * @param since since when the schedule is followed; time before it is not counted
     */
    static BackupFreshness of(
            BackupPolicySpec spec, Schedule schedule, BackupSummary good, Instant since, Instant now) {
        if (good == null) {
            Instant until = since.plus(FIRST_BACKUP);
            return now.isBefore(until)
                    ? new BackupFreshness(true, "There is no good backup yet, and the first day is not over.", until)
                    : new BackupFreshness(
                            false,
                            "There is no good backup, a day after the schedule began at " + since
                                    + ". Look at lastFailure and lastSkipped.",
                            null);
        }
        Instant counted = good.completedAt().isBefore(since) ? since : good.completedAt();
        Instant second = schedule.next(schedule.next(counted).instant()).instant();
        Instant until = second.plus(Durations.parse(spec.timeout()));
        String found = "DatabaseBackup " + good.name() + " is the newest good one, of " + good.completedAt() + ".";
        return now.isBefore(until)
                ? new BackupFreshness(true, found, until)
                : new BackupFreshness(
                        false,
                        found + " Two slots have passed since, the second at " + second
                                + ", and the time for their backups is over. Look at lastFailure and lastSkipped.",
                        null);
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.LastRestoreTest;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.RestoreTestStatus.Passed;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.Schedule;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a policy's backups are known to be restorable: the newest test that ended tells, until two of its slots have passed
 * without one that did. What is stale then stays so until a test has passed.
 *
 * @param until when time alone turns it; null when it does not
 */
public record RestoreTestVerdict(ConditionStatus status, Reason reason, String message, Instant until) {

    /** Type of the condition. */
    public static final String CONDITION = "RestoreTested";

    /** That no test can be made until somebody mends something. */
    static RestoreTestVerdict impossible(Reason reason, String message) {
        return new RestoreTestVerdict(ConditionStatus.FALSE, reason, message, null);
    }

    /**
     * Judges.
     *
     * @param held whether no test is made on purpose just now: such time says nothing
     */
    static RestoreTestVerdict of(
            BackupPolicy policy,
            Schedule schedule,
            RestoreTestStatus status,
            LastRestoreTest last,
            boolean held,
            Instant now) {
        Passed passed = status.lastPassed();
        Instant since = status.scheduled().since();
        Instant counted = passed == null || passed.at().isBefore(since) ? since : passed.at();
        Instant second = schedule.next(schedule.next(counted).instant()).instant();
        Instant until = second.plus(
                Durations.parse(policy.getSpec().verification().restoreTest().timeout()));
        boolean stale = !held && !now.isBefore(until);
        if (last != null && last.outcome() == RestoreTestOutcome.FAILED) {
            return new RestoreTestVerdict(ConditionStatus.FALSE, reason(last), failed(last), null);
        }
        if (stale) {
            return new RestoreTestVerdict(ConditionStatus.FALSE, Reason.STALE, stale(status, since, second), null);
        }
        Optional<String> told = toldStale(policy, passed).or(() -> staleBefore(status));
        if (told.isPresent()) {
            return new RestoreTestVerdict(ConditionStatus.FALSE, Reason.STALE, told.get(), held ? null : until);
        }
        if (passed == null) {
            return new RestoreTestVerdict(
                    ConditionStatus.UNKNOWN,
                    Reason.NOT_TESTED,
                    "No restore test has ended yet. " + next(status.nextRun()) + skipped(status),
                    held ? null : until);
        }
        return new RestoreTestVerdict(
                ConditionStatus.TRUE,
                Reason.RESTORED,
                "At " + passed.at() + " a test restored backup " + passed.backup() + " in " + passed.recoveryTime()
                        + ", " + passed.rows() + " rows, " + passed.tables() + " tables."
                        + remarks(last),
                held ? null : until);
    }

    /**
     * That it was stale and no test has passed since: neither a pause nor a schedule that begins anew makes the backups
     * restorable again.
     */
    private static Optional<String> toldStale(BackupPolicy policy, Passed passed) {
        return Optional.ofNullable(policy.getStatus())
                .flatMap(before -> Conditions.find(before.conditions(), CONDITION))
                .filter(before -> before.status() == ConditionStatus.FALSE
                        && Reason.STALE.text().equals(before.reason())
                        && (passed == null || passed.at().isBefore(before.lastTransitionTime())))
                .map(Condition::message);
    }

    /** The condition may have said something else in between, as that the schedule can't be followed. */
    private static Optional<String> staleBefore(RestoreTestStatus status) {
        return Optional.ofNullable(status.staleSince())
                .map(since -> (status.lastPassed() == null
                                ? "No restore test has passed yet"
                                : "The newest restore test that passed, of backup "
                                        + status.lastPassed().backup() + ", is of "
                                        + status.lastPassed().at())
                        + ". That is too old since " + since + ", and remains so until one passes. "
                        + next(status.nextRun()) + skipped(status));
    }

    /** The same status, which remembers what is stale. */
    RestoreTestStatus noted(RestoreTestStatus status, Instant now) {
        return reason != Reason.STALE || status.staleSince() != null
                ? status
                : new RestoreTestStatus(
                        status.scheduled(),
                        status.lastSlot(),
                        status.nextRun(),
                        status.missedRuns(),
                        status.lastSkipped(),
                        status.running(),
                        status.lastPassed(),
                        Attempts.seconds(now));
    }

    private static Reason reason(LastRestoreTest last) {
        return Reason.of(last.reason()).orElse(Reason.INTERNAL_ERROR);
    }

    /** What is to be known of it though it passed, as that its database could not be dropped. */
    private static String remarks(LastRestoreTest last) {
        return last == null || last.outcome() != RestoreTestOutcome.PASSED || last.message() == null
                ? ""
                : " " + last.message();
    }

    private static String failed(LastRestoreTest last) {
        return "At " + last.at() + " the test of backup " + last.backup() + " failed: " + last.message() + " "
                + reason(last).nextStep();
    }

    private static String stale(RestoreTestStatus status, Instant since, Instant second) {
        Passed passed = status.lastPassed();
        return (passed == null
                        ? "No restore test has passed since the schedule began at " + since
                        : "The newest restore test that passed, of backup " + passed.backup() + ", is of "
                                + passed.at())
                + ". Two slots have passed since, the second at " + second + ", and the time for their tests is over."
                + skipped(status);
    }

    private static String next(NextRun next) {
        return next == null ? "" : "The next one is due at " + next.at() + ".";
    }

    private static String skipped(RestoreTestStatus status) {
        return status.lastSkipped() == null
                ? ""
                : " None was made at " + status.lastSkipped().slot() + ": "
                        + status.lastSkipped().message();
    }

    void tell(Conditions conditions) {
        conditions.set(CONDITION, status, reason, message);
    }
}

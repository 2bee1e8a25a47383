package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.ScheduledRun;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a schedule's runs came to. Objects are deleted in time, so what was told of them before counts as well. */
final class ScheduleHistory {

    private static final Set<RunOutcome> GOOD = Set.of(RunOutcome.PASSED, RunOutcome.FINDINGS);

    /** What was ended says nothing of whether the maintenance works. */
    private static final Set<RunOutcome> BAD =
            Set.of(RunOutcome.FAILED, RunOutcome.COULD_NOT_CHECK, RunOutcome.REFUSED);

    private final MaintenanceSchedule schedule;
    private final MaintenanceScheduleStatus before;
    private final List<MaintenanceRun> runs;
    private final List<MaintenanceRun> newestFirst;

    ScheduleHistory(MaintenanceSchedule schedule, List<MaintenanceRun> runs) {
        this.schedule = schedule;
        this.before = schedule.getStatus() == null ? MaintenanceScheduleStatus.NONE : schedule.getStatus();
        this.runs = runs;
        this.newestFirst = runs.stream()
                .filter(run -> RunLines.ended(run) && run.getStatus().completedAt() != null)
                .sorted(RunHistory.BY_END.reversed())
                .toList();
    }

    /** The first that is not finished. */
    Optional<MaintenanceRun> active() {
        return runs.stream()
                .filter(run -> !RunLines.ended(run) && run.getMetadata().getDeletionTimestamp() == null)
                .min(Comparator.comparing((MaintenanceRun run) ->
                                String.valueOf(run.getMetadata().getCreationTimestamp()))
                        .thenComparing(run -> run.getMetadata().getName()));
    }

    ScheduledRun lastSuccess() {
        return of(GOOD).findFirst().map(ScheduleHistory::summary).orElse(before.lastSuccess());
    }

    ScheduledRun lastFailure() {
        return of(BAD).findFirst().map(ScheduleHistory::summary).orElse(before.lastFailure());
    }

    /**
     * Failures since the last success. Some of them may have been removed since, so those that are newer than the last one
     * told of are added to what was told; several may end in one second, so all that are there count in any case.
     */
    int consecutiveFailures() {
        Optional<Instant> success = Optional.ofNullable(lastSuccess()).map(ScheduledRun::completedAt);
        List<MaintenanceRun> failures = of(BAD).filter(run -> success.filter(
                                at -> !run.getStatus().completedAt().isAfter(at))
                        .isEmpty())
                .toList();
        ScheduledRun told = before.lastFailure();
        boolean goesOn = told != null
                && before.consecutiveFailures() != null
                && success.filter(at -> !at.isBefore(told.completedAt())).isEmpty();
        if (!goesOn) {
            return failures.size();
        }
        long more = failures.stream().filter(run -> isAfter(run, told)).count();
        return Math.max(before.consecutiveFailures() + (int) more, failures.size());
    }

    private static boolean isAfter(MaintenanceRun run, ScheduledRun told) {
        int order = run.getStatus().completedAt().compareTo(told.completedAt());
        return order > 0 || order == 0 && run.getMetadata().getName().compareTo(told.name()) > 0;
    }

    /**
     * Finished runs of slots and rollouts, beyond the limits. What a person asked for is never among them, and none is while a report is about
     * to be kept, which tells of the run before it as well.
     */
    List<MaintenanceRun> surplus() {
        if (newestFirst.stream().anyMatch(RunReports::isComing)) {
            return List.of();
        }
        return Stream.concat(
                        byItself(GOOD::contains).skip(schedule.getSpec().successfulHistoryLimit()),
                        byItself(outcome -> !GOOD.contains(outcome))
                                .skip(schedule.getSpec().failedHistoryLimit()))
                .toList();
    }

    private Stream<MaintenanceRun> byItself(Predicate<RunOutcome> outcome) {
        return newestFirst.stream()
                .filter(run -> outcome.test(run.getStatus().outcome()))
                .filter(run -> run.getMetadata().getDeletionTimestamp() == null)
                .filter(run -> ScheduleRuns.byItself(schedule, run));
    }

    private Stream<MaintenanceRun> of(Set<RunOutcome> outcomes) {
        return newestFirst.stream()
                .filter(run -> outcomes.contains(run.getStatus().outcome()));
    }

    private static ScheduledRun summary(MaintenanceRun run) {
        MaintenanceRunStatus status = run.getStatus();
        Optional<Condition> finished = Conditions.find(status.conditions(), "Finished");
        return new ScheduledRun(
                run.getMetadata().getName(),
                status.completedAt(),
                status.outcome(),
                finished.map(Condition::reason).orElse(null),
                finished.map(Condition::message).orElse(null));
    }
}

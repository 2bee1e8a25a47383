package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.runbook.ScheduledRun;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.backup.PolicyMetric.Type;
import dev.mainstay.core.status.Conditions;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each MaintenanceSchedule, read from the status as {@code PolicyMetric} is. docs/reference/metrics.md is
 * made from this list.
 */
public enum ScheduleMetric {
    LAST_SUCCESS(
            "mainstay_schedule_last_success_timestamp_seconds",
            Type.GAUGE,
            "When the newest run that succeeded was finished.",
            status -> ended(status.lastSuccess())),
    LAST_FAILURE(
            "mainstay_schedule_last_failure_timestamp_seconds",
            Type.GAUGE,
            "When the newest run that failed was finished.",
            status -> ended(status.lastFailure())),
    CONSECUTIVE_FAILURES(
            "mainstay_schedule_consecutive_failures",
            Type.GAUGE,
            "Runs that failed since the last one that succeeded.",
            status -> number(status.consecutiveFailures())),
    NEXT_RUN(
            "mainstay_schedule_next_run_timestamp_seconds",
            Type.GAUGE,
            "When the next slot starts, or would if it were not skipped.",
            status -> Optional.ofNullable(status.nextRuns())
                    .filter(runs -> !runs.isEmpty())
                    .map(runs -> OffsetDateTime.parse(runs.getFirst().at()).toEpochSecond())
                    .stream()
                    .flatMap(ScheduleMetric::number)),
    MISSED_RUNS(
            "mainstay_schedule_missed_runs_total",
            Type.COUNTER,
            "Slots and rollouts that were missed because nothing ran the schedule.",
            status -> number(status.missedRuns())),
    SKIPPED_RUNS(
            "mainstay_schedule_skipped_runs_total",
            Type.COUNTER,
            "Slots and rollouts that were skipped; label reason.",
            status -> status.skippedRuns().stream()
                    .map(runs -> new Sample(Map.of("reason", runs.reason()), runs.count()))),
    ACTIVE(
            "mainstay_schedule_active",
            Type.GAUGE,
            "1 while a run of the schedule is not finished, else 0.",
            status -> number(status.active() == null ? 0 : 1)),
    READY(
            "mainstay_schedule_ready",
            Type.GAUGE,
            "1 while the condition Ready holds, else 0.",
            status ->
                    Conditions.find(status.conditions(), "Ready")
                            .map(ready -> ready.status() == ConditionStatus.TRUE ? 1 : 0)
                            .stream()
                            .flatMap(ScheduleMetric::number));

    private final String text;
    private final Type type;
    private final String help;
    private final Function<MaintenanceScheduleStatus, Stream<Sample>> samples;

    ScheduleMetric(String text, Type type, String help, Function<MaintenanceScheduleStatus, Stream<Sample>> samples) {
        this.text = text;
        this.type = type;
        this.help = help;
        this.samples = samples;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** How it is to be read. */
    public Type type() {
        return type;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its values for a schedule; none before there is something to tell. */
    public List<Sample> of(MaintenanceSchedule schedule) {
        return schedule.getStatus() == null
                ? List.of()
                : samples.apply(schedule.getStatus()).toList();
    }

    private static Stream<Sample> ended(ScheduledRun run) {
        return Stream.ofNullable(run)
                .map(ScheduledRun::completedAt)
                .map(at -> new Sample(Map.of(), at.getEpochSecond()));
    }

    private static Stream<Sample> number(Number number) {
        return Stream.ofNullable(number).map(value -> new Sample(Map.of(), value.doubleValue()));
    }
}

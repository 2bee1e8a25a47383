package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.schedule.NextRun;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of the runs to come is what comes. */
class NextStartsTest {

    private static final String NIGHT = "windows: [{name: night, cron: '0 22 * * *', duration: 2h}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            schedule: '*/15 * * * *', startingDeadline: 8h | 2026-01-05T22:00Z earlier slots are skipped: window night, 2026-01-05T22:15Z, 2026-01-05T22:30Z
            schedule: '0,30 20 * * *', startingDeadline: 8h | 2026-01-05T22:00Z moved from 20:30: window night, 2026-01-06T22:00Z moved from 20:30: window night, 2026-01-07T22:00Z moved from 20:30: window night
            schedule: '0 20 * * *', startingDeadline: 1h | 2026-01-05T20:00Z will be skipped: window night, 2026-01-06T20:00Z will be skipped: window night, 2026-01-07T20:00Z will be skipped: window night
            schedule: '0 12,23 * * *', startingDeadline: 1h | 2026-01-05T23:00Z earlier slots are skipped: window night, 2026-01-06T23:00Z earlier slots are skipped: window night, 2026-01-07T23:00Z earlier slots are skipped: window night
            schedule: '0 23 * * *', freezes: [{name: long, from: '2026-01-05T00:00:00Z', to: '2026-02-05T00:00:00Z'}] | 2026-02-05T23:00Z earlier slots are skipped: freeze long, 2026-02-06T23:00Z, 2026-02-07T23:00Z
            schedule: '0 23 * * *', freezes: [{name: ever, from: '2026-01-05T00:00:00Z', to: '2036-01-05T00:00:00Z'}] | 2026-01-05T23:00Z will be skipped: freeze ever, 2026-01-06T23:00Z will be skipped: freeze ever, 2026-01-07T23:00Z will be skipped: freeze ever
            """)
    void givenAWindow_whenSlotsAreMovedOrSkipped_thenTheNextRunsAreThreeStarts(String spec, String next) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T11:00Z", spec + ", " + NIGHT);

        assertThat(world.status().nextRuns())
                .extracting(run -> run.at() + (run.shift() == null ? "" : " " + run.shift()))
                .containsExactly(next.split(", "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            schedule: '0 20 * * *', startingDeadline: 8h | 2026-01-05T22:00Z
            schedule: '0 20 * * *', startingDeadline: 1h | OutsideWindow
            schedule: '0 23 * * *', freezes: [{name: ever, from: '2026-01-05T00:00:00Z', to: '2036-01-05T00:00:00Z'}] | Frozen
            schedule: '0 23 * * *', estimatedDuration: 90m | WouldOverrun
            schedule: '0 23 * * *', suspend: true | Suspended
            schedule: '0 23 * * *', parameters: {unknown: b} | ParametersWrong
            trigger: {} | -
            """)
    void givenASchedule_whenItIsListed_thenTheColumnHasTheNextStartOrWhyThereIsNone(String spec, String next) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T11:00Z", spec + ", " + NIGHT);

        assertThat(world.status().next()).isEqualTo(next.equals("-") ? null : next);
    }

    @Test
    void givenAPausedSchedule_whenItIsListed_thenTheColumnSaysSo() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T11:00Z", "schedule: '0 23 * * *', " + NIGHT);

        world.annotate(Annotations.PAUSED, "true").at("2026-01-05T11:01Z");

        assertThat(world.status().next()).isEqualTo("Paused");
        assertThat(world.status().nextRuns()).extracting(NextRun::shift).containsOnly("will be skipped: paused");
    }

    @Test
    void givenASlotThatWaits_whenItsWindowIsToCome_thenItIsTheFirstOfTheNextRuns() {
        ScheduleWorld world =
                new ScheduleWorld("2026-01-05T11:00Z", "schedule: '0 20 * * *', startingDeadline: 8h, " + NIGHT);

        world.at("2026-01-05T20:00Z").at("2026-01-05T21:00Z");

        assertThat(world.status().next()).isEqualTo("2026-01-05T22:00Z");
        assertThat(world.status().nextRuns())
                .extracting(NextRun::at)
                .containsExactly("2026-01-05T22:00Z", "2026-01-06T22:00Z", "2026-01-07T22:00Z");
    }

    @Test
    void givenADeadline_whenItsLastSlotOverridesAFreeze_thenThatIsToldThoughSlotsBeforeItAreSkipped() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-12-20T01:00Z",
                "schedule: '0 3 * * 1', estimatedDuration: 1h, mustRunBefore: '2026-12-29T00:00:00Z', freezes: [{name: xmas,"
                        + " from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}]");

        assertThat(world.status().nextRuns().getFirst())
                .isEqualTo(new NextRun(
                        "2026-12-28T03:00Z",
                        "in spite of freeze xmas: mustRunBefore; earlier slots are skipped: freeze xmas"));
    }

    /** The oracle is the engine itself: what was told before is when runs were made. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            schedule: '*/20 * * * *', startingDeadline: 3h
            schedule: '0,30 9-21 * * *', startingDeadline: 90m
            schedule: '10 */3 * * *', startingDeadline: 5h, estimatedDuration: 30m
            schedule: '0 20,23 * * *', startingDeadline: 4h, freezes: [{name: a, from: '2026-01-06T00:00:00Z', to: '2026-01-08T12:00:00Z'}]
            schedule: '7 22 * * *', startingDeadline: 10m
            """)
    void givenWhatIsToldOfTheNextRuns_whenTimeGoesBy_thenTheRunsAreMadeThen(String spec) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T11:00Z", spec + ", successfulHistoryLimit: 50, " + NIGHT);
        List<String> told = world.status().nextRuns().stream().map(NextRun::at).toList();

        world.until("2026-01-12T00:00Z", RunOutcome.PASSED);

        assertThat(world.runs.values().stream()
                        .map(MaintenanceRun::getMetadata)
                        .map(metadata -> metadata.getCreationTimestamp())
                        .sorted()
                        .limit(3)
                        .toList())
                .isEqualTo(told.stream()
                        .map(at -> OffsetDateTime.parse(at).toInstant().toString())
                        .toList());
    }

    @Test
    void givenADeadlineThatIsOver_whenItIsDecided_thenItIsWarnedOf() {
        ScheduleWorld world =
                new ScheduleWorld("2026-12-28T10:00Z", "schedule: '0 2 * * *', mustRunBefore: '2026-12-28T10:00:01Z'");
        assertThat(world.status().warnings()).noneMatch(text -> text.contains("is over"));

        world.at("2026-12-28T10:00:01Z");

        assertThat(world.status().warnings())
                .contains(
                        "mustRunBefore: 2026-12-28T10:00:01Z is over, so that it overrides nothing any more: move it, or"
                                + " take it out");
    }
}

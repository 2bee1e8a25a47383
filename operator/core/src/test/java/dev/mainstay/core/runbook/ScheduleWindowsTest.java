package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.schedule.NextRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What windows, freezes and a deadline make of the slots of a schedule. */
class ScheduleWindowsTest {

    private static final String DAILY = "schedule: '0 2 * * *'";

    @Test
    void m15_givenAWindowThatOpensLater_whenTheDeadlineReachesIt_thenTheRunIsMadeThenWithNoOtherEvent() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z",
                DAILY + ", startingDeadline: 3h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}]");
        assertThat(world.status().nextRuns().getFirst())
                .isEqualTo(new NextRun("2026-01-05T04:00Z", "moved from 02:00: window early"));
        world.at("2026-01-05T02:00Z");
        assertThat(world.made).isEmpty();
        assertThat(world.status().waiting().reason()).isEqualTo("OutsideWindow");
        assertThat(world.decision.wakeUp()).isEqualTo("2026-01-05T04:00:00Z");

        world.until("2026-01-05T04:00Z", null);

        assertThat(world.names()).containsExactly("tidy-20260105t0200z");
        assertThat(world.made.getFirst().notAfter()).isEqualTo("2026-01-05T05:00:00Z");
        assertThat(world.status().waiting()).isNull();
        assertThat(world.skips()).isEmpty();
    }

    @Test
    void m15_givenAWindowThatOpensTooLate_whenTheSlotComes_thenItIsSkippedAndSaysWhy() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z",
                DAILY + ", startingDeadline: 1h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}]");
        assertThat(world.status().nextRuns().getFirst())
                .isEqualTo(new NextRun("2026-01-05T02:00Z", "will be skipped: window early"));

        world.until("2026-01-05T05:00Z", null);

        assertThat(world.made).isEmpty();
        assertThat(world.skips()).containsExactly("OutsideWindow=1");
        assertThat(world.status().missedRuns()).isZero();
        assertThat(world.status().lastSkipped().message())
                .isEqualTo("No window is open; the next is early, at 2026-01-05T04:00Z. It can't start by"
                        + " 2026-01-05T03:00Z, when spec.startingDeadline, 1h, is over.");
    }

    @Test
    void w16_givenADatedFreeze_whenTheQuarterlySlotFallsIntoIt_thenItIsPostponedOrSkippedByTheDeadline() {
        String spec =
                "schedule: '0 3 1 1,4,7,10 *', windows: [{name: night, cron: '0 1 * * *', duration: 5h}], freezes:"
                        + " [{name: xmas, from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}], startingDeadline: ";
        ScheduleWorld postponed = new ScheduleWorld("2026-12-01T00:00Z", spec + "7d");
        postponed.until("2027-01-05T00:00Z", RunOutcome.PASSED);
        ScheduleWorld skipped = new ScheduleWorld("2026-12-01T00:00Z", spec + "1h");
        assertThat(skipped.status().nextRuns().getFirst())
                .isEqualTo(new NextRun("2027-04-01T03:00Z", "earlier slots are skipped: freeze xmas"));
        skipped.until("2027-01-05T00:00Z", RunOutcome.PASSED);

        assertThat(postponed.names()).containsExactly("tidy-20270101t0300z");
        assertThat(postponed.runs.get("tidy-20270101t0300z").getMetadata().getCreationTimestamp())
                .isEqualTo("2027-01-03T01:00:00Z");
        assertThat(skipped.made).isEmpty();
        assertThat(skipped.skips()).containsExactly("Frozen=1");
        assertThat(skipped.status().lastSkipped().message())
                .startsWith("Freeze xmas is active until 2027-01-03T00:00Z.");
    }

    @Test
    void w17_givenADeadlineInAFreeze_whenTheLastSlotBeforeItComes_thenItRunsAllTheSameAndIsToldOfBefore() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-12-10T00:00Z",
                "schedule: '0 3 * * 1', estimatedDuration: 1h, mustRunBefore: '2026-12-29T00:00:00Z', freezes: [{name: xmas,"
                        + " from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}]");
        assertThat(world.condition("WindowsKept").reason()).isEqualTo("WindowOverridden");
        assertThat(world.condition("WindowsKept").message())
                .isEqualTo(
                        "The run of the slot at 2026-12-28T03:00Z will be started all the same, as the last one before"
                                + " 2026-12-29T00:00:00Z (spec.mustRunBefore). Freeze xmas is active until 2027-01-03T00:00Z.");

        world.until("2027-01-02T00:00Z", RunOutcome.PASSED);

        // The slot of the 21st is not the last one.
        assertThat(world.names()).containsExactly("tidy-20261214t0300z", "tidy-20261228t0300z");
        assertThat(world.skips()).containsExactly("Frozen=1");
        assertThat(world.made.getLast().reason())
                .isEqualTo("Schedule of MaintenanceSchedule tidy at 2026-12-28T03:00Z, before 2026-12-29T00:00:00Z"
                        + " (spec.mustRunBefore). Freeze xmas is active until 2027-01-03T00:00Z.");
    }

    @Test
    void w17_givenAWindowBeforeTheDeadline_whenTheLastSlotComes_thenItWaitsForTheWindow() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-12-28T00:00Z",
                DAILY + ", startingDeadline: 6h, mustRunBefore: '2026-12-28T12:00:00Z',"
                        + " windows: [{name: early, cron: '0 4 * * *', duration: 2h}]");
        assertThat(world.condition("WindowsKept").reason()).isEqualTo("WindowsKept");

        world.until("2026-12-28T06:00Z", RunOutcome.PASSED);

        assertThat(world.runs.get("tidy-20261228t0200z").getMetadata().getCreationTimestamp())
                .isEqualTo("2026-12-28T04:00:00Z");
    }

    @Test
    void w17_givenASlotAtTheDeadlineItself_whenWindowsAreClosed_thenTheSlotBeforeItIsTheLastOne() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-12-28T10:00Z",
                "schedule: '*/2 * * * *', mustRunBefore: '2026-12-28T10:40:00Z',"
                        + " windows: [{name: night, cron: '0 3 * * *', duration: 2h}]");
        assertThat(world.condition("WindowsKept").message())
                .startsWith("The run of the slot at 2026-12-28T10:38Z will be started all the same");

        world.until("2026-12-28T11:00Z", RunOutcome.PASSED);

        assertThat(world.names()).containsExactly("tidy-20261228t1038z");
    }

    @Test
    void givenADeadlineBeforeAnySlot_whenItIsDecided_thenItIsWarnedOf() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-12-28T10:00Z",
                DAILY + ", mustRunBefore: '2026-12-28T12:00:00Z',"
                        + " windows: [{name: night, cron: '0 3 * * *', duration: 2h}]");

        assertThat(world.status().warnings())
                .anyMatch(text -> text.startsWith("mustRunBefore: no slot comes before it"));
        assertThat(world.status().conditions())
                .noneMatch(condition -> condition.type().equals("WindowsKept"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            60m  | 2026-01-05T02:00:00Z | -
            59m  | 2026-01-05T02:00:00Z | -
            61m  | -                    | WouldOverrun=1
            """)
    void givenAnEstimate_whenTheWindowIsTooShortForIt_thenTheRunIsNotStarted(
            String estimate, String started, String skips) {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z",
                DAILY + ", windows: [{name: night, cron: '0 1 * * *', duration: 2h}], estimatedDuration: " + estimate);
        world.until("2026-01-05T04:00Z", RunOutcome.PASSED);

        assertThat(world.runs.values())
                .extracting(run -> run.getMetadata().getCreationTimestamp())
                .isEqualTo(started.equals("-") ? List.of() : List.of(started));
        assertThat(String.join(",", world.skips())).isEqualTo(skips.equals("-") ? "" : skips);
    }

    @Test
    void givenStopAtSafePoint_whenARunIsMadeInAWindow_thenItIsToldWhenItsTimeIsOverAndWhenItMayBegin() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z",
                DAILY + ", onWindowEnd: StopAtSafePoint, startingDeadline: 6h, estimatedDuration: 30m,"
                        + " windows: [{name: night, cron: '0 1 * * *', duration: 4h}],"
                        + " freezes: [{name: lunch, cron: '0 4 * * *', duration: 30m}]");
        world.at("2026-01-05T02:00Z");

        assertThat(world.made.getFirst().stopAfter()).isEqualTo("2026-01-05T04:00:00Z");
        assertThat(world.made.getFirst().notAfter()).isEqualTo("2026-01-05T03:29:59Z");
        assertThat(world.runs.get("tidy-20260105t0200z").getMetadata().getAnnotations())
                .containsEntry(Annotations.STOP_AFTER, "2026-01-05T04:00:00Z");
    }
}

package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.runbook.ScheduleDecision.NewRun;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A schedule through time: which runs it makes, when, and what it says of those that it does not make. */
class MaintenanceScheduleDeciderTest {

    private static final String DAILY = "schedule: '0 2 * * *'";

    @Test
    void givenASlot_whenItComes_thenItsRunIsMadeOnceUnderItsName() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);

        world.at("2026-01-05T02:00Z")
                .at("2026-01-05T02:00:01Z")
                .ends(RunOutcome.PASSED)
                .at("2026-01-05T02:10Z");

        assertThat(world.made)
                .containsExactly(new NewRun(
                        "tidy-20260105t0200z",
                        "Schedule of MaintenanceSchedule tidy at 2026-01-05T02:00Z",
                        ScheduleWorld.instant("2026-01-05T02:00Z"),
                        null,
                        ScheduleWorld.instant("2026-01-05T03:00Z"),
                        null));
        assertThat(world.runs.values()).singleElement().satisfies(run -> {
            assertThat(run.getMetadata().getLabels()).containsEntry("mainstay.dev/schedule", "tidy");
            assertThat(run.getSpec().requestedBy()).isEqualTo("system:serviceaccount:mainstay:mainstay");
        });
        assertThat(world.status().lastSuccess().name()).isEqualTo("tidy-20260105t0200z");
        assertThat(world.status().active()).isNull();
        assertThat(world.status().missedRuns()).isZero();
    }

    /** All rows of which the outcome is a run or none. What was there before comes first; then the operator is away. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            M1 edited | schedule: '0 21 * * tue,fri' | 2026-01-05T00:00Z | 2026-01-06T21:00Z | schedule: '0 23 * * wed,sun' | 2026-01-08T10:00Z | 2026-01-08T10:00:01Z | - | 0 | 2026-01-11T23:00Z
            M3 edited | schedule: '0 23 * * *' | 2026-01-07T22:00Z | 2026-01-07T23:00Z | schedule: '0 5 * * *' | 2026-01-08T12:00Z | 2026-01-08T23:00Z | - | 0 | 2026-01-09T05:00Z
            M4 zone edited | schedule: '0 5 * * *' | 2026-01-08T04:00Z | 2026-01-08T05:00Z | schedule: '0 5 * * *', timeZone: Asia/Tokyo | 2026-01-08T12:00Z | 2026-01-08T12:00:01Z | - | 0 | 2026-01-09T05:00+09:00
            M5 away | schedule: '* * * * *' | 2026-01-07T23:59:30Z | 2026-01-08T00:00Z | - | 2026-01-08T03:00:30Z | 2026-01-08T03:00:31Z | tidy-20260108t0300z | 179 | 2026-01-08T03:01Z
            M9 clock back | schedule: '0 2 * * *' | 2025-12-31T12:00Z | 2026-01-01T02:00Z | - | 2026-01-01T01:59:30Z | 2026-01-01T02:00Z | - | 0 | 2026-01-02T02:00Z
            M10 created in the second of two hours | schedule: '45 2 * * *', timeZone: Europe/Berlin | 2026-10-25T02:30+01:00 | 2026-10-25T02:30:01+01:00 | - | 2026-10-25T02:45+01:00 | 2026-10-25T02:50+01:00 | - | 0 | 2026-10-26T02:45+01:00
            M11 restarted | schedule: '35 5 * * *', timeZone: Etc/GMT-1, startingDeadline: 2h | 2026-01-08T00:00Z | 2026-01-08T04:35Z | - | 2026-01-08T05:00Z | 2026-01-08T05:01Z | - | 0 | 2026-01-09T05:35+01:00
            M12 the hour comes again | schedule: '30 2 * * *', timeZone: Europe/Berlin | 2026-10-24T12:00Z | 2026-10-25T02:30+02:00 | - | 2026-10-25T02:30+01:00 | 2026-10-25T02:31+01:00 | - | 0 | 2026-10-26T02:30+01:00
            M18 more often from now on | schedule: '@monthly' | 2025-12-20T00:00Z | 2026-01-01T00:00Z | schedule: '* * * * *' | 2026-01-31T12:00:10Z | 2026-01-31T12:00:20Z | - | 0 | 2026-01-31T12:01Z
            """)
    void givenAHistory_whenTheOperatorIsBack_thenTheLatestSlotMayRunAndNothingOfThePast(
            String id,
            String spec,
            String created,
            String first,
            String edited,
            String back,
            String later,
            String made,
            long missed,
            String next) {
        ScheduleWorld world = new ScheduleWorld(created, spec).at(first).ends(RunOutcome.PASSED);
        world.made.clear();

        (edited.equals("-") ? world : world.edit(edited)).at(back).at(later);

        assertThat(world.names()).isEqualTo(made.equals("-") ? List.of() : List.of(made));
        assertThat(world.status().missedRuns()).isEqualTo(missed);
        assertThat(world.status().nextRuns().getFirst().at()).isEqualTo(next);
    }

    @Test
    void m5_givenAnAbsence_whenItIsOver_thenTheScheduleGoesOn() {
        ScheduleWorld world = new ScheduleWorld("2026-01-08T00:00Z", "schedule: '* * * * *'");
        world.at("2026-01-08T03:00:30Z").ends(RunOutcome.PASSED).until("2026-01-08T03:03Z", RunOutcome.PASSED);

        assertThat(world.names()).hasSize(4);
        assertThat(world.status().lastSkipped().reason()).isEqualTo("Missed");
    }

    @Test
    void m6_givenNineDaysOfSuspension_whenItIsOver_thenNoSlotOfThemRunsAndNoneWasMissed() {
        ScheduleWorld world = new ScheduleWorld("2026-01-01T00:00Z", "schedule: '*/5 * * * *', suspend: true");
        world.at("2026-01-09T23:58Z");
        assertThat(world.condition("Ready").reason()).isEqualTo("Suspended");
        assertThat(world.status().nextRuns()).extracting(NextRun::shift).containsOnly("will be skipped: suspended");

        world.edit("schedule: '*/5 * * * *'").at("2026-01-10T00:02Z");

        assertThat(world.made).isEmpty();
        assertThat(world.status().missedRuns()).isZero();
        assertThat(world.skips()).singleElement().asString().startsWith("Suspended=25");
        assertThat(world.status().nextRuns().getFirst().at()).isEqualTo("2026-01-10T00:05Z");
    }

    @ParameterizedTest(name = "M14 {0}")
    @CsvSource({"10s, 1, 0", "10m, 0, 1"})
    void m14_givenAShortDeadline_whenTheOperatorIsElevenSecondsLate_thenTheSlotIsMissedAndWarnedOf(
            String deadline, long missed, int made) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY + ", startingDeadline: " + deadline);
        world.at("2026-01-05T02:00:11Z");

        assertThat(world.status().missedRuns()).isEqualTo(missed);
        assertThat(world.made).hasSize(made);
        if (made == 0) {
            assertThat(world.status().lastSkipped().message()).contains("spec.startingDeadline, 10s, was over");
            assertThat(world.status().warnings()).anyMatch(text -> text.startsWith("startingDeadline: 10s is less"));
        }
    }

    @Test
    void m16_givenAnApiServerThatTakesNoRun_whenTheSlotComes_thenItIsAskedUntilTheDeadlineAndTheNextSlotIsAsAlways() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", "schedule: '0 2,3 * * *', startingDeadline: 30m");
        world.declined = new Declined(Reason.QUOTA_EXCEEDED, true, "exceeded quota: objects");
        world.at("2026-01-05T02:00Z");
        assertThat(world.condition("Stalled").message()).contains("exceeded quota: objects");
        assertThat(world.status().waiting().reason()).isEqualTo("QuotaExceeded");
        assertThat(world.decision.wakeUp()).isEqualTo("2026-01-05T02:00:10Z");

        world.until("2026-01-05T02:40Z", null);
        assertThat(world.skips()).containsExactly("QuotaExceeded=1");
        assertThat(world.status().waiting()).isNull();
        assertThat(world.condition("Ready").reason()).isEqualTo("Ready");

        world.declined = null;
        world.until("2026-01-05T03:00Z", null);
        assertThat(world.names()).containsExactly("tidy-20260105t0300z");
    }

    @Test
    void m16_givenAnApiServerThatTakesARunAfterAll_whenItIsAskedAgain_thenTheSlotRuns() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        world.declined = new Declined(Reason.REJECTED, true, "no endpoints available");
        world.at("2026-01-05T02:00Z");
        world.declined = null;

        world.at("2026-01-05T02:00:10Z");

        assertThat(world.names()).containsExactly("tidy-20260105t0200z");
        assertThat(world.condition("Ready").reason()).isEqualTo("Ready");
        assertThat(world.skips()).isEmpty();
    }

    @Test
    void m17_givenARunThatHangs_whenSlotsCome_thenTheyAreSkippedAndCountedUntilItEnds() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", "schedule: '0 * * * *'");
        world.until("2026-01-05T03:30Z", null);
        assertThat(world.names()).containsExactly("tidy-20260105t0100z");
        assertThat(world.skips()).containsExactly("StillRunning=2");
        assertThat(world.status().active()).isEqualTo("tidy-20260105t0100z");
        assertThat(world.status().lastSkipped().message())
                .isEqualTo("MaintenanceRun tidy-20260105t0100z of this schedule was not finished when this slot came"
                        + " (spec.concurrencyPolicy: Forbid).");

        world.ends(RunOutcome.FAILED).until("2026-01-05T04:00Z", null);

        assertThat(world.names()).containsExactly("tidy-20260105t0100z", "tidy-20260105t0400z");
        assertThat(world.status().consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void givenQueue_whenASlotComesBesideARun_thenItWaitsForItsEndAndTheNewestReplacesIt() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z", "schedule: '0 * * * *', concurrencyPolicy: Queue, startingDeadline: 2h");
        world.until("2026-01-05T03:30Z", null);
        assertThat(world.status().waiting().slot()).isEqualTo("2026-01-05T03:00:00Z");
        assertThat(world.skips()).containsExactly("StillRunning=1");

        world.ends(RunOutcome.PASSED).at("2026-01-05T03:31Z");

        assertThat(world.names()).containsExactly("tidy-20260105t0100z", "tidy-20260105t0300z");
        assertThat(world.status().waiting()).isNull();
    }

    @Test
    void givenQueue_whenTheRunDoesNotEndInTime_thenTheSlotIsSkipped() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z", "schedule: '0 1,2 * * *', concurrencyPolicy: Queue, startingDeadline: 20m");
        world.until("2026-01-05T02:30Z", null);

        assertThat(world.skips()).containsExactly("StillRunning=1");
        assertThat(world.status().waiting()).isNull();
    }

    @Test
    void w18_givenTheApplicationsWindowsAndFreezes_whenTheScheduleSaysNothing_thenTheyHoldAndAnEmptyListIsAlwaysOpen() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        world.application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec: {windows: [{name: early, cron: '0 4 * * *', duration: 2h}], freezes: [{name: f, cron: '0 12 * * *', duration: 1h}]}
                """, dev.mainstay.api.application.ManagedApplication.class);
        world.at("2026-01-05T02:00Z");
        assertThat(world.skips()).containsExactly("OutsideWindow=1");

        world.edit(DAILY + ", windows: []").at("2026-01-05T12:30Z").at("2026-01-06T02:00Z");

        assertThat(world.names()).containsExactly("tidy-20260106t0200z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            schedule: '0 25 * * *' | MaintenanceSchedule tidy, spec.schedule, hour: "25"
            schedule: '@daily', timeZone: Berlin | MaintenanceSchedule tidy, spec.timeZone: "Berlin"
            schedule: '@daily', windows: [{name: n, cron: '0 * * * *', duration: 90m}] | MaintenanceSchedule tidy, spec.windows[n], duration: 1h30m
            schedule: '@daily', freezes: [{name: n, cron: '61 * * * *', duration: 9m}] | MaintenanceSchedule tidy, spec.freezes[n], minute: "61"
            """)
    void givenWhatCannotBeFollowed_whenItIsDecided_thenTheFieldIsNamedAndARunByHandIsMade(String spec, String told) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", spec)
                .annotate(Annotations.RUN_NOW, "monday")
                .at("2026-01-06T00:00Z");

        assertThat(world.condition("Stalled").reason()).isEqualTo("InvalidSpec");
        assertThat(world.condition("Stalled").message()).startsWith(told);
        assertThat(world.made)
                .singleElement()
                .satisfies(run -> assertThat(run.slot()).isNull());
    }

    @Test
    void givenAWindowOfTheApplicationThatNeverCloses_whenItIsDecided_thenTheApplicationIsNamed() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        world.application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec: {windows: [{name: n, cron: '0 * * * *', duration: 2h}]}
                """, dev.mainstay.api.application.ManagedApplication.class);

        assertThat(world.at("2026-01-05T01:00Z").condition("Stalled").message())
                .startsWith("ManagedApplication shop, spec.windows[n], duration: 2h is not shorter");
    }

    @Test
    void givenNoRunbook_whenASlotComes_thenItWaitsAndRunsOnceThereIsOneOrIsSkipped() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        var runbook = world.runbook;
        world.runbook = null;
        world.at("2026-01-05T02:00Z");
        assertThat(world.condition("Stalled").reason()).isEqualTo("RunbookNotFound");
        assertThat(world.status().waiting().reason()).isEqualTo("RunbookNotFound");

        world.runbook = runbook;
        world.at("2026-01-05T02:30Z").ends(RunOutcome.PASSED);
        assertThat(world.names()).containsExactly("tidy-20260105t0200z");

        world.runbook = null;
        world.until("2026-01-06T04:00Z", null);
        assertThat(world.skips()).containsExactly("RunbookNotFound=1");
    }

    @Test
    void givenNoApplication_whenItIsDecided_thenItIsSaidAndNothingRuns() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        world.application = null;

        world.annotate(Annotations.RUN_NOW, "monday").at("2026-01-05T02:00Z");

        assertThat(world.condition("Stalled").reason()).isEqualTo("ApplicationNotFound");
        assertThat(world.made).isEmpty();
        assertThat(world.status().lastRunNow()).isNull();
    }

    @Test
    void givenRunNow_whenAFreezeIsActiveAndTheScheduleSuspended_thenOneRunIsMadeOfEachValue() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z",
                DAILY
                        + ", suspend: true, freezes: [{name: x, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z'}]");
        world.annotate(Annotations.RUN_NOW, "monday").at("2026-01-05T01:00Z").at("2026-01-05T01:01Z");
        assertThat(world.names()).hasSize(1);
        assertThat(world.status().lastRunNow()).isEqualTo("monday");
        assertThat(world.made.getFirst().notAfter()).isNull();

        // A second one waits until the first is finished.
        world.annotate(Annotations.RUN_NOW, "tuesday").at("2026-01-05T01:02Z");
        assertThat(world.names()).hasSize(1);
        assertThat(world.status().lastRunNow()).isEqualTo("monday");
        world.ends(RunOutcome.PASSED).at("2026-01-05T01:03Z");
        assertThat(world.names()).hasSize(2);
        assertThat(world.status().lastRunNow()).isEqualTo("tuesday");
    }

    @Test
    void givenRunNowAtASlot_whenBothAreDue_thenTheSlotCountsAsOneBesideARun() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY).annotate(Annotations.RUN_NOW, "monday");

        world.at("2026-01-05T02:00Z");

        assertThat(world.names()).hasSize(1);
        assertThat(world.skips()).containsExactly("StillRunning=1");
    }

    @Test
    void givenAPausedApplication_whenASlotPasses_thenItIsSkippedAndSaysWhy() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY);
        world.annotate(Annotations.PAUSED, "migration").at("2026-01-05T02:00Z");

        assertThat(world.made).isEmpty();
        assertThat(world.skips()).containsExactly("Paused=1");
        assertThat(world.condition("Ready").reason()).isEqualTo("Paused");
    }

    @Test
    void givenAWaitingSlot_whenTheScheduleIsEditedOrSuspended_thenItIsSkippedAndDoesNotRun() {
        String spec = ", startingDeadline: 6h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}]";
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY + spec).at("2026-01-05T02:00Z");

        world.edit("schedule: '0 1 * * *'" + spec).at("2026-01-05T02:30Z").until("2026-01-05T04:30Z", null);

        assertThat(world.made).isEmpty();
        assertThat(world.skips()).containsExactly("OutsideWindow=1");
        assertThat(world.status().waiting()).isNull();
    }

    @Test
    void givenAPassThatDiesAfterTheRunWasMade_whenTheNextComes_thenThereIsOneRunAndNothingWasMissed() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", "schedule: '* * * * *'");
        world.now = ScheduleWorld.instant("2026-01-05T00:01Z");
        world.dyingPass();
        assertThat(world.status().lastSlot()).isNull();

        world.at("2026-01-05T00:01:01Z").ends(RunOutcome.PASSED).at("2026-01-05T00:02Z");

        assertThat(world.names()).containsExactly("tidy-20260105t0001z", "tidy-20260105t0002z");
        assertThat(world.status().missedRuns()).isZero();
        assertThat(world.skips()).isEmpty();
    }

    @Test
    void givenAPassThatDiesAfterAWaitingSlotWasStarted_whenTheNextComes_thenItDoesNotRunAgain() {
        ScheduleWorld world = new ScheduleWorld(
                        "2026-01-05T00:00Z",
                        DAILY + ", startingDeadline: 6h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}]")
                .at("2026-01-05T02:00Z");
        world.now = ScheduleWorld.instant("2026-01-05T04:00Z");
        world.dyingPass().ends(RunOutcome.PASSED);
        world.at("2026-01-05T04:00:01Z").at("2026-01-05T04:10Z");

        assertThat(world.names()).containsExactly("tidy-20260105t0200z");
        assertThat(world.status().waiting()).isNull();
        assertThat(world.skips()).isEmpty();
    }

    @Test
    void givenNoSchedule_whenItIsDecided_thenItRunsByHandOnly() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", "estimatedDuration: 1h");

        assertThat(world.decision.wakeUp()).isNull();
        assertThat(world.condition("Ready").reason()).isEqualTo("Ready");
    }

    /** A status that reads back as another one is written again with every pass. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            schedule: '0 2 * * *', mustRunBefore: '2026-01-07T00:00:00Z'
            schedule: '0 2 * * *', startingDeadline: 6h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}]
            estimatedDuration: 1h
            """)
    void givenAStatus_whenItIsDecidedAgain_thenItIsTheSame(String spec) {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", spec).at("2026-01-05T03:00Z");

        var again =
                MaintenanceScheduleDecider.decide(world.observe(), world.now).status();

        assertThat(TaskJson.mapper().<com.fasterxml.jackson.databind.JsonNode>valueToTree(again))
                .isEqualTo(TaskJson.mapper().valueToTree(world.status()));
        assertThat(again).isEqualTo(world.status());
    }
}

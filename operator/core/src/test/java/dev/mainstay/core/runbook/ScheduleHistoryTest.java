package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.api.runbook.ScheduledRun;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** Which runs of a schedule are kept, and what is told of those that ended. */
class ScheduleHistoryTest {

    private static final String DAILY = "schedule: '0 2 * * *'";

    @Test
    void givenMoreRunsThanTheLimits_whenTheyAreRemoved_thenTheNewestOfEachKindStayAndTheCountsGoOn() {
        ScheduleWorld world = new ScheduleWorld(
                "2026-01-05T00:00Z", "schedule: '0 * * * *', successfulHistoryLimit: 2, failedHistoryLimit: 1");
        world.annotate(Annotations.RUN_NOW, "monday").at("2026-01-05T00:10Z").ends(RunOutcome.PASSED);
        world.until("2026-01-05T03:30Z", RunOutcome.PASSED).until("2026-01-05T06:30Z", RunOutcome.FAILED);

        assertThat(world.runs.keySet())
                .filteredOn(name -> !name.contains("run"))
                .containsExactly("tidy-20260105t0200z", "tidy-20260105t0300z", "tidy-20260105t0600z");
        assertThat(world.runs.keySet()).anyMatch(name -> name.startsWith("tidy-run-"));
        assertThat(world.status().consecutiveFailures()).isEqualTo(3);
        assertThat(world.status().lastFailure())
                .extracting(ScheduledRun::name, ScheduledRun::outcome, ScheduledRun::message)
                .containsExactly("tidy-20260105t0600z", RunOutcome.FAILED, "It ended.");
        assertThat(world.until("2026-01-05T07:30Z", RunOutcome.FINDINGS)
                        .status()
                        .consecutiveFailures())
                .isZero();
    }

    @Test
    void givenAReportThatIsAboutToBeKept_whenThereAreMoreRunsThanTheLimits_thenTheyStayUntilThen() {
        ScheduleWorld world =
                new ScheduleWorld("2026-01-05T00:00Z", "schedule: '0 * * * *', successfulHistoryLimit: 1");
        world.until("2026-01-05T01:00Z", RunOutcome.PASSED).at("2026-01-05T02:00Z");
        MaintenanceRun newest = world.runs.get("tidy-20260105t0200z");
        world.end(newest, RunOutcome.PASSED);
        RunReport report = new RunReport(null, null, null, "", null, null, null, null);
        newest.setStatus(newest.getStatus().withReport(report));

        assertThat(world.at("2026-01-05T02:10Z").runs).hasSize(2);
        newest.setStatus(newest.getStatus().withReport(report.refused("exceeded quota")));
        assertThat(world.at("2026-01-05T02:20Z").runs).hasSize(1);
    }

    @Test
    void givenRunsThatOthersMade_whenTheLimitsAreReached_thenTheyStay() {
        ScheduleWorld world =
                new ScheduleWorld("2026-01-05T00:00Z", "schedule: '0 * * * *', successfulHistoryLimit: 1");
        world.until("2026-01-05T01:00Z", RunOutcome.PASSED);
        var mine = Serialization.clone(world.runs.get("tidy-20260105t0100z"));
        mine.getMetadata().setName("by-hand");
        world.runs.put("by-hand", mine);

        world.until("2026-01-05T03:00Z", RunOutcome.PASSED);

        assertThat(world.runs.keySet()).contains("by-hand").hasSize(2);
    }

    @Test
    void givenARunThatWasCancelled_whenItIsJudged_thenItIsNeitherSuccessNorFailure() {
        ScheduleWorld world = new ScheduleWorld("2026-01-05T00:00Z", DAILY).at("2026-01-05T02:00Z");

        world.ends(RunOutcome.CANCELLED).at("2026-01-05T02:01Z");

        assertThat(world.status().lastSuccess()).isNull();
        assertThat(world.status().lastFailure()).isNull();
        assertThat(world.status().consecutiveFailures()).isZero();
    }
}

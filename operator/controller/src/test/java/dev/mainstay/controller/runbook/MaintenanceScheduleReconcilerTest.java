package dev.mainstay.controller.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules through time, by the controller itself: it wakes itself, makes runs, and writes its status, under a moved clock. */
class MaintenanceScheduleReconcilerTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            M1 edited     | schedule: '0 21 * * tue,fri' | 2026-01-06T20:00Z | until 2026-01-08T10:00Z; edit schedule: '0 23 * * wed,sun'; until 2026-01-11T23:01Z | 20260106t2100z@2026-01-06T21:00:00Z 20260111t2300z@2026-01-11T23:00:00Z | - | 0
            M3 edited     | schedule: '0 23 * * *' | 2026-01-08T00:00Z | until 2026-01-08T12:00Z; edit schedule: '0 5 * * *'; until 2026-01-09T05:01Z | 20260109t0500z@2026-01-09T05:00:00Z | - | 0
            M4 zone       | schedule: '0 5 * * *' | 2026-01-08T00:00Z | until 2026-01-08T12:00Z; edit schedule: '0 5 * * *', timeZone: Asia/Tokyo; until 2026-01-08T20:01Z | 20260108t0500z@2026-01-08T05:00:00Z 20260108t2000z@2026-01-08T20:00:00Z | - | 0
            M5 away       | schedule: '* * * * *' | 2026-01-07T23:59:30Z | until 2026-01-08T00:00Z; away 2026-01-08T03:00:30Z; until 2026-01-08T03:01Z | 20260108t0000z@2026-01-08T00:00:00Z 20260108t0300z@2026-01-08T03:00:30Z 20260108t0301z@2026-01-08T03:01:00Z | - | 179
            M6 suspended  | schedule: '*/5 * * * *', suspend: true | 2026-01-09T23:00Z | until 2026-01-10T00:02Z; edit schedule: '*/5 * * * *'; until 2026-01-10T00:06Z | 20260110t0005z@2026-01-10T00:05:00Z | Suspended=12 | 0
            M9 clock back | schedule: '0 2 * * *' | 2026-01-01T01:00Z | until 2026-01-01T02:00Z; away 2026-01-01T01:59:30Z; until 2026-01-02T02:00Z | 20260101t0200z@2026-01-01T02:00:00Z 20260102t0200z@2026-01-02T02:00:00Z | - | 0
            M10 second hour | schedule: '45 2 * * *', timeZone: Europe/Berlin | 2026-10-25T02:30+01:00 | until 2026-10-26T02:46+01:00 | 20261026t0145z@2026-10-26T01:45:00Z | - | 0
            M11 restarted | schedule: '35 5 * * *', timeZone: Etc/GMT-1, startingDeadline: 2h | 2026-01-08T04:00Z | until 2026-01-08T04:40Z; away 2026-01-08T05:00Z; until 2026-01-08T06:00Z | 20260108t0435z@2026-01-08T04:35:00Z | - | 0
            M12 twice     | schedule: '30 2 * * *', timeZone: Europe/Berlin | 2026-10-25T00:00+02:00 | until 2026-10-25T03:00+01:00 | 20261025t0030z@2026-10-25T00:30:00Z | - | 0
            M14 late      | schedule: '0 2 * * *', startingDeadline: 10s | 2026-01-05T01:00Z | away 2026-01-05T02:00:11Z; until 2026-01-05T03:00Z | - | - | 1
            M15 3h        | schedule: '0 2 * * *', startingDeadline: 3h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}] | 2026-01-05T01:00Z | until 2026-01-05T08:00Z | 20260105t0200z@2026-01-05T04:00:00Z | - | 0
            M15 1h        | schedule: '0 2 * * *', startingDeadline: 1h, windows: [{name: early, cron: '0 4 * * *', duration: 2h}] | 2026-01-05T01:00Z | until 2026-01-05T08:00Z | - | OutsideWindow=1 | 0
            M16 quota     | schedule: '0 2,3 * * *', startingDeadline: 30m | 2026-01-05T01:00Z | refuse; until 2026-01-05T02:40Z; take; until 2026-01-05T03:10Z | 20260105t0300z@2026-01-05T03:00:00Z | QuotaExceeded=1 | 0
            M16 mended    | schedule: '0 2 * * *' | 2026-01-05T01:00Z | refuse; until 2026-01-05T02:00:35Z; take; until 2026-01-05T03:10Z | 20260105t0200z@2026-01-05T02:00:45Z | - | 0
            M17 hangs     | schedule: '0 * * * *' | 2026-01-05T00:30Z | hang; until 2026-01-05T03:30Z; finish; until 2026-01-05T04:00Z | 20260105t0100z@2026-01-05T01:00:00Z 20260105t0400z@2026-01-05T04:00:00Z | StillRunning=2 | 0
            M18 faster    | schedule: '@monthly' | 2025-12-31T23:00Z | until 2026-01-01T00:00Z; away 2026-01-31T12:00:10Z; edit schedule: '* * * * *'; until 2026-01-31T12:01Z | 20260101t0000z@2026-01-01T00:00:00Z 20260131t1201z@2026-01-31T12:01:00Z | - | 0
            W10 a freeze ends | schedule: '30 15 * * *', startingDeadline: 1h, freezes: [{name: busy, cron: '0 15 * * *', duration: 1h}] | 2026-01-06T15:00Z | until 2026-01-06T17:00Z | 20260106t1530z@2026-01-06T16:00:00Z | - | 0
            W16 postponed | schedule: '0 3 1 1,4,7,10 *', startingDeadline: 7d, windows: [{name: night, cron: '0 1 * * *', duration: 5h}], freezes: [{name: xmas, from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}] | 2026-12-30T00:00Z | until 2027-01-04T00:00Z | 20270101t0300z@2027-01-03T01:00:00Z | - | 0
            W16 skipped   | schedule: '0 3 1 1,4,7,10 *', windows: [{name: night, cron: '0 1 * * *', duration: 5h}], freezes: [{name: xmas, from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}] | 2026-12-30T00:00Z | until 2027-01-04T00:00Z | - | Frozen=1 | 0
            queue         | schedule: '0,10 2 * * *', concurrencyPolicy: Queue | 2026-01-05T01:00Z | hang; until 2026-01-05T02:30Z; finish | 20260105t0200z@2026-01-05T02:00:00Z 20260105t0210z@2026-01-05T02:30:00Z | - | 0
            """)
    void givenASchedule_whenTimePasses_thenItsRunsAreMadeAtTheirTimes(
            String id, String spec, String created, String script, String made, String skips, long missed) {
        try (ScheduledCluster cluster = new ScheduledCluster(created, spec)) {
            cluster.play(script);

            assertThat(String.join(" ", cluster.made())).isEqualTo(made.equals("-") ? "" : made);
            assertThat(cluster.skips()).isEqualTo(skips.equals("-") ? "" : skips);
            assertThat(cluster.status().missedRuns()).isEqualTo(missed);
        }
    }

    @Test
    void w17_givenADeadlineInAFreeze_whenTheLastSlotComes_thenItIsToldOfBeforeAndRuns() {
        try (ScheduledCluster cluster = new ScheduledCluster(
                "2026-12-21T00:00Z",
                "schedule: '0 3 * * 1', mustRunBefore: '2026-12-29T00:00:00Z', freezes: [{name: xmas,"
                        + " from: '2026-12-20T00:00:00Z', to: '2027-01-03T00:00:00Z'}]")) {
            assertThat(cluster.events("WindowOverridden")).hasSize(1);

            cluster.play("until 2026-12-29T00:00Z");

            assertThat(cluster.made()).containsExactly("20261228t0300z@2026-12-28T03:00:00Z");
            assertThat(cluster.skips()).isEqualTo("Frozen=1");
        }
    }

    @Test
    void givenASlot_whenItsRunIsMade_thenItIsAskedForByTheOperatorAndEndsWithItsDeadline() {
        try (ScheduledCluster cluster = new ScheduledCluster("2026-01-05T01:00Z", "schedule: '0 2 * * *'")) {
            cluster.play("until 2026-01-05T02:00Z");

            assertThat(cluster.run("20260105t0200z").getSpec().requestedBy())
                    .isEqualTo("system:serviceaccount:mainstay:mainstay");
            assertThat(cluster.run("20260105t0200z").getSpec().notAfter()).isEqualTo("2026-01-05T03:00:00Z");
            assertThat(cluster.run("20260105t0200z").getMetadata().getLabels())
                    .containsEntry("mainstay.dev/schedule", "tidy");
        }
    }

    @Test
    void givenMoreRunsThanTheLimit_whenTheNextPassComes_thenTheOldestIsDeleted() {
        try (ScheduledCluster cluster =
                new ScheduledCluster("2026-01-05T01:00Z", "schedule: '0 * * * *', successfulHistoryLimit: 1")) {
            cluster.play("until 2026-01-05T04:00Z");

            assertThat(cluster.run("20260105t0200z")).isNull();
            assertThat(cluster.run("20260105t0300z")).isNull();
            assertThat(cluster.run("20260105t0400z")).isNotNull();
            assertThat(cluster.status().lastSuccess().name()).isEqualTo("tidy-20260105t0400z");
        }
    }
}

package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.schedule.MissedRunPolicy;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.SlotDecision.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which slot runs, and what counts as missed: after an edit, an absence, a pause, a clock put back. */
class SlotDeciderTest {

    private static final Duration HOUR = Duration.ofHours(1);

    /** A dash stands for no last slot, and for no slot that fell due. */
    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            M1 edited | 0 23 * * wed,sun | UTC | 2026-01-06T21:00Z | 2026-01-08T10:00Z | 2026-01-08T10:00:01Z | NOTHING_DUE | - | 0 | 2026-01-11T23:00Z
            M3 edited | 0 5 * * * | UTC | 2026-01-07T23:00Z | 2026-01-08T12:00Z | 2026-01-08T12:00:01Z | NOTHING_DUE | - | 0 | 2026-01-09T05:00Z
            M3 at the old time | 0 5 * * * | UTC | 2026-01-07T23:00Z | 2026-01-08T12:00Z | 2026-01-08T23:00Z | NOTHING_DUE | - | 0 | 2026-01-09T05:00Z
            M4 zone edited | 0 5 * * * | Asia/Tokyo | 2026-01-08T05:00Z | 2026-01-08T12:00Z | 2026-01-08T12:00:01Z | NOTHING_DUE | - | 0 | 2026-01-09T05:00+09:00
            M4 slot between the last one and the edit | 0 5 * * * | America/New_York | 2026-01-08T05:00Z | 2026-01-08T12:00Z | 2026-01-08T12:00:01Z | NOTHING_DUE | - | 0 | 2026-01-09T05:00-05:00
            M5 away for three hours | * * * * * | UTC | 2026-01-08T00:00Z | 2026-01-01T00:00Z | 2026-01-08T03:00:30Z | RUN | 2026-01-08T03:00Z | 179 | 2026-01-08T03:01Z
            M6 suspended for nine days | */5 * * * * | UTC | 2026-01-01T00:00Z | 2026-01-10T00:02Z | 2026-01-10T00:02:01Z | NOTHING_DUE | - | 0 | 2026-01-10T00:05Z
            M7 irregular | 30 6-16/4 * * 1-5 | UTC | 2026-01-02T14:30Z | 2026-01-01T00:00Z | 2026-01-06T07:00Z | RUN | 2026-01-06T06:30Z | 3 | 2026-01-06T10:30Z
            M9 clock put back | 0 2 * * * | UTC | 2026-01-01T02:00Z | 2025-12-01T00:00Z | 2026-01-01T01:59:30Z | NOTHING_DUE | - | 0 | 2026-01-02T02:00Z
            M9 clock has caught up | 0 2 * * * | UTC | 2026-01-01T02:00Z | 2025-12-01T00:00Z | 2026-01-01T02:00Z | NOTHING_DUE | - | 0 | 2026-01-02T02:00Z
            M10 created in the second of two hours | 45 2 * * * | Europe/Berlin | - | 2026-10-25T02:30+01:00 | 2026-10-25T02:50+01:00 | NOTHING_DUE | - | 0 | 2026-10-26T02:45+01:00
            M11 restarted | 35 5 * * * | Etc/GMT-1 | 2026-01-08T04:35Z | 2026-01-01T00:00Z | 2026-01-08T05:00Z | NOTHING_DUE | - | 0 | 2026-01-09T05:35+01:00
            M12 the hour comes again | 30 2 * * * | Europe/Berlin | 2026-10-25T02:30+02:00 | 2026-01-01T00:00Z | 2026-10-25T02:30+01:00 | NOTHING_DUE | - | 0 | 2026-10-26T02:30+01:00
            M18 more often from now on | * * * * * | UTC | 2026-01-01T00:00Z | 2026-01-31T12:00:10Z | 2026-01-31T12:00:20Z | NOTHING_DUE | - | 0 | 2026-01-31T12:01Z
            M18 a minute later | * * * * * | UTC | 2026-01-01T00:00Z | 2026-01-31T12:00:10Z | 2026-01-31T12:01:00.1Z | RUN | 2026-01-31T12:01Z | 0 | 2026-01-31T12:02Z
            created at a slot | 0 2 * * * | UTC | - | 2026-01-08T02:00Z | 2026-01-08T02:00Z | NOTHING_DUE | - | 0 | 2026-01-09T02:00Z
            on time | 0 2 * * * | UTC | - | 2026-01-08T01:59:59Z | 2026-01-08T02:00Z | RUN | 2026-01-08T02:00Z | 0 | 2026-01-09T02:00Z
            a millisecond early | 0 2 * * * | UTC | 2026-01-07T02:00Z | 2026-01-01T00:00Z | 2026-01-08T01:59:59.999Z | NOTHING_DUE | - | 0 | 2026-01-08T02:00Z
            in a gap | 0,30 2 * * * | Europe/Berlin | 2026-03-28T02:30+01:00 | 2026-01-01T00:00Z | 2026-03-29T01:00Z | RUN | 2026-03-29T03:00+02:00 | 0 | 2026-03-30T02:00+02:00
            away over a gap | 0,30 2 * * * | Europe/Berlin | 2026-03-28T02:30+01:00 | 2026-01-01T00:00Z | 2026-03-30T02:31+02:00 | RUN | 2026-03-30T02:30+02:00 | 2 | 2026-03-31T02:00+02:00
            """)
    void givenAHistory_whenItIsDecided_thenTheLatestSlotMayRunAndTheOthersAreCounted(
            String id,
            String cron,
            String zone,
            String last,
            OffsetDateTime anchor,
            OffsetDateTime now,
            Outcome outcome,
            String slot,
            long missed,
            OffsetDateTime next) {
        Instant lastSlot = instant(last);

        SlotDecision decision = SlotDecider.decide(
                observation(cron, zone, lastSlot, anchor.toInstant(), HOUR, MissedRunPolicy.RUN_LATEST),
                now.toInstant());

        assertThat(decision.outcome()).isEqualTo(outcome);
        assertThat(decision.missed()).isEqualTo(missed);
        assertThat(decision.next().at()).isEqualTo(next);
        if (slot.equals("-")) {
            assertThat(decision.slot()).isNull();
            assertThat(decision.lastSlot()).isEqualTo(lastSlot);
        } else {
            assertThat(decision.slot().at()).isEqualTo(OffsetDateTime.parse(slot));
            assertThat(decision.lastSlot()).isEqualTo(decision.slot().instant());
        }
    }

    @ParameterizedTest(name = "{0}: {1} late, deadline {2}, {3}")
    @CsvSource({
        "M14, 11s, 10s, RUN_LATEST, TOO_LATE, 1",
        "M14 within the deadline, 10s, 10s, RUN_LATEST, RUN, 0",
        "M16 its object could not be made yet, 30m, 1h, RUN_LATEST, RUN, 0",
        "M16 its object could not be made, 61m, 1h, RUN_LATEST, TOO_LATE, 1",
        "M17 nothing started for two days, 48h, 1h, RUN_LATEST, RUN, 2",
        "M17 nothing started for two days and a half, 60h, 1h, RUN_LATEST, TOO_LATE, 3",
        "looked at soon, 60s, 1h, SKIP, RUN, 0",
        "looked at later, 61s, 1h, SKIP, NOT_CAUGHT_UP, 1",
        "two days later, 48h, 1h, SKIP, RUN, 2"
    })
    void givenASlotThatIsLate_whenItIsDecided_thenDeadlineAndPolicySayWhetherItRuns(
            String id, String late, String deadline, MissedRunPolicy policy, Outcome outcome, long missed) {
        Instant slot = Instant.parse("2026-01-08T02:00:00Z");

        SlotDecision decision = SlotDecider.decide(
                observation(
                        "0 2 * * *",
                        "UTC",
                        slot.minus(Duration.ofDays(1)),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Durations.parse(deadline),
                        policy),
                slot.plus(Durations.parse(late)));

        assertThat(decision.outcome()).isEqualTo(outcome);
        assertThat(decision.missed()).isEqualTo(missed);
        assertThat(decision.slot().instant())
                .isEqualTo(slot.plus(Duration.ofDays(Durations.parse(late).toDays())));
        assertThat(decision.next().instant())
                .isEqualTo(decision.slot().instant().plus(Duration.ofDays(1)));
    }

    @Test
    @Timeout(60)
    void givenAnAbsenceOfThousandsOfYears_whenItIsDecided_thenEveryMissedMinuteIsCountedAtOnce() {
        Instant last = Instant.parse("2026-01-01T00:00:00Z");
        Instant now = Instant.parse("7026-01-01T00:00:30Z");

        for (String zone : List.of("UTC", "Europe/Berlin")) {
            SlotDecision decision = SlotDecider.decide(
                    observation("* * * * *", zone, last, last, HOUR, MissedRunPolicy.RUN_LATEST), now);

            assertThat(decision.outcome()).isEqualTo(Outcome.RUN);
            assertThat(decision.missed()).isEqualTo(Duration.between(last, now).toMinutes() - 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-07T21:00:00Z, 2026-01-08T01:59:00Z",
        "2026-01-08T01:58:59.9999Z, 2026-01-08T01:59:00.000900Z",
        "2026-01-08T01:59:00Z, 2026-01-08T02:00:00Z",
        "2026-01-08T01:59:59.998Z, 2026-01-08T02:00:00Z",
        "2026-01-08T01:59:59.9999Z, 2026-01-08T02:00:00.000900Z",
        "2026-01-08T02:00:00Z, 2026-01-09T01:59:00Z"
    })
    void givenTheNextSlot_whenItIsDecided_thenItIsLookedAtAMinuteBeforeAndAtItsTimeAndNeverAtOnce(
            Instant now, Instant wakeUp) {
        Instant anchor = Instant.parse("2026-01-07T03:00:00Z");

        SlotDecision decision = SlotDecider.decide(
                observation("0 2 * * *", "UTC", null, anchor, HOUR, MissedRunPolicy.RUN_LATEST), now);

        assertThat(decision.wakeUp()).isEqualTo(wakeUp);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-08T02:09:59Z, NOTHING_DUE, 2026-01-08T02:10:00Z",
        "2026-01-08T02:10:00Z, RUN, 2026-01-09T02:09:00Z",
        "2026-01-08T03:10:00Z, RUN, 2026-01-09T02:09:00Z",
        "2026-01-08T03:10:01Z, TOO_LATE, 2026-01-09T02:09:00Z"
    })
    void givenAJitter_whenItIsDecided_thenTheSlotKeepsItsNameAndAllElseIsLater(
            Instant now, Outcome outcome, Instant wakeUp) {
        SlotDecision decision = SlotDecider.decide(jittered(Instant.parse("2026-01-08T01:00:00Z")), now);

        assertThat(decision.outcome()).isEqualTo(outcome);
        assertThat(decision.wakeUp()).isEqualTo(wakeUp);
        if (outcome != Outcome.NOTHING_DUE) {
            assertThat(decision.slot().instant()).isEqualTo("2026-01-08T02:00:00Z");
        }
    }

    @Test
    void givenAJitter_whenTheObjectIsMadeBetweenTheSlotAndItsShare_thenThatSlotIsInThePast() {
        SlotDecision decision = SlotDecider.decide(
                jittered(Instant.parse("2026-01-08T02:05:00Z")), Instant.parse("2026-01-08T02:10:00Z"));

        assertThat(decision.outcome()).isEqualTo(Outcome.NOTHING_DUE);
        assertThat(decision.next().instant()).isEqualTo("2026-01-09T02:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"2026-01-01T01:59:30Z, false", "2025-12-31T02:00:00Z, false", "2025-12-31T01:59:59Z, true"})
    void givenALastSlotInTheFuture_whenASlotPassesBeforeIt_thenTheClockIsSaidToBeBehind(Instant now, boolean behind) {
        SlotDecision decision = SlotDecider.decide(
                observation(
                        "0 2 * * *",
                        "UTC",
                        Instant.parse("2026-01-01T02:00:00Z"),
                        Instant.parse("2025-01-01T00:00:00Z"),
                        HOUR,
                        MissedRunPolicy.RUN_LATEST),
                now);

        assertThat(decision.clockBehind()).isEqualTo(behind);
        assertThat(decision.outcome()).isEqualTo(Outcome.NOTHING_DUE);
        assertThat(decision.next().instant()).isEqualTo("2026-01-02T02:00:00Z");
    }

    /** An operator that is away, comes back, and whose clock is put forward and back. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givenAbsencesAndClocksThatJump_whenItIsDecidedAgainAndAgain_thenEverySlotRunsOrIsMissedOnce(long seed) {
        Random random = new Random(seed);
        Schedule schedule = Schedules.of(
                List.of("*/5 * * * *", "0,30 2 * * *", "17 */3 * * *").get((int) seed % 3),
                seed % 2 == 0 ? "Europe/Berlin" : "America/Santiago");
        Instant anchor = Instant.parse("2026-01-01T00:00:10Z");
        Instant now = anchor;
        Instant last = null;
        long missed = 0;
        List<Instant> run = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            SlotDecision decision = SlotDecider.decide(
                    new SlotObservation(schedule, last, anchor, Duration.ZERO, HOUR, MissedRunPolicy.RUN_LATEST), now);
            missed += decision.missed();
            last = decision.lastSlot();
            if (decision.outcome() == Outcome.RUN) {
                run.add(decision.slot().instant());
            }
            assertThat(decision.wakeUp()).isAfterOrEqualTo(now.plusMillis(1));
            now = switch (random.nextInt(10)) {
                case 0 -> now.plusSeconds(random.nextInt(400_000));
                case 1 -> now.minusSeconds(random.nextInt(10_000));
                default -> decision.wakeUp().plusMillis(random.nextInt(50));
            };
        }
        assertThat(run).isSorted().doesNotHaveDuplicates().isNotEmpty();
        assertThat(run.size() + missed).isEqualTo(schedule.count(anchor, last));
    }

    private static SlotObservation jittered(Instant anchor) {
        return new SlotObservation(
                Schedules.of("0 2 * * *", "UTC"),
                null,
                anchor,
                Duration.ofMinutes(10),
                HOUR,
                MissedRunPolicy.RUN_LATEST);
    }

    private static SlotObservation observation(
            String cron, String zone, Instant last, Instant anchor, Duration deadline, MissedRunPolicy policy) {
        return new SlotObservation(Schedules.of(cron, zone), last, anchor, Duration.ZERO, deadline, policy);
    }

    private static Instant instant(String text) {
        return text.equals("-") ? null : OffsetDateTime.parse(text).toInstant();
    }
}

package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows: elapsed time from a slot, half-open. */
class WindowTest {

    @ParameterizedTest(name = "{0}: {1} + {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            W1 | 0 22 * * 6 | 6h | Europe/Berlin    | 2026-03-28T22:00+01:00 | 2026-03-29T05:00+02:00
            W2 | 0 22 * * 6 | 6h | Europe/Berlin    | 2026-10-24T22:00+02:00 | 2026-10-25T03:00+01:00
            W3 spring | 0 1 * * 0 | 2h | Europe/Berlin | 2026-03-29T01:00+01:00 | 2026-03-29T04:00+02:00
            W3 autumn | 0 1 * * 0 | 2h | Europe/Berlin | 2026-10-25T01:00+02:00 | 2026-10-25T02:00+01:00
            W5 spring | 30 23 * * * | 4h | America/New_York | 2026-03-07T23:30-05:00 | 2026-03-08T04:30-04:00
            W5 autumn | 30 23 * * * | 4h | America/New_York | 2026-10-31T23:30-04:00 | 2026-11-01T02:30-05:00
            W7 | 0 1 * * *  | 3h | UTC | 2026-01-05T01:00Z | 2026-01-05T04:00Z
            W8 | 2 13 * * * | 1h | UTC | 2026-01-05T13:02Z | 2026-01-05T14:02Z
            W10 | 0 0-15,17-23 * * * | 1h | UTC | 2026-01-05T17:00Z | 2026-01-06T16:00Z
            X15 | 0 8 L * * | 10h | UTC | 2026-02-28T08:00Z | 2026-02-28T18:00Z
            start in a gap | 0 2 * * * | 1h | Europe/Berlin | 2026-03-29T03:00+02:00 | 2026-03-29T04:00+02:00
            """)
    void givenAWindow_whenItsEdgesAreReached_thenItOpensAndClosesAtThemAndNotAMillisecondEarlier(
            String id, String cron, String duration, String zone, OffsetDateTime opens, OffsetDateTime closes) {
        Window window = window(cron, duration, zone);

        assertState(window, opens.toInstant().minusMillis(1), false, opens, closes);
        assertState(window, opens.toInstant(), true, opens, closes);
        assertState(window, closes.toInstant().minusMillis(1), true, opens, closes);
        assertThat(window.at(closes.toInstant()).open()).isFalse();
        assertThat(window.at(closes.toInstant()).opens().at()).isAfter(closes);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "W7, 2026-01-05T00:59:59.999Z, 0 1 * * *, 3h, false",
        "W7, 2026-01-05T01:00:00Z, 0 1 * * *, 3h, true",
        "W7, 2026-01-05T03:59:59.999Z, 0 1 * * *, 3h, true",
        "W7, 2026-01-05T04:00:00Z, 0 1 * * *, 3h, false",
        "W8, 2026-01-05T13:01:00Z, 2 13 * * *, 1h, false",
        "W8, 2026-01-05T13:02:00Z, 2 13 * * *, 1h, true",
        "W8, 2026-01-05T14:01:59Z, 2 13 * * *, 1h, true",
        "W8, 2026-01-05T14:02:00Z, 2 13 * * *, 1h, false",
        "X15, 2026-01-31T07:59:59.999Z, 0 8 L * *, 10h, false",
        "X15, 2026-01-31T08:00:00Z, 0 8 L * *, 10h, true"
    })
    void givenAnInstantBesideAnEdge_whenItIsAsked_thenTheEdgeBelongsToWhatFollows(
            String id, Instant at, String cron, String duration, boolean open) {
        assertThat(window(cron, duration, "UTC").at(at).open()).isEqualTo(open);
    }

    @Test
    void givenWorkThatWaitsForADeniedTimeToEnd_whenItAsks_thenTheEndIsKnownWithoutAnyOtherEvent() {
        Window denied = window("0 0-15,17-23 * * *", "1h", "UTC");

        Window.State state = denied.at(Instant.parse("2026-01-06T15:30:00Z"));

        assertThat(state.open()).isTrue();
        assertThat(state.closes().instant()).isEqualTo("2026-01-06T16:00:00Z");
    }

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(delimiter = '|', textBlock = """
            0 * * * *    | 90m  | 1h30m is not shorter than the longest time between two starts, 1h
            0 * * * *    | 60m  | 1h is not shorter than the longest time between two starts, 1h
            0 1 * * *    | 24h  | 1d is not shorter than the longest time between two starts, 1d
            0 1,2 * * *  | 23h  | 23h is not shorter than the longest time between two starts, 23h
            * * * * *    | 1m   | 1m is not shorter than the longest time between two starts, 1m
            0 0 * * 1    | 7d   | 7d is not shorter than the longest time between two starts, 7d
            0 0 1 * *    | 31d  | 31d is not shorter than the longest time between two starts, 31d
            0 0 1 1 *    | 366d | 366d is not shorter than the longest time between two starts, 366d
            """)
    void w15_givenADurationAsLongAsThePeriod_whenItIsRead_thenItIsRefusedSinceItWouldNeverClose(
            String cron, String duration, String message) {
        assertThat(Schedules.refusal(Window.of(Schedules.of(cron, "UTC"), Durations.parse(duration))))
                .isEqualTo(
                        "duration: " + message + ", so the window would never close: shorten it, or leave windows out,"
                                + " which is always open.");
    }

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource({"0 * * * *, 59m", "'0 1,2 * * *', 90m", "0 0 1 * *, 30d", "0 0 1 1 *, 365d", "0 0 29 2 *, 365d"})
    void givenADurationThatLeavesTimeBetween_whenItIsRead_thenItIsAccepted(String cron, String duration) {
        assertThat(window(cron, duration, "UTC").duration()).isEqualTo(Durations.parse(duration));
    }

    @Test
    void givenNoDuration_whenItIsRead_thenTheMessageSaysWhatToWrite() {
        assertThat(Schedules.refusal(Window.of(Schedules.of("0 1 * * *", "UTC"), Duration.ZERO)))
                .isEqualTo("duration: 0s opens no window: write how long it stays open, such as 4h.");
    }

    @Test
    void givenWindowsThatOverlap_whenTheyAreAsked_thenTheyAreOneAndWarnedOf() {
        Window window = window("0 1,2 * * *", "90m", "UTC");

        assertState(
                window,
                Instant.parse("2026-01-05T02:15:00Z"),
                true,
                OffsetDateTime.parse("2026-01-05T01:00Z"),
                OffsetDateTime.parse("2026-01-05T03:30Z"));
        assertThat(ScheduleWarnings.of(window))
                .hasValueSatisfying(warning -> assertThat(warning.message())
                        .isEqualTo(
                                "duration: 1h30m is longer than the shortest time between two starts, 1h: windows that"
                                        + " overlap are joined."));
        assertThat(ScheduleWarnings.of(window("0 1,2 * * *", "1h", "UTC"))).isEmpty();
    }

    @Test
    void givenAChainOfThousandsOfWindows_whenItIsAsked_thenTheAnswerIsBoundedAndStillOpen() {
        Window window = window("* * * 1-11 *", "1m", "UTC");
        Instant at = Instant.parse("2026-06-15T12:00:30Z");

        Window.State state = window.at(at);

        assertThat(state.open()).isTrue();
        assertThat(state.opens().instant())
                .isEqualTo(at.truncatedTo(ChronoUnit.MINUTES).minus(2_000, ChronoUnit.MINUTES));
        assertThat(state.closes().instant())
                .isEqualTo(at.truncatedTo(ChronoUnit.MINUTES).plus(2_001, ChronoUnit.MINUTES));
    }

    private static void assertState(
            Window window, Instant at, boolean open, OffsetDateTime opens, OffsetDateTime closes) {
        Window.State state = window.at(at);
        assertThat(state.open()).as("open at %s", at).isEqualTo(open);
        assertThat(state.opens().at()).isEqualTo(opens);
        assertThat(state.closes().at()).isEqualTo(closes);
    }

    private static Window window(String cron, String duration, String zone) {
        return Schedules.accepted(Window.of(Schedules.of(cron, zone), Durations.parse(duration)));
    }
}

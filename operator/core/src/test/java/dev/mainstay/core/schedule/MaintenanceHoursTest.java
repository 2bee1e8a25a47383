package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.api.schedule.Freeze;
import dev.mainstay.api.schedule.MaintenanceWindow;
import dev.mainstay.core.Durations;
import dev.mainstay.core.schedule.MaintenanceHours.Closed;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When maintenance may be done: any window, no freeze, and long enough. */
class MaintenanceHoursTest {

    /** Windows and freezes as {@code cron + duration}, several after each other with {@code ;}. */
    @ParameterizedTest(name = "{0} {4}")
    @CsvSource(delimiter = '|', textBlock = """
            W1 before    | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-03-28T21:59:59.999+01:00 | false
            W1 opens     | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-03-28T22:00+01:00 | true
            W1 last      | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-03-29T04:59:59.999+02:00 | true
            W1 closes    | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-03-29T05:00+02:00 | false
            W2 last      | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-10-25T02:59:59.999+01:00 | true
            W2 closes    | 0 22 * * 6 + 6h | - | Europe/Berlin | 2026-10-25T03:00+01:00 | false
            W3 spring    | 0 1 * * 0 + 2h  | - | Europe/Berlin | 2026-03-29T03:59+02:00 | true
            W3 spring    | 0 1 * * 0 + 2h  | - | Europe/Berlin | 2026-03-29T04:00+02:00 | false
            W3 autumn    | 0 1 * * 0 + 2h  | - | Europe/Berlin | 2026-10-25T02:59:59+02:00 | true
            W3 autumn    | 0 1 * * 0 + 2h  | - | Europe/Berlin | 2026-10-25T02:00+01:00 | false
            W5 spring    | 30 23 * * * + 4h | - | America/New_York | 2026-03-08T04:29-04:00 | true
            W5 spring    | 30 23 * * * + 4h | - | America/New_York | 2026-03-08T04:30-04:00 | false
            W5 autumn    | 30 23 * * * + 4h | - | America/New_York | 2026-11-01T02:29-05:00 | true
            W5 autumn    | 30 23 * * * + 4h | - | America/New_York | 2026-11-01T02:30-05:00 | false
            W7 before    | 0 1 * * * + 3h | - | UTC | 2026-01-05T00:59:59.999Z | false
            W7 opens     | 0 1 * * * + 3h | - | UTC | 2026-01-05T01:00Z | true
            W7 last      | 0 1 * * * + 3h | - | UTC | 2026-01-05T03:59:59.999Z | true
            W7 closes    | 0 1 * * * + 3h | - | UTC | 2026-01-05T04:00Z | false
            W8 free      | - | 2 13 * * * + 1h | UTC | 2026-01-05T13:01Z | true
            W8 denied    | - | 2 13 * * * + 1h | UTC | 2026-01-05T13:02Z | false
            W8 denied    | - | 2 13 * * * + 1h | UTC | 2026-01-05T14:01:59Z | false
            W8 free      | - | 2 13 * * * + 1h | UTC | 2026-01-05T14:02Z | true
            W9 any       | 0 1 * * * + 1h;0 5 * * * + 1h | - | UTC | 2026-01-05T05:30Z | true
            W9 any       | 0 1 * * * + 1h;0 5 * * * + 1h | - | UTC | 2026-01-05T03:00Z | false
            W10 denied   | - | 0 0-15,17-23 * * * + 59m | UTC | 2026-01-06T15:30Z | false
            W10 free     | - | 0 0-15,17-23 * * * + 59m | UTC | 2026-01-06T16:00Z | true
            W11 Friday   | 30 6 * * 1-5 + 15h40m | - | UTC | 2026-01-09T22:09Z | true
            W11 Friday   | 30 6 * * 1-5 + 15h40m | - | UTC | 2026-01-09T23:00Z | false
            W11 Saturday | 30 6 * * 1-5 + 15h40m | - | UTC | 2026-01-10T12:00Z | false
            W11 Sunday   | 30 6 * * 1-5 + 15h40m | - | UTC | 2026-01-11T12:00Z | false
            W12 Monday there | 30 7 * * MON-FRI + 13h | - | Pacific/Auckland | 2026-01-04T20:00Z | true
            W13 wrap     | 0 3 * * SUN-FRI + 1h | - | UTC | 2026-01-04T03:30Z | true
            W13 wrap     | 0 3 * * SUN-FRI + 1h | - | UTC | 2026-01-10T03:30Z | false
            W14 a long one ends | 0 20 * * FRI + 58h | - | UTC | 2026-01-12T06:00Z | false
            W18 none     | - | - | UTC | 2026-01-05T00:00Z | true
            freeze wins  | 0 1 * * * + 3h | 0 2 * * * + 30m | UTC | 2026-01-05T02:15Z | false
            """)
    void givenWindowsAndFreezes_whenAnInstantIsAsked_thenAnyWindowAllowsAndAnyFreezeDenies(
            String id, String windows, String freezes, String zone, OffsetDateTime at, boolean allowed) {
        assertThat(hours(windows, freezes, zone)
                        .closed(at.toInstant(), Duration.ZERO)
                        .isEmpty())
                .isEqualTo(allowed);
    }

    @Test
    void w10_givenWorkThatWaitsForADeniedTimeToEnd_whenItsStartIsAsked_thenItIsThatEnd() {
        MaintenanceHours hours = hours("-", "0 0-15,17-23 * * * + 59m;59 0-15,17-23 * * * + 1m", "UTC");

        assertThat(hours.nextStart(at("2026-01-06T15:30Z"), Duration.ZERO, at("2026-01-06T17:00Z")))
                .contains(at("2026-01-06T16:00Z"));
    }

    @Test
    void w15_givenAWindowOrAFreezeThatNeverEnds_whenItIsRead_thenItIsRefusedByItsName() {
        assertThat(refusal("0 * * * * + 90m", "-"))
                .startsWith("windows[w0], duration: 1h30m is not shorter than the longest time between two starts, 1h");
        assertThat(refusal("-", "0 * * * * + 1h")).startsWith("freezes[w0], duration: 1h is not shorter");
        assertThat(refusal("0 1 * * * + 1h;0 25 * * * + 1h", "-")).startsWith("windows[w1], hour: \"25\"");
    }

    @Test
    void w16_givenADatedFreeze_whenAWindowIsOpenInIt_thenItIsClosedAndTheReasonNamesTheFreeze() {
        MaintenanceHours hours = dated("0 0 * * * + 6h", "2026-12-20T00:00:00Z", "2027-01-03T00:00:00Z");

        assertThat(hours.closed(at("2027-01-01T03:00Z"), Duration.ZERO))
                .contains(new Closed.Frozen("xmas", at("2027-01-03T00:00Z")));
        assertThat(hours.closed(at("2026-12-19T23:59:59Z"), Duration.ZERO).orElseThrow())
                .isInstanceOf(Closed.OutsideWindow.class);
        assertThat(hours.nextStart(at("2027-01-01T03:00Z"), Duration.ZERO, at("2027-02-01T00:00Z")))
                .contains(at("2027-01-03T00:00Z"));
        assertThat(hours.nextStart(at("2027-01-01T03:00Z"), Duration.ZERO, at("2027-01-02T23:59Z")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} for {1} by {2}")
    @CsvSource(delimiter = '|', textBlock = """
            2026-01-05T00:00Z | 1h  | 2026-01-09T00:00Z | 2026-01-05T01:00Z
            2026-01-05T01:30Z | 90m | 2026-01-09T00:00Z | 2026-01-05T01:30Z
            2026-01-05T01:31Z | 90m | 2026-01-09T00:00Z | 2026-01-05T03:30Z
            2026-01-05T03:00Z | 2h  | 2026-01-09T00:00Z | 2026-01-05T03:30Z
            2026-01-05T01:00Z | 3h  | 2026-01-09T00:00Z | -
            2026-01-05T05:45Z | 30m | 2026-01-06T00:59Z | -
            2026-01-05T05:45Z | 30m | 2026-01-06T01:00Z | 2026-01-06T01:00Z
            """)
    void givenAWindowWithAFreezeInIt_whenSomethingMustFit_thenItStartsWhereItDoes(
            OffsetDateTime from, String need, OffsetDateTime limit, String start) {
        // Open from 1 to 6, but for the half hour from 3.
        MaintenanceHours hours = hours("0 1 * * * + 2h30m;30 3 * * * + 2h30m", "0 3 * * * + 30m", "UTC");

        assertThat(hours.nextStart(from.toInstant(), Durations.parse(need), limit.toInstant()))
                .isEqualTo(start.equals("-") ? java.util.Optional.empty() : java.util.Optional.of(at(start)));
    }

    @Test
    void givenAWindowThatIsOpen_whenItsEndIsTooNear_thenItIsSaidSo() {
        MaintenanceHours hours = hours("0 1 * * * + 3h", "-", "UTC");

        assertThat(hours.closed(at("2026-01-05T03:00Z"), Duration.ofHours(1))).isEmpty();
        assertThat(hours.closed(at("2026-01-05T03:00:01Z"), Duration.ofHours(1)))
                .contains(new Closed.WouldOverrun(at("2026-01-05T04:00Z")));
        assertThat(hours.openUntil(at("2026-01-05T03:00Z"))).isEqualTo(at("2026-01-05T04:00Z"));
    }

    @Test
    void givenTwoWindowsThatTouch_whenTheirEndIsAsked_thenTheyAreOne() {
        MaintenanceHours hours = hours("0 1 * * * + 2h;0 3 * * * + 2h", "-", "UTC");

        assertThat(hours.openUntil(at("2026-01-05T01:30Z"))).isEqualTo(at("2026-01-05T05:00Z"));
        assertThat(hours.closed(at("2026-01-05T02:00Z"), Duration.ofHours(3))).isEmpty();
    }

    @Test
    void givenNothing_whenItsEndIsAsked_thenThereIsNone() {
        assertThat(MaintenanceHours.ALWAYS.openUntil(at("2026-01-05T01:30Z"))).isEqualTo(Instant.MAX);
        assertThat(MaintenanceHours.ALWAYS.nextStart(at("2026-01-05T01:30Z"), Duration.ofDays(99), Instant.MAX))
                .contains(at("2026-01-05T01:30Z"));
    }

    @Test
    @Timeout(20)
    void givenWindowsThatNeverFit_whenAStartIsAsked_thenTheSearchEnds() {
        MaintenanceHours hours = hours("*/2 * * * * + 1m", "-", "UTC");

        assertThat(hours.nextStart(at("2026-01-05T00:00Z"), Duration.ofHours(1), at("2027-01-05T00:00Z")))
                .isEmpty();
    }

    @Test
    void givenWindowsThatOverlap_whenTheyAreRead_thenTheWarningNamesThem() {
        assertThat(hours("0 1,2 * * * + 90m", "-", "UTC").warnings())
                .singleElement()
                .asString()
                .startsWith("w0, duration: 1h30m is longer than");
    }

    private static MaintenanceHours hours(String windows, String freezes, String zone) {
        return Schedules.accepted(parse(windows, freezes, zone));
    }

    private static String refusal(String windows, String freezes) {
        return Schedules.refusal(parse(windows, freezes, "UTC"));
    }

    private static MaintenanceHours dated(String windows, String from, String to) {
        return Schedules.accepted(MaintenanceHours.parse(
                windows(windows),
                List.of(new Freeze("xmas", Instant.parse(from), Instant.parse(to), null, null)),
                "UTC",
                DayMatch.ANY));
    }

    private static Parsed<MaintenanceHours> parse(String windows, String freezes, String zone) {
        return MaintenanceHours.parse(
                windows(windows),
                windows(freezes).stream()
                        .map(window -> new Freeze(window.name(), null, null, window.cron(), window.duration()))
                        .toList(),
                zone,
                DayMatch.ANY);
    }

    private static List<MaintenanceWindow> windows(String text) {
        List<String> parts = text.equals("-") ? List.of() : Arrays.asList(text.split(";"));
        return parts.stream()
                .map(part -> new MaintenanceWindow(
                        "w" + parts.indexOf(part), part.split(" \\+ ")[0].trim(), part.split(" \\+ ")[1].trim()))
                .toList();
    }

    private static Instant at(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}

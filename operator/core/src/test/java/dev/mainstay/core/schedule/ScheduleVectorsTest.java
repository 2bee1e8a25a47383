package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When schedules run, by vectors that were computed by walking through the minutes, without any cron library. V are changes
 * of the clocks, C traps of the calendar, X extensions; most are bugs that other schedulers had.
 */
class ScheduleVectorsTest {

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            V1 | 0 2 * * * | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
            V2 | 30 2 * * * | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00
            V3 | 0 2 * * * | Europe/Berlin | 2026-10-24T12:00+02:00 | 2026-10-25T02:00+02:00 2026-10-26T02:00+01:00 2026-10-27T02:00+01:00
            V4 | 30 2 * * * | Europe/Berlin | 2026-10-24T12:00+02:00 | 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00 2026-10-27T02:30+01:00
            V5 | 0 2 * * * | Europe/Berlin | 2023-10-28T12:00+02:00 | 2023-10-29T02:00+02:00 2023-10-30T02:00+01:00 2023-10-31T02:00+01:00
            V6 | */15 * * * * | Europe/Berlin | 2026-10-25T01:40+02:00 | 2026-10-25T01:45+02:00 2026-10-25T02:00+02:00 2026-10-25T02:15+02:00 2026-10-25T02:30+02:00 2026-10-25T02:45+02:00 2026-10-25T02:00+01:00 2026-10-25T02:15+01:00 2026-10-25T02:30+01:00 2026-10-25T02:45+01:00
            V7 | */15 * * * * | Europe/Berlin | 2026-03-29T01:20+01:00 | 2026-03-29T01:30+01:00 2026-03-29T01:45+01:00 2026-03-29T03:00+02:00 2026-03-29T03:15+02:00
            V8 | 0 * * * * | Europe/Berlin | 2026-10-25T00:30+02:00 | 2026-10-25T01:00+02:00 2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00
            V9 | 0 * * * * | Europe/Berlin | 2026-03-29T00:30+01:00 | 2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00
            V10 | 30 1-3 * * * | Europe/Berlin | 2026-10-25T00:00+02:00 | 2026-10-25T01:30+02:00 2026-10-25T02:30+02:00 2026-10-25T03:30+01:00 2026-10-26T01:30+01:00
            V12 | 30 */2 * * * | Europe/Berlin | 2026-10-25T00:00+02:00 | 2026-10-25T00:30+02:00 2026-10-25T02:30+02:00 2026-10-25T02:30+01:00 2026-10-25T04:30+01:00
            V13 | 59 1 * * * | America/Los_Angeles | 2020-10-31T12:00-07:00 | 2020-11-01T01:59-07:00 2020-11-02T01:59-08:00 2020-11-03T01:59-08:00
            V14 | 0 2 * * * | America/Los_Angeles | 2020-03-07T12:00-08:00 | 2020-03-08T03:00-07:00 2020-03-09T02:00-07:00
            V15 | 0 2 * * * | America/Los_Angeles | 2025-03-08T12:00-08:00 | 2025-03-09T03:00-07:00 2025-03-10T02:00-07:00
            V17 | 30 1 * * * | America/New_York | 2026-10-31T12:00-04:00 | 2026-11-01T01:30-04:00 2026-11-02T01:30-05:00 2026-11-03T01:30-05:00
            V18 | 1 2 * * * | Europe/Paris | 2020-03-28T12:00+01:00 | 2020-03-29T03:00+02:00 2020-03-30T02:01+02:00
            V20 | 0 */2 * * * | Africa/Cairo | 2025-04-24T21:10+02:00 | 2025-04-24T22:00+02:00 2025-04-25T02:00+03:00 2025-04-25T04:00+03:00 2025-04-25T06:00+03:00
            V22 | 0 0 * * * | America/Sao_Paulo | 2018-02-16T12:00-02:00 | 2018-02-17T00:00-02:00 2018-02-18T00:00-03:00 2018-02-19T00:00-03:00
            V23 | 30 23 * * * | America/Sao_Paulo | 2018-02-16T12:00-02:00 | 2018-02-16T23:30-02:00 2018-02-17T23:30-02:00 2018-02-18T23:30-03:00 2018-02-19T23:30-03:00
            V25 | 0 6 * * * | America/Santiago | 2018-08-11T12:00-04:00 | 2018-08-12T06:00-03:00 2018-08-13T06:00-03:00
            V26 | 0 0 * * * | America/Santiago | 2022-09-10T12:00-04:00 | 2022-09-11T01:00-03:00 2022-09-12T00:00-03:00
            V28 | 45 1 * * * | Australia/Lord_Howe | 2026-04-04T12:00+11:00 | 2026-04-05T01:45+11:00 2026-04-06T01:45+10:30 2026-04-07T01:45+10:30
            V29 | 0 12 * * * | Pacific/Apia | 2011-12-29T00:00-10:00 | 2011-12-29T12:00-10:00 2011-12-31T12:00+14:00
            V30 | 5 0 * * * | Europe/Amsterdam | 2021-03-28T01:00+01:00 | 2021-03-29T00:05+02:00
            V31 | 0 12 * * 0 | Europe/Berlin | 2022-03-24T12:00+01:00 | 2022-03-27T12:00+02:00 2022-04-03T12:00+02:00
            V33 | 10 2 * * * | Europe/Amsterdam | 2013-03-31T01:09+01:00 | 2013-03-31T03:00+02:00
            V35 | 30 2 11 3 * | America/New_York | 2012-03-11T00:00-05:00 | 2012-03-11T03:00-04:00
            V36 | 0 9 * * * | Europe/Amsterdam | 2021-03-27T09:00+01:00 | 2021-03-28T09:00+02:00
            V37 | 0 9 10 * * | America/Sao_Paulo | 2018-10-17T06:00-03:00 | 2018-11-10T09:00-02:00
            V38 | 30 * 1 * * | Europe/Berlin | 2023-03-31T12:00+02:00 | 2023-04-01T00:30+02:00 2023-04-01T01:30+02:00
            V39 | 35 5 * * * | Etc/GMT-1 | 2020-02-28T00:00+01:00 | 2020-02-28T05:35+01:00 2020-02-29T05:35+01:00
            V40 | 0 23 * * * | Europe/Kiev | 2024-03-31T21:59+03:00 | 2024-03-31T23:00+03:00
            V41 | 0 17 * * * | America/New_York | 2016-03-12T17:00-05:00 | 2016-03-13T17:00-04:00
            V43 | 0 3 * * * | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T03:00+02:00
            V44 | 0 3 * * * | Europe/Berlin | 2026-10-24T12:00+02:00 | 2026-10-25T03:00+01:00 2026-10-26T03:00+01:00
            V46 | 0 2 * * 0 | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-04-05T02:00+02:00
            V48 | 0 2 25 10 * | Europe/Berlin | 2026-01-01T00:00+01:00 | 2026-10-25T02:00+02:00 2027-10-25T02:00+02:00
            V49 | 0 1 * * * | Europe/London | 2026-10-24T12:00+01:00 | 2026-10-25T01:00+01:00 2026-10-26T01:00Z 2026-10-27T01:00Z
            V50 | 30 1 * * * | Europe/London | 2026-03-28T12:00Z | 2026-03-29T02:00+01:00 2026-03-30T01:30+01:00
            V51 | 0 2 * * * | America/Phoenix | 2026-03-07T12:00-07:00 | 2026-03-08T02:00-07:00 2026-03-09T02:00-07:00
            V52 | 0 2 * * * | Asia/Kolkata | 2026-03-28T12:00+05:30 | 2026-03-29T02:00+05:30 2026-03-30T02:00+05:30
            V53 | 45 23 * * * | Asia/Kathmandu | 2026-01-01T00:00+05:45 | 2026-01-01T23:45+05:45 2026-01-02T23:45+05:45
            V54 | 0 2 * * * | Pacific/Auckland | 2026-04-04T12:00+13:00 | 2026-04-05T02:00+13:00 2026-04-06T02:00+12:00 2026-04-07T02:00+12:00
            V55 | 0 0 * * * | Asia/Beirut | 2026-03-28T12:00+02:00 | 2026-03-29T01:00+03:00 2026-03-30T00:00+03:00
            V57 | 0 0 * * * | America/Havana | 2026-03-07T12:00-05:00 | 2026-03-08T01:00-04:00 2026-03-09T00:00-04:00
            V58 | 30 0 * * * | America/Havana | 2026-10-31T12:00-04:00 | 2026-11-01T00:30-04:00 2026-11-02T00:30-05:00 2026-11-03T00:30-05:00
            V19 | 0 0 * * * | Africa/Cairo | 2023-04-27T12:00+02:00 | 2023-04-28T01:00+03:00 2023-04-29T00:00+03:00
            V21 | 0 0 * * * | America/Sao_Paulo | 2018-11-03T12:00-03:00 | 2018-11-04T01:00-02:00 2018-11-05T00:00-02:00
            V42 list in a gap | 0,30 2 * * * | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00 2026-03-30T02:30+02:00
            V42 list up to the end of a gap | 0 2,3 * * * | Europe/Berlin | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00 2026-03-30T03:00+02:00
            V45 | 0 1,2,3 * * * | Europe/Berlin | 2026-10-25T00:00+02:00 | 2026-10-25T01:00+02:00 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00 2026-10-26T01:00+01:00
            V47 | 0 2 29 3 * | Europe/Berlin | 2026-01-01T00:00+01:00 | 2026-03-29T03:00+02:00 2027-03-29T02:00+02:00
            """)
    void givenAChangeOfTheClocks_whenRunsAreListed_thenAFixedTimeRunsOnce(
            String id, String cron, String zone, OffsetDateTime from, String runs) {
        assertRuns(Schedules.of(cron, zone), from, runs);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            C1 | 0 3 1 */3 * | Any | 2026-02-10T00:00Z | 2026-04-01T03:00Z 2026-07-01T03:00Z 2026-10-01T03:00Z 2027-01-01T03:00Z
            C2 | 0 3 29 2 * | Any | 2026-01-01T00:00Z | 2028-02-29T03:00Z 2032-02-29T03:00Z
            C3 | 0 0 31 * * | Any | 2026-01-31T00:00Z | 2026-03-31T00:00Z 2026-05-31T00:00Z 2026-07-31T00:00Z 2026-08-31T00:00Z
            C4 | 30 4 1,15 * 5 | Any | 2026-01-01T00:00Z | 2026-01-01T04:30Z 2026-01-02T04:30Z 2026-01-09T04:30Z 2026-01-15T04:30Z 2026-01-16T04:30Z 2026-01-23T04:30Z
            C6 | 0 16 */2 * sat | Any | 2023-05-02T00:00Z | 2023-05-03T16:00Z 2023-05-05T16:00Z 2023-05-06T16:00Z 2023-05-07T16:00Z
            C7 | 0 0 13 * 5 | Any | 2026-01-01T00:00Z | 2026-01-02T00:00Z 2026-01-09T00:00Z 2026-01-13T00:00Z 2026-01-16T00:00Z
            C9 | 0 0 1 */5 * | Any | 2026-01-15T00:00Z | 2026-06-01T00:00Z 2026-11-01T00:00Z 2027-01-01T00:00Z 2027-06-01T00:00Z
            C10 | 30 6-16/4 * * 1-5 | Any | 2026-01-02T13:00Z | 2026-01-02T14:30Z 2026-01-05T06:30Z 2026-01-05T10:30Z 2026-01-05T14:30Z
            C11 | 0 0 16 */3 * | Any | 2021-05-16T00:00Z | 2021-07-16T00:00Z 2021-10-16T00:00Z 2022-01-16T00:00Z
            C12 | 0 0 1 1 * | Any | 2026-01-01T00:00Z | 2027-01-01T00:00Z 2028-01-01T00:00Z
            C13 | 0 4 1 1,4,7,10 * | Any | 2026-02-10T00:00Z | 2026-04-01T04:00Z 2026-07-01T04:00Z 2026-10-01T04:00Z 2027-01-01T04:00Z
            C14 | 59 23 31 12 * | Any | 2026-01-01T00:00Z | 2026-12-31T23:59Z 2027-12-31T23:59Z
            C16 | 0 0 * * 7 | Any | 2026-01-01T00:00Z | 2026-01-04T00:00Z 2026-01-11T00:00Z
            C17 | 5/15 * * * * | Any | 2026-01-01T00:00Z | 2026-01-01T00:05Z 2026-01-01T00:20Z 2026-01-01T00:35Z 2026-01-01T00:50Z
            C18 | 0 0-23/5 * * * | Any | 2026-01-01T00:00Z | 2026-01-01T05:00Z 2026-01-01T10:00Z 2026-01-01T15:00Z 2026-01-01T20:00Z 2026-01-02T00:00Z 2026-01-02T05:00Z
            C19 | */7 * * * * | Any | 2026-01-01T00:50Z | 2026-01-01T00:56Z 2026-01-01T01:00Z 2026-01-01T01:07Z
            C7 both | 0 0 13 * 5 | All | 2026-01-01T00:00Z | 2026-02-13T00:00Z 2026-03-13T00:00Z 2026-11-13T00:00Z
            C20 | 0 0 16 2-12/3 * | Any | 2021-05-17T00:00Z | 2021-08-16T00:00Z 2021-11-16T00:00Z 2022-02-16T00:00Z 2022-05-16T00:00Z
            C21 | 0 0 1 2/3 * | Any | 2026-01-15T00:00Z | 2026-02-01T00:00Z 2026-05-01T00:00Z 2026-08-01T00:00Z 2026-11-01T00:00Z
            C23 | 0 9 1-7 * 1 | All | 2026-01-01T00:00Z | 2026-01-05T09:00Z 2026-02-02T09:00Z 2026-03-02T09:00Z 2026-04-06T09:00Z
            C24 | 30 4 1,15 * 5 | All | 2026-01-01T00:00Z | 2026-05-01T04:30Z 2026-05-15T04:30Z 2027-01-01T04:30Z 2027-01-15T04:30Z
            C25 | 0 0 */1 * 3 | Any | 2017-09-05T11:31Z | 2017-09-06T00:00Z 2017-09-13T00:00Z 2017-09-20T00:00Z
            C25 both | 0 0 */1 * 3 | All | 2017-09-05T11:31Z | 2017-09-06T00:00Z 2017-09-13T00:00Z 2017-09-20T00:00Z
            """)
    void givenATrapOfTheCalendar_whenRunsAreListed_thenTheyAreThose(
            String id, String cron, String dayMatch, OffsetDateTime from, String runs) {
        assertRuns(Schedules.of(cron, "UTC", Schedules.dayMatch(dayMatch)), from, runs);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            X1 | 0 0 L * * | 2026-01-30T00:00Z | 2026-01-31T00:00Z 2026-02-28T00:00Z 2026-03-31T00:00Z
            X2 | 0 0 15,L * * | 2022-04-20T00:00Z | 2022-04-30T00:00Z 2022-05-15T00:00Z
            X3 | 0 9 * * MON#1 | 2026-01-01T00:00Z | 2026-01-05T09:00Z 2026-02-02T09:00Z 2026-03-02T09:00Z
            X4 | 0 9 * * FRI#5 | 2026-01-01T00:00Z | 2026-01-30T09:00Z 2026-05-29T09:00Z 2026-07-31T09:00Z
            X5 | 0 9 * * FRIL | 2026-01-01T00:00Z | 2026-01-30T09:00Z 2026-02-27T09:00Z 2026-03-27T09:00Z
            X8 | 0 0 LW * * | 2026-01-01T00:00Z | 2026-01-30T00:00Z 2026-02-27T00:00Z 2026-03-31T00:00Z
            X9 | 0 0 L-3 * * | 2026-02-01T00:00Z | 2026-02-25T00:00Z 2026-03-28T00:00Z 2026-04-27T00:00Z
            X11 | 0 3 L 3,6,9,12 * | 2026-01-01T00:00Z | 2026-03-31T03:00Z 2026-06-30T03:00Z 2026-09-30T03:00Z 2026-12-31T03:00Z
            X12 | 0 9 * * FRI-MON | 2026-01-01T00:00Z | 2026-01-02T09:00Z 2026-01-03T09:00Z 2026-01-04T09:00Z 2026-01-05T09:00Z 2026-01-09T09:00Z
            X13 | 0 22-2 * * * | 2026-01-01T12:00Z | 2026-01-01T22:00Z 2026-01-01T23:00Z 2026-01-02T00:00Z 2026-01-02T01:00Z 2026-01-02T02:00Z 2026-01-02T22:00Z
            X14 | 0 0 1 NOV-FEB * | 2026-01-15T00:00Z | 2026-02-01T00:00Z 2026-11-01T00:00Z 2026-12-01T00:00Z 2027-01-01T00:00Z 2027-02-01T00:00Z
            spring issue 26390 | 0 * L * * | 2021-01-30T12:00Z | 2021-01-31T00:00Z 2021-01-31T01:00Z 2021-01-31T02:00Z
            31W in months of 31 days | 0 0 31W * * | 2026-01-01T00:00Z | 2026-01-30T00:00Z 2026-03-31T00:00Z 2026-05-29T00:00Z
            1W on a Saturday | 0 0 1W 8 * | 2026-01-01T00:00Z | 2026-08-03T00:00Z 2027-08-02T00:00Z
            last day of the month on a Sunday | 0 0 31W 5 * | 2026-01-01T00:00Z | 2026-05-29T00:00Z 2027-05-31T00:00Z
            L as the last Sunday | 0 0 * * 7L | 2026-01-01T00:00Z | 2026-01-25T00:00Z 2026-02-22T00:00Z
            29 February over 2100 | 0 0 29 2 * | 2096-02-29T00:00Z | 2104-02-29T00:00Z 2108-02-29T00:00Z
            fifth Friday of February | 0 0 * 2 FRI#5 | 2092-12-01T00:00Z | 2104-02-29T00:00Z 2132-02-29T00:00Z
            @daily | @daily | 2026-01-01T00:00Z | 2026-01-02T00:00Z
            @midnight | @midnight | 2026-01-01T00:00Z | 2026-01-02T00:00Z
            @hourly | @Hourly | 2026-01-01T00:00Z | 2026-01-01T01:00Z
            @weekly | @weekly | 2026-01-01T00:00Z | 2026-01-04T00:00Z
            @monthly | @monthly | 2026-01-01T00:00Z | 2026-02-01T00:00Z
            @quarterly | @quarterly | 2026-01-01T00:00Z | 2026-04-01T00:00Z 2026-07-01T00:00Z 2026-10-01T00:00Z 2027-01-01T00:00Z
            @yearly | @yearly | 2026-01-01T00:00Z | 2027-01-01T00:00Z
            @annually | @annually | 2026-01-01T00:00Z | 2027-01-01T00:00Z
            """)
    void givenAnExtension_whenRunsAreListed_thenTheyAreThose(String id, String cron, OffsetDateTime from, String runs) {
        assertRuns(Schedules.of(cron, "UTC"), from, runs);
    }

    private static void assertRuns(Schedule schedule, OffsetDateTime from, String runs) {
        List<OffsetDateTime> wanted =
                Arrays.stream(runs.split(" ")).map(OffsetDateTime::parse).toList();
        assertThat(following(schedule, from.toInstant(), wanted.size())).isEqualTo(wanted);
        Instant after = wanted.getLast().toInstant().plusNanos(1);
        assertThat(preceding(schedule, after, wanted.size()))
                .as("the same runs, found from the last one back")
                .isEqualTo(wanted);
        assertThat(schedule.count(from.toInstant(), wanted.getLast().toInstant()))
                .as("their count")
                .isEqualTo(wanted.size());
    }

    private static List<OffsetDateTime> following(Schedule schedule, Instant from, int count) {
        List<OffsetDateTime> found = new ArrayList<>();
        Instant after = from;
        while (found.size() < count) {
            Slot slot = schedule.next(after);
            found.add(slot.at());
            after = slot.instant();
        }
        return found;
    }

    private static List<OffsetDateTime> preceding(Schedule schedule, Instant until, int count) {
        List<OffsetDateTime> found = new ArrayList<>();
        Instant before = until;
        while (found.size() < count) {
            Slot slot = schedule.previous(before);
            found.add(slot.at());
            before = slot.instant();
        }
        Collections.reverse(found);
        return found;
    }
}

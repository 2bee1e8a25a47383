package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.schedule.DayMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted and often meant otherwise. */
class ScheduleWarningsTest {

    /** The 400 days from here have three changes of the clocks in Berlin. */
    private static final Instant NOW = Instant.parse("2026-03-28T00:00:00Z");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            C4  | 30 4 1,15 * 5   | day of week: day of month is restricted too, so days that match either of them are meant: set dayMatch: All for those that match both.
            C5  | 0 9 1-7 * 1     | day of week: day of month is restricted too, so days that match either of them are meant: set dayMatch: All for those that match both.
            C7  | 0 0 13 * 5      | day of week: day of month is restricted too, so days that match either of them are meant: set dayMatch: All for those that match both.
            C8  | 0 6 */14 * *    | day of month: */14 starts again at 1 in each month, however long the last one was: write the days, such as 1,15.
            C9  | 0 0 1 */5 *     | month: */5 starts again at 1, 2 after 11: write the values, or a start and a step that go into 12 evenly.
            C18 | 0 0-23/5 * * *  | hour: 0-23/5 starts again at 0, 4 after 20: write the values, or a start and a step that go into 24 evenly.
            C19 | */7 * * * *     | minute: */7 starts again at 0, 4 after 56: write the values, or a start and a step that go into 60 evenly.
            a start within the step | 20/15 * * * * | minute: 20/15 starts again at 20, 30 after 50: write the values, or a start and a step that go into 60 evenly.
            a step of weekdays | 0 0 * * */2 | day of week: */2 starts again at 0, 1 after 6: write the values, or a start and a step that go into 7 evenly.
            C2  | 0 3 29 2 *      | day of month: 29 comes in February in leap years only: write L for the last day of each month.
            C3  | 0 0 31 * *      | day of month: 31 is missing from shorter months, which are left out: write L for the last day of each month.
            day 30 | 0 0 30 * *   | day of month: 30 is missing from shorter months, which are left out: write L for the last day of each month.
            nearest workday | 0 0 31W * * | day of month: 31W is missing from shorter months, which are left out: write L for the last day of each month.
            popeye | * */1 * * *  | minute: * runs in each minute of the hours given: write 0 for once an hour.
            minutes of one hour | * 2 * * * | minute: * runs in each minute of the hours given: write 0 for once an hour.
            """)
    void givenATrapOfTheCalendar_whenItIsRead_thenItIsWarnedOf(String id, String cron, String message) {
        assertThat(warnings(cron, "UTC")).containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 2 * * *",
                "*/15 * * * *",
                "5/15 * * * *",
                "30 6-16/4 * * 1-5",
                "0 0 1 */3 *",
                "0 0 16 2-12/3 *",
                "0 0 31 1,3,5 *",
                "59 23 31 12 *",
                "0 0 L * *",
                "0 0 25-31 * *",
                "0 0 */1 * 3",
                "0 9 * * MON#1",
                "* * * * *",
                "@quarterly"
            })
    void givenAScheduleWithoutTraps_whenItIsRead_thenNothingIsWarnedOf(String cron) {
        assertThat(warnings(cron, "UTC")).isEmpty();
    }

    @Test
    void givenBothDayFields_whenBothMustMatch_thenNothingIsWarnedOf() {
        Schedule schedule = Schedules.of("0 9 1-7 * 1", "UTC", DayMatch.ALL);

        assertThat(ScheduleWarnings.of(schedule, NOW)).isEmpty();
    }

    @Test
    void givenAFixedTimeWhereTheClocksChange_whenItIsRead_thenTheNextOfEitherKindIsToldWithItsRun() {
        assertThat(warnings("30 2 * * *", "Europe/Berlin"))
                .containsExactly(
                        "schedule: 02:30 does not exist on 2026-03-29 in Europe/Berlin (DST gap): it runs at"
                                + " 2026-03-29T03:00+02:00 then.",
                        "schedule: 02:30 comes twice on 2026-10-25 in Europe/Berlin (DST overlap): it runs once, at"
                                + " 2026-10-25T02:30+02:00.");
    }

    @ParameterizedTest
    @CsvSource({
        "0 3 * * *, Europe/Berlin",
        "0 2 * * MON, Europe/Berlin",
        "*/15 * * * *, Europe/Berlin",
        "0 2 * * *, America/Phoenix"
    })
    void givenATimeThatNoChangeTouches_whenItIsRead_thenNothingIsWarnedOf(String cron, String zone) {
        assertThat(warnings(cron, zone)).isEmpty();
    }

    @Test
    void givenAZoneWithAnInvertedSign_whenItIsRead_thenItsOffsetIsTold() {
        assertThat(warnings("35 5 * * *", "Etc/GMT-1"))
                .containsExactly(
                        "timeZone: Etc/GMT-1 is UTC+01:00: the sign in these names is inverted, and they know no"
                                + " summer time. Better write a place such as Europe/Berlin, or UTC.");
    }

    @Test
    void givenAWarning_whenItIsRead_thenItNamesItsField() {
        assertThat(ScheduleWarnings.of(Schedules.of("*/7 * 31 * *", "UTC"), NOW))
                .extracting(Warning::field)
                .containsExactly("minute", "day of month");
    }

    @Test
    void givenAStartingDeadlineBelowAMinute_whenItIsRead_thenItIsWarnedOf() {
        assertThat(ScheduleWarnings.ofStartingDeadline(Duration.ofSeconds(10)))
                .hasValueSatisfying(warning -> assertThat(warning.message())
                        .isEqualTo(
                                "startingDeadline: 10s is less than a restart of the operator may take, and slots in it"
                                        + " are missed: write 1m or more."));
        assertThat(ScheduleWarnings.ofStartingDeadline(Duration.ofMinutes(1))).isEmpty();
    }

    private static List<String> warnings(String cron, String zone) {
        return ScheduleWarnings.of(Schedules.of(cron, zone), NOW).stream()
                .map(Warning::message)
                .toList();
    }
}

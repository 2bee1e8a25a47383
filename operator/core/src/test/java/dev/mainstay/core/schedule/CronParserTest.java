package dev.mainstay.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.schedule.DayMatch;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an expression may be, and what is said of one that may not. */
class CronParserTest {

    private static final String FIVE = "write 5 fields, minute, hour, day of month, month and day of week, such as"
            + " \"0 2 * * *\" for 02:00 each day";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 10 * * 1-7",
                "30 10 * * 0-7",
                "0 0 1 jan *",
                "0 0 1 Jan-DEC/2 *",
                "0 0 * * MON",
                "0 0 * * mon",
                "0 0 * * 7",
                "00 02 * * *",
                "  0\t2  *   * * ",
                "50-10 * * * *",
                "0 0 25-5 * *",
                "0 0 L,LW,L-30,1W,31W * *",
                "0 0 * * MON#1,5#5,7#1,FRIL,0L",
                "0 0 29 2 *",
                "0 0 * 2 FRI#5",
                "0,15,30,45 */6 1-7/2 * SUN,TUE-THU",
                "@QUARTERLY"
            })
    void givenAnExpressionOfFiveFields_whenItIsRead_thenItIsAccepted(String cron) {
        Schedule schedule = Schedules.of(cron, "UTC");

        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(schedule.cron().text()).isEqualTo(cron.strip());
        assertThat(schedule.next(from).instant()).isAfter(from);
    }

    @ParameterizedTest
    @CsvSource({"1-7, 0-6", "0-7, *", "5-7, FRI-SUN", "7-2, SUN-TUE", "7-7, 0", "SUN-7, *", "6/1, SAT"})
    void givenSevenForSunday_whenItIsRead_thenItMeansTheSameDays(String one, String other) {
        CronExpression first = Schedules.of("0 0 * * " + one, "UTC").cron();
        CronExpression second = Schedules.of("0 0 * * " + other, "UTC").cron();

        assertThat(first.field(Field.DAY_OF_WEEK).values())
                .isEqualTo(second.field(Field.DAY_OF_WEEK).values());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            60 0 * * *        | minute: "60" is out of range: write 0 to 59.
            * 7-24 * * 0-6    | hour: "24" in "7-24" is out of range: write 0 to 23.
            0 0 0 * *         | day of month: "0" is out of range: write 1 to 31, L, LW, 15W or L-3.
            0 0 32 * *        | day of month: "32" is out of range: write 1 to 31, L, LW, 15W or L-3.
            0 0 1 13 *        | month: "13" is out of range: write 1 to 12, or JAN to DEC.
            0 0 * * 8         | day of week: "8" is out of range: write 0 to 7 (0 and 7 are Sunday), SUN to SAT, MON#1 or FRIL.
            0 0 1 99999999999999999999 * | month: "99999999999999999999" is out of range: write 1 to 12, or JAN to DEC.
            */0 * * * *       | minute: "*/0" has a step of 0: write a step of 1 to 59.
            0/0 * * * *       | minute: "0/0" has a step of 0: write a step of 1 to 59.
            */60 * * * *      | minute: "*/60" never gets past 0, as the field has 60 values: write 0, or a step of 1 to 59.
            0 */24 * * *      | hour: "*/24" never gets past 0, as the field has 24 values: write 0, or a step of 1 to 23.
            0 0 */31 * *      | day of month: "*/31" never gets past 1, as the field has 31 values: write 1, or a step of 1 to 30.
            0 0 1 3/12 *      | month: "3/12" never gets past 3, as the field has 12 values: write 3, or a step of 1 to 11.
            */99999999999 * * * * | minute: "*/99999999999" never gets past 0, as the field has 60 values: write 0, or a step of 1 to 59.
            0 0 1 foo *       | month: "FOO" is not known: write 1 to 12, or JAN to DEC.
            0 0 * * MON-FOO   | day of week: "FOO" in "MON-FOO" is not known: write 0 to 7 (0 and 7 are Sunday), SUN to SAT, MON#1 or FRIL.
            0 0 * * monday    | day of week: "MONDAY" is not known: write 0 to 7 (0 and 7 are Sunday), SUN to SAT, MON#1 or FRIL.
            H 2 * * *         | minute: "H" is not known (a hash to spread schedules is the field jitter): write 0 to 59.
            0 0 ? * MON       | day of month: "?" is not known: write *.
            1,,2 * * * *      | minute: a value is missing beside a comma: write 0 to 59, and commas only between values.
            1, * * * *        | minute: a value is missing beside a comma: write 0 to 59, and commas only between values.
            -5 * * * *        | minute: "-5" is not known: write 0 to 59, a range such as 0-59, or a step such as */2.
            5- * * * *        | minute: "5-" is not known: write 0 to 59, a range such as 0-59, or a step such as */2.
            1.5 * * * *       | minute: "1.5" is not known: write 0 to 59, a range such as 0-59, or a step such as */2.
            0 0 L-31 * *      | day of month: "L-31" is before every month's first day: write L-1 to L-30.
            0 0 0W * *        | day of month: "0W" is near no day of a month: write 1W to 31W.
            0 L * * *         | hour: "L" is not known (it belongs to day of month): write 0 to 23.
            0 0 * * L         | day of week: "L" is another day in each program: write SAT for Saturdays, or SATL for a month's last one.
            0 0 * * MON#6     | day of week: "MON#6" is not a weekday's time in the month: write MON#1 to MON#5, or MONL for the last one.
            0 0 * * MON#0     | day of week: "MON#0" is not a weekday's time in the month: write MON#1 to MON#5, or MONL for the last one.
            0 0 * * FOO#1     | day of week: "FOO#1" is not a weekday's time in the month: write MON#1 to MON#5, or MONL for the last one.
            """)
    void givenAFieldThatIsWrong_whenItIsRead_thenTheMessageNamesItAndSaysWhatToWrite(String cron, String message) {
        assertThat(Schedules.refusal(CronParser.parse(cron, DayMatch.ANY))).isEqualTo(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            @every 1h               | schedule: "@every 1h" counts from a start that nobody wrote down, so it is not known: write times, such as "0 */6 * * *" for every 6 hours.
            @triggered              | schedule: "@triggered" is not known: to run only by hand, leave schedule out.
            @manual                 | schedule: "@manual" is not known: to run only by hand, leave schedule out.
            @none                   | schedule: "@none" is not known: to run only by hand, leave schedule out.
            @reboot                 | schedule: "@reboot" is not known: write @hourly, @daily, @weekly, @monthly, @quarterly or @yearly, and nothing else beside it, or 5 fields.
            @daily 5                | schedule: "@daily 5" is not known: write @hourly, @daily, @weekly, @monthly, @quarterly or @yearly, and nothing else beside it, or 5 fields.
            CRON_TZ=Asia/Tokyo 0 5 * * * | schedule: "CRON_TZ=Asia/Tokyo" is a time zone, which stands in a field of its own: leave it out here, and set timeZone.
            TZ=UTC 0 5 * * *        | schedule: "TZ=UTC" is a time zone, which stands in a field of its own: leave it out here, and set timeZone.
            0 0 30 2 *              | schedule: "0 0 30 2 *" never comes: in month "2" no day of month is "30". Correct the day, or leave schedule out to run only by hand.
            0 0 31 4 *              | schedule: "0 0 31 4 *" never comes: in month "4" no day of month is "31". Correct the day, or leave schedule out to run only by hand.
            0 0 31 4,6 *            | schedule: "0 0 31 4,6 *" never comes: in month "4,6" no day of month is "31". Correct the day, or leave schedule out to run only by hand.
            """)
    void givenAnotherKindOfSchedule_whenItIsRead_thenTheMessageSaysWhatToDoInstead(String cron, String message) {
        assertThat(Schedules.refusal(CronParser.parse(cron, DayMatch.ANY))).isEqualTo(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            * * * * * *    | has 6 fields: 5 are known, and seconds are not supported. When the first field is seconds, leave it out; %s.
            0 0 0 * * *    | has 6 fields: 5 are known, and seconds are not supported. When the first field is seconds, leave it out; %s.
            0 0 0 * * ? *  | has 7 fields: %s.
            0 2 * *        | has 4 fields: %s.
            daily          | has 1 field: %s.
            """)
    void givenAnotherNumberOfFields_whenItIsRead_thenTheMessageCountsThem(String cron, String message) {
        assertThat(Schedules.refusal(CronParser.parse(cron, DayMatch.ANY)))
                .isEqualTo("schedule: \"" + cron + "\" " + message.formatted(FIVE));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "\t\n"})
    void givenNothing_whenItIsRead_thenTheMessageShowsASchedule(String cron) {
        assertThat(Schedules.refusal(CronParser.parse(cron, DayMatch.ANY)))
                .isEqualTo("schedule: is empty: " + FIVE + ". To run only by hand, leave schedule out.");
    }

    @Test
    void givenDaysThatNeverMeet_whenBothMustMatch_thenTheyAreRefused() {
        assertThat(Schedules.refusal(CronParser.parse("0 0 LW * SUN", DayMatch.ALL)))
                .isEqualTo(
                        "schedule: \"0 0 LW * SUN\" never comes: in month \"*\" no day is both day of month \"LW\" and"
                                + " day of week \"SUN\". Correct the day, or leave schedule out to run only by hand.");
        assertThat(Schedules.of("0 0 LW * SUN", "UTC").cron().dayMatch()).isEqualTo(DayMatch.ANY);
    }

    @Test
    void givenAHugeOrStrangeText_whenItIsRefused_thenTheMessageStaysShortAndPlain() {
        String message = Schedules.refusal(CronParser.parse("x".repeat(100_000) + " * * * *", DayMatch.ANY));
        assertThat(message).hasSizeLessThan(200).contains("…");

        assertThat(Schedules.refusal(CronParser.parse("\u001b[31m 2 * * *", DayMatch.ANY)))
                .startsWith("minute: \"?[31M\" is not known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/Port-au-Prince",
                "America/Argentina/Buenos_Aires",
                "Etc/GMT+1",
                "Etc/GMT-1",
                "Etc/UTC",
                "Europe/Kiev"
            })
    void givenThePlaceOfAZone_whenItIsRead_thenItIsAccepted(String name) {
        assertThat(Schedules.accepted(TimeZones.parse(name)).getId()).isEqualTo(name);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``            | is empty: write a place such as Europe/Berlin, or UTC.
            Local         | "Local" is another zone on each machine: write a place such as Europe/Berlin, or UTC.
            EST           | "EST" is not the name of a place: write a place such as Europe/Berlin, or UTC.
            CEST          | "CEST" is not the name of a place: write a place such as Europe/Berlin, or UTC.
            GMT           | "GMT" is not the name of a place: write a place such as Europe/Berlin, or UTC.
            EST5EDT       | "EST5EDT" is not the name of a place: write a place such as Europe/Berlin, or UTC.
            UTC+2         | "UTC+2" is a fixed offset, which knows no summer time: write a place such as Europe/Berlin, or UTC.
            +02:00        | "+02:00" is a fixed offset, which knows no summer time: write a place such as Europe/Berlin, or UTC.
            Z             | "Z" is a fixed offset, which knows no summer time: write a place such as Europe/Berlin, or UTC.
            europe/berlin | "europe/berlin" is not known: write Europe/Berlin.
            Berlin        | "Berlin" is not known: write Europe/Berlin.
            new york      | "new york" is not known: write America/New_York.
            utc           | "utc" is not known: write UTC.
            """)
    void givenAnotherWayToNameAZone_whenItIsRead_thenTheMessageSaysWhatToWrite(String name, String message) {
        assertThat(Schedules.refusal(TimeZones.parse(name))).isEqualTo("timeZone: " + message);
    }

    @Test
    void givenAZoneThatIsUnknown_whenItIsRead_thenTheMessageNamesTheZoneData() {
        assertThat(Schedules.refusal(TimeZones.parse("Europe/Atlantis")))
                .isEqualTo("timeZone: \"Europe/Atlantis\" is not in the zone data " + TimeZones.dataVersion()
                        + ": write a place such as Europe/Berlin, or UTC.");
        assertThat(TimeZones.dataVersion()).matches("20[0-9]{2}[a-z]");
    }

    @Test
    void givenAScheduleAndAZoneThatAreWrong_whenTheyAreRead_thenBothAreToldAtOnce() {
        assertThat(Schedules.refusal(Schedule.parse("60 * * * *", "EST", DayMatch.ANY)))
                .isEqualTo(Schedules.refusal(Schedule.parse("60 * * * *", "UTC", DayMatch.ANY)) + " "
                        + Schedules.refusal(TimeZones.parse("EST")))
                .contains("minute: \"60\"", "timeZone: \"EST\"");
        assertThat(Schedules.refusal(Schedule.parse("0 * * * *", "EST", DayMatch.ANY)))
                .startsWith("timeZone: ");
    }
}

package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands about schedules print, in both forms, and their exit codes. */
class ScheduleCommandsTest {

    private static final String DAILY = "0 2 * * *";

    @Test
    void givenAChangeOfTheClocks_whenRunsAreListed_thenEachHasALineAndTheMovedOneItsReason() {
        Ran ran = Ran.with("schedule", "next", DAILY, "--zone", "Europe/Berlin", "--count", "3");

        assertThat(ran).isEqualTo(new Ran(0, """
                2026-03-29T03:00+02:00  moved from 02:00: DST gap
                2026-03-30T02:00+02:00
                2026-03-31T02:00+02:00
                """, ""));
    }

    @Test
    void givenJson_whenRunsAreListed_thenEachHasItsTimeInTheZoneAndInUtc() {
        Ran ran = Ran.with("schedule", "next", DAILY, "--zone", "Europe/Berlin", "--count", "2", "-o", "json");

        assertThat(ran).isEqualTo(new Ran(0, """
                {
                  "schedule" : "0 2 * * *",
                  "timeZone" : "Europe/Berlin",
                  "dayMatch" : "Any",
                  "runs" : [
                    {
                      "at" : "2026-03-29T03:00:00+02:00",
                      "utc" : "2026-03-29T01:00:00Z",
                      "shift" : "moved from 02:00: DST gap"
                    },
                    {
                      "at" : "2026-03-30T02:00:00+02:00",
                      "utc" : "2026-03-30T00:00:00Z"
                    }
                  ]
                }
                """, ""));
    }

    @Test
    void givenNoOptions_whenRunsAreListed_thenTheyAreTheNextFiveInUtc() {
        assertThat(Ran.with("schedule", "next", "*/15 * * * *")).isEqualTo(new Ran(0, """
                2026-03-28T11:15Z
                2026-03-28T11:30Z
                2026-03-28T11:45Z
                2026-03-28T12:00Z
                2026-03-28T12:15Z
                """, ""));
    }

    @Test
    void givenBothDayFields_whenAllMustMatch_thenRunsAreThoseOfBoth() {
        String[] firstMonday = {"schedule", "next", "0 9 1-7 * MON", "--count", "2", "--day-match", "All"};

        assertThat(Ran.with(firstMonday).out()).isEqualTo("2026-04-06T09:00Z\n2026-05-04T09:00Z\n");
        firstMonday[6] = "Any";
        assertThat(Ran.with(firstMonday).out()).isEqualTo("2026-03-30T09:00Z\n2026-04-01T09:00Z\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-24T12:00+02:00, 2026-10-25T02:00+02:00  not again at the second 02:00: DST overlap",
        "2026-10-24T10:00:00Z, 2026-10-25T02:00+02:00  not again at the second 02:00: DST overlap",
        "2026-10-25T02:00, 2026-10-26T02:00+01:00",
        "2026-06-01, 2026-06-01T02:00+02:00",
        "2026-06-01T02:00:00.001, 2026-06-02T02:00+02:00",
        "0001-01-01, 0001-01-01T02:00+00:53:28",
        "9999-12-31T23:59:59Z, +10000-01-01T02:00+01:00"
    })
    void givenATimeInAnyForm_whenRunsAreListed_thenTheyStartAfterIt(String from, String run) {
        Ran ran = Ran.with("schedule", "next", DAILY, "--zone", "Europe/Berlin", "--from", from, "--count", "1");

        assertThat(ran).isEqualTo(new Ran(0, run + "\n", ""));
    }

    @Test
    void givenAWindowThatIsOpen_whenItIsAsked_thenItsEdgesFollow() {
        String[] window = {
            "schedule",
            "window",
            "0 22 * * SAT",
            "--duration",
            "6h",
            "--zone",
            "Europe/Berlin",
            "--at",
            "2026-03-28T23:00"
        };

        assertThat(Ran.with(window)).isEqualTo(new Ran(0, """
                open
                opened  2026-03-28T22:00+01:00
                closes  2026-03-29T05:00+02:00
                """, ""));
    }

    @Test
    void givenAWindowThatIsClosed_whenItIsAsked_thenItsNextEdgesFollow() {
        assertThat(Ran.with("schedule", "window", DAILY, "--duration", "90m", "--zone", "Europe/Berlin"))
                .isEqualTo(new Ran(0, """
                        closed
                        opens   2026-03-29T03:00+02:00  moved from 02:00: DST gap
                        closes  2026-03-29T04:30+02:00
                        """, ""));
    }

    @Test
    void givenJson_whenAWindowIsAsked_thenTheAnswerIsAnObject() {
        assertThat(Ran.with(
                        "schedule",
                        "window",
                        "0 1 * * *",
                        "--duration",
                        "3h",
                        "--at",
                        "2026-01-05T03:59:59.999Z",
                        "-ojson"))
                .isEqualTo(new Ran(0, """
                        {
                          "schedule" : "0 1 * * *",
                          "timeZone" : "UTC",
                          "dayMatch" : "Any",
                          "duration" : "3h",
                          "at" : "2026-01-05T03:59:59.999Z",
                          "open" : true,
                          "opens" : {
                            "at" : "2026-01-05T01:00:00Z",
                            "utc" : "2026-01-05T01:00:00Z"
                          },
                          "closes" : {
                            "at" : "2026-01-05T04:00:00Z",
                            "utc" : "2026-01-05T04:00:00Z"
                          }
                        }
                        """, ""));
    }

    @Test
    void givenASchedule_whenItIsChecked_thenItsKindAndItsTrapsAreTold() {
        assertThat(Ran.with("schedule", "check", "0 2 31 * *", "--zone", "Europe/Berlin"))
                .isEqualTo(new Ran(0, """
                        accepted: fixed times, each of which runs once when the clocks change
                        warning: day of month: 31 is missing from shorter months, which are left out: write L for the last day of each month.
                        """, ""));
        assertThat(Ran.with("schedule", "check", "*/15 * * * *")).isEqualTo(new Ran(0, """
                accepted: intervals, which follow real time when the clocks change
                """, ""));
    }

    @Test
    void givenJson_whenAScheduleIsChecked_thenWarningsAreAList() {
        assertThat(Ran.with("schedule", "check", "*/7 * * * *", "--output", "JSON"))
                .isEqualTo(new Ran(0, """
                {
                  "schedule" : "*/7 * * * *",
                  "timeZone" : "UTC",
                  "dayMatch" : "Any",
                  "accepted" : true,
                  "clockChange" : "Intervals",
                  "warnings" : [
                    {
                      "field" : "minute",
                      "message" : "minute: */7 starts again at 0, 4 after 56: write the values, or a start and a step that go into 60 evenly."
                    }
                  ]
                }
                """, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"next", "window", "check"})
    void givenAScheduleThatIsRefused_whenItIsAsked_thenTheReasonStandsInTheComplaints(String command) {
        assertThat(ran(command, "60 * * * *"))
                .isEqualTo(new Ran(1, "", "refused: minute: \"60\" is out of range: write 0 to 59.\n"));
        assertThat(ran(command, "60 * * * *", "-o", "json")).isEqualTo(new Ran(1, """
                {
                  "accepted" : false,
                  "field" : "minute",
                  "message" : "minute: \\"60\\" is out of range: write 0 to 59."
                }
                """, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"next", "window", "check"})
    void givenNoScheduleOrABadZone_whenItIsAsked_thenItIsRefused(String command) {
        assertThat(ran(command, "").code()).isEqualTo(1);
        assertThat(ran(command, "").err()).startsWith("refused: schedule: is empty: write 5 fields");
        assertThat(ran(command, DAILY, "--zone", "europe/berlin"))
                .isEqualTo(new Ran(1, "", "refused: timeZone: \"europe/berlin\" is not known: write Europe/Berlin.\n"));
    }

    @Test
    void givenAWindowThatNeverCloses_whenItIsAsked_thenItIsRefused() {
        assertThat(Ran.with("schedule", "window", "0 * * * *", "--duration", "90m"))
                .isEqualTo(
                        new Ran(
                                1,
                                "",
                                "refused: duration: 1h30m is not shorter than the longest time between two starts, 1h, so the"
                                        + " window would never close: shorten it, or leave windows out, which is always open.\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            next|0 2 * * *|--count|0|error: --count is 0: write 1 to 1000.
            next|0 2 * * *|--count|1001|error: --count is 1001: write 1 to 1000.
            next|0 2 * * *|--count|99999999999999|error: Invalid value for option '--count': '99999999999999' is not an int
            next|0 2 * * *|--from|yesterday|error: --from is 'yesterday': write a time such as 2026-03-28T12:00+01:00, or 2026-03-28T12:00 or 2026-03-28 on the clocks of the zone.
            next|0 2 * * *|--from|2026-02-30|error: --from is '2026-02-30': write a time such as 2026-03-28T12:00+01:00, or 2026-03-28T12:00 or 2026-03-28 on the clocks of the zone.
            next|0 2 * * *|--from|+999999999-12-31T23:59:59Z|error: --from is '+999999999-12-31T23:59:59Z': write a time such as 2026-03-28T12:00+01:00, or 2026-03-28T12:00 or 2026-03-28 on the clocks of the zone.
            next|0 2 * * *|--nonsense|1|error: Unknown options: '--nonsense', '1'
            next|0 2 * * *|--day-match|Some|error: Invalid value for option '--day-match': expected one of [ANY, ALL] (case-insensitive) but was 'Some'
            window|0 2 * * *|--duration|4|error: --duration: '4' is not a duration: write one such as 90s, 15m, 4h, 30d or 1d12h.
            window|0 2 * * *|--zone|UTC|error: Missing required option: '--duration=DURATION'
            check|0 2 * * *|-o|yaml|error: Invalid value for option '--output': expected one of [TEXT, JSON] (case-insensitive) but was 'yaml'
            """)
    void givenWrongUsage_whenItIsRun_thenTheComplaintSaysWhatToWrite(
            String command, String cron, String option, String value, String message) {
        Ran ran = Ran.with("schedule", command, cron, option, value);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith(message).endsWith("See: mainstay schedule " + command + " --help\n");
    }

    @Test
    void givenAScheduleWithoutQuotes_whenItIsRun_thenTheComplaintSaysSo() {
        Ran ran = Ran.with("schedule", "next", "0", "2", "1", "1", "1");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("A schedule is one argument: put it in quotes, such as '0 2 * * *'.");
    }

    @Test
    void givenNoCommand_whenItIsRun_thenTheComplaintPointsToTheirList() {
        assertThat(Ran.with()).isEqualTo(new Ran(2, "", "error: Missing required subcommand\nSee: mainstay --help\n"));
        assertThat(Ran.with("schedule"))
                .isEqualTo(new Ran(2, "", "error: Missing required subcommand\nSee: mainstay schedule --help\n"));
        assertThat(Ran.with("schedule", "--help").out()).contains("next", "window", "check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"next", "window", "check"})
    void givenHelp_whenItIsRun_thenItShowsOptionsExitCodesAndAnExampleThatRuns(String command) {
        Ran help = Ran.with("schedule", command, "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("--zone=ZONE", "--day-match=Any|All", "-o, --output=text|json", "Exit codes:");
        String example =
                help.out().lines().reduce((first, last) -> last).orElseThrow().strip();
        assertThat(Ran.with(CommandWords.of(example)).code()).isZero();
    }

    @Test
    void givenTheVersion_whenItIsAsked_thenTheZoneDataIsTold() {
        assertThat(Ran.with("--version").out()).containsPattern("zone data 20[0-9]{2}[a-z] of Java 2[5-9]");
    }

    private static Ran ran(String command, String cron, String... options) {
        String[] duration = command.equals("window") ? new String[] {"--duration", "1h"} : new String[0];
        String[] args = new String[3 + duration.length + options.length];
        args[0] = "schedule";
        args[1] = command;
        args[2] = cron;
        System.arraycopy(duration, 0, args, 3, duration.length);
        System.arraycopy(options, 0, args, 3 + duration.length, options.length);
        return Ran.with(args);
    }
}

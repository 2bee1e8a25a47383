package dev.mainstay.cli.schedule;

import dev.mainstay.api.schedule.DayMatch;
import dev.mainstay.core.schedule.Parsed;
import dev.mainstay.core.schedule.Schedule;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands about schedules are given. */
final class ScheduleOptions {

    @Parameters(
            paramLabel = "CRON",
            description = "Five fields in quotes, such as '0 2 * * *', or a nickname such as @daily.")
    private String cron;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "Its clocks: a place such as Europe/Berlin, or UTC. Default: ${DEFAULT-VALUE}.")
    private String zone;

    @Option(
            names = "--day-match",
            paramLabel = "Any|All",
            defaultValue = "ANY",
            description = "What is meant when day of month and day of week are both restricted: days that match any of"
                    + " the two, or all. Default: Any.")
    private Days dayMatch;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "TEXT",
            description = "Default: text.")
    private Output output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    private boolean help;

    /** The values of {@link DayMatch} that a person may write. */
    enum Days {
        ANY,
        ALL
    }

    /** How answers are written. */
    enum Output {
        TEXT,
        JSON
    }

    Output output() {
        return output;
    }

    Parsed<Schedule> schedule() {
        return Schedule.parse(cron, zone, DayMatch.valueOf(dayMatch.name()));
    }
}

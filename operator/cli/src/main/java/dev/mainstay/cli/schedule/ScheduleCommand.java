package dev.mainstay.cli.schedule;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The group of commands about schedules. */
@Command(
        name = "schedule",
        description = "Tells when a schedule runs, and how a change of the clocks moves it.",
        synopsisSubcommandLabel = "COMMAND")
public final class ScheduleCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    private boolean help;
}

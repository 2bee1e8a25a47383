package dev.mainstay.cli;

import dev.mainstay.cli.schedule.CheckCommand;
import dev.mainstay.cli.schedule.NextCommand;
import dev.mainstay.cli.schedule.ScheduleCommand;
import dev.mainstay.cli.schedule.WindowCommand;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How the command is put together. */
@Command(
        name = "mainstay",
        description = "Help for Mainstay's users that needs no cluster.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class Cli {

    /** Something is wrong with the program itself. */
    private static final int BUG = 70;

    private Cli() {}

    /**
     * The command, ready to be executed.
     *
     * @param now the time, where a command is not told another
     */
    static CommandLine commandLine(Instant now) {
        CommandLine schedule = new CommandLine(new ScheduleCommand())
                .addSubcommand(new NextCommand(now))
                .addSubcommand(new WindowCommand(now))
                .addSubcommand(new CheckCommand(now));
        return new CommandLine(new Cli())
                .addSubcommand(schedule)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Cli::wrongUsage)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr()
                            .println("error: unexpected " + problem + " at " + problem.getStackTrace()[0]
                                    + ". Please report it with the command that was given.");
                    return BUG;
                });
    }

    private static int wrongUsage(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        command.getErr().println("error: " + problem.getMessage());
        if (problem instanceof UnmatchedArgumentException) {
            command.getErr().println("A schedule is one argument: put it in quotes, such as '0 2 * * *'.");
        }
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}

package dev.mainstay.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import picocli.CommandLine;

/**
 * What a run of the command left.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained of
 */
record Ran(int code, String out, String err) {

    static final Instant NOW = Instant.parse("2026-03-28T11:00:00Z");

    /** Runs it as at noon of the day before the clocks of Berlin change. */
    static Ran with(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Cli.commandLine(NOW).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(args);
        command.getOut().flush();
        command.getErr().flush();
        return new Ran(code, out.toString(), err.toString());
    }
}

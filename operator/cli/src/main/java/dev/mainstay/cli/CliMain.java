package dev.mainstay.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The command {@code mainstay}: help that needs no cluster. The clock is read once, here. */
public final class CliMain {

    private CliMain() {}

    /** Runs the command of the arguments, and ends with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        int code = Cli.commandLine(now).setOut(out).setErr(err).execute(args);
        out.flush();
        err.flush();
        System.exit(code);
    }
}

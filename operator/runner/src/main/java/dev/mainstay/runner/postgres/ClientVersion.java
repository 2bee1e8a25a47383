package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Version of a PostgreSQL program. */
public final class ClientVersion {

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+[.\\w]*)");

    private ClientVersion() {}

    /** The version that the program tells, such as {@code 17.6}. */
    public static String of(Path program, StopSignal stop) {
        Program question = Program.plain(program.getFileName().toString(), List.of(program.toString(), "--version"));
        try (Pipeline pipeline = Pipeline.start(List.of(question), stop)) {
            String said = new String(pipeline.output().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            if (version.find()) {
                return version.group(1);
            }
            throw new TaskFailure(Reason.INTERNAL_ERROR, program + " does not tell its version: " + said.strip());
        } catch (IOException e) {
            throw new TaskFailure(Reason.INTERNAL_ERROR, program + " does not tell its version: " + e.getMessage());
        }
    }
}

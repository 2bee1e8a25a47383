package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the end of pg_restore means for a person. Only asked when its exit code says that something is wrong. */
public final class RestoreErrors {

    private record Rule(Pattern pattern, Reason reason, String meaning) {}

    private static final List<Rule> RULES = List.of(
            rule(
                    "No space left on device|could not extend file|Disk quota exceeded|disk full",
                    Reason.DISK_FULL,
                    "the server has no room for the copy. Make room on its disk, and make another request"),
            rule("role \".*\" does not exist", Reason.ROLE_MISSING, "the server lacks a role of the backup"),
            rule(
                    "extension \".*\" is not available|could not open extension control file",
                    Reason.EXTENSION_MISSING,
                    "the server lacks an extension of the backup"),
            rule(
                    "permission denied to create extension",
                    Reason.PERMISSION_DENIED,
                    "an extension of the backup may only be made by a superuser; let one restore it"),
            rule(
                    "must be member of role|must be able to SET ROLE",
                    Reason.PERMISSION_DENIED,
                    "the role that restores is no member of an owner in the backup; GRANT the owner TO it"),
            rule(
                    "permission denied|must be superuser|must be owner",
                    Reason.PERMISSION_DENIED,
                    "the role that restores lacks a right"),
            rule(
                    "unsupported version \\(.*\\) in file header",
                    Reason.VERSION_UNSUPPORTED,
                    "pg_restore is older than the pg_dump that wrote the archive"),
            rule(
                    "server closed the connection|terminating connection|connection to server|no connection to the server"
                            + "|SSL connection has been closed|could not receive data",
                    Reason.CONNECTION_FAILED,
                    "the connection to the server was lost in the middle; was it restarted?"));

    private RestoreErrors() {}

    /** The failure that the exit means; empty when it succeeded. */
    public static Optional<TaskFailure> of(Exit exit) {
        if (exit.succeeded()) {
            return Optional.empty();
        }
        if (exit.signal() != 0) {
            return Optional.of(new TaskFailure(
                    Reason.RESTORE_FAILED,
                    "pg_restore was ended by signal " + exit.signal()
                            + (exit.signal() == 9 ? " (out of memory? see jobTemplate.resources)." : "."),
                    exit.tail()));
        }
        String all = String.join("\n", exit.tail());
        String said = said(exit);
        return Optional.of(RULES.stream()
                .filter(rule -> rule.pattern().matcher(all).find())
                .findFirst()
                .map(rule -> new TaskFailure(rule.reason(), rule.meaning() + " (" + said + ").", exit.tail()))
                .orElseGet(() -> new TaskFailure(
                        Reason.RESTORE_FAILED,
                        "pg_restore ended with exit code " + exit.code() + ": " + said
                                + ". The Job's log holds its last lines.",
                        exit.tail())));
    }

    /** The object, where it is told, and the server's message. */
    private static String said(Exit exit) {
        String object = exit.tail().stream()
                .filter(line -> line.contains("from TOC entry "))
                .map(line -> line.replaceFirst(".*from TOC entry \\d+; \\d+ \\d+ ", "") + ": ")
                .findFirst()
                .orElse("");
        String error = exit.tail().stream()
                .filter(line -> line.contains("error:") || line.contains("FATAL:"))
                .findFirst()
                .orElse(exit.tail().isEmpty() ? "it said nothing" : exit.tail().getLast());
        return object + error.replaceFirst("^pg_restore: error: ", "");
    }

    private static Rule rule(String pattern, Reason reason, String meaning) {
        return new Rule(Pattern.compile(pattern), reason, meaning);
    }
}

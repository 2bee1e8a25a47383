package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the end of pg_dump means for a person. Only asked when an exit code says that something is wrong. */
public final class DumpErrors {

    private record Rule(Pattern pattern, Reason reason, String meaning) {}

    private static final List<Rule> RULES = List.of(
            rule(
                    "lock timeout|could not obtain lock",
                    Reason.LOCK_TIMEOUT,
                    "a table stayed locked for longer than spec.lockWaitTimeout; find the session that holds the lock"
                            + " (pg_stat_activity, pg_locks), or raise lockWaitTimeout"),
            rule(
                    "row-level security|row security",
                    Reason.PERMISSION_DENIED,
                    "a table has row-level security, so the role would read only some rows; run ALTER ROLE … BYPASSRLS"),
            rule(
                    "too many (connections|clients)|remaining connection slots",
                    Reason.CONNECTION_FAILED,
                    "the server, the database or the role has no free connection; raise max_connections or the CONNECTION"
                            + " LIMIT"),
            rule(
                    "permission denied for large object",
                    Reason.PERMISSION_DENIED,
                    "the role may not read a large object; GRANT SELECT ON LARGE OBJECT … TO the role, for each of them"),
            rule(
                    "permission denied",
                    Reason.PERMISSION_DENIED,
                    "the role may not read everything; GRANT pg_read_all_data TO the role is usually enough"),
            rule(
                    "server version mismatch",
                    Reason.VERSION_UNSUPPORTED,
                    "pg_dump is not of the server's major version; build the runner image with it in PG_MAJORS"),
            rule(
                    "password authentication failed|no pg_hba\\.conf entry",
                    Reason.AUTHENTICATION_FAILED,
                    "the server no longer lets the role in"),
            rule(
                    "conflict with recovery",
                    Reason.DUMP_FAILED,
                    "the standby cancelled the dump; dump from the primary, or raise max_standby_streaming_delay"),
            rule(
                    "out of shared memory|max_locks_per_transaction",
                    Reason.DUMP_FAILED,
                    "the server has no room for a lock on each table; raise max_locks_per_transaction"),
            rule(
                    "server closed the connection|terminating connection|connection to server was lost"
                            + "|no connection to the server|SSL connection has been closed|Connection reset"
                            + "|could not receive data",
                    Reason.DUMP_FAILED,
                    "the connection to the database was lost in the middle of the dump; was the server restarted?"),
            rule(
                    "could not translate host name|Connection refused|timeout expired|the database system is",
                    Reason.CONNECTION_FAILED,
                    "the server could not be reached"));

    /** What --verbose tells holds names, which may read like errors. */
    private static final Pattern NEWS = Pattern.compile(
            "^pg_dump: (reading|dumping|saving|finding|flagging|last|identifying|processing|executing) ");

    private DumpErrors() {}

    /** The failure that the exits mean; empty when every program succeeded. */
    public static Optional<TaskFailure> of(List<Exit> exits) {
        return exits.stream()
                .filter(exit -> !exit.succeeded() && !exit.onlyFollowed())
                .findFirst()
                .or(() -> exits.stream().filter(exit -> !exit.succeeded()).findFirst())
                .map(DumpErrors::meaning);
    }

    private static TaskFailure meaning(Exit exit) {
        if (exit.signal() != 0) {
            return new TaskFailure(
                    Reason.DUMP_FAILED,
                    exit.program() + " was ended by signal " + exit.signal()
                            + (exit.signal() == 9 ? " (out of memory? see jobTemplate.resources)" : "")
                            + "; nothing of this attempt is kept",
                    exit.tail());
        }
        String said = said(exit);
        return rule(exit)
                .map(rule -> new TaskFailure(rule.reason(), rule.meaning() + " (" + said + ")", exit.tail()))
                .orElseGet(() -> new TaskFailure(
                        Reason.DUMP_FAILED,
                        exit.program() + " ended with exit code " + exit.code() + ": " + said + ". " + advice(exit),
                        exit.tail()));
    }

    /** What the database's own programs say is known; others may use the same words for something else. */
    private static Optional<Rule> rule(Exit exit) {
        String all =
                exit.tail().stream().filter(line -> !NEWS.matcher(line).find()).collect(Collectors.joining("\n"));
        return RULES.stream()
                .filter(ignored -> exit.program().startsWith("pg_"))
                .filter(rule -> rule.pattern().matcher(all).find())
                .findFirst();
    }

    private static String advice(Exit exit) {
        return switch (exit.program()) {
            case "age" ->
                "Look at spec.encryption.recipients of the BackupPolicy: each is a public key as age-keygen prints it;"
                        + " age --encrypt --recipient KEY tells whether it takes one";
            case "age-keygen" ->
                "It makes the attempt's own key in the Pod's /tmp; when that is full or out of memory, raise"
                        + " jobTemplate.resources";
            case "zstd" -> "It compresses the dump in memory; raise jobTemplate.resources, or lower compression.level";
            default ->
                "status.failure.logTail holds its last lines, the Job's log all of them. If they don't tell what to mend,"
                        + " run " + exit.program() + " by hand with the same role and the same options";
        };
    }

    /** The line that tells most: the server's message, else the first error, else the last line. */
    private static String said(Exit exit) {
        return first(exit, "ERROR:|FATAL:")
                .or(() -> first(exit, "error:|fatal:"))
                .orElse(exit.tail().isEmpty() ? "it said nothing" : exit.tail().getLast());
    }

    private static Optional<String> first(Exit exit, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return exit.tail().stream()
                .filter(line -> compiled.matcher(line).find())
                .findFirst();
    }

    private static Rule rule(String pattern, Reason reason, String meaning) {
        return new Rule(Pattern.compile(pattern), reason, meaning);
    }
}

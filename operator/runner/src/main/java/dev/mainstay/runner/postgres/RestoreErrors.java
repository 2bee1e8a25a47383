package dev.mainstay.runner.postgres;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the end of pg_restore --verbose, or of psql that runs its script, means for a person. Only asked when its exit code says that something is wrong. What
 * the server said is only repeated of definitions: where rows are read, a function of the database may put them into it.
 */
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
                    "the connection to the server was lost in the middle; was it restarted?"),
            rule(
                    "violates .*constraint|could not create (unique index|exclusion constraint)|is violated by some row",
                    Reason.RESTORE_FAILED,
                    "a row of the backup violates a constraint"),
            rule(
                    "invalid input (syntax|value)|invalid byte sequence|value too long|out of range",
                    Reason.RESTORE_FAILED,
                    "a text or number is no value of its type on this server"),
            rule(
                    "(function|operator|relation|type|schema|column) .* does not exist",
                    Reason.RESTORE_FAILED,
                    "something is named that the copy does not have: pg_restore works with an empty search_path, so functions"
                            + " must name schemas"),
            rule(
                    "out of shared memory",
                    Reason.RESTORE_FAILED,
                    "the server has no room for so many locks; one transaction takes one for each table and index. Raise"
                            + " max_locks_per_transaction there"),
            rule("out of memory", Reason.RESTORE_FAILED, "the server ran out of memory"));

    /** Kinds of entries that are made without a row being read; each kind that is not known may read some. */
    private static final Pattern DEFINITIONS =
            Pattern.compile("(ACL|AGGREGATE|CAST|COLLATION|COMMENT|CONVERSION|DEFAULT"
                    + "|DEFAULT ACL|EVENT TRIGGER|EXTENSION|FOREIGN TABLE|FUNCTION|MATERIALIZED VIEW(?! DATA)|OPERATOR"
                    + "|OPERATOR CLASS|OPERATOR FAMILY|POLICY|PROCEDURAL LANGUAGE|PROCEDURE|PUBLICATION|ROW SECURITY|RULE|SCHEMA"
                    + "|SECURITY LABEL|SEQUENCE(?! SET)|TABLE(?! DATA| ATTACH)"
                    + "|TEXT SEARCH (CONFIGURATION|DICTIONARY|PARSER|TEMPLATE)|TRANSFORM|TRIGGER|TYPE|VIEW) .*");

    private static final Pattern ENTRY = Pattern.compile("^pg_restore: from TOC entry \\d+; \\d+ \\d+ (.*)$");
    private static final Pattern ERROR = Pattern.compile("^pg_restore: error: (.*)$");

    /** With the two spaces that libpq puts after the kind of a message, whatever language the server speaks. */
    private static final Pattern OF_SERVER = Pattern.compile("^(.*?(\\S+):)  .*$");

    private static final String NOT_REPEATED = " (not repeated, since it may hold data)";

    private RestoreErrors() {}

    /** The failure that the exit means; empty when it succeeded. */
    public static Optional<TaskFailure> of(Exit exit) {
        if (exit.succeeded()) {
            return Optional.empty();
        }
        List<String> told = told(exit.tail());
        if (exit.signal() != 0) {
            return Optional.of(new TaskFailure(
                    Reason.RESTORE_FAILED,
                    exit.program() + " was ended by signal " + exit.signal()
                            + (exit.signal() == 9 ? " (out of memory? see jobTemplate.resources)." : "."),
                    told));
        }
        String said = entry(told).map(entry -> entry + ": ").orElse("") + error(told);
        String advice = said.contains(NOT_REPEATED) ? " pg_restore by hand tells it: docs/restore-by-hand.md." : "";
        String error = error(exit.tail());
        return Optional.of(RULES.stream()
                .filter(rule -> rule.pattern().matcher(error).find())
                .findFirst()
                .map(rule -> new TaskFailure(rule.reason(), rule.meaning() + " (" + said + ")." + advice, told))
                .orElseGet(() -> new TaskFailure(
                        Reason.RESTORE_FAILED,
                        exit.program() + " ended with exit code " + exit.code() + ": " + said + "."
                                + (advice.isEmpty() ? " The Job's log holds its last lines." : advice),
                        told)));
    }

    /** The lines, without what may be of rows. Why a session was ended is no row's matter. */
    private static List<String> told(List<String> tail) {
        boolean definition = entry(tail)
                .filter(entry -> DEFINITIONS.matcher(entry).matches())
                .isPresent();
        return tail.stream()
                .map(line -> {
                    Matcher server = OF_SERVER.matcher(line);
                    return !server.matches()
                                    || server.group(2).matches("FATAL|PANIC")
                                    || definition && ERROR.matcher(line).matches()
                            ? line
                            : server.group(1) + NOT_REPEATED;
                })
                .toList();
    }

    /** What was being restored, where that is told. */
    private static Optional<String> entry(List<String> tail) {
        return first(ENTRY, tail);
    }

    private static String error(List<String> tail) {
        return first(ERROR, tail).orElse(tail.isEmpty() ? "it said nothing" : tail.getLast());
    }

    private static Optional<String> first(Pattern pattern, List<String> tail) {
        return tail.stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    private static Rule rule(String pattern, Reason reason, String meaning) {
        return new Rule(Pattern.compile(pattern), reason, meaning);
    }
}

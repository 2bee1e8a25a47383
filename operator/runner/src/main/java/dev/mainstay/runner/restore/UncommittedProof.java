package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.literal;
import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.Pipeline.Exit;
import dev.mainstay.runner.postgres.Psql;
import dev.mainstay.runner.restore.CopyProof.Counted;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.core.Parser;

/** The same as {@link CopyProof}, within the transaction that restores: what does not pass is never committed. */
final class UncommittedProof {

    private static final String QUERY_TIMEOUT = "600s";
    private static final Pattern ERROR = Pattern.compile("ERROR: {2}(\\w{5}): (.*)");

    /** Whether all rows of each can be seen: an error would be the end of the transaction. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, c.relkind = 'p', c.relispartition,
                   has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid),
                   EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                           AND d.objid = c.oid AND d.deptype = 'e')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            ORDER BY 1, 2""";

    private final TaskContext context;
    private final Task task;
    private final Psql psql;

    UncommittedProof(TaskContext context, Psql psql) {
        this.context = context;
        this.task = context.task();
        this.psql = psql;
    }

    /** Counts the rows, and compares them with those of the archive where these are known. */
    Counted compared(Optional<Map<String, Long>> expected, List<String> leftOut) {
        psql.run("RESET SESSION AUTHORIZATION; RESET ROLE; SET row_security = on; SET search_path = pg_catalog;"
                + " SET client_min_messages = error;");
        Map<String, Long> rows = new TreeMap<>();
        List<String> uncounted = new ArrayList<>();
        Set<String> ofExtensions = new HashSet<>();
        int whole = 0;
        for (List<String> table : psql.ask(TABLES)) {
            context.stop().check();
            String name = table.get(0) + "." + table.get(1);
            if (isTrue(table.get(5))) {
                ofExtensions.add(name);
                continue;
            }
            whole += isTrue(table.get(3)) ? 0 : 1;
            if (isTrue(table.get(2))) {
                continue;
            }
            if (!isTrue(table.get(4))) {
                uncounted.add(name);
                continue;
            }
            context.progress().table(name, 99);
            String count = psql.value("SELECT count(*) FROM ONLY " + quoted(table.get(0)) + "." + quoted(table.get(1)));
            rows.put(name, Long.valueOf(count));
        }
        Counted counted = new Counted(whole, rows, uncounted);
        expected.ifPresent(known -> CopyProof.compare(task, counted, known, List.copyOf(ofExtensions)));
        CopyProof.tellUncounted(counted, leftOut);
        return counted;
    }

    private static boolean isTrue(String value) {
        return "t".equals(value);
    }

    /**
     * Asks what the request wants to know; throws a TaskFailure of VerificationFailed for a wrong answer.
     *
     * @param settings what sessions of the restored database have set, as statements
     */
    void ask(Counted counted, List<String> settings) {
        CopyProof.refuseTooFew(task, counted);
        psql.run("RESET search_path;");
        // What a session can't set now, another one could not either.
        settings.forEach(statement ->
                psql.run(block("BEGIN EXECUTE " + literal(statement) + "; EXCEPTION WHEN OTHERS THEN NULL; END")));
        psql.run("SET row_security = off; SET standard_conforming_strings = on;");
        for (RestoreQuery query : task.restore().queries()) {
            context.stop().check();
            CopyProof.judge(task, query, answer(query));
        }
    }

    private Optional<String> answer(RestoreQuery query) {
        String field = CopyProof.field(task) + ".queries, " + query.name();
        CopyProof.refuseOthers(field, query.sql());
        String name = field + ": ";
        refuseSeveral(name, query.sql());
        psql.run("SAVEPOINT mainstay_query; SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = "
                + literal(QUERY_TIMEOUT) + ";\n\\set VERBOSITY verbose");
        List<String> answer;
        try {
            psql.run(block("DECLARE answer refcursor := 'mainstay_answer';"
                    + " BEGIN OPEN answer NO SCROLL FOR EXECUTE " + literal(query.sql()) + "; END"));
            answer = psql.firstColumn(
                    "mainstay_answer",
                    new TaskFailure(
                            Reason.VERIFICATION_FAILED, name + "it answers several columns, and must answer one."));
        } catch (TaskFailure failure) {
            throw judged(name, failure);
        }
        psql.run("\\set VERBOSITY default\nROLLBACK TO SAVEPOINT mainstay_query;");
        if (answer.size() != 1) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED, name + "it answered " + answer.size() + " rows, and must answer one.");
        }
        return Optional.ofNullable(answer.getFirst());
    }

    /** What is told of an error must hold no data, and how the server says it is for people who may see that. */
    private TaskFailure judged(String name, TaskFailure failure) {
        if (failure.reason() == Reason.VERIFICATION_FAILED) {
            return failure;
        }
        context.stop().check();
        Exit exit = psql.exit();
        return exit.tail().stream()
                .map(ERROR::matcher)
                .filter(Matcher::find)
                .findFirst()
                .map(error -> new TaskFailure(
                        Reason.VERIFICATION_FAILED,
                        name + QueryWords.of(new SQLException(error.group(2), error.group(1)))))
                .orElse(failure);
    }

    private static void refuseSeveral(String name, String sql) {
        try {
            if (Parser.parseJdbcSql(sql, true, false, true, false, true).size() == 1) {
                return;
            }
        } catch (SQLException e) {
            // It can't be read, and so is not one.
        }
        throw new TaskFailure(Reason.VERIFICATION_FAILED, name + "it must be exactly one statement.");
    }

    /** A block is no text of psql's: what is in it is quoted with a word that nothing else has. */
    private static String block(String body) {
        String tag = "$mainstay_" + Integer.toHexString(body.hashCode()) + "$";
        return "DO " + tag + " " + body + " " + tag + ";";
    }
}

package dev.mainstay.runner.restore;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a copy holds what the backup is known to hold, and what was asked of it. */
final class CopyProof {

    private static final int QUERY_MINUTES = 10;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final List<String> READING = List.of("SELECT", "WITH", "VALUES", "TABLE");

    /** Tables of extensions bring rows of their own. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, c.relkind, c.relispartition
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                              AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY 1, 2
            """;

    private final TaskContext context;
    private final RestoreOrder order;
    private final ServerSession copy;

    /**
     * What was counted.
     *
     * @param tables tables, a partitioned one counted once
     * @param rows rows by table, named as the backup names them
     * @param uncounted tables whose rows the role may not see all of
     */
    record Counted(int tables, Map<String, Long> rows, List<String> uncounted) {

        long sum() {
            return rows.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private record Table(String schema, String name, boolean partitioned, boolean partition) {}

    CopyProof(TaskContext context, ServerSession copy) {
        this.context = context;
        this.order = context.task().restore();
        this.copy = copy;
    }

    /** Counts the rows of each table. */
    private Counted count() {
        copy.run("counting rows", "SET row_security = off");
        List<Table> tables = copy.rows(
                TABLES,
                row -> new Table(
                        row.getString(1), row.getString(2), row.getString(3).equals("p"), row.getBoolean(4)));
        Map<String, Long> rows = new TreeMap<>();
        List<String> uncounted = new java.util.ArrayList<>();
        List<Table> filled =
                tables.stream().filter(table -> !table.partitioned()).toList();
        for (Table table : filled) {
            context.stop().check();
            String name = table.schema() + "." + table.name();
            context.progress().table(name, 99);
            try {
                long count = copy.ask(
                                "SELECT count(*) FROM ONLY " + quoted(table.schema()) + "." + quoted(table.name()),
                                row -> row.getLong(1))
                        .getFirst();
                rows.merge(name, count, Long::sum);
            } catch (SQLException e) {
                if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                    throw failure("counting the rows of " + name, e);
                }
                uncounted.add(name);
            }
        }
        int whole = (int) tables.stream().filter(table -> !table.partition()).count();
        return new Counted(whole, rows, uncounted);
    }

    /** Compares the rows with those of the archive; throws a TaskFailure of VerificationFailed when they differ. */
    static void compare(Task task, Counted counted, Map<String, Long> expected, List<String> ofExtensions) {
        Map<String, String> different = new TreeMap<>();
        expected.forEach((table, rows) -> {
            Long found = counted.rows().get(table);
            boolean known = counted.uncounted().contains(table) || ofExtensions.contains(table);
            if (!known && !rows.equals(found)) {
                different.put(
                        table,
                        "table " + table + " has " + (found == null ? "not been restored" : found + " rows")
                                + ", the archive " + rows);
            }
        });
        if (!different.isEmpty()) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED,
                    OrderWords.restored(task) + " does not hold what the backup does: "
                            + different.values().iterator().next()
                            + (different.size() == 1 ? "" : ", and " + (different.size() - 1) + " more tables differ")
                            + ".");
        }
    }

    /**
     * Counts the rows, and compares them with those of the archive where these are known.
     *
     * @param leftOut gets what could not be compared
     */
    Counted compared(Optional<Map<String, Long>> expected, List<String> leftOut) {
        Counted counted = count();
        List<String> ofExtensions = tablesOfExtensions();
        expected.ifPresent(rows -> compare(context.task(), counted, rows, ofExtensions));
        tellUncounted(counted, leftOut);
        return counted;
    }

    static void tellUncounted(Counted counted, List<String> leftOut) {
        counted.uncounted()
                .forEach(table -> leftOut.add("comparison of table " + table
                        + ": row-level security keeps the role from seeing all of its rows"));
    }

    /** Names of the tables that belong to extensions. */
    private List<String> tablesOfExtensions() {
        return copy.rows(
                "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                        + " WHERE d.deptype = 'e'",
                row -> row.getString(1));
    }

    /** Has the server learn how the rows are spread; functions of indexes are called for that. */
    void analyze() {
        try {
            copy.execute("ANALYZE");
        } catch (SQLException e) {
            throw failure("ANALYZE", e);
        }
    }

    private TaskFailure failure(String words, SQLException error) {
        return QueryWords.mayHoldValues(error)
                ? new TaskFailure(Reason.RESTORE_FAILED, words + ": " + QueryWords.of(error))
                : copy.failure(words, error);
    }

    /** Asks what the request wants to know; throws a TaskFailure of VerificationFailed for a wrong answer. */
    void ask(Counted counted) {
        refuseTooFew(context.task(), counted);
        // Who may see less of a table than there is should know, not count on.
        copy.run("asking queries", "SET row_security = off; RESET search_path; SET default_transaction_read_only = on");
        for (RestoreQuery query : order.queries()) {
            context.stop().check();
            judge(context.task(), query, answer(query));
        }
    }

    private Optional<String> answer(RestoreQuery query) {
        String name = field(context.task()) + ".queries, " + query.name();
        refuseOthers(name, query.sql());
        try {
            List<String> answer = copy.single(query.sql(), QUERY_MINUTES * 60);
            if (answer.size() != 1) {
                throw new TaskFailure(
                        Reason.VERIFICATION_FAILED,
                        name + ": it answered " + answer.size() + " rows, and must answer one.");
            }
            return Optional.ofNullable(answer.getFirst());
        } catch (SQLException e) {
            context.stop().check();
            throw new TaskFailure(Reason.VERIFICATION_FAILED, name + ": " + QueryWords.of(e));
        }
    }

    /** Some others, such as COPY TO PROGRAM, are not kept from anything by a transaction that may only read. */
    static void refuseOthers(String name, String sql) {
        boolean reads = SqlTokens.of(sql).stream()
                .filter(token -> !token.isSymbol('('))
                .findFirst()
                .filter(first -> READING.stream().anyMatch(first::is))
                .isPresent();
        if (!reads) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED,
                    name + ": it must be one SELECT, WITH, VALUES or TABLE, and begins otherwise. Correct its sql.");
        }
    }

    static void refuseTooFew(Task task, Counted counted) {
        if (counted.tables() < task.restore().minimumTables()) {
            throw new TaskFailure(
                    Reason.VERIFICATION_FAILED,
                    field(task) + ".minimumTables: " + OrderWords.restored(task) + " has " + counted.tables()
                            + " tables, and should have " + task.restore().minimumTables() + " at least.");
        }
    }

    static void judge(Task task, RestoreQuery query, Optional<String> answer) {
        RestoreQuery.Expectation expected = query.expect();
        if (answer.filter(found -> holds(found, expected)).isPresent()) {
            return;
        }
        throw new TaskFailure(
                Reason.VERIFICATION_FAILED,
                field(task) + ".queries, " + query.name() + ": " + OrderWords.restored(task) + " answers "
                        + QueryWords.of(answer) + ", and it must be "
                        + switch (expected.operator()) {
                            case EQUALS -> "";
                            case GREATER_THAN -> "greater than ";
                            case LESS_THAN -> "less than ";
                            case UNRECOGNIZED -> "something that this runner does not know, of ";
                        }
                        + expected.value() + ".");
    }

    /** Compared as numbers where both are, else only as text. */
    static boolean holds(String found, RestoreQuery.Expectation expected) {
        Optional<BigDecimal> left = number(found);
        Optional<BigDecimal> right = number(expected.value());
        if (left.isEmpty() || right.isEmpty()) {
            return switch (expected.operator()) {
                case EQUALS -> found.equals(expected.value());
                case GREATER_THAN, LESS_THAN, UNRECOGNIZED -> false;
            };
        }
        int order = left.get().compareTo(right.get());
        return switch (expected.operator()) {
            case EQUALS -> order == 0;
            case GREATER_THAN -> order > 0;
            case LESS_THAN -> order < 0;
            case UNRECOGNIZED -> false;
        };
    }

    static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static String field(Task task) {
        return OrderWords.object(task) + ", " + OrderWords.verification(task);
    }
}

package dev.mainstay.runner.step;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.step.Relations.Relation;
import dev.mainstay.runner.task.StopSignal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Vacuums and analyzes tables, one after the other. */
final class Vacuuming {

    private static final int WITH_MAINTAIN = 17;

    /** Of a table that the role may not vacuum the server only warns. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, c.oid::bigint,
                   pg_has_role(c.relowner, 'USAGE')
                   OR (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()) %s
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^(pg_|information_schema$)'
            """;

    private static final String DEAD = """
            SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables
            WHERE relid = ANY (string_to_array(?, ',')::oid[])
            """;

    private record Table(Relation relation, boolean allowed) {}

    private final ServerSession session;
    private final Relations relations;
    private final StopSignal stop;
    private final Upkeep upkeep;

    Vacuuming(ServerSession session, StopSignal stop, Upkeep upkeep) {
        this.session = session;
        this.relations = new Relations(session);
        this.stop = stop;
        this.upkeep = upkeep;
    }

    /** VACUUM (ANALYZE) of the tables of these names; of all when there are none. */
    void vacuum(List<String> names) {
        List<Relation> tables = tables("vacuum", names);
        String oids = tables.stream().map(table -> Long.toString(table.oid())).collect(Collectors.joining(","));
        long before = dead(oids);
        int did = each("VACUUM (ANALYZE) ", "vacuumed", tables);
        long after = dead(oids);
        upkeep.fact("vacuumedTables", did);
        upkeep.fact("deadRowsBefore", before);
        upkeep.fact("deadRowsAfter", after);
        if (did > 0) {
            upkeep.done(String.format(Locale.ROOT, "Vacuumed tables (%d): %d dead rows, now %d.", did, before, after));
        }
        if (did == tables.size() && after > 0 && after * 2 >= before) {
            upkeep.finding("Of " + before + " dead rows " + after + " could not be taken away: "
                    + relations.oldest().map(who -> who + " may still see them").orElse("somebody made them meanwhile")
                    + ".");
        }
    }

    /** ANALYZE of the tables of these names; of all when there are none. */
    void analyze(List<String> names) {
        int did = each("ANALYZE ", "analyzed", tables("analyze", names));
        upkeep.fact("analyzedTables", did);
        if (did > 0) {
            upkeep.done("Analyzed tables (" + did + ").");
        }
    }

    private int each(String statement, String done, List<Relation> tables) {
        int did = 0;
        for (Relation table : tables) {
            stop.check();
            try {
                session.execute(statement + table.sql());
                did++;
            } catch (SQLException e) {
                relations.failed(upkeep, "Table " + table + " was not " + done, e, table.oid());
            }
        }
        return did;
    }

    private List<Relation> tables(String field, List<String> names) {
        String maintain = session.major() < WITH_MAINTAIN ? "" : "OR has_table_privilege(c.oid, 'MAINTAIN')";
        String query = TABLES.formatted(maintain);
        if (names.isEmpty()) {
            return find(query + " AND c.relkind <> 'p' ORDER BY 1, 2").stream()
                    .filter(Table::allowed)
                    .map(Table::relation)
                    .toList();
        }
        List<Relation> tables = new ArrayList<>();
        for (String name : names) {
            List<Table> found =
                    find(query + " AND n.nspname = ? AND c.relname = ?", Relations.schema(name), Relations.bare(name));
            if (found.isEmpty()) {
                upkeep.failure(
                        Reason.INVALID_SPEC,
                        field + ".tables of the step names " + name
                                + ", and the database has no such table (capitals count).");
            } else if (!found.getFirst().allowed()) {
                upkeep.failure(
                        Reason.PERMISSION_DENIED,
                        "Table " + name + " belongs to another role: grant its owner to the role of adminSecretRef.");
            } else {
                tables.add(found.getFirst().relation());
            }
        }
        return tables;
    }

    private List<Table> find(String query, Object... parameters) {
        return session.rows(
                query,
                row -> new Table(new Relation(row.getString(1), row.getString(2), row.getLong(3)), row.getBoolean(4)),
                parameters);
    }

    private long dead(String oids) {
        return Long.parseLong(session.value(DEAD, oids).orElse("0"));
    }
}

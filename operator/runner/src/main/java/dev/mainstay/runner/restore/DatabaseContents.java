package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskFailure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What somebody has made in a database: everything in a schema that could have the name of something in a backup, and large
 * objects. Extensions don't count, nor what they brought, nor a schema that has nothing in it: providers put these there.
 */
record DatabaseContents(List<String> first, long count) {

    private static final int NAMED = 4;

    /** Below it are the objects that each database is made with. */
    private static final String FOUND = """
            WITH found (rank, kind, class, oid, namespace, name) AS (
              SELECT CASE WHEN relkind IN ('r', 'p') THEN 0 ELSE 1 END, CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                                     WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END,
                     'pg_class'::regclass::oid, oid, relnamespace, relname::text
                FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND relpersistence <> 't'
              UNION ALL SELECT 2, 'function', 'pg_proc'::regclass, oid, pronamespace, proname FROM pg_proc
              UNION ALL SELECT 3, 'type', 'pg_type'::regclass, oid, typnamespace, typname FROM pg_type
                WHERE typtype IN ('e', 'd', 'r') OR typtype = 'b' AND typcategory <> 'A'
              UNION ALL SELECT 4, 'operator', 'pg_operator'::regclass, oid, oprnamespace, oprname FROM pg_operator
              UNION ALL SELECT 4, 'collation', 'pg_collation'::regclass, oid, collnamespace, collname FROM pg_collation
              UNION ALL SELECT 4, 'conversion', 'pg_conversion'::regclass, oid, connamespace, conname FROM pg_conversion
              UNION ALL SELECT 4, 'text search configuration', 'pg_ts_config'::regclass, oid, cfgnamespace, cfgname
                FROM pg_ts_config
              UNION ALL SELECT 4, 'text search dictionary', 'pg_ts_dict'::regclass, oid, dictnamespace, dictname
                FROM pg_ts_dict
              UNION ALL SELECT 5, 'large object', 'pg_largeobject'::regclass, oid, NULL, oid::text
                FROM pg_largeobject_metadata
            )
            SELECT f.kind || ' ' || coalesce(n.nspname || '.', '') || f.name, count(*) OVER ()
            FROM found f LEFT JOIN pg_namespace n ON n.oid = f.namespace
            WHERE (f.namespace IS NULL OR f.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
              AND NOT EXISTS (SELECT FROM pg_depend d
                              WHERE d.classid = f.class AND d.objid = f.oid AND d.deptype = 'e')
            ORDER BY f.rank, 1 LIMIT 4
            """;

    private record Row(String text, long count) {}

    /** Looks, in a session of that database. */
    static DatabaseContents of(ServerSession inside) {
        List<Row> rows = inside.rows(FOUND, row -> new Row(row.getString(1), row.getLong(2)));
        return new DatabaseContents(
                rows.stream().map(Row::text).toList(),
                rows.isEmpty() ? 0 : rows.getFirst().count());
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** A few of them, and how many more there are. */
    String text() {
        return first.stream().collect(Collectors.joining(", "))
                + (count > NAMED ? ", and " + (count - NAMED) + " more" : "");
    }

    /** That a restore does not go where something is. */
    TaskFailure refusal(String database) {
        return new TaskFailure(
                Reason.DATABASE_NOT_EMPTY,
                "database " + database + " is not empty: it has " + text()
                        + ". Nothing is restored over that. Drop these if nobody needs them, and keep the application from"
                        + " making them again; or make a request with mode: Swap, which keeps the database.");
    }
}

package dev.mainstay.runner.step;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork.Indexes;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.step.Relations.Relation;
import dev.mainstay.runner.task.StopSignal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Builds indexes anew while they are used. What a try that fails has begun is taken away again. */
final class Reindexing {

    private static final int FIRST_CONCURRENTLY = 120_000;
    private static final int FIRST_BROKEN = 140_000;
    private static final int FIRST_MENDED = 140_004;
    private static final String UNIQUE_VIOLATION = "23505";

    /** What a REINDEX CONCURRENTLY that failed leaves beside the index. */
    private static final Pattern LEFT = Pattern.compile(".*_cc(new|old)\\d*");

    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, c.oid::bigint, i.indrelid::bigint, i.indisvalid AND i.indisready,
                   pg_relation_size(c.oid)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'i' AND n.nspname !~ '^pg_' AND
            """;

    private static final String BY_NAME = COLUMNS + " n.nspname = ? AND c.relname = ?";

    /** One that is being built is not valid yet. */
    private static final String INVALID = COLUMNS + """
             NOT (i.indisvalid AND i.indisready)
            AND c.oid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index WHERE index_relid IS NOT NULL)
            ORDER BY 1, 2
            """;

    private static final String OF_TABLE = COLUMNS + " i.indrelid = ?::bigint::oid AND NOT i.indisvalid";

    private record Index(Relation relation, long table, boolean valid, long bytes) {}

    private final ServerSession session;
    private final Relations relations;
    private final StopSignal stop;
    private final Upkeep upkeep;
    private final List<String> rebuilt = new ArrayList<>();
    private long before;
    private long after;

    Reindexing(ServerSession session, StopSignal stop, Upkeep upkeep) {
        this.session = session;
        this.relations = new Relations(session);
        this.stop = stop;
        this.upkeep = upkeep;
    }

    void run(Indexes order) {
        int version = Integer.parseInt(
                session.value("SELECT current_setting('server_version_num')").orElseThrow());
        if (version < FIRST_CONCURRENTLY || version >= FIRST_BROKEN && version < FIRST_MENDED) {
            upkeep.failure(
                    Reason.VERSION_UNSUPPORTED,
                    "Nothing is reindexed: REINDEX CONCURRENTLY came with PostgreSQL 12, and that of 14.0 to 14.3 makes broken"
                            + " indexes. Upgrade the server.");
            return;
        }
        for (Index index : chosen(order)) {
            stop.check();
            if (index.bytes() > order.maxBytes()) {
                upkeep.finding("Index " + index.relation() + " is " + ByteSizes.format(index.bytes())
                        + ", more than reindex.maxSize, and was left out.");
                continue;
            }
            rebuild(index);
        }
        upkeep.fact("reindexed", rebuilt.size());
        upkeep.fact("reindexedBytesBefore", before);
        upkeep.fact("reindexedBytesAfter", after);
        if (!rebuilt.isEmpty()) {
            upkeep.done("Reindexed (" + rebuilt.size() + "): " + Review.first(rebuilt) + ".");
        }
    }

    private List<Index> chosen(Indexes order) {
        Map<Long, Index> chosen = new LinkedHashMap<>();
        for (String name : order.names()) {
            List<Index> found = find(BY_NAME, Relations.schema(name), Relations.bare(name));
            if (found.isEmpty()) {
                upkeep.failure(
                        Reason.INVALID_SPEC,
                        "reindex.indexes of the step names " + name
                                + ", and the database has no such index (capitals count).");
            }
            found.forEach(index -> chosen.put(index.relation().oid(), index));
        }
        if (order.invalid()) {
            List<String> left = new ArrayList<>();
            for (Index index : find(INVALID)) {
                if (LEFT.matcher(index.relation().name()).matches()) {
                    left.add(index.relation().sql());
                } else {
                    chosen.put(index.relation().oid(), index);
                }
            }
            if (!left.isEmpty()) {
                upkeep.finding("A REINDEX CONCURRENTLY that did not end has left invalid indexes (" + left.size()
                        + "): " + Review.first(left) + ". If none is under way, DROP INDEX CONCURRENTLY them.");
            }
        }
        return List.copyOf(chosen.values());
    }

    private void rebuild(Index index) {
        Set<Long> others = new HashSet<>();
        find(OF_TABLE, index.table())
                .forEach(other -> others.add(other.relation().oid()));
        try {
            session.execute("REINDEX INDEX CONCURRENTLY " + index.relation().sql());
        } catch (SQLException e) {
            told(index, e);
            clean(index, others);
            return;
        }
        List<Index> now =
                find(BY_NAME, index.relation().schema(), index.relation().name());
        if (now.isEmpty() || !now.getFirst().valid()) {
            upkeep.failure(Reason.STEP_FAILED, "Index " + index.relation() + " is invalid after it was reindexed.");
            return;
        }
        before += index.bytes();
        after += now.getFirst().bytes();
        rebuilt.add(index.relation() + " (" + ByteSizes.format(index.bytes()) + ", now "
                + ByteSizes.format(now.getFirst().bytes()) + ")");
    }

    /** That values repeat is how the data is, and no later try changes it. */
    private void told(Index index, SQLException e) {
        if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
            upkeep.finding("Index " + index.relation()
                    + " can't be built: values that it keeps unique are there more than once. Correct the rows.");
        } else {
            relations.failed(
                    upkeep,
                    "Index " + index.relation() + " was not reindexed",
                    e,
                    index.relation().oid(),
                    index.table());
        }
    }

    /** What this try has begun: invalid, called after the index, and not there before. */
    private void clean(Index index, Set<Long> others) {
        stop.check();
        for (Index left : find(OF_TABLE, index.table())) {
            if (others.contains(left.relation().oid())
                    || left.relation().oid() == index.relation().oid()
                    || !LEFT.matcher(left.relation().name()).matches()) {
                continue;
            }
            try {
                session.execute("DROP INDEX CONCURRENTLY " + left.relation().sql());
            } catch (SQLException e) {
                relations.failed(
                        upkeep,
                        "What was begun of it, " + left.relation().sql()
                                + ", could not be dropped; DROP INDEX CONCURRENTLY it",
                        e,
                        left.relation().oid(),
                        index.table());
            }
        }
    }

    private List<Index> find(String query, Object... parameters) {
        return session.rows(
                query,
                row -> new Index(
                        new Relation(row.getString(1), row.getString(2), row.getLong(3)),
                        row.getLong(4),
                        row.getBoolean(5),
                        row.getLong(6)),
                parameters);
    }
}

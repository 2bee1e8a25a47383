package dev.mainstay.runner.step;

import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks at a database and its server, and changes nothing. */
final class DatabaseReview {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HUNDRED = 100;

    private final TaskContext context;
    private final DatabaseReviewWork order;

    DatabaseReview(TaskContext context, DatabaseReviewWork order) {
        this.context = context;
        this.order = order;
    }

    StepReport run() {
        DatabaseAccess access = DatabaseAccess.of(order.database(), context.secrets());
        Map<String, Long> facts = new LinkedHashMap<>();
        try (ServerSession session = ServerSession.open(access, order.database().database(), context.stop())) {
            session.limit(PATIENCE, PATIENCE);
            long limit = number(session, "SELECT current_setting('max_connections')::bigint");
            long taken = number(session, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
            facts.put("connections", taken);
            facts.put("maxConnections", limit);
            String message = taken + " of " + limit + " connections are taken.";
            return taken * HUNDRED >= limit * order.connectionsPercent()
                    ? StepReport.findings(message, facts)
                    : StepReport.passed(message, facts);
        }
    }

    private static long number(ServerSession session, String query) {
        return Long.parseLong(session.value(query).orElseThrow());
    }
}

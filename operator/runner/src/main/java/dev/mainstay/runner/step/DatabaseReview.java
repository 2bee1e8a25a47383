package dev.mainstay.runner.step;

import static dev.mainstay.runner.postgres.Identifiers.quoted;

import dev.mainstay.core.task.DatabaseReviewWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import java.time.Duration;

/** Looks at a database and its server, and changes nothing. */
final class DatabaseReview {

    /** For each question: none needs a lock that an application holds for long. */
    private static final Duration LOCKS = Duration.ofSeconds(5);

    private static final Duration QUESTION = Duration.ofMinutes(2);

    private final TaskContext context;
    private final DatabaseReviewWork order;

    DatabaseReview(TaskContext context, DatabaseReviewWork order) {
        this.context = context;
        this.order = order;
    }

    StepReport run() {
        DatabaseAccess access = DatabaseAccess.of(order.database(), context.secrets());
        Review review = new Review();
        try (ServerSession session = ServerSession.open(access, order.database().database(), context.stop())) {
            session.run("", "SET default_transaction_read_only = on");
            session.limit(LOCKS, QUESTION);
            boolean all = session.value("SELECT pg_has_role('pg_read_all_stats', 'USAGE')")
                    .filter("t"::equals)
                    .isPresent();
            if (!all) {
                review.lacks("Of sessions and queries of others the role sees nothing. Run: GRANT pg_monitor TO "
                        + quoted(access.user()) + ";");
            }
            new SessionReview(session, order, review).run(all);
            context.stop().check();
            new StatementReview(session, order, review).run(all);
            context.stop().check();
            new IndexReview(session, order, review).run();
            context.stop().check();
            new BloatReview(session, order, review).run();
            context.stop().check();
            new ServerReview(session, order, review).run();
        }
        return review.report(
                "Nothing of database " + order.database().database() + " is beyond the thresholds of the step.");
    }
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.Databases.Found;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The session that fills an empty database, known by its name. One of a killed Job may still be at a long statement: it can't
 * commit any more, and is ended before anybody looks at what the database holds.
 */
final class RestoringSession {

    private static final Duration ENDING = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofMillis(100);

    /** Of the role's own, which each role may end. */
    private static final String END = """
            SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datid = ?::oid AND application_name = ? AND usename = current_user
            """;

    private RestoringSession() {}

    static String name(Task task) {
        return "mainstay " + task.restore().mark();
    }

    /** Ends what an earlier try has left; whoever calls has the database's lock, so that none is at work that counts. */
    static void end(TaskContext context, ServerSession server, Found database) {
        Instant until = context.clock().instant().plus(ENDING);
        List<Long> left;
        while (!(left = server.rows(END, row -> row.getLong(1), database.oid(), name(context.task()))).isEmpty()) {
            context.stop().check();
            if (context.clock().instant().isAfter(until)) {
                throw new TaskFailure(
                        Reason.ANOTHER_RUNNER,
                        "session " + left.getFirst() + " of an earlier try, which restores into database "
                                + database.name() + ", does not end. It is waited for.");
            }
            pause(context);
        }
    }

    private static void pause(TaskContext context) {
        try {
            Thread.sleep(STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import dev.mainstay.runner.task.Undisturbed;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a verified copy in the place of the database in use. Where that was done before, it says so. Whatever fails before
 * the one transaction that swaps leaves the database as it was, open for connections.
 */
public final class RestoreSwapTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreSwapTask.class);

    /** A Pod that is being deleted has 30 s in all. */
    private static final Duration CLEANUP = Duration.ofSeconds(12);

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        Task task = context.task();
        DatabaseAccess access = DatabaseAccess.of(task.database(), context.secrets());
        boolean begun = false;
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
            server.lockAlone(task.database().database(), context.settings().databaseLockWait());
            Settling settling = new Settling(server, task);
            Standing standing = settling.standing();
            if (standing.swapped()) {
                return standing.result(task, new Databases(server));
            }
            begun = true;
            RestoreReport.Swap swap = new Swap(context, server).run(standing);
            return TaskResult.of(task.kind(), new RestoreReport(null, null, swap));
        } catch (TaskFailure failure) {
            return ended(context, access, begun, failure);
        } catch (RuntimeException unexpected) {
            LOG.error("unexpected", unexpected);
            return ended(
                    context,
                    access,
                    begun,
                    new TaskFailure(
                            Reason.INTERNAL_ERROR,
                            "unexpected " + unexpected.getClass().getSimpleName() + ": " + unexpected.getMessage()
                                    + ". Please report it with this Job's log."));
        }
    }

    /** What to answer, once it is known how it stands: an error may have come after the transaction. */
    private static TaskResult ended(TaskContext context, DatabaseAccess access, boolean begun, TaskFailure failure) {
        if (!begun) {
            throw failure;
        }
        TaskFailure told = context.stop().cause().orElse(failure);
        return Undisturbed.call(() -> opened(context.task(), access, told));
    }

    private static TaskResult opened(Task task, DatabaseAccess access, TaskFailure told) {
        StopSignal time = new StopSignal();
        time.stopAfter(CLEANUP, Reason.DEADLINE_EXCEEDED, "it took longer than " + CLEANUP.toSeconds() + " s");
        try (ServerSession server = ServerSession.open(access, access.target().adminDatabase(), time)) {
            // The session before may still be at it; its lock tells when it is not.
            server.lockAlone(task.database().database(), CLEANUP);
            Settling settling = new Settling(server, task);
            Standing standing = settling.standing();
            if (standing.swapped()) {
                return standing.result(task, new Databases(server));
            }
            settling.open(standing);
        } catch (TaskFailure closed) {
            return Results.failed(
                    task.kind(),
                    told.and(" (" + closed.getMessage() + ")"
                            + Settling.byHand(task.database().database())));
        }
        return Results.failed(
                task.kind(),
                told.and(" Database " + task.database().database() + " was left in place and takes connections."));
    }
}

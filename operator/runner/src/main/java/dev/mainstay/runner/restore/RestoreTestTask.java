package dev.mainstay.runner.restore;

import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.CopyProof.Counted;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores a policy's backup into a database that is dropped again, and proves it there. Of the server's locks it takes that
 * of its own database alone, so neither a dump nor a restore waits for it. What a test that was killed left behind goes
 * first.
 */
public final class RestoreTestTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreTestTask.class);

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        if (!OrderWords.isInPod(context.task())) {
            return new Work(context, DatabaseAccess.of(context.task().database(), context.secrets()), null).run();
        }
        try (PodDatabase pod = PodDatabase.start(context, StoredBackup.open(context))) {
            return new Work(pod.context(), pod.access(), pod).run();
        }
    }

    /** One run, with what it has to clean up. */
    private static final class Work {
        private final TaskContext context;
        private final Task task;
        private final RestoreOrder order;
        private final DatabaseAccess access;
        private final PodDatabase pod;
        private final List<String> leftOut = new ArrayList<>();
        private StoredBackup backup;
        private boolean making;

        /**
         * @param pod the server, when it goes with the Pod and so is not cleaned up; else null
         */
        Work(TaskContext context, DatabaseAccess access, PodDatabase pod) {
            this.pod = pod;
            this.context = context;
            this.task = context.task();
            this.order = task.restore();
            this.access = access;
        }

        /** What was measured, and what is noted beside the backup once nothing can fail any more. */
        private record Tested(RestoreReport.Copy report, Map<String, Long> rows, String clientMajor) {}

        TaskResult run() {
            Tested tested;
            try (ServerSession server =
                    ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
                server.lockAlone(order.copy(), context.settings().databaseLockWait());
                tested = tested(server);
            } catch (TaskFailure failure) {
                return Results.failed(task.kind(), ended(failure));
            } catch (RuntimeException unexpected) {
                dropped();
                throw unexpected;
            }
            return passed(tested);
        }

        private Tested tested(ServerSession server) {
            Databases databases = new Databases(server);
            databases.dropOwnCopy(task);
            databases.find(order.copy()).ifPresent(found -> Databases.refuseOthers(found, task));
            backup = StoredBackup.open(context);
            refuseTooLarge();
            Instant begun = context.clock().instant();
            making = true;
            leftOut.addAll(new CopyDatabase(server, task).make(Optional.empty()));
            context.progress().stage(Stage.RESTORE, 0);
            String clientMajor;
            try (PgRestore restore = new PgRestore(context, access, server, backup)) {
                new ArchiveStream(context, backup).whole(restore);
                restore.finish();
                leftOut.addAll(restore.leftOut());
                leftOut.addAll(pod == null ? List.of() : pod.remarks());
                clientMajor = restore.major();
            }
            return proven(begun, clientMajor);
        }

        private void refuseTooLarge() {
            Long most = order.test().maxDatabaseBytes();
            long bytes = backup.manifest().database().bytes();
            if (most != null && bytes > most) {
                throw new TaskFailure(
                        Reason.DATABASE_TOO_LARGE,
                        OrderWords.object(task)
                                + ", spec.verification.restoreTest.target.sameServer.maxDatabaseBytes: the"
                                + " backup's database has " + bytes + " bytes (" + ByteSizes.format(bytes)
                                + "), and at most " + most + " (" + ByteSizes.format(most)
                                + ") are restored beside the database in use. Nothing was restored. Raise it when the"
                                + " server's disk has room, or give target.server or target.pod.");
            }
        }

        private Tested proven(Instant begun, String clientMajor) {
            context.progress().stage(Stage.CHECK, 99);
            Optional<Map<String, Long>> expected = backup.rows();
            try (ServerSession copy = ServerSession.open(access, order.copy(), context.stop())) {
                CopyProof proof = new CopyProof(context, copy);
                proof.analyze();
                Duration recovery = Duration.between(begun, context.clock().instant());
                Counted counted = proof.compared(expected, leftOut);
                proof.ask(counted);
                return new Tested(
                        new RestoreReport.Copy(
                                copy.value("SELECT pg_database_size(current_database())::text")
                                        .map(Long::valueOf)
                                        .orElse(0L),
                                counted.tables(),
                                counted.sum(),
                                expected.isPresent(),
                                LeftOut.fitting(leftOut),
                                leftOut.size(),
                                recovery.toSeconds()),
                        counted.rows(),
                        clientMajor);
            }
        }

        /** The backup is proven, whatever becomes of the database and of the note. */
        private TaskResult passed(Tested tested) {
            Optional<TaskFailure> trouble = dropped()
                    .map(left -> new TaskFailure(left.reason(), "The backup was restored and is sound." + stays(left)))
                    .or(() -> noted(tested));
            return new TaskResult(
                    Task.CONTRACT_VERSION,
                    task.kind(),
                    Outcome.COMMITTED,
                    trouble.map(failure -> failure.reason().text()).orElse(null),
                    trouble.map(TaskFailure::getMessage).orElse(null),
                    List.of(),
                    null,
                    null,
                    null,
                    new RestoreReport(null, tested.report(), null));
        }

        /** Retention looks at what stands in the bucket. */
        private Optional<TaskFailure> noted(Tested tested) {
            try {
                if (backup.stands()) {
                    backup.proveByRestore(tested.rows(), tested.clientMajor());
                }
                return Optional.empty();
            } catch (TaskFailure unwritten) {
                return Optional.of(context.stop()
                        .cause()
                        .orElse(unwritten)
                        .and(" The backup was restored and is sound; that could only not be noted beside it."));
            }
        }

        /** What to answer, after dropping the database. */
        private TaskFailure ended(TaskFailure failure) {
            TaskFailure told = context.stop()
                    .cause()
                    .map(cause -> cause.and(" (" + context.progress().where() + ")."))
                    .orElseGet(
                            () -> removedMeanwhile().orElseGet(() -> pod == null ? failure : pod.explained(failure)));
            if (!making || pod != null) {
                return told;
            }
            return told.and(left(CopyCleanup.after(told, access, task))
                    .map(this::stays)
                    .orElseGet(() -> " Database " + order.copy() + " was dropped again."));
        }

        /** What retention removes while it is read is not damaged. */
        private Optional<TaskFailure> removedMeanwhile() {
            try {
                return backup == null || backup.stands()
                        ? Optional.empty()
                        : Optional.of(new TaskFailure(
                                Reason.BACKUP_NOT_FOUND, "the backup was removed while it was being restored."));
            } catch (TaskFailure unknown) {
                return Optional.empty();
            }
        }

        private String stays(TaskFailure left) {
            return " Database " + order.copy() + " could not be dropped (" + left.getMessage()
                    + "); the next test drops it first.";
        }

        private Optional<TaskFailure> dropped() {
            return pod == null ? left(CopyCleanup.drop(access, task)) : Optional.empty();
        }

        /** What is left stands in the log too. */
        private Optional<TaskFailure> left(Optional<TaskFailure> kept) {
            kept.ifPresent(left -> LOG.warn("database {} is left: {}", order.copy(), left.getMessage()));
            return kept;
        }
    }
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
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
 * Restores a backup into a database of its own and proves it there. The database in use is never touched. What an earlier
 * run of the same request made is dropped first, and so is what this one made when it fails.
 */
public final class RestoreCopyTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreCopyTask.class);

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        DatabaseAccess access = DatabaseAccess.of(context.task().database(), context.secrets());
        StoredBackup backup = StoredBackup.open(context);
        refuseForeign(context, backup);
        return new Work(context, access, backup).run();
    }

    /** The plan has said so before; but who runs a task is not who planned it. */
    static void refuseForeign(TaskContext context, StoredBackup backup) {
        Task task = context.task();
        if (!task.restore().allowForeignSource()) {
            backup.foreignOrigin(task.origin()).ifPresent(origin -> {
                throw new TaskFailure(Reason.FOREIGN_SOURCE, ArchiveCheck.foreign(task, origin));
            });
        }
    }

    /** One run, with what it has to clean up. */
    private static final class Work {
        private final TaskContext context;
        private final Task task;
        private final RestoreOrder order;
        private final DatabaseAccess access;
        private final StoredBackup backup;
        private final List<String> leftOut = new ArrayList<>();
        private boolean making;

        Work(TaskContext context, DatabaseAccess access, StoredBackup backup) {
            this.context = context;
            this.task = context.task();
            this.order = task.restore();
            this.access = access;
            this.backup = backup;
        }

        TaskResult run() {
            Duration patience = context.settings().databaseLockWait();
            try (ServerSession server =
                    ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
                server.lockShared(task.database().database(), patience);
                server.lockAlone(order.copy(), patience);
                return TaskResult.of(task.kind(), new RestoreReport(null, restored(server), null));
            } catch (TaskFailure failure) {
                return Results.failed(task.kind(), ended(failure));
            } catch (RuntimeException unexpected) {
                LOG.error("unexpected", unexpected);
                return Results.failed(
                        task.kind(),
                        ended(new TaskFailure(
                                Reason.INTERNAL_ERROR,
                                "unexpected " + unexpected.getClass().getSimpleName() + ": " + unexpected.getMessage()
                                        + ". Please report it with this Job's log.")));
            }
        }

        private RestoreReport.Copy restored(ServerSession server) {
            Instant begun = context.clock().instant();
            ServerRoles roles = new ServerRoles(server, order);
            ArchiveStream archive = new ArchiveStream(context, backup);
            Optional<CopySettings> settings =
                    backup.settings().map(archive::opened).map(CopySettings::new);
            Databases databases = new Databases(server);
            Optional<String> owner = databases
                    .find(task.database().database())
                    .map(Databases.Found::owner)
                    .or(() -> settings.flatMap(CopySettings::owner)
                            .map(roles::inPlaceOf)
                            .filter(roles::exists));
            databases.find(order.copy()).ifPresent(found -> Databases.refuseOthers(found, task));
            making = true;
            leftOut.addAll(new CopyDatabase(server, task).make(owner));
            context.progress().stage(Stage.RESTORE, 0);
            try (PgRestore restore = new PgRestore(context, access, server, backup)) {
                archive.whole(restore);
                restore.finish();
                leftOut.addAll(restore.leftOut());
            }
            return proven(server, settings, roles, begun);
        }

        private RestoreReport.Copy proven(
                ServerSession server, Optional<CopySettings> settings, ServerRoles roles, Instant begun) {
            context.progress().stage(Stage.CHECK, 99);
            Optional<Map<String, Long>> expected = backup.rows();
            Counted counted;
            try (ServerSession copy = ServerSession.open(access, order.copy(), context.stop())) {
                CopyProof proof = new CopyProof(context, copy);
                counted = proof.compared(expected, leftOut);
                proof.analyze();
            }
            // What was set on the database holds for the session that asks the queries.
            settings.ifPresentOrElse(
                    known -> leftOut.addAll(known.apply(server, order.copy(), roles::inPlaceOf)),
                    () -> leftOut.add("settings and grants of the database: the backup has none" + absentReason()));
            try (ServerSession copy = ServerSession.open(access, order.copy(), context.stop())) {
                new CopyProof(context, copy).ask(counted);
            }
            Databases databases = new Databases(server);
            Databases.Found made = databases
                    .find(order.copy())
                    .filter(found -> found.isOf(order.mark()))
                    .orElseThrow(() -> new TaskFailure(
                            Reason.RESTORE_FAILED,
                            "database " + order.copy() + " was dropped or made anew by somebody else meanwhile."));
            return new RestoreReport.Copy(
                    Optional.ofNullable(databases.bytes(made)).orElse(0L),
                    counted.tables(),
                    counted.sum(),
                    expected.isPresent(),
                    LeftOut.fitting(leftOut),
                    leftOut.size(),
                    Duration.between(begun, context.clock().instant()).toSeconds());
        }

        private String absentReason() {
            return backup.manifest().settings() == null
                            || backup.manifest().settings().absent() == null
                    ? ""
                    : " (" + backup.manifest().settings().absent() + ")";
        }

        /** What to answer, after dropping the copy. */
        private TaskFailure ended(TaskFailure failure) {
            TaskFailure told = context.stop()
                    .cause()
                    .map(cause -> cause.and(" (" + context.progress().where() + ")."))
                    .orElse(failure);
            if (!making) {
                return told;
            }
            return told.and(CopyCleanup.after(told, access, task)
                            .map(left -> " The copy " + order.copy() + " could not be dropped (" + left.getMessage()
                                    + "), and will be.")
                            .orElse(" The copy was dropped.")
                    + " Database " + task.database().database() + " was not touched.");
        }
    }
}

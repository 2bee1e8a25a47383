package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskProgress.Stage;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.Psql;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.restore.CopyProof.Counted;
import dev.mainstay.runner.restore.Databases.Found;
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
 * Restores a backup into the database itself, which must be empty. One transaction restores, counts, asks, and marks the
 * database as filled by this request: so whatever ends it, the database is as it was or holds all of the backup, and the mark
 * tells which. Where the mark stands already, an earlier try has done it.
 */
public final class RestoreIntoEmptyTask implements TaskWork {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreIntoEmptyTask.class);

    @Override
    public TaskResult run(TaskContext context) {
        RestoreTime.check(context);
        DatabaseAccess access = DatabaseAccess.of(context.task().database(), context.secrets());
        StoredBackup backup = StoredBackup.open(context);
        RestoreCopyTask.refuseForeign(context, backup);
        return new Work(context, access, backup).run();
    }

    /** One run. */
    private static final class Work {
        private final TaskContext context;
        private final Task task;
        private final DatabaseAccess access;
        private final StoredBackup backup;
        private final String database;
        private final List<String> leftOut = new ArrayList<>();
        private boolean begun;
        private boolean committing;

        Work(TaskContext context, DatabaseAccess access, StoredBackup backup) {
            this.context = context;
            this.task = context.task();
            this.access = access;
            this.backup = backup;
            this.database = task.database().database();
        }

        TaskResult run() {
            try (ServerSession server =
                    ServerSession.open(access, access.target().adminDatabase(), context.stop())) {
                server.lockAlone(database, context.settings().databaseLockWait());
                return TaskResult.of(task.kind(), new RestoreReport(null, filled(server), null));
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

        private RestoreReport.Copy filled(ServerSession server) {
            Instant since = context.clock().instant();
            Databases databases = new Databases(server);
            Found found = databases
                    .find(database)
                    .orElseThrow(() -> new TaskFailure(
                            Reason.DATABASE_NOT_FOUND,
                            OrderWords.object(task) + ": server " + access.server() + " has no database " + database
                                    + ". Make it, or make a request with mode: Swap, which makes it."));
            RestoringSession.end(context, server, found);
            boolean owns = databases.owns(found);
            ServerRoles roles = new ServerRoles(server, task.restore());
            Optional<CopySettings> settings = backup.settings()
                    .map(new ArchiveStream(context, backup)::opened)
                    .map(CopySettings::new);
            Counted counted;
            if (found.isOf(task.restore().mark())) {
                counted = again();
            } else {
                refuseContents(owns);
                counted = restored(server, found, owns, settings);
            }
            // It is committed: whatever fails now is told, and no reason to say that it was not restored.
            apply(server, owns, settings, roles);
            return new RestoreReport.Copy(
                    Optional.ofNullable(databases.bytes(found)).orElse(0L),
                    counted.tables(),
                    counted.sum(),
                    backup.rows().isPresent(),
                    LeftOut.fitting(leftOut),
                    leftOut.size(),
                    Duration.between(since, context.clock().instant()).toSeconds());
        }

        /** An earlier try has restored, verified and committed it, and could not tell so. */
        private Counted again() {
            leftOut.add("the log of an earlier Job of this request says what was left out: that one restored it");
            try (ServerSession inside = ServerSession.open(access, database, context.stop())) {
                return new CopyProof(context, inside).compared(Optional.empty(), leftOut);
            }
        }

        private void refuseContents(boolean owns) {
            try (ServerSession inside = ServerSession.open(access, database, context.stop())) {
                DatabaseContents contents = DatabaseContents.of(inside);
                if (!contents.isEmpty()) {
                    TaskFailure refusal = contents.refusal(database);
                    throw owns || task.attempt() == 1
                            ? refusal
                            : refusal.and(
                                    " An earlier try of this request was lost, and it may be what that one restored: role "
                                            + access.user()
                                            + " does not own the database, so nothing could be marked there.");
                }
            }
        }

        private Counted restored(ServerSession server, Found found, boolean owns, Optional<CopySettings> settings) {
            begun = true;
            context.progress().stage(Stage.RESTORE, 0);
            try (Psql psql = Psql.inTransaction(
                    PgRestore.folder(context, backup, ServerFacts.of(server), access),
                    access,
                    RestoringSession.name(task),
                    context.stop())) {
                psql.listen();
                String transaction = psql.value("SELECT txid_current()");
                psql.run("\\o /dev/null");
                try (PgRestore restore = new PgRestore(context, access, server, backup, psql)) {
                    new ArchiveStream(context, backup).whole(restore);
                    restore.finish();
                    leftOut.addAll(restore.leftOut());
                }
                psql.endScript();
                psql.listen();
                if (!transaction.equals(psql.value("SELECT coalesce(txid_current_if_assigned(), 0)"))) {
                    throw new TaskFailure(
                            Reason.RESTORE_FAILED,
                            "the backup holds a statement that ends a transaction, so that part of it may be in the database"
                                    + " and was not verified.");
                }
                Counted counted = proven(psql, settings);
                committing = true;
                psql.run((owns ? Databases.comment(database, DatabaseMark.ofFilled(task, found.comment())) + "; " : "")
                        + "COMMIT;");
                committing = false;
                begun = false;
                return counted;
            }
        }

        private Counted proven(Psql psql, Optional<CopySettings> settings) {
            context.progress().stage(Stage.CHECK, 99);
            Optional<Map<String, Long>> expected = backup.rows();
            UncommittedProof proof = new UncommittedProof(context, psql);
            Counted counted = proof.compared(expected, leftOut);
            psql.run("ANALYZE;");
            proof.ask(counted, settings.map(CopySettings::ofSessions).orElse(List.of()));
            return counted;
        }

        private void apply(ServerSession server, boolean owns, Optional<CopySettings> settings, ServerRoles roles) {
            if (settings.isEmpty()) {
                leftOut.add("settings and grants of the database: the backup has none");
            } else if (!owns) {
                leftOut.add("settings and grants of the database: role " + access.user() + " does not own " + database
                        + "; have its owner run what settings.sql of the backup has");
            } else {
                try {
                    leftOut.addAll(settings.get().applyTo(server, database, roles::inPlaceOf));
                } catch (TaskFailure failure) {
                    leftOut.add("settings and grants of the database: " + failure.getMessage());
                }
            }
        }

        private TaskFailure ended(TaskFailure failure) {
            TaskFailure told = context.stop()
                    .cause()
                    .map(cause -> cause.and(" (" + context.progress().where() + ")."))
                    .orElse(failure);
            if (committing) {
                return told.and(" That came while it was being committed: it is looked at whether it was.");
            }
            return begun ? told.and(" Nothing of it was committed.") : told;
        }
    }
}

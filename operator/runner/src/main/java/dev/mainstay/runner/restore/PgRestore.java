package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.Pipeline;
import dev.mainstay.runner.postgres.Pipeline.Program;
import dev.mainstay.runner.postgres.Psql;
import dev.mainstay.runner.postgres.RestoreErrors;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * pg_restore into the copy, or as a script for psql. It starts when the table of contents is known: what is left out and who takes whose place
 * stands in that. An error is the end of it.
 */
final class PgRestore implements ArchiveStream.Receiver, AutoCloseable {

    private final TaskContext context;
    private final RestoreOrder order;
    private final DatabaseAccess access;
    private final ServerSession server;
    private final StoredBackup backup;
    private final Psql psql;
    private final List<String> leftOut = new ArrayList<>();
    private Pipeline pipeline;
    private Path list;
    private String major;
    private ScriptPump pump;
    private Thread pumping;

    PgRestore(TaskContext context, DatabaseAccess access, ServerSession server, StoredBackup backup) {
        this(context, access, server, backup, null);
    }

    /**
     * Prepares it.
     *
     * @param psql what runs the script, and does not get the COMMIT at its end; null where pg_restore itself restores
     */
    PgRestore(TaskContext context, DatabaseAccess access, ServerSession server, StoredBackup backup, Psql psql) {
        Task task = context.task();
        this.context = context;
        this.order = task.restore();
        this.access = access.in(task.restore().copy());
        this.server = server;
        this.backup = backup;
        this.psql = psql;
    }

    @Override
    public boolean begin(ArchiveToc toc) {
        ServerFacts facts = ServerFacts.of(server);
        TocSelection selection = new TocSelection(
                toc.entries(), facts.superuser(), facts.extensions(), new LabelProviders(server)::loads);
        selection.obstacles().stream().findFirst().ifPresent(obstacle -> {
            throw obstacle.missing() && OrderWords.isInPod(context.task())
                    ? ArchiveCheck.missingInPod(obstacle.extension(), OrderWords.object(context.task()))
                    : ArchiveCheck.failure(obstacle, access.user());
        });
        ServerRoles roles = new ServerRoles(server, order);
        make(roles, selection.roles(), facts.superuser());
        leftOut.addAll(selection.leftOut());
        byte[] head = roles.allAreTheirOwn() && facts.superuser()
                ? toc.bytes()
                : toc.withRoles(roles::inPlaceOf, !facts.superuser());
        pipeline = Pipeline.start(List.of(program(selection, facts)), context.stop());
        if (psql != null) {
            pump = new ScriptPump(pipeline.output(), psql.input());
            // Pipes hold on to their carriers, so this is a thread of the operating system.
            pumping = Thread.ofPlatform().daemon().name("script").start(pump);
        }
        return take(head, head.length);
    }

    private void make(ServerRoles roles, Map<String, String> needed, boolean superuser) {
        Map<String, String> missing = roles.missing(needed);
        if (!missing.isEmpty() && !order.createMissingRoles()) {
            throw new TaskFailure(Reason.ROLE_MISSING, ArchiveCheck.missing(missing, access.server()));
        }
        roles.make(missing.keySet(), superuser);
    }

    private Program program(TocSelection selection, ServerFacts facts) {
        Path folder = folder(context, backup, facts, access);
        major = folder.getParent().getFileName().toString();
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("pg_restore").toString(), "--format=custom", "--exit-on-error", "--no-password"));
        command.addAll(
                psql == null
                        // Only then does it say at which entry an error was.
                        ? List.of("--verbose", "--dbname=" + access.connectionString())
                        : List.of("--single-transaction", "--file=-"));
        if (!selection.leftOut().isEmpty()) {
            command.add("--use-list=" + written(selection.restored()));
        }
        Set<String> unknown = facts.unknownTablespaces(selection.tablespaces());
        if (!unknown.isEmpty()) {
            command.add("--no-tablespaces");
            leftOut.add("tablespaces: the server lacks " + String.join(", ", unknown) + ", or role " + access.user()
                    + " may not use them, so all is in the default one");
        }
        return new Program("pg_restore", command, access.environment(), line -> {});
    }

    /** Folder of the programs that restore a backup on a server. */
    static Path folder(TaskContext context, StoredBackup backup, ServerFacts facts, DatabaseAccess access) {
        return new ClientPrograms(context.settings().postgresFolder())
                .thatRestore(backup.manifest().archive().clientMajor(), facts.major(), "server " + access.server());
    }

    private Path written(List<Integer> numbers) {
        try {
            list = Files.createTempFile("mainstay-list-", "");
            return Files.writeString(
                    list, numbers.stream().map(id -> id + ";\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean take(byte[] buffer, int length) {
        try {
            pipeline.input().write(buffer, 0, length);
            return true;
        } catch (IOException e) {
            // It has ended; its exit code tells why.
            return false;
        }
    }

    /** Waits for its end; throws a TaskFailure that tells what went wrong. */
    void finish() {
        try {
            pipeline.input().close();
        } catch (IOException e) {
            // It has ended.
        }
        awaitScript();
        Pipeline.Exit exit = pipeline.await().getFirst();
        context.stop().check();
        if (pump != null && pump.refused()) {
            throw psql.ended();
        }
        RestoreErrors.of(exit).ifPresent(failure -> {
            throw failure;
        });
        if (pump != null && pump.failure() != null) {
            throw pump.failure();
        }
    }

    private void awaitScript() {
        if (pumping == null) {
            return;
        }
        try {
            pumping.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }

    /** Major version of the program. */
    String major() {
        return major;
    }

    /** What was left out, each with the reason. */
    List<String> leftOut() {
        return leftOut;
    }

    @Override
    public void close() {
        if (pipeline != null) {
            pipeline.close();
        }
        if (list != null) {
            try {
                Files.deleteIfExists(list);
            } catch (IOException e) {
                // It goes with the Pod.
            }
        }
    }
}

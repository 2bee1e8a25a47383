package dev.mainstay.runner.process;

import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One restore as a test sets it up: of a backup, by a superuser, into the place of the database, until the test says more. */
final class Restore {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Makes and holds what a Pod has: settings, Secrets, the bucket. */
    final Attempt pod;

    final String id = Integer.toString(NUMBER.incrementAndGet());
    String path;
    String database;
    String mark = "0b6ec5a4-" + id;
    String copy;
    String previous;
    boolean copyIsKept;
    boolean createMissingRoles;
    Map<String, String> roleMapping = Map.of();
    int minimumTables = 1;
    List<RestoreQuery> queries = List.of();
    boolean identity;
    boolean allowForeignSource;
    boolean fenceMayStand;
    boolean intoEmpty;
    int attempt = 1;
    RestoreOrder.Test test;
    String policy = "nightly";
    String namespace = "shop";
    String clusterId = "cluster-1";

    /** Of a backup that was made. */
    Restore(Path folder, Attempt backup) {
        this(folder, backup.database);
        path = backup.path;
    }

    /** Of a database on the server. */
    Restore(Path folder, String database) {
        this.pod = new Attempt(folder);
        this.database = database;
        this.copy = database + "_restore_" + id;
        this.previous = database + "_before_" + id;
        as(PostgresServer.ADMIN, PostgresServer.ADMIN_PASSWORD);
    }

    /** By this role. */
    Restore as(String role, String password) {
        pod.secret("admin", "username", role);
        pod.secret("admin", "password", password);
        return this;
    }

    /** The same once more, with what has happened to a Pod forgotten. */
    Restore again(Path folder) {
        Restore again = new Restore(folder, database);
        again.path = path;
        again.mark = mark;
        again.copy = copy;
        again.previous = previous;
        again.copyIsKept = copyIsKept;
        again.roleMapping = roleMapping;
        again.createMissingRoles = createMissingRoles;
        return again;
    }

    TaskResult plan() {
        return pod.run(task(TaskKind.RESTORE_PLAN));
    }

    List<Finding> findings() {
        return plan().restore().facts().findings();
    }

    TaskResult copy() {
        return pod.run(task(TaskKind.RESTORE_COPY));
    }

    /** A restore test: beside the database, unless its Pod is given another server. */
    TaskResult test() {
        return pod.run(task(TaskKind.RESTORE_TEST));
    }

    TaskResult fill() {
        return pod.run(task(TaskKind.RESTORE_INTO_EMPTY));
    }

    TaskResult swap() {
        return pod.run(task(TaskKind.RESTORE_SWAP));
    }

    TaskResult settle() {
        return pod.run(task(TaskKind.RESTORE_SETTLE));
    }

    /** Begins a task on a thread of its own. */
    CompletableFuture<TaskResult> begin(TaskKind kind) {
        CompletableFuture<TaskResult> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(pod.run(task(kind)));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    Task task(TaskKind kind) {
        Task backups = pod.task(TaskKind.SETTLE);
        return new Task(
                Task.CONTRACT_VERSION,
                kind,
                new Origin(
                        clusterId,
                        namespace,
                        "shop",
                        policy,
                        "ecommerce",
                        "first",
                        "uid",
                        MadeBy.OPERATION,
                        null,
                        null),
                attempt,
                path,
                path == null ? null : path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1),
                test != null && test.pod() != null
                        ? null
                        : new DatabaseTarget(
                                pod.host,
                                pod.port,
                                database,
                                pod.adminDatabase,
                                "prefer",
                                new MountedSecret(
                                        "admin",
                                        "shop-db-admin",
                                        Map.of("username", "username", "password", "password")),
                                null,
                                null),
                path == null ? null : backups.storage(),
                null,
                null,
                pod.startBy,
                pod.timeoutSeconds,
                null,
                new RestoreOrder(
                        "restore-" + id,
                        mark,
                        copy,
                        copyIsKept,
                        previous,
                        createMissingRoles,
                        roleMapping,
                        minimumTables,
                        queries,
                        identity ? new MountedSecret("identity", "shop-identity", Map.of("identity", "key.txt")) : null,
                        allowForeignSource,
                        fenceMayStand,
                        intoEmpty,
                        test));
    }
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.DatabaseTarget;
import dev.mainstay.runner.backup.StoredBackup;
import dev.mainstay.runner.postgres.ClientPrograms;
import dev.mainstay.runner.postgres.DatabaseAccess;
import dev.mainstay.runner.postgres.ServerSession;
import dev.mainstay.runner.server.ServerEnd;
import dev.mainstay.runner.server.ServerFolder;
import dev.mainstay.runner.server.ServerOrder;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The server of a test that has a server of its own, in the container beside this one. It goes with the Pod. */
final class PodDatabase implements AutoCloseable {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration MEASURED_EVERY = Duration.ofSeconds(5);
    private static final String DATABASE = "postgres";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern WHY = Pattern.compile("FATAL:|PANIC:|error:|was terminated by signal");
    private static final Pattern FULL = Pattern.compile("No space left on device|Disk quota exceeded");

    private final TaskContext context;
    private final PodServer server;
    private final ServerFolder folder;
    private final DatabaseAccess access;
    private final List<String> remarks;
    private Thread measuring;

    private PodDatabase(TaskContext context, ServerFolder folder, DatabaseAccess access, List<String> remarks) {
        this.context = context;
        this.server = context.task().restore().test().pod();
        this.folder = folder;
        this.access = access;
        this.remarks = remarks;
    }

    /** Has one of the backup's own major version started; throws a TaskFailure that tells why there is none. */
    static PodDatabase start(TaskContext context, StoredBackup backup) {
        int major = backup.manifest().database().major();
        new ClientPrograms(context.settings().postgresFolder()).requireServer(major);
        DatabaseLocale locale = DatabaseLocale.of(new ArchiveStream(context, backup).head());
        ServerOrder order = new ServerOrder(major, freePort(), UUID.randomUUID().toString(), locale.arguments());
        DatabaseAccess access = new DatabaseAccess(
                new DatabaseTarget(LOOPBACK, order.port(), DATABASE, DATABASE, "disable", null, null, null),
                ServerOrder.SUPERUSER,
                order.password(),
                null,
                null,
                "the PostgreSQL in the Pod",
                "password");
        PodDatabase started = new PodDatabase(
                context,
                new ServerFolder(context.settings().serverFolder()),
                access,
                locale.instead().stream().toList());
        started.begin(order);
        return started;
    }

    private void begin(ServerOrder order) {
        try {
            folder.order(order);
        } catch (IOException e) {
            throw new TaskFailure(
                    Reason.SERVER_FAILED,
                    field() + ": the volume can't be written to: " + e.getMessage()
                            + ". See that user and group of the Pod may.");
        }
        measuring = Thread.ofVirtual().name("size").start(this::measure);
        try {
            await();
        } catch (TaskFailure failure) {
            close();
            throw failure;
        }
    }

    private void await() {
        Instant until = context.clock().instant().plus(STARTS_WITHIN);
        while (true) {
            context.stop().check();
            folder.end().ifPresent(end -> {
                throw failure("did not start", end);
            });
            try (ServerSession _ = ServerSession.open(access, DATABASE, context.stop())) {
                return;
            } catch (TaskFailure notYet) {
                context.stop().check();
                if (context.clock().instant().isAfter(until)) {
                    throw new TaskFailure(
                            Reason.SERVER_FAILED,
                            "the PostgreSQL of the test did not start within " + STARTS_WITHIN.toMinutes()
                                    + " min. The log of the Pod's container " + PodServer.VOLUME + " may tell more.");
                }
            }
            pause(STEP);
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.stop().check();
        }
    }

    /** The kubelet looks more seldom, and would leave nothing to tell why. */
    private void measure() {
        try {
            while (folder.bytes() <= server.bytes()) {
                TimeUnit.NANOSECONDS.sleep(MEASURED_EVERY.toNanos());
            }
            context.stop().stop(Reason.DISK_FULL, outgrown() + ", and the test was ended; raise it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The context of a task that names this server. */
    TaskContext context() {
        Task task = context.task();
        return new TaskContext(
                new Task(
                        task.contractVersion(),
                        task.kind(),
                        task.origin(),
                        task.attempt(),
                        task.path(),
                        task.policyPath(),
                        access.target(),
                        task.storage(),
                        task.dump(),
                        task.verification(),
                        task.startBy(),
                        task.timeoutSeconds(),
                        task.retention(),
                        task.restore()),
                context.startedAt(),
                context.settings(),
                context.secrets(),
                context.stop(),
                context.progress(),
                context.clock());
    }

    DatabaseAccess access() {
        return access;
    }

    /** What is to be known of the copy, whatever becomes of it. */
    List<String> remarks() {
        return remarks;
    }

    /** What a failure means that comes of this server. */
    TaskFailure explained(TaskFailure failure) {
        if (failure.reason() == Reason.DISK_FULL) {
            return full(failure.logTail());
        }
        return failure.reason() == Reason.CONNECTION_FAILED
                ? awaitedEnd().map(end -> failure("ended", end)).orElse(failure)
                : failure;
    }

    /** Its sessions end before it does. */
    private Optional<ServerEnd> awaitedEnd() {
        Instant until = context.clock().instant().plus(ENDS_WITHIN);
        while (folder.end().isEmpty() && context.clock().instant().isBefore(until)) {
            pause(STEP);
        }
        return folder.end();
    }

    private TaskFailure failure(String what, ServerEnd end) {
        if (end.tail().stream().anyMatch(line -> FULL.matcher(line).find())) {
            return full(end.tail());
        }
        String said = end.tail().stream()
                .filter(line -> WHY.matcher(line).find())
                .reduce((first, second) -> second)
                .map(line -> " It said: " + line + (line.endsWith(".") ? "" : "."))
                .orElse("");
        return new TaskFailure(
                Reason.SERVER_FAILED,
                "the PostgreSQL of the test, in the Pod's container " + PodServer.VOLUME + ", " + what + ": "
                        + end.message() + "." + said
                        + " Look at the memory limit in spec.jobTemplate.resources of the ManagedApplication.",
                end.tail());
    }

    private TaskFailure full(List<String> tail) {
        return new TaskFailure(
                Reason.DISK_FULL,
                outgrown() + ": the disk under it is full. "
                        + (server.storageClassName() == null
                                ? "Raise it, so that a node with more room is chosen, or name a storageClassName beside it."
                                : "Raise it."),
                tail);
    }

    private String outgrown() {
        return "the copy did not fit in size: " + server.size() + " (" + field() + ")";
    }

    private String field() {
        return OrderWords.object(context.task()) + ", spec.verification.restoreTest.target.pod";
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        measuring.interrupt();
    }
}

package dev.mainstay.runner;

import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder.PodServer;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.runner.page.PageProgram;
import dev.mainstay.runner.server.ServerFolder;
import dev.mainstay.runner.server.ServerProgram;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program in the Jobs: one task in, one result out. The result goes to the termination message; the exit code is 0
 * when the task did what it is for, else 1. On SIGTERM children are ended and uploads aborted before the program ends.
 */
public final class RunnerMain {

    private static final Logger LOG = LoggerFactory.getLogger(RunnerMain.class);
    /** A Pod is killed when its grace is over, and what was found has to be told before. */
    private static final int SECONDS_TO_TELL = 15;

    private static final int PARTS_OF_MEMORY = 4;

    private RunnerMain() {}

    /**
     * Runs the task of the environment.
     *
     * @param args {@code --train} to load what a task loads and end; {@code --page} to serve a maintenance page instead;
     *     {@code --postgres} to start a server for the task in the container beside this one
     */
    public static void main(String[] args) throws IOException {
        Clock clock = Clock.systemUTC();
        Instant startedAt = processStarted(clock.instant());
        RunnerSettings settings = RunnerSettings.ofImage();
        if (args.length == 1 && args[0].equals("--train")) {
            Training.run(settings);
            return;
        }
        if (args.length == 1 && args[0].equals(PageContent.ARGUMENT)) {
            servePage(clock);
            return;
        }
        if (args.length == 1 && args[0].equals(PodServer.ARGUMENT)) {
            servePostgres(settings);
            return;
        }
        Task task;
        try {
            task = TaskJson.readTask(System.getenv().getOrDefault(Task.ENVIRONMENT_VARIABLE, ""));
        } catch (IllegalArgumentException e) {
            // Without a task there is no result; the operator says that there was none, and this line stands in the
            // log.
            LOG.error("{}", e.getMessage());
            System.exit(1);
            return;
        }
        StopSignal stop = new StopSignal();
        CountDownLatch written = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stopAndWait(task, stop, written)));
        LOG.info("{} of {}/{}, attempt {}", task.kind().text(), task.origin().namespace(), name(task), task.attempt());
        TaskResult result = new Runner(settings, clock, System.out).run(task, startedAt, stop);
        log(result);
        write(settings.terminationMessage(), result);
        written.countDown();
        System.exit(done(task, result) ? 0 : 1);
    }

    /** The object that the task is for. */
    private static String name(Task task) {
        if (task.restore() != null) {
            return task.restore().request();
        }
        if (task.step() != null) {
            return task.step().run() + ", step " + task.step().step();
        }
        return task.origin().backup() == null
                ? task.origin().policy()
                : task.origin().backup();
    }

    private static void servePage(Clock clock) {
        try {
            PageProgram.run(System.getenv().getOrDefault(PageContent.ENVIRONMENT_VARIABLE, ""), clock);
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("the page can't be served: {}", e.getMessage());
            System.exit(1);
        }
    }

    /** Its container stays until the Pod's end: one that ended would be begun anew. */
    private static void servePostgres(RunnerSettings settings) throws IOException {
        ServerProgram program = new ServerProgram(
                new ServerFolder(settings.serverFolder()),
                settings.postgresFolder(),
                Runtime.getRuntime().maxMemory() / PARTS_OF_MEMORY);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(program::close));
        try {
            program.run();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a busy node it takes long from the container's start to here. */
    private static Instant processStarted(Instant now) {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .filter(now::isAfter)
                .orElse(now);
    }

    private static void stopAndWait(Task task, StopSignal stop, CountDownLatch written) {
        if (written.getCount() == 0) {
            return;
        }
        stop.stop(Reason.CANCELLED, "the task was told to stop, and ended what it had begun");
        int seconds = task.kind().graceSeconds() - SECONDS_TO_TELL;
        try {
            if (!written.await(seconds, TimeUnit.SECONDS)) {
                LOG.error("cleaning up was not done within {} s", seconds);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Settling has done its work whatever it found, a removal when nothing is left. */
    private static boolean done(Task task, TaskResult result) {
        return switch (task.kind()) {
            case BACKUP,
                    VERIFY,
                    RESTORE_READY,
                    RESTORE_PLAN,
                    RESTORE_COPY,
                    RESTORE_SWAP,
                    RESTORE_INTO_EMPTY,
                    RESTORE_SETTLE,
                    RESTORE_TEST,
                    STEP -> result.outcome() == Outcome.COMMITTED;
            case SETTLE -> result.outcome() != Outcome.FAILED;
            case REMOVE, PREFLIGHT -> result.outcome() == Outcome.ABORTED;
        };
    }

    private static void log(TaskResult result) {
        if (result.preflight() != null) {
            LOG.info(
                    "looked at everything: {} errors, {} warnings",
                    result.preflight().errors(),
                    result.preflight().warnings());
        } else if (result.reason() == null) {
            LOG.info("{}: {}", result.outcome(), told(result));
        } else {
            LOG.warn("{}, {}: {}", result.outcome(), result.reason(), result.message());
            result.logTail().forEach(line -> LOG.warn("| {}", line));
        }
        if (result.retention() != null) {
            LOG.info("{}", result.retention());
        }
    }

    private static Object told(TaskResult result) {
        if (result.restore() != null) {
            return result.restore();
        }
        if (result.step() != null) {
            return result.step();
        }
        return result.backup() == null ? "nothing is left" : result.backup();
    }

    private static void write(Path file, TaskResult result) {
        try {
            Files.write(file, Results.bounded(result));
        } catch (IOException e) {
            LOG.error("the result can't be written to {}: {}", file, e.toString());
        }
    }
}

package dev.mainstay.runner;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.backup.BackupTask;
import dev.mainstay.runner.backup.RemoveTask;
import dev.mainstay.runner.backup.SettleTask;
import dev.mainstay.runner.backup.VerifyTask;
import dev.mainstay.runner.preflight.PreflightTask;
import dev.mainstay.runner.restore.RestoreCopyTask;
import dev.mainstay.runner.restore.RestoreIntoEmptyTask;
import dev.mainstay.runner.restore.RestorePlanTask;
import dev.mainstay.runner.restore.RestoreReadyTask;
import dev.mainstay.runner.restore.RestoreSettleTask;
import dev.mainstay.runner.restore.RestoreSwapTask;
import dev.mainstay.runner.restore.RestoreTestTask;
import dev.mainstay.runner.step.StepTask;
import dev.mainstay.runner.task.MountedSecrets;
import dev.mainstay.runner.task.ProgressReporter;
import dev.mainstay.runner.task.Results;
import dev.mainstay.runner.task.RunnerSettings;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskContext;
import dev.mainstay.runner.task.TaskFailure;
import dev.mainstay.runner.task.TaskWork;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one task: composes what its work needs, and turns every end into a result. */
public final class Runner {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private final RunnerSettings settings;
    private final Clock clock;
    private final PrintStream out;

    /**
     * @param settings how the program is set up
     * @param clock the time
     * @param out takes the lines of progress
     */
    public Runner(RunnerSettings settings, Clock clock, PrintStream out) {
        this.settings = settings;
        this.clock = clock;
        this.out = out;
    }

    /**
     * Carries the task out.
     *
     * @param startedAt start of the container, from which the task's time counts
     * @param stop ends the work; the deadline is added here
     */
    public TaskResult run(Task task, Instant startedAt, StopSignal stop) {
        Duration timeout = Duration.ofSeconds(task.timeoutSeconds());
        stop.stopAfter(
                Duration.between(clock.instant(), startedAt.plus(timeout)),
                Reason.DEADLINE_EXCEEDED,
                "the attempt took longer than its timeout of " + text(timeout) + limit(task) + " and was ended");
        MountedSecrets secrets =
                new MountedSecrets(settings.secretsFolder(), task.origin().namespace());
        // The thread that works may wait where nothing else would wake it.
        Thread worker = Thread.currentThread();
        try (ProgressReporter progress = new ProgressReporter(out, ProgressReporter.INTERVAL);
                StopSignal.Registration _ = stop.onStop(worker::interrupt)) {
            return work(task).run(new TaskContext(task, startedAt, settings, secrets, stop, progress, clock));
        } catch (TaskFailure failure) {
            return Results.failed(task.kind(), stop.cause().orElse(failure));
        } catch (RuntimeException e) {
            LOG.error("unexpected", e);
            return Results.failed(
                    task.kind(),
                    new TaskFailure(
                            Reason.INTERNAL_ERROR,
                            "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage()
                                    + ". Please report it with this Job's log."));
        } finally {
            Thread.interrupted();
        }
    }

    /** The field that the time comes from; what only looks, or renames, has a time of its own. */
    private static String limit(Task task) {
        return switch (task.kind()) {
            case RESTORE_COPY, RESTORE_INTO_EMPTY -> " (spec.timeout of the RestoreRequest)";
            case RESTORE_TEST -> " (spec.verification.restoreTest.timeout of the BackupPolicy)";
            case RESTORE_READY, RESTORE_PLAN, RESTORE_SWAP, RESTORE_SETTLE -> "";
            case STEP -> " (timeout of the step)";
            case BACKUP, SETTLE, VERIFY, REMOVE, PREFLIGHT -> " (spec.timeout of the BackupPolicy)";
        };
    }

    private static TaskWork work(Task task) {
        return switch (task.kind()) {
            case BACKUP -> new BackupTask();
            case SETTLE -> new SettleTask();
            case VERIFY -> new VerifyTask();
            case REMOVE -> new RemoveTask();
            case PREFLIGHT -> new PreflightTask();
            case RESTORE_READY -> new RestoreReadyTask();
            case RESTORE_PLAN -> new RestorePlanTask();
            case RESTORE_COPY -> new RestoreCopyTask();
            case RESTORE_SWAP -> new RestoreSwapTask();
            case RESTORE_INTO_EMPTY -> new RestoreIntoEmptyTask();
            case RESTORE_SETTLE -> new RestoreSettleTask();
            case RESTORE_TEST -> new RestoreTestTask();
            case STEP -> new StepTask();
        };
    }

    private static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
    }
}

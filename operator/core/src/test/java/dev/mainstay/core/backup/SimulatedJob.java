package dev.mainstay.core.backup;

import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A Job of the simulation, with its Pod and its runner, which may be killed between any two of its acts. */
final class SimulatedJob {

    /** What stands at an attempt's path. */
    enum Manifest {
        COMMITTED,
        ABORTED,
        DAMAGED
    }

    private enum Pod {
        NONE,
        WAITING,
        RUNNING,
        ENDED,
        GONE
    }

    private static final List<Reason> REASONS = List.of(
            Reason.CONNECTION_FAILED, Reason.DUMP_FAILED, Reason.AUTHENTICATION_FAILED, Reason.STORAGE_UNREACHABLE);

    private final String name;
    private final Task task;
    private final Map<String, Manifest> bucket;
    private Pod pod = Pod.NONE;
    private Instant startedAt;
    private String message;
    private boolean finished;

    SimulatedJob(String name, Task task, Map<String, Manifest> bucket) {
        this.name = name;
        this.task = task;
        this.bucket = bucket;
    }

    TaskKind kind() {
        return task.kind();
    }

    boolean unfinished() {
        return !finished;
    }

    JobObservation seen() {
        PodObservation seen = pod == Pod.NONE || pod == Pod.GONE
                ? null
                : new PodObservation(
                        name + "-x7k2p",
                        null,
                        null,
                        startedAt,
                        pod == Pod.ENDED,
                        message,
                        pod == Pod.ENDED ? "Error (exit code 137)" : null,
                        null,
                        pod == Pod.WAITING ? "ImagePullBackOff" : null,
                        pod == Pod.WAITING ? "Back-off pulling image" : null);
        return new JobObservation(
                "shop",
                name,
                true,
                false,
                false,
                task.startBy(),
                // As the Job's own deadline: time to start, time to work, and the net under both.
                task.startBy().plusSeconds(task.timeoutSeconds()).plusSeconds(180),
                finished,
                finished ? "BackoffLimitExceeded, limit reached" : null,
                pod != Pod.NONE,
                List.of(),
                seen);
    }

    /** Something happens to it; in peace, nothing bad. */
    void live(Random random, Instant now, boolean peace) {
        int dice = peace ? 0 : random.nextInt(100);
        switch (pod) {
            case NONE -> pod = dice < 70 && !finished ? Pod.WAITING : Pod.NONE;
            case WAITING -> wait(dice, now);
            case RUNNING -> run(random, dice, now);
            case ENDED -> {
                finished = finished || dice < 60;
                pod = finished && dice > 95 ? Pod.GONE : Pod.ENDED;
            }
            case GONE -> finished = finished || dice < 40;
        }
    }

    /** Its controller ends it and deletes its Pod, whatever that is doing. */
    void stop() {
        finished = true;
        if (pod == Pod.WAITING || pod == Pod.RUNNING) {
            pod = Pod.GONE;
        }
    }

    private void wait(int dice, Instant now) {
        if (dice < 60) {
            pod = Pod.RUNNING;
            startedAt = now;
        } else if (dice < 68) {
            pod = Pod.ENDED;
        } else if (dice < 72) {
            pod = Pod.GONE;
        }
    }

    private void run(Random random, int dice, Instant now) {
        if (task.kind() == TaskKind.BACKUP && startedAt.isAfter(task.startBy())) {
            end(TaskResults.aborted(task.kind(), Reason.DEADLINE_EXCEEDED));
            return;
        }
        if (dice >= 85) {
            return;
        }
        TaskResult result =
                switch (task.kind()) {
                    case BACKUP -> backup(random, dice);
                    case SETTLE -> settle(dice);
                    case VERIFY -> verify(dice);
                    case REMOVE,
                            PREFLIGHT,
                            RESTORE_READY,
                            RESTORE_PLAN,
                            RESTORE_COPY,
                            RESTORE_SWAP,
                            RESTORE_INTO_EMPTY,
                            RESTORE_SETTLE,
                            RESTORE_TEST,
                            STEP -> throw new IllegalStateException("no backup is removed here");
                };
        if (dice % 10 == 7) {
            pod = Pod.GONE;
        } else if (dice % 10 == 8) {
            pod = Pod.ENDED;
        } else {
            end(result);
        }
    }

    private TaskResult backup(Random random, int dice) {
        if (dice >= 45) {
            Reason why = REASONS.get(random.nextInt(REASONS.size()));
            return dice < 75 ? TaskResults.aborted(kind(), why) : TaskResults.failed(kind(), why);
        }
        Manifest stood = bucket.putIfAbsent(task.path(), Manifest.COMMITTED);
        if (stood == Manifest.ABORTED) {
            return TaskResults.aborted(kind(), Reason.CANCELLED);
        }
        return dice < 40
                ? TaskResults.committed(kind(), task.verification())
                : TaskResults.unproven(kind(), Reason.DEADLINE_EXCEEDED);
    }

    private TaskResult settle(int dice) {
        if (dice >= 60) {
            return TaskResults.failed(kind(), Reason.STORAGE_UNREACHABLE);
        }
        bucket.putIfAbsent(task.path(), Manifest.ABORTED);
        return bucket.get(task.path()) == Manifest.COMMITTED
                ? TaskResults.committed(kind(), VerificationLevel.NONE)
                : TaskResults.aborted(kind(), null);
    }

    private TaskResult verify(int dice) {
        if (dice >= 60) {
            return TaskResults.failed(kind(), Reason.STORAGE_UNREACHABLE);
        }
        if (dice >= 45) {
            bucket.put(task.path(), Manifest.DAMAGED);
        }
        // One that was killed after it found damage is followed by another, which finds no manifest.
        return bucket.get(task.path()) == Manifest.DAMAGED
                ? TaskResults.aborted(kind(), Reason.VERIFICATION_FAILED)
                : TaskResults.committed(kind(), VerificationLevel.FULL_READ);
    }

    private void end(TaskResult result) {
        pod = Pod.ENDED;
        message = TaskJson.write(result);
    }
}

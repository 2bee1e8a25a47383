package dev.mainstay.e2e.runner;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.PreflightReport;
import dev.mainstay.core.task.ResultLines;
import dev.mainstay.core.task.RetentionReport;
import dev.mainstay.core.task.RetentionReport.Stored;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.StoredManifest;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.CommittedBackup;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Plays the kubelet and the runner for the Jobs of one namespace in a cluster without containers. KWOK schedules the Pods
 * and lets them run; their end is written here as a kubelet writes it: the container's state with the termination
 * message.
 */
public final class FakeRunner implements AutoCloseable {

    private static final PreflightReport NO_GAPS = new PreflightReport(0, 0, ResultLines.sha256("[]"), List.of());

    private final Map<String, PreflightReport> preflights = new ConcurrentHashMap<>();

    private final Map<String, List<StoredManifest>> listed = new ConcurrentHashMap<>();

    private final Map<String, List<Finding>> readiness = new ConcurrentHashMap<>();

    private static final Instant SNAPSHOT = Instant.parse("2026-01-01T00:00:00Z");
    private static final int KILLED = 137;
    private static final int TRIES = 10;
    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final FakeBucket bucket = new FakeBucket();
    private final Map<String, StepReport> steps = new ConcurrentHashMap<>();
    private final FakeDatabases databases = new FakeDatabases();
    private final SharedIndexInformer<Pod> pods;
    private volatile Function<Task, Behaviour> script;

    /**
     * Starts it.
     *
     * @param script how each task goes
     */
    public FakeRunner(KubernetesClient client, String namespace, Function<Task, Behaviour> script) {
        this.client = client;
        this.script = script;
        Stages.apply(client);
        this.pods = client.pods()
                .inNamespace(namespace)
                .withLabel(Annotations.TASK)
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Pod pod) {
                        look(pod);
                    }

                    @Override
                    public void onUpdate(Pod before, Pod pod) {
                        look(pod);
                    }

                    @Override
                    public void onDelete(Pod pod, boolean unknown) {
                        // A Pod that is gone needs nothing more.
                    }
                });
    }

    public FakeBucket bucket() {
        return bucket;
    }

    public FakeDatabases databases() {
        return databases;
    }

    /** What preflights of a policy find from now on; they always come to their end. */
    public void preflight(String policy, PreflightReport report) {
        preflights.put(policy, report);
    }

    /**
     * What the preflights of a policy that list its bucket tell from now on; what its backups commit comes to it. Of other
     * policies they tell of nothing.
     */
    public List<StoredManifest> listed(String policy) {
        return listed.computeIfAbsent(policy, ignored -> new CopyOnWriteArrayList<>());
    }

    /** What looks at a database find from now on; they always come to their end. */
    public void readiness(String database, Finding... findings) {
        readiness.put(database, List.of(findings));
    }

    /** What the steps of a run of that name come to from now on, unless the script has them fail; else they pass. */
    public void steps(String run, StepReport report) {
        steps.put(run, report);
    }

    /** Tasks go this way from now on, those that {@link Behaviour#RUN_ON} too. */
    public void script(Function<Task, Behaviour> next) {
        script = next;
        lookAgain();
    }

    /** Those that {@link Behaviour#RUN_ON} go on as the script says now. */
    public void lookAgain() {
        pods.getStore().list().forEach(this::look);
    }

    @Override
    public void close() {
        pods.close();
    }

    private void look(Pod pod) {
        if (!"Running".equals(pod.getStatus().getPhase())) {
            return;
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            end(pod, null);
            return;
        }
        Task task = TaskJson.readTask(pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(Task.ENVIRONMENT_VARIABLE))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow());
        boolean looks = task.kind() == TaskKind.PREFLIGHT || task.kind() == TaskKind.RESTORE_READY;
        switch (looks ? Behaviour.SUCCEED : script.apply(task)) {
            case SUCCEED -> end(pod, work(task));
            case FAIL -> end(pod, failed(task));
            case KILLED_BEFORE_COMMIT -> {
                if (task.restore() != null) {
                    databases.half(task);
                }
                end(pod, null);
            }
            case KILLED_AFTER_COMMIT -> {
                if (task.restore() != null) {
                    databases.work(task);
                } else if (task.step() == null) {
                    bucket.put(place(task), Mark.MANIFEST);
                }
                end(pod, null);
            }
            case RUN_ON -> {}
        }
    }

    /** Where the task works, as statuses spell it. */
    private static String place(Task task) {
        return "s3://" + task.storage().bucket() + "/" + task.path();
    }

    private TaskResult work(Task task) {
        if (task.kind() == TaskKind.PREFLIGHT) {
            return TaskResult.of(preflight(task));
        }
        if (task.kind() == TaskKind.RESTORE_READY) {
            return databases.look(task, readiness.getOrDefault(task.database().database(), List.of()));
        }
        if (task.restore() != null) {
            return databases.work(task);
        }
        if (task.step() != null
                && task.step().work() instanceof DatabaseMaintainWork maintain
                && maintain.previous() != null) {
            return TaskResult.of(databases.drop(maintain));
        }
        if (task.step() != null) {
            return TaskResult.of(
                    steps.getOrDefault(task.step().run(), StepReport.passed("All is as it should be.", Map.of())));
        }
        if (task.kind() == TaskKind.REMOVE) {
            bucket.remove(place(task));
            return new TaskResult(Task.CONTRACT_VERSION, task.kind(), Outcome.ABORTED, null, null, List.of(), null);
        }
        if (task.kind() == TaskKind.BACKUP) {
            list(task);
        }
        Mark mark = task.kind() == TaskKind.VERIFY
                ? Mark.MANIFEST
                : bucket.put(place(task), task.kind() == TaskKind.BACKUP ? Mark.MANIFEST : Mark.ABORTED);
        return mark == Mark.MANIFEST
                ? new TaskResult(
                                Task.CONTRACT_VERSION,
                                task.kind(),
                                Outcome.COMMITTED,
                                null,
                                null,
                                List.of(),
                                backup(task))
                        .with(task.retention() == null ? null : retention(task))
                : new TaskResult(
                        Task.CONTRACT_VERSION,
                        task.kind(),
                        Outcome.ABORTED,
                        Reason.POD_FAILED.text(),
                        "The attempt left nothing.",
                        List.of(),
                        null);
    }

    private PreflightReport preflight(Task task) {
        PreflightReport found = preflights.getOrDefault(task.origin().policy(), NO_GAPS);
        List<StoredManifest> stored = listed.getOrDefault(task.origin().policy(), List.of());
        return new PreflightReport(
                found.errors(),
                found.warnings(),
                found.sha256(),
                found.first(),
                Boolean.TRUE.equals(task.listStored())
                        ? new PreflightReport.Stored(stored.size(), 0, "", List.copyOf(stored))
                        : null);
    }

    private void list(Task task) {
        listed.computeIfPresent(task.origin().policy(), (policy, stored) -> {
            String folder = task.path()
                    .substring(task.policyPath().length(), task.path().length() - 1);
            // A Pod may be seen twice while it runs.
            if (stored.stream().anyMatch(found -> found.folder().equals(folder))) {
                return stored;
            }
            Origin origin = task.origin();
            stored.addFirst(new StoredManifest(
                    folder,
                    origin.backup(),
                    origin.backupUid(),
                    task.attempt(),
                    origin.madeBy(),
                    origin.keepUntil(),
                    SNAPSHOT,
                    backup(task)));
            return stored;
        });
    }

    private RetentionReport retention(Task task) {
        String folder = "s3://" + task.storage().bucket() + "/" + task.policyPath();
        Integer keep = task.retention().rules().keepLast();
        int removed = keep == null ? 0 : bucket.thin(folder, keep);
        List<String> finished = task.retention().finished();
        int there = bucket.manifests(folder);
        return new RetentionReport(
                new Stored(there, there * (100L << 20), SNAPSHOT, SNAPSHOT),
                removed,
                null,
                RetentionReport.encode(IntStream.range(0, finished.size())
                        .filter(number -> bucket.contents().get(folder + finished.get(number) + "/") == Mark.REMOVED)
                        .boxed()
                        .toList()),
                null,
                null);
    }

    private static TaskResult failed(Task task) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                task.kind(),
                task.kind() == TaskKind.BACKUP ? Outcome.ABORTED : Outcome.FAILED,
                Reason.UPLOAD_FAILED.text(),
                "The store answered 503.",
                List.of("upload of part 3 failed"),
                null);
    }

    private static CommittedBackup backup(Task task) {
        // Settling tells of a backup without reading it; the other two read it as far as asked.
        VerificationLevel level = task.kind() == TaskKind.SETTLE ? VerificationLevel.NONE : task.verification();
        boolean proven = level != VerificationLevel.NONE;
        return new CommittedBackup(
                1 << 30,
                100 << 20,
                "17.6",
                SNAPSHOT,
                "0/16B3748",
                "0".repeat(64),
                SNAPSHOT.plusSeconds(60),
                level,
                proven ? SNAPSHOT.plusSeconds(90) : null,
                level == VerificationLevel.FULL_READ ? 1000L : null);
    }

    /**
     * Writes the Pod's end; without a result it was killed. Others write the Pod too, so it may take several tries, and
     * delete it: then it has ended.
     */
    private void end(Pod pod, TaskResult result) {
        boolean succeeded = result != null && (result.outcome() == Outcome.COMMITTED || result.preflight() != null);
        for (int tries = 1; ; tries++) {
            try {
                client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .editStatus(current -> terminated(current, result, succeeded));
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return;
                }
                // A JSON Patch onto what somebody else has changed meanwhile is unprocessable, and no conflict.
                boolean changed = e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE;
                if (!changed || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static Pod terminated(Pod pod, TaskResult result, boolean succeeded) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ContainerStatus running = pod.getStatus().getContainerStatuses().getFirst();
        return new PodBuilder(pod)
                .editStatus()
                .withPhase(succeeded ? "Succeeded" : "Failed")
                .editFirstContainerStatus()
                .withReady(false)
                .withStarted(false)
                .withNewState()
                .withNewTerminated()
                .withExitCode(succeeded ? 0 : result == null ? KILLED : 1)
                .withReason(succeeded ? "Completed" : "Error")
                .withMessage(result == null ? null : TaskJson.write(result))
                .withStartedAt(
                        running.getState().getRunning() == null
                                ? now
                                : running.getState().getRunning().getStartedAt())
                .withFinishedAt(now)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }
}

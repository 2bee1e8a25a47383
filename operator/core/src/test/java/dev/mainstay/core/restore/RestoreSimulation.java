package dev.mainstay.core.restore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.WorkloadSeen;
import dev.mainstay.core.workload.Workloads;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A restore with a database server in memory, whose Jobs may be killed anywhere, and an operator whose passes may be cut off
 * between what they do and what they tell, and whose cache may be behind.
 */
final class RestoreSimulation {

    /** The database of before the restore, and the one of the backup. */
    static final String OLD = "old";

    static final String NEW = "new";

    private static final Instant START = Instant.parse("2026-03-29T03:00:00Z");

    private static final class Run {
        private Task task;
        private boolean running = true;
        private boolean ending;
        private TaskResult result;

        /** When its Pod was to be gone that is on a lost node, and never goes. */
        private Instant goneBy;
    }

    private final Random random;
    private final boolean trouble;
    final Map<String, String> databases = new TreeMap<>();
    boolean fence;
    int replicas = 3;
    boolean suspended;
    boolean strangersLast;
    private int generation = 1;
    private final Map<String, Run> jobs = new LinkedHashMap<>();
    private final ManagedApplication application;
    private final BackupPolicy policy;
    private final DatabaseBackup backup;
    private DatabaseBackup safetyBackup;
    private MaintenanceMode mode;
    private boolean applicationGone;
    private boolean namespaceEnds;

    /** Until when a session of a lost node has the databases for itself. */
    private Instant heldUntil = START;

    /** What that session may come to the end of, by then. */
    private Task lost;

    private RestoreRequest request;
    private RestoreRequest cached;
    private Instant now = START;
    /** What does not come by itself, and what nobody mends either. */
    private final boolean pageNeverServes;

    private final boolean podsNeverEnd;
    private final boolean healthIsNeverSeen;
    private int version = 1;

    /**
     * Starts with a request.
     *
     * @param trouble whether Jobs fail and are killed
     */
    RestoreSimulation(long seed, String spec, boolean trouble) {
        this.random = new Random(seed);
        this.trouble = trouble;
        pageNeverServes = trouble && random.nextInt(8) == 0;
        podsNeverEnd = trouble && random.nextInt(8) == 0;
        healthIsNeverSeen = trouble && random.nextInt(4) == 0;
        databases.put("ecommerce", OLD);
        application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  services: [{name: web}]
                  workloads: [{name: web}]
                  cronJobs: [report]
                  health: {workload: web, path: /healthz, port: http}
                  databases:
                    - name: main
                      postgres:
                        {host: db, database: ecommerce, credentialsSecretRef: {name: r}, adminSecretRef: {name: a}}
                """, ManagedApplication.class);
        policy = Serialization.unmarshal("""
                metadata: {name: nightly, namespace: shop, uid: uid-nightly}
                spec: {applicationRef: {name: shop}, storage: {s3: {bucket: b}}}
                """, BackupPolicy.class);
        backup = Serialization.unmarshal("""
                metadata: {name: last, namespace: shop, uid: uid-last}
                spec: {policyRef: {name: nightly}}
                status:
                  {phase: Succeeded, location: "s3://b/shop/nightly/20260329T010000Z-uid-1/", snapshotAt: "2026-03-29T01:00:00Z"}
                """, DatabaseBackup.class);
        request = Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata:
                  {name: undo, namespace: shop, uid: uid-undo, generation: 1, resourceVersion: "1",
                   creationTimestamp: "%s", finalizers: [], annotations: {}}
                spec:
                  applicationRef: {name: shop}
                  source: {backupRef: {name: last}}
                  acceptUnknownFreeSpace: true
                  reason: orders are gone
                  %s
                """.formatted(START, spec), RestoreRequest.class);
        cached = request;
    }

    RestoreRequest request() {
        return request;
    }

    Optional<MaintenanceMode> mode() {
        return Optional.ofNullable(mode);
    }

    boolean anyJobRuns() {
        return jobs.values().stream().anyMatch(run -> run.running && run.goneBy == null);
    }

    /** Something happens: time, a Job, a controller, or a pass of the operator. */
    void step() {
        switch (random.nextInt(10)) {
            case 0, 1 -> pass(random.nextInt(9));
            case 2, 3, 4 ->
                jobs.values().stream()
                        .filter(run -> run.running && run.goneBy == null)
                        .findFirst()
                        .ifPresent(this::work);
            case 5 -> {
                safetyBackup = safetyBackup == null ? null : ended(safetyBackup, trouble && random.nextInt(4) == 0);
                mode = mode == null ? null : moved(mode);
            }
            case 6 -> {
                cached = request;
                stranger();
            }
            default -> pass(trouble && random.nextInt(4) == 0);
        }
    }

    /** Somebody's loop starts again what is stopped, with as many as it finds right. */
    private void stranger() {
        if (trouble && replicas == 0 && random.nextInt(3) == 0) {
            replicas = 1 + random.nextInt(3);
            generation++;
            strangersLast = true;
        }
    }

    /** A person ends it. */
    void cancel() {
        request = changed(request);
        request.getMetadata().getAnnotations().put(Annotations.CANCEL, "never mind, ".repeat(200));
    }

    /** The operator is uninstalled and installed again, and its finalizer is gone. */
    void takeOffFinalizer() {
        request = changed(request);
        request.getMetadata().setFinalizers(List.of());
    }

    /** A person deletes it, after its application or together with its namespace. */
    void delete(boolean application, boolean namespace) {
        applicationGone = application;
        namespaceEnds = namespace;
        request = changed(request);
        request.getMetadata().setDeletionTimestamp(now.toString());
    }

    /** From now on everybody lets the operator work; nothing fails any more. */
    void settle() {
        for (int i = 0; i < 2400 && !RestoreClaims.ended(request); i++) {
            pass(2);
            jobs.values().stream()
                    .filter(run -> run.running && run.goneBy == null)
                    .forEach(run -> finish(run, isHeld(run.task) ? keptOut(run.task) : act(run.task)));
            mode = mode == null ? null : moved(mode);
            safetyBackup = safetyBackup == null ? null : ended(safetyBackup, false);
            cached = request;
            pass(false);
        }
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
        if (lost != null && !now.isBefore(heldUntil)) {
            if (random.nextBoolean()) {
                act(lost);
            }
            lost = null;
        }
    }

    private void pass(boolean cutOff) {
        RestoreRequest seen = cached;
        if (RestoreClaims.ended(seen)) {
            return;
        }
        RestoreDecision decision = RestoreDecider.decide(observe(seen), now);
        if (namespaceEnds && decision instanceof RestoreDecision.MakeJob) {
            decision = RestoreDecider.decide(observe(seen).inEndingNamespace(), now);
        }
        boolean current = seen.getMetadata()
                .getResourceVersion()
                .equals(request.getMetadata().getResourceVersion());
        RestoreDecision done = act(seen, decision, current);
        if (cutOff
                || !request.getMetadata()
                        .getResourceVersion()
                        .equals(seen.getMetadata().getResourceVersion())) {
            return;
        }
        RestoreRequest after = changed(seen);
        after.setStatus(RestoreStatusReport.of(seen, done, now));
        request = after;
    }

    private RestoreDecision act(RestoreRequest seen, RestoreDecision decision, boolean current) {
        switch (decision) {
            case RestoreDecision.Mark ignored -> {
                if (current) {
                    request = changed(request);
                    request.getMetadata()
                            .getAnnotations()
                            .put(Annotations.EXECUTED_BY, request.getMetadata().getUid());
                    request.getMetadata().setFinalizers(List.of(Annotations.RESTORE_FINALIZER));
                }
            }
            case RestoreDecision.TakeClaim take -> {
                return RestoreClaims.answered(seen, take, new ClaimAnswer.Granted(now), now);
            }
            case RestoreDecision.MakeJob make -> {
                if (!current) {
                    return new RestoreDecision.LookAgain();
                }
                if (seen.getMetadata().getFinalizers().isEmpty()
                        && seen.getMetadata().getDeletionTimestamp() == null) {
                    throw new IllegalStateException(make.name() + " is made of a request that could just vanish");
                }
                jobs.computeIfAbsent(make.name(), ignored -> {
                    Run run = new Run();
                    run.task = TaskJson.readTask(TaskJson.write(make.task()));
                    return run;
                });
            }
            case RestoreDecision.EndJob end ->
                Optional.ofNullable(jobs.get(end.name())).ifPresent(run -> run.ending = true);
            case RestoreDecision.MakeBackup make -> {
                if (!current) {
                    return new RestoreDecision.LookAgain();
                }
                safetyBackup = safetyBackup == null ? make.backup() : safetyBackup;
            }
            case RestoreDecision.MakeMode make -> {
                if (!current) {
                    return new RestoreDecision.LookAgain();
                }
                if (mode == null) {
                    mode = make.mode();
                }
            }
            case RestoreDecision.ChangeWorkloads change -> {
                if (!current) {
                    return new RestoreDecision.LookAgain();
                }
                change.changes().forEach(this::write);
            }
            case RestoreDecision.EndMode end -> {
                if (mode != null) {
                    mode = Serialization.clone(mode);
                    mode.getMetadata().setDeletionTimestamp(now.toString());
                }
            }
            default -> {}
        }
        return decision;
    }

    /** A backup ends as it may, once. */
    private static DatabaseBackup ended(DatabaseBackup backup, boolean fails) {
        if (backup.getStatus() != null) {
            return backup;
        }
        DatabaseBackup ended = Serialization.clone(backup);
        ended.setStatus(
                Serialization.unmarshal("phase: " + (fails ? "Failed" : "Succeeded"), DatabaseBackupStatus.class));
        return ended;
    }

    /** A mode is refused something, becomes active, or goes. */
    private MaintenanceMode moved(MaintenanceMode mode) {
        if (mode.getMetadata().getDeletionTimestamp() != null) {
            return null;
        }
        MaintenanceMode active = Serialization.clone(mode);
        boolean refused = pageNeverServes || trouble && active.getStatus() == null && random.nextBoolean();
        active.setStatus(Serialization.unmarshal(refused ? """
                        conditions: [{type: Stalled, status: "True", reason: Rejected, message: x}]
                        """ : "phase: Active", MaintenanceModeStatus.class));
        return active;
    }

    private void work(Run run) {
        if (!trouble) {
            finish(run, act(run.task));
            return;
        }
        if (isHeld(run.task)) {
            finish(run, keptOut(run.task));
            return;
        }
        switch (random.nextInt(run.ending ? 5 : 11)) {
            // Killed before it did anything, in the middle, or before it could tell.
            case 0 -> finish(run, null);
            case 1 -> {
                half(run.task);
                finish(run, null);
            }
            case 2 -> {
                act(run.task);
                finish(run, null);
            }
            case 3 -> finish(run, failed(run.task, Reason.CONNECTION_FAILED));
            // Drained, and told so; a swap has opened the database again by then.
            case 4 -> finish(run, failed(run.task, Reason.CANCELLED));
            // Its node is lost in the middle: its Pod stays, and its session has the database for a while.
            case 5 -> {
                half(run.task);
                run.goneBy = now.plusSeconds(30);
                if (run.task.kind() != TaskKind.RESTORE_PLAN) {
                    heldUntil = now.plusSeconds(30 + random.nextInt(300));
                    lost = run.task;
                }
            }
            default -> finish(run, act(run.task));
        }
    }

    private static void finish(Run run, TaskResult result) {
        run.running = false;
        run.result = result;
    }

    /** A session that was lost keeps everybody out who changes something. */
    private boolean isHeld(Task task) {
        return task.kind() != TaskKind.RESTORE_PLAN && now.isBefore(heldUntil);
    }

    private static TaskResult keptOut(Task task) {
        return failed(task, Reason.ANOTHER_RUNNER);
    }

    private static TaskResult failed(Task task, Reason reason) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                task.kind(),
                Outcome.FAILED,
                reason.text(),
                "It could not be done.",
                List.of(),
                null);
    }

    private void half(Task task) {
        switch (task.kind()) {
            case RESTORE_COPY -> databases.put(task.restore().copy(), "half");
            case RESTORE_SWAP -> fence = true;
            // It is one transaction, which a killed session leaves nothing of.
            default -> {}
        }
    }

    /** What the runner's tasks do, as their contract has it. */
    private TaskResult act(Task task) {
        String live = task.database().database();
        String copy = task.restore().copy();
        String previous = task.restore().previous();
        return switch (task.kind()) {
            case RESTORE_PLAN ->
                TaskResult.of(
                        task.kind(),
                        new RestoreReport(
                                new RestoreReport.Facts(
                                        "17.6", true, 100L, 3, START, "17.6", 90L, 10L, 0, 0, List.of()),
                                null,
                                null));
            case RESTORE_COPY -> {
                databases.put(copy, NEW);
                yield TaskResult.of(
                        task.kind(),
                        new RestoreReport(null, new RestoreReport.Copy(90, 3, 12, true, List.of(), 0, 4), null));
            }
            case RESTORE_INTO_EMPTY -> {
                databases.put(live, NEW);
                yield TaskResult.of(
                        task.kind(),
                        new RestoreReport(null, new RestoreReport.Copy(90, 3, 12, true, List.of(), 0, 4), null));
            }
            case RESTORE_SWAP -> {
                if (databases.containsKey(copy)) {
                    databases.put(previous, databases.get(live));
                    databases.put(live, databases.remove(copy));
                }
                fence = false;
                yield TaskResult.of(task.kind(), new RestoreReport(null, null, state(copy, previous)));
            }
            case RESTORE_SETTLE -> {
                if (task.restore().intoEmpty()) {
                    yield filled(task, databases.get(live).equals(NEW));
                }
                if (!databases.containsKey(previous) || databases.containsKey(copy)) {
                    databases.remove(copy);
                }
                if (task.restore().fenceMayStand()) {
                    fence = false;
                }
                yield TaskResult.of(task.kind(), new RestoreReport(null, null, state(copy, previous)));
            }
            default -> throw new IllegalStateException(task.kind().text());
        };
    }

    private static TaskResult filled(Task task, boolean filled) {
        RestoreReport.State state = filled ? RestoreReport.State.SWAPPED : RestoreReport.State.NOT_SWAPPED;
        return TaskResult.of(
                task.kind(),
                new RestoreReport(null, null, new RestoreReport.Swap(state, null, null, null, false, null)));
    }

    private RestoreReport.Swap state(String copy, String previous) {
        boolean swapped = previous != null && databases.containsKey(previous) && !databases.containsKey(copy);
        return new RestoreReport.Swap(
                swapped ? RestoreReport.State.SWAPPED : RestoreReport.State.NOT_SWAPPED,
                null,
                12L,
                2,
                swapped,
                swapped && random.nextBoolean() ? 100L : null);
    }

    private RestoreObservation observe(RestoreRequest seen) {
        Map<String, JobObservation> observed = new TreeMap<>();
        jobs.forEach((name, run) -> observed.put(
                name,
                new JobObservation(
                        "shop",
                        name,
                        true,
                        false,
                        run.ending,
                        run.task.startBy(),
                        null,
                        !run.running,
                        null,
                        true,
                        List.of(),
                        new PodObservation(
                                name + "-pod",
                                run.goneBy,
                                "node-7",
                                START,
                                !run.running,
                                run.result == null ? null : TaskJson.write(run.result),
                                run.running ? null : "Error (exit code 1)",
                                null,
                                null,
                                null))));
        return new RestoreObservation(
                seen,
                applicationGone ? null : application,
                null,
                ExecutedRequests.NONE,
                List.of(),
                List.of(policy),
                List.of(backup),
                safetyBackup,
                ServiceAccountObservation.NOT_NAMED,
                "cluster",
                observed,
                null,
                mode,
                RestoreDecider.targets(seen, application).stream()
                        .map(target -> new WorkloadSeen(
                                target.kind(),
                                target.name(),
                                workload(target.kind()),
                                List.of(),
                                podsNeverEnd ? List.of(Workloads.pod("web-1", "ReplicaSet", "uid-rs")) : List.of(),
                                null))
                        .toList(),
                List.of(),
                List.of(),
                healthIsNeverSeen
                        ? HealthSeen.notAsked("Deployment web does not exist")
                        : HealthSeen.asked(new HealthSample(
                                random.nextInt(3) == 0 ? List.of() : List.of(new ProbeAnswer.Answered(200)))),
                START,
                false,
                null);
    }

    /** The web server, and the nightly report. */
    private ObjectNode workload(StoppableKind kind) {
        ObjectNode object = TaskJson.mapper().createObjectNode();
        object.putObject("metadata").put("uid", kind.text()).put("generation", generation);
        object.putObject("spec").put("replicas", replicas).put("suspend", suspended);
        object.putObject("status").put("observedGeneration", generation);
        return object;
    }

    private void write(ScaleChange change) {
        if (!change.fits(new WorkloadSeen(
                change.seen().kind(),
                change.seen().name(),
                workload(change.seen().kind()),
                List.of(),
                List.of(),
                null))) {
            return;
        }
        if (change.seen().kind() == StoppableKind.CRON_JOB) {
            suspended = change.value().asBoolean();
        } else {
            replicas = change.value().asInt();
            strangersLast = false;
        }
    }

    private RestoreRequest changed(RestoreRequest before) {
        RestoreRequest after = Serialization.clone(before);
        after.getMetadata().setResourceVersion(Integer.toString(++version));
        return after;
    }

    /** What must hold at the end, by what it says of itself: what is left it has told. */
    boolean isWhole() {
        String told = request.getStatus().conditions().getFirst().message();
        if (request.getStatus().plan() != null && told.contains("DROP DATABASE")) {
            databases.remove(request.getStatus().plan().copy());
        }
        String previous = request.getStatus().plan() == null
                ? null
                : request.getStatus().plan().previous();
        RestoreOutcome outcome = request.getStatus().outcome();
        boolean swapped = outcome == RestoreOutcome.SUCCEEDED || outcome == RestoreOutcome.UNHEALTHY;
        if (swapped && previous == null) {
            return databases.equals(Map.of("ecommerce", NEW))
                    && request.getStatus().previous() == null;
        }
        return swapped
                ? databases.equals(Map.of("ecommerce", NEW, previous, OLD))
                        && previous.equals(request.getStatus().previous().database())
                        && request.getStatus().previous().since() != null
                        && Conditions.find(request.getStatus().conditions(), PreviousKept.CONDITION)
                                .isPresent()
                : databases.equals(Map.of("ecommerce", OLD));
    }
}

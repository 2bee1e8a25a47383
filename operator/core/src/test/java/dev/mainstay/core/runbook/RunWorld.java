package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster in memory with one application, one policy, one Runbook and one run, and an operator that looks at the run. */
final class RunWorld {

    static final Instant START = Instant.parse("2026-03-29T03:00:00Z");

    Instant now = START;
    ManagedApplication application;
    BackupPolicy policy;
    Runbook runbook;
    MaintenanceRun run;

    /** What the cache has of the run. */
    MaintenanceRun cached;

    RunbookSpec kept;
    final Map<String, DatabaseBackup> backups = new TreeMap<>();

    /** How often a backup was asked for by each name. */
    final Map<String, Integer> made = new TreeMap<>();

    final List<String> left = new ArrayList<>();
    List<ProbeAnswer> answers = List.of(new ProbeAnswer.Answered(200));
    /** What steps change, and what others have claimed. */
    final ChangedWorld changed = new ChangedWorld();

    /** What a dry run sees of the application's Services, and of a rollback that was to begin now. */
    List<ServiceState> services = List.of();

    RollbackDecision rollback;

    /** Other runs of the Runbook. */
    final List<MaintenanceRun> others = new ArrayList<>();

    /** The ConfigMap with the report: what was there first stands. */
    Map<String, String> report;

    /** What keeps a report from being kept; empty when nothing does. */
    Optional<String> refusedReport = Optional.empty();

    private int version = 1;

    /**
     * Starts with a run.
     *
     * @param steps the Runbook's spec, in YAML
     * @param more of the run's spec, as YAML in one line
     */
    RunWorld(String steps, String more) {
        application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  workloads: [{name: web}]
                  health: {workload: web, path: /healthz, port: http}
                """, ManagedApplication.class);
        policy = Serialization.unmarshal("""
                metadata: {name: nightly, namespace: shop, uid: uid-nightly}
                spec: {applicationRef: {name: shop}, storage: {s3: {bucket: b}}}
                """, BackupPolicy.class);
        runbook = runbook(steps);
        run = Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata:
                  {name: tuesday, namespace: shop, uid: uid-run, generation: 1, resourceVersion: "1", annotations: {},
                   creationTimestamp: "%s"}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: it is Tuesday, %s}
                """.formatted(START, more.isEmpty() ? "requestedBy: bob" : more), MaintenanceRun.class);
        cached = run;
    }

    static Runbook runbook(String spec) {
        return Serialization.unmarshal(
                "metadata: {name: release, namespace: shop, uid: uid-runbook, generation: 1}\nspec:\n" + spec.indent(2),
                Runbook.class);
    }

    /** Something is written on the run by a person. */
    RunWorld annotate(String annotation, String value) {
        run = changed();
        run.getMetadata().getAnnotations().put(annotation, value);
        return this;
    }

    /** One pass over what is there; returns what was decided. */
    RunDecision pass() {
        cached = run;
        return pass(false);
    }

    /**
     * One pass over what the cache has.
     *
     * @param cutOff whether the operator dies between what it does and what it tells
     */
    RunDecision pass(boolean cutOff) {
        MaintenanceRun seen = cached;
        if (gone()) {
            return new RunDecision.LeaveAlone();
        }
        RunObservation observation = observe(seen);
        RunDecision decision = act(observation, RunDecider.decide(observation, now));
        if (gone()) {
            return decision;
        }
        boolean current =
                seen.getMetadata().getResourceVersion().equals(run.getMetadata().getResourceVersion());
        if (cutOff || !current) {
            return decision;
        }
        MaintenanceRunStatus status = RunStatusReport.of(seen, decision, now);
        if (status != null && !status.equals(run.getStatus())) {
            run = changed();
            run.setStatus(status);
        }
        return decision;
    }

    /** Whether it was deleted, and nothing keeps it. */
    boolean gone() {
        return RunChanges.deleting(run) && run.getMetadata().getFinalizers().isEmpty();
    }

    /** A person deletes it. */
    RunWorld delete() {
        run = changed();
        run.getMetadata().setDeletionTimestamp(now.toString());
        return this;
    }

    /** Somebody writes its finalizers. */
    void finalizers(List<String> finalizers) {
        run = changed();
        run.getMetadata().setFinalizers(finalizers);
    }

    private RunDecision act(RunObservation observation, RunDecision decision) {
        MaintenanceRun seen = observation.run();
        boolean unchanged =
                seen.getMetadata().getResourceVersion().equals(run.getMetadata().getResourceVersion());
        switch (decision) {
            case RunDecision.Freeze freeze -> {
                kept = kept == null ? freeze.spec() : kept;
                return RunDecider.begun(seen, kept);
            }
            case RunDecision.Act act -> {
                if (!unchanged) {
                    return new RunDecision.LookAgain();
                }
                DatabaseBackup backup = BackupStepType.backup(act.turn());
                made.merge(backup.getMetadata().getName(), 1, Integer::sum);
                backups.putIfAbsent(backup.getMetadata().getName(), backup);
            }
            case RunDecision.KeepReport keep -> {
                report = report != null || refusedReport.isPresent() ? report : keep.data();
                return RunReports.told(seen, keep, refusedReport);
            }
            case RunDecision.Retry retry -> leave(retry.left());
            case RunDecision.Finish finish -> leave(finish.left());
            case RunDecision.Stop stop -> leave(stop.left());
            default -> {
                return changed.act(this, observation, decision);
            }
        }
        return decision;
    }

    private void leave(StepTurn turn) {
        if (turn != null && turn.step().backup() != null) {
            left.add(BackupStepType.backupName(turn));
        }
    }

    private RunObservation observe(MaintenanceRun seen) {
        RunObservation unseen = new RunObservation(
                seen,
                application,
                null,
                RunLines.begun(seen) ? null : runbook,
                RunLines.needsSteps(seen) ? kept : null,
                changed.claims.knows(RunClaims.holder(seen)),
                changed.makeRoomFor(seen),
                List.copyOf(others),
                new StepSeen.Nothing());
        Optional<Owed> owed = RunChanges.next(unseen);
        if (owed.isPresent()) {
            return unseen.with(changed.look(owed.get()));
        }
        Map<String, StepSeen> foreseen = new TreeMap<>();
        DryRun.turns(unseen).forEach(turn -> foreseen.put(turn.step().name(), foresee(turn)));
        return RunLines.turn(unseen).map(turn -> unseen.with(look(turn))).orElseGet(() -> unseen.foreseeing(foreseen));
    }

    private StepSeen foresee(StepTurn turn) {
        return turn.step().maintenanceMode() != null
                ? new StepSeen.OfServices(services)
                : turn.step().rollback() != null
                        ? new StepSeen.OfRehearsal(rollback, null)
                        : turn.step().scale() != null ? changed.look(turn) : look(turn);
    }

    static HttpSeen.PodReply reply(ProbeAnswer answer) {
        return switch (answer) {
            case ProbeAnswer.Answered(int status, String pod) ->
                new HttpSeen.PodReply(pod == null ? "web-0" : pod, new HttpReply.Answered(status, 7));
            case ProbeAnswer.Silent(String why) -> new HttpSeen.PodReply("web-silent", new HttpReply.Silent(why));
        };
    }

    private StepSeen look(StepTurn turn) {
        if (turn.step().scale() != null || turn.step().maintenanceMode() != null) {
            return turn.attempt() == 0 ? new StepSeen.Nothing() : changed.look(turn);
        }
        if (turn.step().backup() != null) {
            return new StepSeen.OfBackup(
                    policy,
                    turn.attempt() == 0 ? null : backups.get(BackupStepType.backupName(turn)),
                    List.copyOf(backups.values()));
        }
        return turn.step().httpCheck() != null && turn.attempt() > 0
                ? new StepSeen.OfHttp(
                        new HttpSeen.Asked(answers.stream().map(RunWorld::reply).toList()))
                : new StepSeen.Nothing();
    }

    /** Passes until nothing is to be done at this moment; returns itself. */
    RunWorld rest() {
        for (int i = 0; i < 400; i++) {
            MaintenanceRun was = run;
            int tried = tried();
            pass();
            if (run == was && tried() == tried) {
                return this;
            }
        }
        throw new AssertionError("it never rests: " + run.getStatus());
    }

    private int tried() {
        return made.values().stream().mapToInt(Integer::intValue).sum() + changed.writes.size();
    }

    RunWorld later(Duration duration) {
        now = now.plus(duration);
        return rest();
    }

    /** The backups that are not finished end so. */
    RunWorld backupsEnd(BackupPhase phase) {
        backups.replaceAll((name, backup) -> backup.getStatus() != null
                        && backup.getStatus().phase() != null
                        && backup.getStatus().phase().terminal()
                ? backup
                : ended(backup, phase, now));
        return this;
    }

    static DatabaseBackup ended(DatabaseBackup backup, BackupPhase phase, Instant at) {
        DatabaseBackup ended = Serialization.clone(backup);
        ended.setStatus(Serialization.unmarshal(
                "phase: %s\ncompletedAt: \"%s\"\nsnapshotAt: \"%s\""
                        .formatted(phase == BackupPhase.SUCCEEDED ? "Succeeded" : "Failed", at, at),
                DatabaseBackupStatus.class));
        return ended;
    }

    RunStep step(String name) {
        return run.getStatus().steps().stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<StepOutcome> outcomes() {
        return run.getStatus().steps().stream().map(RunStep::outcome).toList();
    }

    Optional<Condition> ready() {
        return Conditions.find(run.getStatus().conditions(), "Ready");
    }

    RunWorld approve(String word) {
        return annotate(Annotations.APPROVE, word);
    }

    RunWorld reject(String word) {
        return annotate(Annotations.REJECT, word);
    }

    private MaintenanceRun changed() {
        MaintenanceRun copy = Serialization.clone(run);
        copy.getMetadata().setResourceVersion(String.valueOf(++version));
        // A cluster gives back what was written, not what was meant.
        if (run.getStatus() != null) {
            copy.setStatus(TaskJson.mapper()
                    .convertValue(TaskJson.mapper().valueToTree(run.getStatus()), MaintenanceRunStatus.class));
        }
        return copy;
    }
}

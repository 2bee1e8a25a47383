package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupSpec;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.backup.SlotBackup;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A DatabaseBackup, as a person would make it, which stays when the run goes. */
public record BackupStepType() implements StepType {

    private static final int LONGEST_REASON = 256;

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.backup() != null;
    }

    @Override
    public String does() {
        return "makes a DatabaseBackup by the BackupPolicy `policyRef`, and waits for its end; Skipped when the newest"
                + " succeeded one is not older than `ifOlderThan`";
    }

    @Override
    public String judgedBy() {
        return "the DatabaseBackup: Succeeded is Passed, or Findings when it could not be proven; every other end is Failed";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofHours(6));
    }

    @Override
    public String plan(StepTurn turn) {
        String limit = turn.step().backup().ifOlderThan();
        return "Makes a DatabaseBackup by BackupPolicy " + policyName(turn.step()) + ", and waits for its end"
                + (limit == null ? "." : ", unless the newest one is not older than " + limit + ".");
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        return seen instanceof StepSeen.OfBackup found
                ? impossible(turn, found.policy()).or(() -> hindrance(turn, found.policy()))
                : Optional.empty();
    }

    /** What a backup by the policy would wait for. */
    private static Optional<StepResult> hindrance(StepTurn turn, BackupPolicy policy) {
        List<Condition> conditions =
                policy.getStatus() == null ? List.of() : policy.getStatus().conditions();
        return Pause.message(policy)
                .or(() -> Conditions.find(conditions, "Stalled")
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .map(condition ->
                                "BackupPolicy " + policyName(turn.step()) + " is Stalled: " + condition.message()))
                .map(why -> StepResult.findings(why + " The DatabaseBackup would wait for that as long as it is so."));
    }

    /** What the attempt makes. */
    public static DatabaseBackup backup(StepTurn turn) {
        MaintenanceRun run = turn.run();
        DatabaseBackup backup = new DatabaseBackup();
        backup.setMetadata(new ObjectMetaBuilder()
                .withName(backupName(turn))
                .withNamespace(run.getMetadata().getNamespace())
                .addToLabels(Annotations.POLICY, Names.label(policyName(turn.step())))
                .addToAnnotations(Annotations.MADE_BY_RUN, run.getMetadata().getName())
                .build());
        backup.setSpec(new DatabaseBackupSpec(
                turn.step().backup().policyRef(),
                null,
                Texts.cut(
                        "Step " + turn.step().name() + " of MaintenanceRun "
                                + run.getMetadata().getName() + ": "
                                + run.getSpec().reason(),
                        LONGEST_REASON,
                        "…")));
        return backup;
    }

    /** Its name: the same however often it is made. */
    public static String backupName(StepTurn turn) {
        return Names.runStep(
                turn.run().getMetadata().getName(),
                turn.run().getMetadata().getUid(),
                turn.step().name(),
                turn.attempt());
    }

    @Override
    public Optional<String> needless(StepTurn turn, StepSeen seen, Instant now) {
        String limit = turn.step().backup().ifOlderThan();
        if (limit == null || !(seen instanceof StepSeen.OfBackup found)) {
            return Optional.empty();
        }
        return found.others().stream()
                .filter(backup -> backup.getStatus() != null
                        && backup.getStatus().phase() == BackupPhase.SUCCEEDED
                        && moment(backup.getStatus()) != null)
                .filter(backup -> backup.getMetadata().getDeletionTimestamp() == null)
                .filter(backup -> !SlotBackup.madeBeforeRestore(backup))
                .max(Comparator.comparing(backup -> moment(backup.getStatus())))
                .filter(backup ->
                        !moment(backup.getStatus()).plus(Durations.parse(limit)).isBefore(now))
                .map(backup -> "DatabaseBackup " + backup.getMetadata().getName() + " holds the data of "
                        + moment(backup.getStatus()) + ", which is not older than " + limit + " (ifOlderThan).");
    }

    /** A backup holds what was there when it began. */
    private static Instant moment(DatabaseBackupStatus status) {
        return status.snapshotAt() == null ? status.completedAt() : status.snapshotAt();
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (!(seen instanceof StepSeen.OfBackup found)) {
            return new StepProgress.Wait("The backup is about to be made.");
        }
        if (found.made() == null) {
            return impossible(turn, found.policy())
                    .<StepProgress>map(StepProgress.Ended::new)
                    .orElseGet(StepProgress.Act::new);
        }
        String self = "DatabaseBackup " + found.made().getMetadata().getName();
        DatabaseBackupStatus status = found.made().getStatus();
        BackupPhase phase = status == null ? null : status.phase();
        if (phase == BackupPhase.SUCCEEDED) {
            return new StepProgress.Ended(
                    status.failure() == null
                            ? StepResult.passed(self + " succeeded.")
                            : StepResult.findings(self + " succeeded, and was not proven: " + told(status)));
        }
        if (phase != null && phase.terminal()) {
            return new StepProgress.Ended(
                    StepResult.failed(Reason.STEP_FAILED, self + " did not succeed: " + told(status)));
        }
        return new StepProgress.Wait(self + (isStalled(status) ? " is stuck: " + told(status) : " is being made."));
    }

    private static Optional<StepResult> impossible(StepTurn turn, BackupPolicy policy) {
        String named = "BackupPolicy " + policyName(turn.step());
        if (policy == null) {
            return Optional.of(
                    StepResult.couldNotCheck(
                            Reason.POLICY_NOT_FOUND,
                            named
                                    + ", which backup.policyRef of the step names, does not exist. Create it, and make another run."));
        }
        if (policy.unreadableSpec().isPresent()) {
            return Optional.of(StepResult.couldNotCheck(
                    Reason.INVALID_SPEC,
                    named + ": spec can't be read by this version of Mainstay: "
                            + policy.unreadableSpec().get() + ". Correct it, or upgrade Mainstay."));
        }
        return policy.getSpec().applicationRef().equals(turn.run().getSpec().applicationRef())
                ? Optional.empty()
                : Optional.of(StepResult.couldNotCheck(
                        Reason.INVALID_SPEC,
                        named + " is one of ManagedApplication "
                                + policy.getSpec().applicationRef().name() + ", and the run is for "
                                + turn.run().getSpec().applicationRef().name()
                                + ". Name a policy of that application in backup.policyRef of the step."));
    }

    private static boolean isStalled(DatabaseBackupStatus status) {
        return status != null
                && Conditions.find(status.conditions(), "Stalled")
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .isPresent();
    }

    private static String told(DatabaseBackupStatus status) {
        return Optional.ofNullable(status.failure())
                .map(Failure::message)
                .or(() -> Conditions.find(status.conditions(), "Ready").map(Condition::message))
                .orElse("its status says no more.");
    }

    private static String policyName(RunbookStep step) {
        return step.backup().policyRef().name();
    }
}

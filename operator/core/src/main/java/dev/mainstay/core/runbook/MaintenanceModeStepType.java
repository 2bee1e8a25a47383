package dev.mainstay.core.runbook;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeSpec;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.runbook.ChangedKind;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.Texts;
import dev.mainstay.core.mode.ModeDecider;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A MaintenanceMode that shows the page, and goes with the run. */
public record MaintenanceModeStepType() implements ReversibleStepType {

    private static final int LONGEST_REASON = 256;

    @Override
    public String name() {
        return "maintenanceMode";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.maintenanceMode() != null;
    }

    @Override
    public String does() {
        return "with `enabled: true` makes a MaintenanceMode, which ends after `duration` at the latest; with `enabled: false`"
                + " ends those of the run's earlier steps, and is Skipped when there is none";
    }

    @Override
    public String judgedBy() {
        return "the MaintenanceMode: Passed when it is Active, or when it is gone; Failed when somebody else ends it before";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public String plan(StepTurn turn) {
        return turn.step().maintenanceMode().makes()
                ? "Makes a MaintenanceMode, and waits until the page is shown."
                : "Ends the MaintenanceMode of the run's earlier steps, and waits until the page is gone.";
    }

    /** One without Services fails at once; what else stands against it is waited for until the time is over. */
    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        if (restores(turn.step()) || !(seen instanceof StepSeen.OfServices(List<ServiceState> services))) {
            return Optional.empty();
        }
        return ModeDecider.unsuitable(turn.run().getSpec().applicationRef().name(), services, false)
                .map(refusal -> refusal.reason() == Reason.NO_SERVICES
                        ? StepResult.failed(refusal.reason(), refusal.message())
                        : StepResult.findings(
                                refusal.message() + " The step would wait for that until its time is over."));
    }

    @Override
    public boolean restores(RunbookStep step) {
        return !step.maintenanceMode().makes();
    }

    @Override
    public boolean ends(RunbookStep step, RunbookStep earlier) {
        return step.maintenanceMode() != null
                && !step.maintenanceMode().makes()
                && earlier.maintenanceMode() != null
                && earlier.maintenanceMode().makes();
    }

    /** What the step makes. */
    public static MaintenanceMode mode(StepTurn turn) {
        MaintenanceRun run = turn.run();
        MaintenanceMode mode = new MaintenanceMode();
        mode.setMetadata(new ObjectMetaBuilder()
                .withName(modeName(turn))
                .withNamespace(run.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .addNewOwnerReference()
                .withApiVersion(run.getApiVersion())
                .withKind(run.getKind())
                .withName(run.getMetadata().getName())
                .withUid(run.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .build());
        mode.setSpec(new MaintenanceModeSpec(
                new ObjectReference(run.getSpec().applicationRef().name()),
                Texts.cut(
                        "Step " + turn.step().name() + " of MaintenanceRun "
                                + run.getMetadata().getName() + ": "
                                + run.getSpec().reason(),
                        LONGEST_REASON,
                        "…"),
                null,
                turn.step().maintenanceMode().duration(),
                null,
                null,
                null,
                null));
        return mode;
    }

    /** Its name: the same in each attempt, since there is one page. */
    private static String modeName(StepTurn turn) {
        return Names.runStep(
                turn.run().getMetadata().getName(),
                turn.run().getMetadata().getUid(),
                turn.step().name(),
                1);
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        if (restores(turn.step())) {
            return new StepProgress.Ended(StepResult.passed("The maintenance mode of this run is gone."));
        }
        if (!(seen instanceof StepSeen.OfMode(MaintenanceMode mode))) {
            return new StepProgress.Wait("The mode is about to be made.");
        }
        if (RunLines.of(turn).map(RunStep::saved).isEmpty()) {
            return new StepProgress.Save(
                    new SavedChange(ChangedKind.MAINTENANCE_MODE, modeName(turn), null, null, null, true, null));
        }
        if (mode == null) {
            return new StepProgress.Change();
        }
        String self = "MaintenanceMode " + mode.getMetadata().getName();
        if (!isOurs(turn.run(), mode)) {
            return failed(
                    Reason.NAME_TAKEN,
                    self + ", whose name this step needs, was made by somebody else. Delete it, and make another run.");
        }
        if (ModeState.phase(mode) == ModePhase.ACTIVE && mode.getMetadata().getDeletionTimestamp() == null) {
            return new StepProgress.Ended(StepResult.passed(self + " became active"
                    + (mode.getStatus().endsAt() == null
                            ? "."
                            : ", and ends at " + mode.getStatus().endsAt() + " by itself if nothing ends it before.")));
        }
        if (Conditions.find(
                        mode.getStatus() == null ? List.of() : mode.getStatus().conditions(), "Stalled")
                .filter(condition -> Reason.NO_SERVICES.text().equals(condition.reason()))
                .isPresent()) {
            return failed(Reason.NO_SERVICES, self + ": " + told(mode));
        }
        return ModeState.phase(mode) == ModePhase.ENTERING && mode.getMetadata().getDeletionTimestamp() == null
                ? new StepProgress.Wait(self + ": " + told(mode))
                : failed(Reason.REVERTED, self + " was ended by somebody else before it was active. " + told(mode));
    }

    private static StepProgress failed(Reason reason, String message) {
        return new StepProgress.Ended(StepResult.failed(reason, message));
    }

    private static boolean isOurs(MaintenanceRun run, MaintenanceMode mode) {
        return mode.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> run.getMetadata().getUid().equals(owner.getUid()));
    }

    private static String told(MaintenanceMode mode) {
        return Optional.ofNullable(mode.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), "Ready"))
                .map(Condition::message)
                .orElse("it has not begun.");
    }

    @Override
    public Back back(Owed owed, StepSeen seen) {
        String self = owed.saved().text();
        if (!(seen instanceof StepSeen.OfMode(MaintenanceMode mode))) {
            return new Back.Wait(
                    new StepResult(StepOutcome.SKIPPED, Reason.IN_PROGRESS, self + " is about to be looked at."));
        }
        if (mode == null || !isOurs(owed.run(), mode)) {
            return new Back.Done(self + " is gone.");
        }
        return mode.getMetadata().getDeletionTimestamp() == null
                ? new Back.Write()
                : new Back.Wait(
                        new StepResult(StepOutcome.SKIPPED, Reason.LEAVING_MAINTENANCE, self + " ends: " + told(mode)));
    }

    @Override
    public String command(SavedChange saved, String namespace) {
        return "kubectl delete maintenancemode " + saved.name() + " --namespace " + namespace;
    }
}

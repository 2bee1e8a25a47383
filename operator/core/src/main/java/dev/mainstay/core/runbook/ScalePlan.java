package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.ChangedKind;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.runbook.ScaleStep;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaledBy;
import dev.mainstay.core.workload.WorkloadSeen;
import java.util.Optional;

/** What a scale step changes, before it has changed anything. */
final class ScalePlan {

    private final StepTurn turn;
    private final ScaleStep scale;
    private final StepSeen.OfScale found;

    ScalePlan(StepTurn turn, StepSeen.OfScale found) {
        this.turn = turn;
        this.scale = turn.step().scale();
        this.found = found;
    }

    StepProgress decide() {
        Optional<StepProgress> hindrance = unknown();
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        WorkloadSeen workload = found.workload();
        if (scale.restores()) {
            return isReady(workload.replicas());
        }
        int wanted = scale.to() == null
                ? Math.max(workload.replicas(), Math.min(workload.replicas() + scale.by(), scale.ceiling()))
                : scale.to();
        return unsuitable(wanted).orElseGet(() -> plan(wanted));
    }

    /** The autoscaler of the workload; empty when it has none. */
    static Optional<AutoscalerState> autoscaler(StepSeen.OfScale found) {
        return found.workload() == null || !found.workload().exists()
                ? Optional.empty()
                : ScaledBy.autoscaler(found.workload(), found.autoscalers());
    }

    private Optional<StepProgress> unknown() {
        WorkloadSeen workload = found.workload();
        if (turn.application() == null) {
            return Optional.of(couldNot(
                    Reason.APPLICATION_NOT_FOUND,
                    "ManagedApplication "
                            + turn.run().getSpec().applicationRef().name()
                            + " is gone. Create it again, and make another run."));
        }
        if (workload == null) {
            return Optional.of(ScaleStepType.failed(
                    Reason.WORKLOAD_NOT_FOUND,
                    "scale.workload of the step names " + scale.workload()
                            + ", which is not among spec.workloads of ManagedApplication "
                            + turn.run().getSpec().applicationRef().name()
                            + ". Name it there, or correct the Runbook, and make another run."));
        }
        if (workload.refusal() != null) {
            return Optional.of(couldNot(
                    workload.passes() ? Reason.REJECTED : Reason.FORBIDDEN,
                    workload.text() + " can't be read: " + workload.refusal()));
        }
        return workload.exists()
                ? Optional.empty()
                : Optional.of(ScaleStepType.failed(
                        Reason.WORKLOAD_NOT_FOUND,
                        workload.text() + " does not exist. Create it, or take it out of spec.workloads of the"
                                + " ManagedApplication."));
    }

    private Optional<StepProgress> unsuitable(int wanted) {
        WorkloadSeen workload = found.workload();
        Optional<AutoscalerState> autoscaler = autoscaler(found);
        Optional<String> keda = ScaledBy.keda(workload, found.autoscalers());
        if (keda.isPresent()) {
            return Optional.of(unsuitable(workload.text() + " is scaled by KEDA's ScaledObject " + keda.get()
                    + ", which would overrule the step. Change minReplicaCount there instead."));
        }
        if (wanted < workload.replicas() && workload.losesVolumes()) {
            return Optional.of(unsuitable(workload.text()
                    + " has spec.persistentVolumeClaimRetentionPolicy.whenScaled: Delete, so that fewer replicas"
                    + " would delete volumes. Set that to Retain, or leave the workload as it is."));
        }
        if (found.stopped().stream()
                .anyMatch(line -> line.names(workload.kind(), workload.name())
                        && line.uid().equals(workload.uid())
                        && !line.settled())) {
            return Optional.of(unsuitable(workload.text()
                    + " is kept stopped by a MaintenanceMode (kubectl get maintenancemodes --namespace "
                    + turn.run().getMetadata().getNamespace() + "). End it first."));
        }
        return autoscaler
                .filter(_ -> held(wanted))
                .filter(scaler -> wanted > scaler.maxReplicas())
                .map(scaler -> unsuitable("HorizontalPodAutoscaler " + scaler.name() + " allows "
                        + scaler.maxReplicas() + " replicas of " + workload.text() + " (spec.maxReplicas), and the step"
                        + " wants " + wanted + ". Raise that, or scale to less."));
    }

    /** Whether the autoscaler's minimum is what is changed: without replicas, before or after, it does nothing. */
    private boolean held(int wanted) {
        return wanted > 0 && found.workload().replicas() > 0;
    }

    private StepProgress plan(int wanted) {
        WorkloadSeen workload = found.workload();
        Optional<AutoscalerState> autoscaler = autoscaler(found).filter(_ -> held(wanted));
        int before = autoscaler.map(AutoscalerState::minReplicas).orElseGet(workload::replicas);
        // By so many more than there are: a minimum above that is not lowered.
        if (before == wanted || autoscaler.isPresent() && scale.by() != null && before > wanted) {
            return isReady(Math.max(before, wanted));
        }
        return new StepProgress.Save(new SavedChange(
                autoscaler.isPresent() ? ChangedKind.HORIZONTAL_POD_AUTOSCALER : kind(workload.kind()),
                autoscaler.map(AutoscalerState::name).orElseGet(workload::name),
                autoscaler.map(AutoscalerState::uid).orElseGet(workload::uid),
                before,
                wanted,
                null,
                null));
    }

    /** Nothing is to be changed. */
    private StepProgress isReady(int wanted) {
        return found.workload().hasReady(wanted)
                ? new StepProgress.Ended(StepResult.passed(ScaleStepType.told(found.workload(), wanted)))
                : new StepProgress.Wait(ScaleStepType.told(found.workload(), wanted));
    }

    private static ChangedKind kind(StoppableKind kind) {
        return kind == StoppableKind.STATEFUL_SET ? ChangedKind.STATEFUL_SET : ChangedKind.DEPLOYMENT;
    }

    private static StepProgress couldNot(Reason reason, String message) {
        return new StepProgress.Ended(StepResult.couldNotCheck(reason, message));
    }

    private static StepProgress unsuitable(String message) {
        return ScaleStepType.failed(Reason.WORKLOAD_UNSUITABLE, message);
    }
}

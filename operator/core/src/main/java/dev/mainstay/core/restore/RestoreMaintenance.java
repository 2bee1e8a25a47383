package dev.mainstay.core.restore;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeSpec;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Optional;
import java.util.Set;

/** The maintenance mode of a restore: an object of its own, which goes with the request. */
public final class RestoreMaintenance {

    private static final Set<Reason> PERSONS =
            Set.of(Reason.INVALID_SPEC, Reason.NO_SERVICES, Reason.SERVICE_UNSUITABLE, Reason.NAME_TAKEN);

    private RestoreMaintenance() {}

    /** Its name. */
    public static String name(RestoreRequest request) {
        return Names.mode(request.getMetadata().getName(), request.getMetadata().getUid());
    }

    static MaintenanceMode mode(RestoreRequest request) {
        MaintenanceMode mode = new MaintenanceMode();
        mode.setMetadata(new ObjectMetaBuilder()
                .withName(name(request))
                .withNamespace(request.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .addNewOwnerReference()
                .withApiVersion(request.getApiVersion())
                .withKind(request.getKind())
                .withName(request.getMetadata().getName())
                .withUid(request.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .build());
        mode.setSpec(new MaintenanceModeSpec(
                new ObjectReference(request.getSpec().applicationRef().name()),
                RestoreWords.why("RestoreRequest", request),
                null,
                null,
                null,
                null,
                null,
                null));
        return mode;
    }

    /**
     * Whether a restore has the application stopped, or is about to give it back. One that is stuck until a person comes does not
     * count: that the application is down is news then.
     */
    public static boolean hasStopped(RestoreRequest request) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        if (isStuck(request)
                || RestoreClaims.ended(request)
                || !RestoreClaims.begun(request, RestoreStepName.STOP_WORKLOADS)) {
            return false;
        }
        return status.phase() == RestorePhase.GIVING_BACK
                ? !status.workloads().stream().allMatch(StoppedWorkload::settled)
                : status.step(RestoreStepName.START_WORKLOADS)
                        .filter(step ->
                                step.state() == RestoreStepState.WAITING || step.state() == RestoreStepState.RUNNING)
                        .isPresent();
    }

    /** Whether it can't go on until somebody does something. */
    public static boolean isStuck(RestoreRequest request) {
        return Conditions.find(RestoreClaims.status(request).conditions(), "Stalled")
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
    }

    /** Whether the restore has made the mode. */
    public static boolean isOurs(RestoreRequest request, MaintenanceMode mode) {
        return mode.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> request.getMetadata().getUid().equals(owner.getUid()));
    }

    /** Why it does not go on; empty when it does. */
    static Optional<Reason> stalled(MaintenanceMode mode) {
        return mode.getStatus() == null
                ? Optional.empty()
                : Conditions.find(mode.getStatus().conditions(), "Stalled")
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .map(condition -> Reason.of(condition.reason()).orElse(Reason.PAGE_NOT_READY));
    }

    /** Whether that never passes by itself: an API server that refuses something may take it in a moment. */
    static boolean needsAPerson(Reason stalled) {
        return PERSONS.contains(stalled);
    }

    static String told(MaintenanceMode mode) {
        return mode.getStatus() == null
                ? "it has not begun."
                : Conditions.find(mode.getStatus().conditions(), "Ready")
                        .map(Condition::message)
                        .orElse("it has not begun.");
    }
}

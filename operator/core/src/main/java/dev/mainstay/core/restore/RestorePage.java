package dev.mainstay.core.restore;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.restore.RestoreDecision.Done;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The two steps in which a restore leads the application's Services to a page, and back. */
final class RestorePage {

    /** How long the page may take: its image may have to be pulled. */
    static final Duration ENTERED_WITHIN = Duration.ofMinutes(10);

    /** How long it is waited for that what keeps the mode goes away. */
    static final Duration LEFT_WITHIN = Duration.ofMinutes(10);

    /** When what the API server did not do is tried again. */
    static final Duration AGAIN = Duration.ofSeconds(5);

    private static final String WITHOUT =
            " To restore without a page, make a request with spec.maintenanceMode: false.";

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final StepTime time;

    RestorePage(RestoreObservation observation, StepTime time) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.time = time;
    }

    RestoreDecision enter() {
        ManagedApplication application = observation.application();
        if (!request.getSpec().maintenanceMode()) {
            return new Skip(RestoreStepName.ENTER_MAINTENANCE, "spec.maintenanceMode is false.");
        }
        if (application.getSpec().services().isEmpty()) {
            return new Skip(
                    RestoreStepName.ENTER_MAINTENANCE,
                    "ManagedApplication " + application.getMetadata().getName()
                            + " names no Services in spec.services.");
        }
        MaintenanceMode mode = observation.mode();
        boolean late = time.over(RestoreStepName.ENTER_MAINTENANCE, ENTERED_WITHIN);
        if (mode == null) {
            return late ? new Fail(neverThere()) : new RestoreDecision.MakeMode(RestoreMaintenance.mode(request));
        }
        if (!RestoreMaintenance.isOurs(request, mode)) {
            return new Fail(new Failure(
                    Reason.NAME_TAKEN.text(),
                    "MaintenanceMode " + mode.getMetadata().getName()
                            + ", whose name this restore needs, was made by somebody else. Delete it, and make another"
                            + " request.",
                    List.of()));
        }
        if (mode.getStatus() != null && mode.getStatus().phase() == ModePhase.ACTIVE) {
            return new Done(
                    RestoreStepName.ENTER_MAINTENANCE,
                    "MaintenanceMode " + mode.getMetadata().getName() + " is active.");
        }
        String told = "MaintenanceMode " + mode.getMetadata().getName() + ": " + RestoreMaintenance.told(mode);
        Optional<Reason> stalled = RestoreMaintenance.stalled(mode);
        if (late || stalled.filter(RestoreMaintenance::needsAPerson).isPresent()) {
            return new Fail(new Failure(
                    stalled.orElse(Reason.PAGE_NOT_READY).text(),
                    (late ? "There was no page after " + Durations.format(ENTERED_WITHIN) + ". " : "") + told + WITHOUT,
                    List.of()));
        }
        return new Watch(
                RestoreStepName.ENTER_MAINTENANCE,
                before.task(),
                stalled.orElse(Reason.ENTERING_MAINTENANCE),
                told,
                stalled.isPresent(),
                GLANCE);
    }

    /** What was tried last stands in the step's message. */
    private Failure neverThere() {
        return new Failure(
                Reason.PAGE_NOT_READY.text(),
                "There was no page after " + Durations.format(ENTERED_WITHIN) + ". "
                        + before.step(RestoreStepName.ENTER_MAINTENANCE)
                                .map(RestoreStep::message)
                                .orElse("MaintenanceMode " + RestoreMaintenance.name(request)
                                        + " was made, and somebody has deleted it.")
                        + WITHOUT,
                List.of());
    }

    /** What follows when the API server does not take the mode: what is about the mode itself it would not take later either. */
    RestoreDecision notMade(MaintenanceMode mode, Declined declined) {
        String said = "The API server does not take MaintenanceMode "
                + mode.getMetadata().getName() + ": " + declined.sentence();
        return declined.passes()
                ? new Watch(RestoreStepName.ENTER_MAINTENANCE, before.task(), declined.reason(), said, true, AGAIN)
                : new Fail(new Failure(declined.reason().text(), said + WITHOUT, List.of()));
    }

    RestoreDecision leave() {
        MaintenanceMode mode = observation.mode();
        if (mode == null || !RestoreMaintenance.isOurs(request, mode)) {
            return new Done(
                    RestoreStepName.LEAVE_MAINTENANCE,
                    "MaintenanceMode " + RestoreMaintenance.name(request) + " is gone.");
        }
        boolean ends = mode.getMetadata().getDeletionTimestamp() != null;
        if (!ends && observation.modeKept() == null) {
            return new RestoreDecision.EndMode(mode, RestoreStepName.LEAVE_MAINTENANCE);
        }
        String name = "MaintenanceMode " + mode.getMetadata().getName();
        // The mode waits for Pods that are ready, which an application that is not healthy may never have.
        if (ends && before.failure() != null) {
            return new Done(RestoreStepName.LEAVE_MAINTENANCE, name + " ends as soon as a Pod is ready.");
        }
        Optional<Reason> stalled = ends ? RestoreMaintenance.stalled(mode) : Optional.of(Reason.REJECTED);
        String told = ends ? name + ": " + RestoreMaintenance.told(mode) : kept(request, mode, observation.modeKept());
        if (stalled.isPresent() && time.over(RestoreStepName.LEAVE_MAINTENANCE, LEFT_WITHIN)) {
            return new RestoreDecision.NotLeft(new Failure(
                    stalled.get().text(),
                    "The page is still there after " + Durations.format(LEFT_WITHIN) + ". " + told
                            + (ends ? byHand(mode) : ""),
                    List.of()));
        }
        return new Watch(
                RestoreStepName.LEAVE_MAINTENANCE,
                before.task(),
                stalled.orElse(Reason.LEAVING_MAINTENANCE),
                told,
                stalled.isPresent(),
                ends ? GLANCE : AGAIN);
    }

    /** What is told of a mode that the API server does not let be deleted. */
    static String kept(RestoreRequest request, MaintenanceMode mode, String said) {
        String name = mode.getMetadata().getName();
        return "MaintenanceMode " + name
                + " stays, and the Services lead to its page: the API server does not let it be"
                + " deleted. Do that when it can be done: kubectl delete maintenancemode " + name + " --namespace "
                + request.getMetadata().getNamespace() + ". It says: " + Declined.sentence(said);
    }

    /** How one that is deleted, and can't do what it has to do before it goes, is taken away. */
    private String byHand(MaintenanceMode mode) {
        String object = "maintenancemode " + mode.getMetadata().getName() + " --namespace "
                + request.getMetadata().getNamespace();
        return " It goes on as soon as it can. By hand: do what its status.undoCommand says (kubectl get " + object
                + " --output jsonpath='{.status.undoCommand}'), then kubectl annotate " + object
                + " mainstay.dev/force-release=true";
    }
}

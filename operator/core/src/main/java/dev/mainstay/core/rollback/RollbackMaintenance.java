package dev.mainstay.core.rollback;

import dev.mainstay.api.ObjectReference;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeSpec;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The maintenance page after a verification that failed. Its mode has no owner and no end: the page stays when the request is
 * deleted and however long the night is, since nothing but a person knows when the application works again.
 */
public final class RollbackMaintenance {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LONGEST_REASON = 256;
    private static final int LONGEST_TOLD = 300;

    private final RollbackObservation observation;
    private final RollbackRequest request;
    private final Instant now;

    private RollbackMaintenance(RollbackObservation observation, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.now = now;
    }

    /** Whether the modes of its application have to be looked at. */
    public static boolean looksAtModes(RollbackRequest request) {
        return request.getStatus() != null && request.getStatus().phase() == RollbackPhase.ENTERING_MAINTENANCE;
    }

    static RollbackDecision decide(RollbackObservation observation, Instant now) {
        RollbackMaintenance maintenance = new RollbackMaintenance(observation, now);
        String noted = observation.request().getStatus().maintenanceMode();
        return noted == null ? maintenance.enter() : maintenance.lookAt(noted);
    }

    /** What follows when the API server does not take the mode. */
    public static RollbackDecision refused(
            RollbackRequest request, RollbackDecision.EnterMaintenance enter, String refusal) {
        return end(
                request,
                enter.plan(),
                "The maintenance page is not shown, since the API server does not take MaintenanceMode " + enter.name()
                        + ": " + refusal + " If people are to see it, make one yourself.");
    }

    /** What is told of a mode when the request ends early: one that was made, though nothing could tell of it, is named too. */
    static String whatStays(RollbackObservation observation) {
        RollbackRequest request = observation.request();
        String own = name(request);
        return Optional.ofNullable(request.getStatus().maintenanceMode())
                .or(() -> observation.pages().stream()
                        .filter(PageState::lasts)
                        .map(PageState::name)
                        .filter(own::equals)
                        .findFirst())
                .map(name -> " MaintenanceMode " + name + " stays, too (" + takeOff(request, name) + " ends it).")
                .orElse("");
    }

    /** A mode of its own that is there already was made by a pass that could not tell of it. */
    private RollbackDecision enter() {
        String own = name(request);
        Optional<PageState> there = find(page -> page.name().equals(own)).or(() -> find(PageState::lasts));
        return new RollbackDecision.EnterMaintenance(
                observation.plan(), there.map(PageState::name).orElse(own), there.isPresent() ? null : mode());
    }

    private RollbackDecision lookAt(String name) {
        boolean own = name.equals(name(request));
        Optional<PageState> found = find(page -> page.name().equals(name) && page.lasts());
        if (found.isEmpty()) {
            return own
                    ? end("MaintenanceMode " + name + ", which was to show the maintenance page, was ended meanwhile.")
                    : enter();
        }
        PageState page = found.get();
        if (page.active()) {
            return end("MaintenanceMode " + name + (own ? " shows" : ", which was there before, shows")
                    + " the maintenance page until "
                    + (page.endsAt() == null ? "" : page.endsAt() + ", or until ")
                    + "a person takes it off (" + takeOff(request, name) + ").");
        }
        String told = StatusRoom.cut(page.told(), LONGEST_TOLD);
        if (page.stalled() || awaited(page).plus(PATIENCE).isBefore(now)) {
            return end("MaintenanceMode " + name + (own ? " was made" : " was there before") + " ("
                    + takeOff(request, name) + " ends it), and does not show the page: " + told);
        }
        return new RollbackDecision.AwaitPage(
                observation.plan(),
                "The target does not work, and the page of MaintenanceMode " + name + " is waited for: " + told);
    }

    /** One that was there before is waited for from when the verification ended: its checks stand as they were then. */
    private Instant awaited(PageState page) {
        return request.getStatus().checks().stream()
                .map(VerificationCheck::since)
                .filter(page.awaited()::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(page.awaited());
    }

    private Optional<PageState> find(Predicate<PageState> which) {
        return observation.pages().stream().filter(which).min(Comparator.comparing(PageState::made));
    }

    private End end(String page) {
        return end(request, observation.plan(), page);
    }

    private static End end(RollbackRequest request, RollbackPlan plan, String page) {
        return new End(
                RollbackOutcome.VERIFY_FAILED,
                Reason.VERIFY_FAILED,
                plan.story(request) + " is in place, and does not work. " + page + " "
                        + Verification.why(request.getStatus()),
                plan,
                null);
    }

    private static String takeOff(RollbackRequest request, String name) {
        return "kubectl delete maintenancemode " + name + " --namespace "
                + request.getMetadata().getNamespace();
    }

    static String name(RollbackRequest request) {
        return Names.mode(request.getMetadata().getName(), request.getMetadata().getUid());
    }

    private MaintenanceMode mode() {
        MaintenanceMode mode = new MaintenanceMode();
        mode.setMetadata(new ObjectMetaBuilder()
                .withName(name(request))
                .withNamespace(request.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "mainstay")
                .build());
        mode.setSpec(new MaintenanceModeSpec(
                new ObjectReference(request.getSpec().applicationRef().name()),
                StatusRoom.cut(
                        "RollbackRequest " + request.getMetadata().getName() + ": "
                                + observation.plan().story(request) + " does not work. It was made for: "
                                + request.getSpec().reason(),
                        LONGEST_REASON),
                null,
                null,
                null,
                null,
                null,
                null));
        return mode;
    }
}

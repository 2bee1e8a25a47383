package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a MaintenanceMode ends: what it does is bounded, since the object, and its namespace with it, waits for that. */
final class ModeLeaving {

    /** How long an application without a ready Pod keeps the page: without it there would be no answer at all. */
    static final Duration READY = Duration.ofMinutes(2);

    /** How long EndpointSlices may go on naming the page's Pods, when whoever keeps them does not run. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(4);

    /** How long the page outlives the last EndpointSlice that named it: load balancers and proxies hear of it later. */
    static final Duration DRAINED = Duration.ofSeconds(15);

    private final ModeObservation observation;
    private final MaintenanceMode mode;
    private final MaintenanceModeStatus before;
    private final Instant now;

    ModeLeaving(ModeObservation observation, Instant now) {
        this.observation = observation;
        this.mode = observation.mode();
        this.before = ModeState.status(mode);
        this.now = now;
    }

    ModeDecision decide() {
        if (!ModeState.marked(mode)) {
            return new ModeDecision.End("It was over (" + why() + ") before anything was changed.");
        }
        Optional<MaintenanceMode> holder = observation.others().stream()
                .filter(other -> ModeState.holds(other, now))
                .findFirst();
        if (holder.isPresent()) {
            return new ModeDecision.End(
                    "It is over (" + why() + "). The Services still lead to the page, for MaintenanceMode "
                            + holder.get().getMetadata().getName() + ".");
        }
        Optional<ServiceState> unreadable = observation.services().stream()
                .filter(service -> service.refusal() != null)
                .findFirst();
        if (unreadable.isPresent()) {
            return new ModeDecision.Wait(
                    Reason.FORBIDDEN,
                    "Service " + unreadable.get().name() + " can't be read, so that it is not known where it leads: "
                            + unreadable.get().refusal(),
                    true);
        }
        List<ServiceState> led =
                observation.services().stream().filter(Redirection::touched).toList();
        return led.isEmpty() ? led() : lead(led);
    }

    private ModeDecision lead(List<ServiceState> led) {
        boolean served =
                observation.page().exists() && !observation.page().readyPods().isEmpty();
        List<String> silent = led.stream()
                .map(ServiceState::name)
                .filter(name -> !observation.answering().contains(name))
                .toList();
        if (served && !silent.isEmpty() && within(READY)) {
            return new ModeDecision.Await("No Pod behind the former selector of Service " + String.join(", ", silent)
                    + " is ready. The page stays until one is, or for " + READY.toMinutes() + "m at the most.");
        }
        List<Redirection> changes = new ArrayList<>();
        for (ServiceState service : led) {
            Optional<String> former = ModeDecider.former(service, mode, observation);
            if (former.isEmpty()) {
                return new ModeDecision.Wait(
                        Reason.SERVICE_UNSUITABLE,
                        "Service " + service.name()
                                + " leads to the maintenance page, and nothing says where it led before."
                                + " Lead it back by hand: kubectl set selector service " + service.name()
                                + " app=… --namespace " + mode.getMetadata().getNamespace(),
                        true);
            }
            changes.add(Redirection.back(service, former.get()));
        }
        return new ModeDecision.LeadBack(changes);
    }

    /** None leads to the page any more. */
    private ModeDecision led() {
        boolean others = observation.others().stream().anyMatch(other -> ModeState.wants(other, now));
        if (!observation.page().exists() || others) {
            return new ModeDecision.End("It is over (" + why() + "). " + where());
        }
        Set<String> pods = Set.copyOf(observation.page().readyPods());
        boolean named = observation.services().stream()
                .flatMap(service -> service.readyPods().stream())
                .anyMatch(pods::contains);
        if (before.backSince() == null && named && within(FORGOTTEN)) {
            return new ModeDecision.Await(
                    "The Services have their selectors back; EndpointSlices that name the page's Pods are waited for.");
        }
        Duration left = before.backSince() == null
                ? DRAINED
                : Duration.between(now, before.backSince().plus(DRAINED));
        // Without a status that can be read nothing tells how long it has been so.
        return left.isPositive() && mode.unreadableStatus().isEmpty()
                ? new ModeDecision.Drain(left.compareTo(DRAINED) < 0 ? left : Duration.ofSeconds(1))
                : new ModeDecision.RemovePage(observation.page());
    }

    private boolean within(Duration time) {
        return before.leavingSince() == null
                || now.isBefore(before.leavingSince().plus(time));
    }

    private String where() {
        String services =
                before.services().stream().map(RedirectedService::name).collect(Collectors.joining(", "));
        return services.isEmpty()
                ? "No Service was led to the page."
                : "Service " + services + " leads to the application.";
    }

    private String why() {
        if (ModeState.deleting(mode)) {
            return "deleted";
        }
        if (ModeState.cancelled(mode)) {
            return "cancelled";
        }
        return mode.getSpec() != null && mode.getSpec().until() != null ? "spec.until" : "spec.duration";
    }
}

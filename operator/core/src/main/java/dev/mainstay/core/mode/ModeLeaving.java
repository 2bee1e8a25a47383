package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadReturn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        Optional<ModeDecision> owed = giveBack();
        if (owed.isPresent()) {
            return owed.get();
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
        List<ServiceState> led = observation.services().stream()
                .filter(service -> Redirection.touched(service) || Redirection.noted(service))
                .toList();
        return led.isEmpty() ? led() : lead(led);
    }

    /** First the application is started again; what another mode keeps stopped is that one's to give back. */
    private Optional<ModeDecision> giveBack() {
        List<StoppedWorkload> elsewhere = observation.others().stream()
                .filter(other -> ModeState.wants(other, now))
                .flatMap(other -> ModeState.status(other).workloads().stream())
                .toList();
        // Without the application nobody else works on it, and there is nothing to claim.
        boolean free = observation.application() == null || ModeClaims.granted(mode);
        return switch (WorkloadReturn.decide(observation.workloads(), before.workloads(), elsewhere)) {
            case WorkloadReturn.Next.Done ignored -> Optional.empty();
            case WorkloadReturn.Next.Unreadable unreadable ->
                Optional.of(new ModeDecision.Wait(Reason.FORBIDDEN, unreadable.message(), true));
            case WorkloadReturn.Next.GiveBack back ->
                Optional.of(
                        free
                                ? new ModeDecision.GiveBack(back.changes(), back.lines(), back.notes())
                                : new ModeDecision.TakeClaim());
        };
    }

    private ModeDecision lead(List<ServiceState> led) {
        boolean served =
                observation.page().exists() && !observation.page().readyPods().isEmpty();
        List<String> silent = led.stream()
                .filter(Redirection::touched)
                .map(ServiceState::name)
                .filter(name -> !observation.answering().contains(name))
                .toList();
        if (served && !silent.isEmpty() && within(READY)) {
            return new ModeDecision.Await("No Pod behind the former selector of Service " + String.join(", ", silent)
                    + " is ready. The page stays until one is, or for " + READY.toMinutes() + "m at the most.");
        }
        List<String> starting = WorkloadReturn.notReady(observation.workloads(), before.workloads());
        if (served && !starting.isEmpty() && within(READY)) {
            return new ModeDecision.Await("The Pods of " + String.join(", ", starting)
                    + " are waited for. The page stays until they are ready, or for " + READY.toMinutes()
                    + "m at the most.");
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
        boolean named = observation.services().stream()
                .flatMap(service -> service.readyPods().stream())
                .anyMatch(observation.page()::isPod);
        List<MaintenanceMode> leaving = observation.others().stream()
                .filter(other -> ModeState.marked(other) && !ModeState.ended(other))
                .toList();
        if (named && within(FORGOTTEN)) {
            return new ModeDecision.Await(
                    "The Services have their selectors back; EndpointSlices that name the page's Pods are waited for.");
        }
        boolean behind =
                leaving.stream().anyMatch(other -> ModeState.status(other).backSince() == null);
        // Without a status that can be read nothing tells how long it has been so.
        if (mode.unreadableStatus().isPresent()) {
            return new ModeDecision.RemovePage(observation.page());
        }
        if (before.backSince() == null || behind && within(FORGOTTEN)) {
            return new ModeDecision.Drain(Duration.ofSeconds(1));
        }
        Instant since = Stream.concat(Stream.of(mode), leaving.stream())
                .map(other -> ModeState.status(other).backSince())
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(now);
        Duration left = Duration.between(now, since.plus(DRAINED));
        return left.isPositive() ? new ModeDecision.Drain(left) : new ModeDecision.RemovePage(observation.page());
    }

    private boolean within(Duration time) {
        return before.leavingSince() == null
                || now.isBefore(Stream.of(before.leavingSince(), before.workloadsBackSince())
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElseThrow()
                        .plus(time));
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

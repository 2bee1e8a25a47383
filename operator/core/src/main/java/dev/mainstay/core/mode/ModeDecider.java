package dev.mainstay.core.mode;

import dev.mainstay.api.application.ApplicationService;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.MaintenancePage;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.core.rollback.Managers;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.StopTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is to be done about a MaintenanceMode: a pure function of what is known and the time. */
public final class ModeDecider {

    /** How often a selector that somebody else puts back is led to the page again. */
    static final int REDONE = 3;

    private static final Duration GLANCE = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final ModeObservation observation;
    private final MaintenanceMode mode;
    private final MaintenanceModeStatus before;
    private final Instant now;

    private ModeDecider(ModeObservation observation, Instant now) {
        this.observation = observation;
        this.mode = observation.mode();
        this.before = ModeState.status(mode);
        this.now = now;
    }

    /** Decides. */
    public static ModeDecision decide(ModeObservation observation, Instant now) {
        return new ModeDecider(observation, now).decide();
    }

    /** Names of the Services that have to be looked at: those of the application, and those that were led to the page. */
    public static Set<String> services(MaintenanceMode mode, ManagedApplication application) {
        Set<String> names = new LinkedHashSet<>();
        ModeState.status(mode).services().forEach(service -> names.add(service.name()));
        if (application != null && application.getSpec() != null) {
            application.getSpec().services().stream()
                    .map(ApplicationService::name)
                    .forEach(names::add);
        }
        return names;
    }

    /** What it stops, and what it has stopped: all of that has to be looked at. */
    public static List<StopTarget> workloads(MaintenanceMode mode, ManagedApplication application, Instant now) {
        Stream<StopTarget> saved =
                ModeState.status(mode).workloads().stream().map(line -> new StopTarget(line.kind(), line.name()));
        boolean stops = ModeStopping.stops(mode)
                && !ModeState.leaves(mode, now)
                && application != null
                && application.getSpec() != null;
        return stops
                ? Stream.concat(
                                StopTarget.of(
                                        application.getSpec(), mode.getSpec().stopWorkloads())
                                        .stream(),
                                saved)
                        .distinct()
                        .toList()
                : saved.toList();
    }

    /** Whether nothing is written down of something that it stops. */
    public static boolean saves(MaintenanceMode mode, List<StopTarget> workloads) {
        return workloads.stream()
                .anyMatch(target -> ModeState.status(mode).workloads().stream()
                        .noneMatch(line -> line.names(target.kind(), target.name())));
    }

    private ModeDecision decide() {
        if (ModeState.ended(mode) || observation.otherRelease() != null) {
            return new ModeDecision.LeaveAlone();
        }
        if (ModeState.leaves(mode, now)) {
            return new ModeLeaving(observation, now).decide();
        }
        if (mode.unreadableSpec().isPresent()) {
            return stuck(
                    Reason.INVALID_SPEC,
                    "spec can't be read by this version of Mainstay: "
                            + mode.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        Optional<ModeDecision> hindrance = begun() ? Optional.empty() : hindrance();
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        return ModeState.marked(mode) ? page() : new ModeDecision.Mark();
    }

    private boolean begun() {
        return !before.services().isEmpty();
    }

    /** What keeps it from beginning. */
    private Optional<ModeDecision> hindrance() {
        String application = mode.getSpec().applicationRef().name();
        if (observation.application() == null) {
            return Optional.of(stuck(
                    Reason.APPLICATION_NOT_FOUND,
                    "spec.applicationRef names ManagedApplication " + application
                            + ", which does not exist in this namespace. Create it, or delete this object and make one with"
                            + " the right name: kubectl get managedapplications --namespace "
                            + mode.getMetadata().getNamespace()));
        }
        if (observation.application().unreadableSpec().isPresent()) {
            return Optional.of(stuck(
                    Reason.INVALID_SPEC,
                    "spec of ManagedApplication " + application + " can't be read by this version of Mainstay: "
                            + observation.application().unreadableSpec().get() + ". Correct it, or upgrade Mainstay."));
        }
        // What has begun goes on while the application is paused, with all that it needs.
        Optional<String> paused = Pause.message(mode)
                .or(() -> ModeState.ofOperation(mode) ? Optional.empty() : Pause.message(observation.application()));
        if (paused.isPresent()) {
            return Optional.of(new ModeDecision.Wait(Reason.PAUSED, paused.get(), false));
        }
        return unsuitable(application, observation.services(), mode.getSpec().allowNonHttp())
                .map(refusal -> stuck(
                        refusal.reason(),
                        refusal.message() + (refusal.reason() == Reason.NO_SERVICES ? "" : " Nothing was changed.")))
                .or(() -> new ModeStopping(observation).hindrance());
    }

    /**
     * Why no page can be shown for an application; empty when one can.
     *
     * @param services its Services, as the API server has them
     */
    public static Optional<ServiceRefusal> unsuitable(
            String application, List<ServiceState> services, boolean allowNonHttp) {
        if (services.isEmpty()) {
            return Optional.of(new ServiceRefusal(
                    Reason.NO_SERVICES,
                    "ManagedApplication " + application
                            + " names no Services, so that there is nothing to lead to a page."
                            + " Name those through which people reach the application: spec.services: [{name: web}]"));
        }
        return services.stream()
                .flatMap(service -> ServiceRefusal.of(service, application, allowNonHttp).stream())
                .findFirst();
    }

    private Optional<ServiceRefusal> refusal(ServiceState service) {
        return ServiceRefusal.of(
                service, mode.getSpec().applicationRef().name(), mode.getSpec().allowNonHttp());
    }

    private ModeDecision page() {
        PageState page = observation.page();
        String application = mode.getSpec().applicationRef().name();
        if (page.foreign(application)) {
            return stuck(
                    Reason.NAME_TAKEN,
                    "Deployment "
                            + page.deployment().path("metadata").path("name").asText()
                            + ", whose name the maintenance page needs, was not made by Mainstay. Delete it, or give it"
                            + " another name.");
        }
        List<MaintenanceMode> modes = modes();
        List<ServiceState> suitable = observation.services().stream()
                .filter(service -> refusal(service).isEmpty())
                .toList();
        PageSpec wanted = PageSpec.of(modes, observation.application(), suitable, observation.image());
        if (!page.is(wanted)) {
            return new ModeDecision.ApplyPage(wanted);
        }
        if (!page.rolledOut() && (page.readyPods().isEmpty() || ModeState.phase(mode) != ModePhase.ACTIVE)) {
            return awaitPage(wanted);
        }
        return redirected(suitable, application);
    }

    private ModeDecision awaitPage(PageSpec page) {
        String look = "kubectl get pods --namespace " + mode.getMetadata().getNamespace() + " --selector "
                + ServiceState.text(page.selector());
        return observation
                .page()
                .trouble()
                .map(trouble -> stuck(
                        Reason.PAGE_NOT_READY,
                        "The Pods of the maintenance page do not become ready: " + trouble + ". Look at them: " + look))
                .orElseGet(() -> new ModeDecision.Wait(
                        Reason.ENTERING_MAINTENANCE, "The Pods of the page are waited for: " + look, false));
    }

    private ModeDecision redirected(List<ServiceState> suitable, String application) {
        List<RedirectedService> lines = new ArrayList<>();
        List<Redirection> changes = new ArrayList<>();
        List<String> again = new ArrayList<>();
        List<String> reverted = new ArrayList<>();
        boolean unsaved = false;
        for (ServiceState service : suitable) {
            Optional<RedirectedService> line = before.service(service.name());
            Optional<String> former = former(service, mode, observation);
            if (former.isEmpty()) {
                return stuck(Reason.SERVICE_UNSUITABLE, lost(service));
            }
            String selector = former.get();
            Integer redone = line.map(RedirectedService::redone).orElse(null);
            unsaved = unsaved || line.isEmpty();
            if (Redirection.leadsToPage(service, application)) {
                lines.add(new RedirectedService(service.name(), selector, redone == null ? 0 : redone));
                continue;
            }
            if (redone != null && redone >= REDONE) {
                reverted.add("Service " + service.name() + " leads to " + selector + " again: "
                        + Managers.of(service.json(), "selector") + " wrote it, and was overruled " + REDONE
                        + " times");
                lines.add(new RedirectedService(service.name(), selector, redone));
                continue;
            }
            if (redone != null) {
                again.add("Service " + service.name() + " was led back to " + selector + " by "
                        + Managers.of(service.json(), "selector") + ", and is led to the page again");
            }
            changes.add(Redirection.toPage(service, application, selector));
            lines.add(new RedirectedService(service.name(), selector, redone == null ? 0 : redone + 1));
        }
        if (unsaved) {
            return new ModeDecision.Save(saved(lines));
        }
        if (!changes.isEmpty()) {
            return new ModeDecision.Redirect(
                    changes, keep(lines), again.isEmpty() ? null : String.join("; ", again) + ".");
        }
        return reached(suitable, keep(lines), reverted);
    }

    /** Where a Service led before: by itself, else by what a mode has written down. */
    static Optional<String> former(ServiceState service, MaintenanceMode mode, ModeObservation observation) {
        return Redirection.former(service)
                .or(() -> Stream.concat(Stream.of(mode), observation.others().stream())
                        .flatMap(other -> ModeState.status(other).service(service.name()).stream())
                        .map(RedirectedService::selector)
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    /** Before anything is changed: what is new is not led to the page yet. */
    private List<RedirectedService> saved(List<RedirectedService> lines) {
        return keep(lines.stream()
                .map(line -> new RedirectedService(
                        line.name(),
                        line.selector(),
                        before.service(line.name())
                                .map(RedirectedService::redone)
                                .orElse(null)))
                .toList());
    }

    /** Those that are gone or have become unsuitable stay written down. */
    private List<RedirectedService> keep(List<RedirectedService> lines) {
        List<RedirectedService> all = new ArrayList<>(lines);
        before.services().stream()
                .filter(line -> lines.stream().noneMatch(other -> other.name().equals(line.name())))
                .forEach(all::add);
        return all;
    }

    /** Whether those who look where the Services lead have been told of the page. */
    private ModeDecision reached(List<ServiceState> suitable, List<RedirectedService> lines, List<String> reverted) {
        String application = mode.getSpec().applicationRef().name();
        Optional<ServiceState> elsewhere = suitable.stream()
                .filter(service -> Redirection.leadsToPage(service, application))
                .filter(service -> service.readyPods().isEmpty()
                        || !service.readyPods().stream().allMatch(observation.page()::isPod))
                .findFirst();
        if (elsewhere.isPresent() && ModeState.phase(mode) != ModePhase.ACTIVE) {
            return new ModeDecision.Wait(
                    Reason.ENTERING_MAINTENANCE,
                    "Service " + elsewhere.get().name()
                            + " has the page's selector, and its EndpointSlices do not hold the page's Pods alone yet.",
                    false);
        }
        return new ModeStopping(observation)
                .decide(new ModeDecision.Stay(lines, before.workloads(), reverted, warnings(), next()));
    }

    private List<MaintenanceMode> modes() {
        return Stream.concat(
                        Stream.of(mode), observation.others().stream().filter(other -> ModeState.wants(other, now)))
                .toList();
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (mode.getSpec().page() != MaintenancePage.NONE) {
            PageSpec.notShown(mode, modes(), observation.application()).ifPresent(warnings::add);
        }
        for (ServiceState service : observation.services()) {
            refusal(service).ifPresent(refusal -> warnings.add(refusal.message()));
            if (service.exists()
                    && "Local"
                            .equals(service.json()
                                    .path("spec")
                                    .path("externalTrafficPolicy")
                                    .asText())) {
                warnings.add("Service " + service.name()
                        + " has externalTrafficPolicy: Local: from outside, only nodes with a" + " Pod of the page ("
                        + PageSpec.REPLICAS + " of them) lead to it.");
            }
        }
        return warnings;
    }

    private Duration next() {
        Duration left = ModeState.endsAt(mode)
                .map(end -> Duration.between(now, end))
                .filter(end -> end.compareTo(GLANCE) < 0)
                .orElse(GLANCE);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** It was led to the page by hand, or by a Mainstay whose note somebody has taken away. */
    private String lost(ServiceState service) {
        return "Service " + service.name()
                + " leads to the maintenance page already, and nothing says where it led before."
                + " Lead it back by hand, and it is led to the page again: kubectl set selector service "
                + service.name()
                + " app=… --namespace " + mode.getMetadata().getNamespace();
    }

    private static ModeDecision stuck(Reason reason, String message) {
        return new ModeDecision.Wait(reason, message, true);
    }
}

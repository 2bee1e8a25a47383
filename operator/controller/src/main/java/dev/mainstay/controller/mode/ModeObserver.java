package dev.mainstay.controller.mode;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.kube.Autoscalers;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.MaintenancePages;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.core.mode.ModeDecider;
import dev.mainstay.core.mode.ModeObservation;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.mode.PageState;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.workload.StopTarget;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gathers what is known about a MaintenanceMode: where Services lead is read from the API server, not from a cache. */
public final class ModeObserver {

    private final ModeSurroundings surroundings;
    private final MaintenanceModes modes;
    private final Services services;
    private final MaintenancePages pages;
    private final ReadyPods pods;
    private final WorkloadScales scales;
    private final Autoscalers autoscalers;
    private final String image;

    public ModeObserver(
            ModeSurroundings surroundings,
            MaintenanceModes modes,
            Services services,
            MaintenancePages pages,
            ReadyPods pods,
            WorkloadScales scales,
            Autoscalers autoscalers,
            String image) {
        this.surroundings = surroundings;
        this.modes = modes;
        this.services = services;
        this.pages = pages;
        this.pods = pods;
        this.scales = scales;
        this.autoscalers = autoscalers;
        this.image = image;
    }

    /** Observes. */
    ModeObservation observe(MaintenanceMode mode, Instant now) {
        String namespace = mode.getMetadata().getNamespace();
        String name =
                mode.getSpec() == null ? null : mode.getSpec().applicationRef().name();
        ManagedApplication application =
                name == null ? null : surroundings.application(namespace, name).orElse(null);
        boolean leaves = ModeState.leaves(mode, now);
        String page = page(mode, name);
        List<StopTarget> targets = ModeDecider.workloads(mode, application, now);
        boolean saves = ModeDecider.saves(mode, targets);
        // Who else needs the page decides whether it goes, and who else has stopped a workload tells what that had, so
        // no cache is
        // believed then.
        List<MaintenanceMode> others = (leaves || saves ? modes.list(namespace) : surroundings.modes(namespace))
                .stream()
                        .filter(other -> !other.getMetadata()
                                .getUid()
                                .equals(mode.getMetadata().getUid()))
                        .filter(other -> page != null && page.equals(page(other, null)))
                        .toList();
        ModeObservation observation = new ModeObservation(
                mode,
                application,
                name == null ? null : surroundings.otherRelease(namespace, name).orElse(null),
                others,
                ModeDecider.services(mode, application).stream()
                        .map(service -> services.read(namespace, service))
                        .toList(),
                Set.of(),
                targets.stream()
                        .map(target -> scales.read(namespace, target.kind(), target.name()))
                        .toList(),
                saves ? autoscalers.list(namespace) : List.of(),
                page == null
                        ? new PageState(null, new ServiceState("", null, List.of(), null))
                        : pages.read(namespace, page),
                image);
        return leaves ? observation.answering(answering(namespace, observation)) : observation;
    }

    private static String page(MaintenanceMode mode, String known) {
        if (known != null) {
            return Names.page(known);
        }
        if (mode.getSpec() != null) {
            return Names.page(mode.getSpec().applicationRef().name());
        }
        return mode.getStatus() == null ? null : mode.getStatus().page();
    }

    private Set<String> answering(String namespace, ModeObservation observation) {
        return observation.former().entrySet().stream()
                .filter(service -> pods.any(namespace, service.getValue()))
                .map(service -> service.getKey())
                .collect(Collectors.toSet());
    }
}

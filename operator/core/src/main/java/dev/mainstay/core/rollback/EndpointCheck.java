package dev.mainstay.core.rollback;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether a Service leads to the target: Pods that are ready serve nobody when no Service selects them. */
final class EndpointCheck {

    private final ServiceState service;
    private final List<PlannedWorkload> workloads;
    private final String application;
    private final String namespace;

    private EndpointCheck(ServiceState service, List<PlannedWorkload> workloads, String application, String namespace) {
        this.service = service;
        this.workloads = workloads;
        this.application = application;
        this.namespace = namespace;
    }

    /** What it says, not dated; empty when the Service is none of the target's. */
    static Optional<VerificationCheck> of(ServiceState service, RollbackObservation observation) {
        return new EndpointCheck(
                        service,
                        observation.plan().workloads(),
                        observation.request().getSpec().applicationRef().name(),
                        observation.request().getMetadata().getNamespace())
                .judge(observation);
    }

    /** What a plan says of it before anything is done; empty when nothing is wrong. */
    static Optional<String> warning(
            ServiceState service, List<PlannedWorkload> workloads, String application, String namespace) {
        EndpointCheck check = new EndpointCheck(service, workloads, application, namespace);
        if (service.refusal() != null) {
            return Optional.empty();
        }
        if (!service.exists()) {
            return Optional.of(check.missing());
        }
        return !check.leadsToPage()
                        && check.reaching().isEmpty()
                        && !check.former().isEmpty()
                ? Optional.of(check.lost())
                : Optional.empty();
    }

    private Optional<VerificationCheck> judge(RollbackObservation observation) {
        if (service.refusal() != null) {
            return told(
                    CheckVerdict.ERROR, "Service " + service.name() + " could not be looked at: " + service.refusal());
        }
        if (!service.exists()) {
            return partial(observation) ? Optional.empty() : told(CheckVerdict.NO_DATA, missing());
        }
        if (service.selector().isEmpty() || leadsToPage()) {
            return Optional.empty();
        }
        List<PlannedWorkload> reaching = reaching();
        if (reaching.isEmpty()) {
            return former().isEmpty() ? elsewhere(observation) : told(CheckVerdict.FAIL, lost());
        }
        List<PlannedWorkload> running = reaching.stream()
                .filter(workload -> observation
                        .deployment(workload)
                        .filter(deployment -> deployment.wanted() > 0)
                        .isPresent())
                .toList();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        boolean reached = running.stream()
                .flatMap(workload -> observation.pods().getOrDefault(workload.name(), List.of()).stream())
                .anyMatch(pod -> service.leadsTo(pod.name()));
        return reached
                ? told(CheckVerdict.PASS, "ready Pods of the target are among its endpoints")
                : told(
                        CheckVerdict.NO_DATA,
                        "no ready Pod of the target is among its endpoints yet: kubectl get endpointslices --namespace "
                                + namespace + " --selector kubernetes.io/service-name=" + service.name());
    }

    /** Maintenance mode is on: that it leads away from the target is wanted. */
    private boolean leadsToPage() {
        return service.selector().containsKey(Annotations.PAGE);
    }

    /** Neither the target nor what ran before is behind it: another workload is, or nothing. */
    private Optional<VerificationCheck> elsewhere(RollbackObservation observation) {
        return service.leadsSomewhere() || partial(observation)
                ? Optional.empty()
                : told(
                        CheckVerdict.NO_DATA,
                        "spec.selector of Service " + service.name() + " (" + service.selectorText()
                                + ") matches no Pod. " + correction(workloads));
    }

    /** What leads to none of the Deployments that are named may be of those that are not. */
    private static boolean partial(RollbackObservation observation) {
        return !observation.request().getSpec().workloads().isEmpty();
    }

    private List<PlannedWorkload> reaching() {
        return workloads.stream()
                .filter(workload -> service.selects(workload.to().labels()))
                .toList();
    }

    private List<PlannedWorkload> former() {
        return workloads.stream()
                .filter(workload -> service.selects(workload.from().labels()))
                .toList();
    }

    private String missing() {
        return "Service " + service.name()
                + " does not exist in this namespace. Create it, or take it out of spec.services of ManagedApplication "
                + application + ".";
    }

    private String lost() {
        return "spec.selector of Service " + service.name() + " (" + service.selectorText() + ") matches the Pods that"
                + " Deployment " + former().stream().map(PlannedWorkload::name).collect(Collectors.joining(", "))
                + " had, and not those of the target. " + correction(former());
    }

    /** What the target's Pods have of the labels that are selected, in a command. */
    private String correction(List<PlannedWorkload> candidates) {
        Map<String, String> common = new TreeMap<>();
        candidates.stream()
                .map(workload -> workload.to().labels())
                .filter(labels -> service.selector().keySet().stream().anyMatch(labels::containsKey))
                .findFirst()
                .ifPresent(labels -> service.selector().keySet().stream()
                        .filter(labels::containsKey)
                        .forEach(key -> common.put(key, labels.get(key))));
        return common.isEmpty()
                ? "Correct the selector, so that it matches labels of the Pods."
                : "Correct the selector, such as: kubectl set selector service " + service.name() + " "
                        + ServiceState.text(common) + " --namespace " + namespace;
    }

    private Optional<VerificationCheck> told(CheckVerdict verdict, String message) {
        return Optional.of(new VerificationCheck("Endpoints " + service.name(), verdict, null, message));
    }
}

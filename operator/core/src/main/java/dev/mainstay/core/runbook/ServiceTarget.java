package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.HttpCheckService;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Which Pods a Service leads to. They are found by its selector, and never by its EndpointSlices, which can name any address:
 * the operator asks Pods of the application's namespace and nobody else (kubernetes/kubernetes issue 103675).
 */
public sealed interface ServiceTarget {

    /**
     * These.
     *
     * @param selector labels of the Pods
     * @param port their port: its number, or the name that a container gives it
     */
    record Found(Map<String, String> selector, String port) implements ServiceTarget {}

    /** None: why, and what to do. */
    record Unsuitable(Reason reason, String message) implements ServiceTarget {}

    /** Whether the application names the Service: the operator asks none else. */
    static Optional<Unsuitable> unnamed(ManagedApplication application, HttpCheckService wanted) {
        List<String> names = application.getSpec().services().stream()
                .map(service -> service.name())
                .toList();
        return names.contains(wanted.name())
                ? Optional.empty()
                : Optional.of(new Unsuitable(
                        Reason.SERVICE_NOT_FOUND,
                        "httpCheck.service.name of the step is " + wanted.name()
                                + ", and spec.services of ManagedApplication "
                                + application.getMetadata().getName() + " has "
                                + (names.isEmpty() ? "none" : String.join(", ", names))
                                + ". Add it there, or correct the Runbook, and make another run."));
    }

    /** Where the Service leads. */
    static ServiceTarget of(HttpCheckService wanted, ServiceState state) {
        String named = "Service " + wanted.name();
        if (state.refusal() != null) {
            return new Unsuitable(Reason.FORBIDDEN, named + " can't be read: " + state.refusal() + ".");
        }
        if (!state.exists()) {
            return new Unsuitable(
                    Reason.SERVICE_NOT_FOUND,
                    named + " does not exist. Create it, or correct httpCheck.service.name of the step.");
        }
        if (state.selector().isEmpty()
                || "ExternalName".equals(state.json().path("spec").path("type").asText())) {
            return new Unsuitable(
                    Reason.SERVICE_UNSUITABLE,
                    named
                            + " has no selector, so it leads to other addresses than those of Pods here, and the operator asks"
                            + " none of them. Name the URL in spec.urls of the ManagedApplication, and use httpCheck.url.");
        }
        return port(wanted, state);
    }

    private static ServiceTarget port(HttpCheckService wanted, ServiceState state) {
        List<JsonNode> ports = StreamSupport.stream(
                        state.json().path("spec").path("ports").spliterator(), false)
                .filter(port -> "TCP".equals(port.path("protocol").asText("TCP")))
                .toList();
        List<JsonNode> meant = ports.stream()
                .filter(port -> wanted.port() == null
                        || wanted.port().equals(port.path("name").asText())
                        || wanted.port().equals(port.path("port").asText()))
                .toList();
        if (meant.size() == 1) {
            JsonNode target = meant.getFirst().path("targetPort");
            return new Found(
                    state.selector(),
                    target.isMissingNode() || "0".equals(target.asText())
                            ? meant.getFirst().path("port").asText()
                            : target.asText());
        }
        String found = ports.stream()
                .map(port -> port.path("name").asText().isEmpty()
                        ? port.path("port").asText()
                        : port.path("name").asText() + " (" + port.path("port").asText() + ")")
                .collect(Collectors.joining(", "));
        return new Unsuitable(
                Reason.SERVICE_UNSUITABLE,
                "Service " + wanted.name()
                        + (wanted.port() == null
                                ? " has several ports of TCP, or none (found: " + (found.isEmpty() ? "none" : found)
                                        + "). Say which in httpCheck.service.port of the step."
                                : " has no port " + wanted.port() + " of TCP (found: "
                                        + (found.isEmpty() ? "none" : found)
                                        + "). Correct httpCheck.service.port of the step."));
    }
}

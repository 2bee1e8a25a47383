package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a Pod of a template counts for in a ResourceQuota, as far as the template says: what a LimitRange or a RuntimeClass adds
 * is not in it.
 *
 * @param template the template
 */
record PodDemand(PodTemplate template) {

    private static final Set<String> SHORTHANDS = Set.of("cpu", "memory", "ephemeral-storage");

    /** How much of a quota's resource one Pod takes; zero of what is no matter of Pods. */
    BigDecimal of(String resource) {
        if (resource.equals("pods") || resource.equals("count/pods")) {
            return BigDecimal.ONE;
        }
        if (resource.startsWith("limits.")) {
            return sum("limits", resource.substring("limits.".length()));
        }
        if (resource.startsWith("requests.")) {
            return sum("requests", resource.substring("requests.".length()));
        }
        return SHORTHANDS.contains(resource) ? sum("requests", resource) : BigDecimal.ZERO;
    }

    /** Whether it asks for nothing, so that it is the first to be ended. */
    boolean bestEffort() {
        return Stream.concat(template.containers().stream(), Stream.of(spec()))
                .map(container -> container.path("resources"))
                .allMatch(resources -> resources.path("requests").isEmpty()
                        && resources.path("limits").isEmpty());
    }

    /** Init containers run one after another, before the others; sidecars among them go on beside what comes later. */
    private BigDecimal sum(String kind, String resource) {
        JsonNode whole = spec().path("resources");
        if (whole.path(kind).has(resource)) {
            return amount(whole, kind, resource);
        }
        BigDecimal sidecars = BigDecimal.ZERO;
        BigDecimal most = BigDecimal.ZERO;
        for (JsonNode container : spec().path("initContainers")) {
            BigDecimal wanted = amount(container.path("resources"), kind, resource);
            if ("Always".equals(container.path("restartPolicy").asText())) {
                sidecars = sidecars.add(wanted);
                most = most.max(sidecars);
            } else {
                most = most.max(sidecars.add(wanted));
            }
        }
        BigDecimal running = sidecars;
        for (JsonNode container : spec().path("containers")) {
            running = running.add(amount(container.path("resources"), kind, resource));
        }
        return running.max(most);
    }

    private JsonNode spec() {
        return template.json().path("spec");
    }

    /** Where only a limit is given, that is the request too. */
    private static BigDecimal amount(JsonNode resources, String kind, String resource) {
        List<String> kinds = kind.equals("requests") ? List.of("requests", "limits") : List.of("limits");
        return kinds.stream()
                .map(candidate -> resources.path(candidate).path(resource))
                .filter(JsonNode::isValueNode)
                .findFirst()
                .map(value -> Quantity.getAmountInBytes(Quantity.parse(value.asText())))
                .orElse(BigDecimal.ZERO);
    }
}

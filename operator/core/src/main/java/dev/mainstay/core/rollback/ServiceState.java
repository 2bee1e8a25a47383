package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A Service of the application and its EndpointSlices as the API server has them.
 *
 * @param name its name
 * @param json the Service; null when there is none, or it could not be read
 * @param slices its EndpointSlices
 * @param refusal why it could not be read; null when it could
 */
public record ServiceState(String name, JsonNode json, List<JsonNode> slices, String refusal) {

    public boolean exists() {
        return json != null;
    }

    /** Labels of the Pods that it leads to; empty when something else than its selector tells where it leads. */
    public Map<String, String> selector() {
        Map<String, String> selector = new LinkedHashMap<>();
        json.path("spec")
                .path("selector")
                .properties()
                .forEach(label -> selector.put(label.getKey(), label.getValue().asText()));
        return selector;
    }

    /** The selector as kubectl writes it, such as {@code app=web,tier=front}. */
    String selectorText() {
        return text(selector());
    }

    boolean selects(Map<String, String> labels) {
        return labels.entrySet().containsAll(selector().entrySet());
    }

    /** Whether it has endpoints, ready or not. */
    boolean leadsSomewhere() {
        return endpoints().findAny().isPresent();
    }

    /** Whether a Pod of this name is a ready endpoint. One that says nothing of it is ready. */
    boolean leadsTo(String pod) {
        return readyPods().contains(pod);
    }

    /** Names of the Pods that are ready endpoints. */
    public List<String> readyPods() {
        return endpoints()
                .filter(ServiceState::ready)
                .map(endpoint -> endpoint.path("targetRef"))
                .filter(target -> "Pod".equals(target.path("kind").asText()))
                .map(target -> target.path("name").asText())
                .toList();
    }

    private static boolean ready(JsonNode endpoint) {
        return endpoint.path("conditions").path("ready").asBoolean(true);
    }

    private Stream<JsonNode> endpoints() {
        return slices.stream()
                .flatMap(slice -> StreamSupport.stream(slice.path("endpoints").spliterator(), false));
    }

    public static String text(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }
}

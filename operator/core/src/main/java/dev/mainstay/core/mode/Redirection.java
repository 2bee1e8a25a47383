package dev.mainstay.core.mode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.core.rollback.JsonPatch;
import dev.mainstay.core.rollback.ServiceState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A selector of a Service that is to be written, under the condition that the Service is the one that was seen.
 *
 * @param seen the Service
 * @param selector what its selector is to be
 * @param saved what is kept on it of its selector before; null when nothing is kept any more
 */
public record Redirection(ServiceState seen, Map<String, String> selector, String saved) {

    private static final String SELECTOR = "/spec/selector";

    /** Leads a Service to the page, and keeps where it led. */
    static Redirection toPage(ServiceState service, String application, String saved) {
        return new Redirection(service, PageSpec.selector(application), saved);
    }

    /** Leads a Service back. */
    static Redirection back(ServiceState service, String selector) {
        return new Redirection(service, parse(selector), null);
    }

    /** Whether a Service leads to the page of an application, and to nothing else. */
    static boolean leadsToPage(ServiceState service, String application) {
        return service.exists() && service.selector().equals(PageSpec.selector(application));
    }

    /** Whether its selector has something of ours: merged with another one, it leads nowhere. */
    static boolean touched(ServiceState service) {
        return service.exists() && service.selector().containsKey(Annotations.PAGE);
    }

    /** Whether it has a note of where it led, be it of use or not. */
    static boolean noted(ServiceState service) {
        return service.exists() && saved(service).isPresent();
    }

    /**
     * Where a Service led before, or is to lead by the will of whoever applies it. A client that merges leaves our label in its
     * own selector.
     *
     * @return empty when the Service leads to the page, and does not say where it led
     */
    static Optional<String> former(ServiceState service) {
        Map<String, String> others = new TreeMap<>(service.selector());
        others.remove(Annotations.PAGE);
        return others.isEmpty() ? saved(service) : Optional.of(ServiceState.text(others));
    }

    private static Optional<String> saved(ServiceState service) {
        return Optional.of(service.json()
                        .path("metadata")
                        .path("annotations")
                        .path(Annotations.SELECTOR)
                        .asText(""))
                .filter(text -> !text.isEmpty());
    }

    /** A selector from the form that kubectl writes; neither names nor values of labels hold a comma or an equals sign. */
    static Map<String, String> parse(String text) {
        Map<String, String> selector = new LinkedHashMap<>();
        for (String label : text.split(",")) {
            String[] parts = label.split("=", 2);
            selector.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        return selector;
    }

    /** Whether a Service is as this would make it. */
    public boolean doneIn(ServiceState service) {
        return service.exists() && service.selector().equals(selector);
    }

    /** The JSON Patch, which fails if somebody else was faster. */
    public JsonNode patch() {
        JsonNode metadata = seen.json().path("metadata");
        JsonNode annotations = metadata.path("annotations");
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.add(JsonPatch.operation("test", "/metadata/uid", metadata.path("uid")));
        patch.add(JsonPatch.operation("test", SELECTOR, seen.json().path("spec").path("selector")));
        String path = JsonPatch.annotation(Annotations.SELECTOR);
        if (saved != null) {
            if (annotations.isMissingNode()) {
                // An annotation that somebody else adds at this moment would be lost.
                patch.add(JsonPatch.operation("test", "/metadata/resourceVersion", metadata.path("resourceVersion")));
                patch.add(JsonPatch.operation("add", "/metadata/annotations", JsonNodeFactory.instance.objectNode()));
            }
            patch.add(JsonPatch.operation("add", path, TextNode.valueOf(saved)));
        } else if (annotations.has(Annotations.SELECTOR)) {
            patch.add(JsonPatch.operation("test", path, annotations.path(Annotations.SELECTOR)));
            patch.add(JsonPatch.operation("remove", path, null));
        }
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        selector.forEach(wanted::put);
        patch.add(JsonPatch.operation("replace", SELECTOR, wanted));
        return patch;
    }
}

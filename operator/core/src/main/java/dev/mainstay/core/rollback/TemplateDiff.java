package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What differs between two pod templates, in lines for people: images first, then the environment, then the rest. */
final class TemplateDiff {

    /** Most lines; what is more is counted in the last one. */
    static final int LINES = 12;

    private static final int LINE_LENGTH = 256;
    private static final int VALUE_LENGTH = 90;
    private static final String NOTHING = "nothing";

    /** Values of variables called so are not shown: who may read a request need not be who may read the Deployment. */
    private static final Pattern SENSITIVE =
            Pattern.compile("PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|DSN|URL|URI|CONNECTION");

    private final List<String> images = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private TemplateDiff() {}

    /** The lines, as many as fit into so many bytes; none when both run the same. */
    static List<String> between(PodTemplate from, PodTemplate to, int room) {
        if (from.runsLike(to)) {
            return List.of();
        }
        TemplateDiff diff = new TemplateDiff();
        diff.compare("", from.withoutHashLabels().json(), to.withoutHashLabels().json(), false);
        List<String> lines = Stream.of(diff.images, diff.environment, diff.others)
                .flatMap(List::stream)
                .toList();
        return StatusRoom.fit(lines, LINES, LINE_LENGTH, room);
    }

    private void compare(String path, JsonNode from, JsonNode to, boolean hidden) {
        if (from.equals(to)) {
            return;
        }
        if (from.isObject() && to.isObject()) {
            Set<String> fields = new LinkedHashSet<>();
            from.fieldNames().forEachRemaining(fields::add);
            to.fieldNames().forEachRemaining(fields::add);
            boolean sensitive = hidden || isSensitive(from) || isSensitive(to);
            fields.forEach(field ->
                    compare(path.isEmpty() ? field : path + "." + field, from.path(field), to.path(field), sensitive));
        } else if (named(from) && named(to)) {
            Set<String> names = new LinkedHashSet<>();
            from.forEach(element -> names.add(element.path("name").asText()));
            to.forEach(element -> names.add(element.path("name").asText()));
            names.forEach(name -> compare(path + "[" + name + "]", element(from, name), element(to, name), hidden));
        } else {
            add(path, from, to, hidden || isSensitive(from) || isSensitive(to));
        }
    }

    private void add(String path, JsonNode from, JsonNode to, boolean hidden) {
        String line = path + ": "
                + (hidden ? "differs (a value that may be secret is not shown)" : value(from) + " → " + value(to));
        if (path.endsWith(".image")) {
            images.add(line);
        } else if (path.contains(".env[") || path.contains(".envFrom")) {
            environment.add(line);
        } else {
            others.add(line);
        }
    }

    private static boolean isSensitive(JsonNode node) {
        return node.isObject()
                && node.has("value")
                && SENSITIVE
                        .matcher(node.path("name").asText().toUpperCase(Locale.ROOT))
                        .find();
    }

    /** Whether it is a list whose elements have names, or one that is not there. */
    private static boolean named(JsonNode list) {
        if (!list.isArray()) {
            return list.isMissingNode();
        }
        for (JsonNode element : list) {
            if (!element.path("name").isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode element(JsonNode list, String name) {
        for (JsonNode element : list) {
            if (name.equals(element.path("name").asText())) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    private static String value(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return NOTHING;
        }
        return StatusRoom.cut(node.isTextual() ? node.asText() : node.toString(), VALUE_LENGTH);
    }
}

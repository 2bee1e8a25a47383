package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A Deployment as the API server has it, as far as a rollback looks at it.
 *
 * @param json the whole object
 */
public record DeploymentState(JsonNode json) {

    private static final String REVISION = "deployment.kubernetes.io/revision";

    /** Its name. */
    public String name() {
        return json.path("metadata").path("name").asText();
    }

    /** Its uid: one made again under the same name has another. */
    public String uid() {
        return json.path("metadata").path("uid").asText();
    }

    /** Its version at the API server. */
    public String resourceVersion() {
        return json.path("metadata").path("resourceVersion").asText();
    }

    /** Whether it is being deleted. */
    public boolean deleting() {
        return json.path("metadata").hasNonNull("deletionTimestamp");
    }

    /** The pod template as it is stored. */
    public PodTemplate template() {
        return new PodTemplate(json.path("spec").path("template"));
    }

    /** Number of its newest revision; empty before its controller has seen it. */
    public Optional<String> revision() {
        return Optional.ofNullable(annotations().get(REVISION));
    }

    /** Its selector as a query has it; what it selects may still belong to another Deployment. */
    public String selector() {
        JsonNode selector = json.path("spec").path("selector");
        Stream<String> labels = texts(selector.path("matchLabels")).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue());
        Stream<String> expressions = StreamSupport.stream(
                        selector.path("matchExpressions").spliterator(), false)
                .map(DeploymentState::expression);
        return Stream.concat(labels, expressions).collect(Collectors.joining(","));
    }

    private static String expression(JsonNode expression) {
        String key = expression.path("key").asText();
        String values = StreamSupport.stream(expression.path("values").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(",", "(", ")"));
        return switch (expression.path("operator").asText()) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }

    /** Its own label {@code app.kubernetes.io/version} where the template has none, else what the template tells. */
    public String version() {
        String label = json.path("metadata")
                .path("labels")
                .path("app.kubernetes.io/version")
                .asText("");
        boolean templateTells = json.path("spec")
                .path("template")
                .path("metadata")
                .path("labels")
                .has("app.kubernetes.io/version");
        return templateTells || label.isBlank() ? template().version() : label;
    }

    public Map<String, String> annotations() {
        return texts(json.path("metadata").path("annotations"));
    }

    public Map<String, String> labels() {
        return texts(json.path("metadata").path("labels"));
    }

    public boolean paused() {
        return json.path("spec").path("paused").asBoolean(false);
    }

    /** Type of its strategy, such as {@code Recreate}. */
    String strategy() {
        return json.path("spec").path("strategy").path("type").asText();
    }

    /** How many Pods may come before others go: a number, or percents of those that are wanted. */
    Optional<String> maxSurge() {
        JsonNode surge =
                json.path("spec").path("strategy").path("rollingUpdate").path("maxSurge");
        return surge.isValueNode() ? Optional.of(surge.asText()) : Optional.empty();
    }

    /** How many Pods are wanted. */
    public int wanted() {
        return json.path("spec").path("replicas").asInt(1);
    }

    /** Generation of the spec. */
    public long generation() {
        return json.path("metadata").path("generation").asLong();
    }

    /** Whether its controller has seen the spec as it is. */
    public boolean observed() {
        return status("observedGeneration") >= generation();
    }

    /** Pods of the present template. */
    public int updated() {
        return status("updatedReplicas");
    }

    /** Pods of any template. */
    public int existing() {
        return status("replicas");
    }

    /** Pods that are ready for long enough, of any template. */
    public int available() {
        return status("availableReplicas");
    }

    /** Whether all Pods are of the present template and available, and none is left of another. Zero of zero is none. */
    public boolean rolledOut() {
        return observed()
                && wanted() > 0
                && updated() >= wanted()
                && existing() <= updated()
                && available() >= updated();
    }

    /** The same, or nothing of it is wanted and nothing is left: it has nothing that could fail. */
    public boolean atRest() {
        return rolledOut() || observed() && wanted() == 0 && existing() == 0;
    }

    /** When its controller last said that a rollout is complete, or that enough Pods are available; empty when it never did. */
    public Optional<Instant> completeSince() {
        return StreamSupport.stream(json.path("status").path("conditions").spliterator(), false)
                .filter(condition ->
                        "NewReplicaSetAvailable".equals(condition.path("reason").asText())
                                || "Available".equals(condition.path("type").asText()))
                .map(condition -> time(condition.path("lastUpdateTime").asText()))
                .filter(Instant.EPOCH::isBefore)
                .max(Instant::compareTo);
    }

    /** What is still to come, in words such as "1 of 2 Pods are updated". */
    public String progress() {
        if (!observed()) {
            return "its controller has not seen the change yet";
        }
        if (updated() < wanted()) {
            return updated() + " of " + wanted() + " Pods are updated";
        }
        if (existing() > updated()) {
            return (existing() - updated()) + " Pods of the former template are still there";
        }
        return available() + " of " + updated() + " updated Pods are available";
    }

    /**
     * What its controller says when the rollout stands still; empty when it said so of an earlier one (kubernaut 199), be it in
     * the second in which this one was begun: no deadline is that short.
     */
    public Optional<String> deadlineExceeded(Instant since) {
        if (!observed()) {
            return Optional.empty();
        }
        for (JsonNode condition : json.path("status").path("conditions")) {
            if ("Progressing".equals(condition.path("type").asText())
                    && "ProgressDeadlineExceeded"
                            .equals(condition.path("reason").asText())
                    && time(condition.path("lastUpdateTime").asText()).isAfter(since)) {
                return Optional.of(condition.path("message").asText());
            }
        }
        return Optional.empty();
    }

    private int status(String field) {
        return json.path("status").path(field).asInt(0);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}

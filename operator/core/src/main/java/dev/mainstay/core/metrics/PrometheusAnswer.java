package dev.mainstay.core.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The answer to a query at {@code /api/v1/query}, as Prometheus' HTTP API describes it. Of an answer that is not
 * Prometheus' own, only the kind is told and nothing of its text: who may name a URL may not be somebody who may read it.
 *
 * @param status HTTP status
 * @param location where the answer sends to; null when nowhere
 * @param body what came, up to {@link #LARGEST} or {@link #LARGEST_VECTOR}
 * @param whole whether that is all of it
 */
public record PrometheusAnswer(int status, String location, String body, boolean whole) {

    /** So many bytes of an answer are read; one value takes some hundreds. */
    public static final int LARGEST = 1 << 20;

    /** So many of one that has the series of many applications; a series takes some two hundred. */
    public static final int LARGEST_VECTOR = 8 << 20;

    private static final int LONGEST_TEXT = 300;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** What Go writes for a float; Java's own reading takes more, 1d for example. */
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");

    private static final String CORRECT_URL = "Correct spec.metrics.prometheus.url of the ManagedApplication.";
    private static final String LIMITS = "Look at its limits, and at those of what stands before it.";
    private static final String CORRECT_PROMQL = "Correct promql.";
    private static final String CORRECT_SERIES = "Correct series or labels in spec.metrics of the ManagedApplication.";
    private static final String AGGREGATE = "Aggregate it to one, with sum(), max() or avg() for example.";

    private static final String TOO_LARGE =
            ByteSizes.format(LARGEST) + ": a query whose answer is one value gives some hundred bytes. " + AGGREGATE;
    private static final String TOO_MANY = ByteSizes.format(LARGEST_VECTOR)
            + ", and no more of one is read: Prometheus has too many series with the labels of this application. Let"
            + " spec.metrics.labels of the ManagedApplication name others.";

    /** The sample that it gives. */
    public MetricSample sample() {
        return switch (read(TOO_LARGE, CORRECT_PROMQL)) {
            case Good(JsonNode json) -> success(json.path("data"));
            case Bad(String why, boolean ignored) -> new Failed(why);
        };
    }

    /** Its series, for a query that Mainstay has made and that gives one for each of several applications. */
    public MetricVector vector() {
        return switch (read(TOO_MANY, CORRECT_SERIES)) {
            case Good(JsonNode json) -> found(json);
            case Bad(String why, boolean ofQuery) when ofQuery && status != 400 -> new MetricVector.TooWide(why);
            case Bad(String why, boolean ofQuery) -> new MetricVector.Failed(why, ofQuery);
        };
    }

    /**
     * Why the values of a good answer may be wrong: a part of what is asked was not there. Null when all was. What Prometheus
     * remarks on the query itself, such as on a counter's name, is none; until 2.54 it stood among the warnings.
     */
    public String partial() {
        return read(TOO_LARGE, CORRECT_PROMQL) instanceof Good(JsonNode json) ? partial(json) : null;
    }

    /** Whether there is no value because of the query, and not because of the server. */
    public boolean blamesQuery() {
        return switch (read(TOO_LARGE, CORRECT_PROMQL)) {
            case Good(JsonNode json) -> success(json.path("data")) instanceof Failed;
            case Bad(String ignored, boolean ofQuery) -> ofQuery;
        };
    }

    /** An answer, as far as each reading of it agrees. */
    private sealed interface Read {}

    private record Good(JsonNode json) implements Read {}

    private record Bad(String why, boolean ofQuery) implements Read {}

    private Read read(String tooLarge, String correct) {
        if (status / 100 == 3) {
            return new Bad(
                    "The answer was " + status + ", which sends to "
                            + (location == null ? "no other place" : text(location.replaceFirst("[?#].*", "")))
                            + ", and no redirect is followed. Put the URL of Prometheus itself into"
                            + " spec.metrics.prometheus.url.",
                    false);
        }
        if (!whole && status == 200) {
            return new Bad("The answer was larger than " + tooLarge, true);
        }
        Optional<JsonNode> json = json();
        if (json.isEmpty()) {
            return new Bad(foreign(), false);
        }
        String outcome = json.get().path("status").asText();
        if (outcome.equals("success") && status == 200) {
            return new Good(json.get());
        }
        return outcome.equals("error")
                ? new Bad(refused(json.get(), correct), status == 400 || status == 422)
                : new Bad(foreign(), false);
    }

    private Optional<JsonNode> json() {
        if (!whole) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(body)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static MetricSample success(JsonNode data) {
        JsonNode result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> value(result);
            case "vector" -> vector(result);
            case "matrix" ->
                new Failed("The query gives a range and no value: put a function round it, such as rate() or"
                        + " avg_over_time().");
            case "string" -> new Failed("The query gives a text and no number. Correct promql.");
            default -> new Failed("The answer holds no result that Prometheus describes. " + CORRECT_URL);
        };
    }

    private static MetricSample vector(JsonNode series) {
        if (!series.isArray()) {
            return new Failed("The answer holds a vector that is no list. " + CORRECT_URL);
        }
        if (series.isEmpty()) {
            return new NoData("the query finds no series");
        }
        if (series.size() > 1) {
            return new Failed(
                    "The query gives " + series.size() + " series, and a check compares one value. " + AGGREGATE);
        }
        JsonNode only = series.get(0);
        return only.has("histogram")
                ? new Failed("The query gives a histogram and no number: put a function round it, such as"
                        + " histogram_quantile() or histogram_avg().")
                : value(only.path("value"));
    }

    /** A pair of the time and the value, which is a text since JSON has neither NaN nor infinity. */
    private static MetricSample value(JsonNode pair) {
        String value = pair.path(1).asText();
        return switch (value) {
            case "NaN" -> new NoData("the value is NaN, as 0/0 is");
            case "+Inf" -> new Value(Double.POSITIVE_INFINITY);
            case "-Inf" -> new Value(Double.NEGATIVE_INFINITY);
            default ->
                NUMBER.matcher(value).matches()
                        ? new Value(Double.parseDouble(value))
                        : new Failed("The answer holds no value where Prometheus has one. " + CORRECT_URL);
        };
    }

    private static MetricVector found(JsonNode json) {
        JsonNode data = json.path("data");
        if (!data.path("resultType").asText().equals("vector")
                || !data.path("result").isArray()) {
            return new MetricVector.Failed(
                    "The answer holds no vector, as Prometheus gives one. " + CORRECT_URL, false);
        }
        List<MetricVector.Series> series = new ArrayList<>();
        for (JsonNode one : data.path("result")) {
            // One of native histograms has no value: a wrong name of a series, which is no trouble of the others.
            if (one.has("histogram")) {
                continue;
            }
            switch (value(one.path("value"))) {
                case Value(double value) -> series.add(new MetricVector.Series(labels(one), value));
                case NoData ignored -> series.add(new MetricVector.Series(labels(one), Double.NaN));
                case Failed(String why) -> {
                    return new MetricVector.Failed(why, false);
                }
            }
        }
        return new MetricVector.Found(series, partial(json));
    }

    private static Map<String, String> labels(JsonNode series) {
        Map<String, String> labels = new HashMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    private static String partial(JsonNode json) {
        for (JsonNode warning : json.path("warnings")) {
            if (!warning.asText().startsWith("PromQL ")) {
                return text(warning.asText());
            }
        }
        // VictoriaMetrics says it so.
        return json.path("isPartial").asBoolean() ? "the server says that its answer is partial" : null;
    }

    private String refused(JsonNode json, String correct) {
        String said = " (" + text(json.path("errorType").asText("no errorType")) + ": "
                + text(json.path("error").asText("no error")) + "). ";
        return switch (status) {
            case 400, 422 -> "Prometheus can't work with the query" + said + correct;
            case 429 -> "Prometheus has too much to do" + said + LIMITS;
            case 503 ->
                "Prometheus did not finish the query in time" + said
                        + "Make the query cheaper, raise spec.metrics.prometheus.timeout, or look at Prometheus.";
            default -> "Prometheus answered " + status + said + advice();
        };
    }

    private String foreign() {
        return "The answer was " + status + " with " + kind() + " in place of Prometheus' JSON. " + advice();
    }

    private String advice() {
        // Go's server says so, in a text that is no JSON.
        if (status == 400 && body.contains("HTTP request to an HTTPS server")) {
            return "The server speaks TLS: let spec.metrics.prometheus.url begin with https.";
        }
        return switch (status) {
            case 401, 403, 407 ->
                "Whoever answered asks for credentials, and Mainstay has none for it. Let the operator's Pods in"
                        + " without, or name a Prometheus that does.";
            case 404, 405 ->
                "Nothing answers queries by POST at this place: correct spec.metrics.prometheus.url, its path"
                        + " included.";
            case 429 -> LIMITS;
            default -> status / 100 == 5 ? "Look at Prometheus, and at what stands before it." : CORRECT_URL;
        };
    }

    private String kind() {
        String start = body.stripLeading().toLowerCase(Locale.ROOT);
        if (start.isEmpty()) {
            return "nothing";
        }
        if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
            return "an HTML page, such as a login or a proxy's error,";
        }
        if (start.startsWith("{") || start.startsWith("[")) {
            return json().isPresent() ? "other JSON" : "JSON that breaks off or has mistakes";
        }
        return "text that is no JSON";
    }

    /** A text of another's on one line, not too long. */
    private static String text(String foreign) {
        String line = foreign.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.codePointCount(0, line.length()) <= LONGEST_TEXT) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
    }
}

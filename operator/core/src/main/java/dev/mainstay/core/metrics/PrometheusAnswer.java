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
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The answer to a query at {@code /api/v1/query}, as Prometheus' HTTP API describes it. Of an answer that is not
 * Prometheus' own, only the kind is told and nothing of its text: who may name a URL may not be somebody who may read it.
 *
 * @param status HTTP status
 * @param location where the answer sends to; null when nowhere
 * @param body what came, up to {@link #LARGEST}
 * @param whole whether that is all of it
 */
public record PrometheusAnswer(int status, String location, String body, boolean whole) {

    /** So many bytes of an answer are read; one value takes some hundreds. */
    public static final int LARGEST = 1 << 20;

    private static final int LONGEST_TEXT = 300;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** What Go writes for a float; Java's own reading takes more, 1d for example. */
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");

    private static final String CORRECT_URL = "Correct spec.metrics.prometheus.url of the ManagedApplication.";
    private static final String LIMITS = "Look at its limits, and at those of what stands before it.";
    private static final String AGGREGATE = "Aggregate it to one, with sum(), max() or avg() for example.";

    /** The sample that it gives. */
    public MetricSample sample() {
        if (status / 100 == 3) {
            return new Failed("The answer was " + status + ", which sends to "
                    + (location == null ? "no other place" : text(location.replaceFirst("[?#].*", "")))
                    + ", and no redirect is followed. Put the URL of Prometheus itself into"
                    + " spec.metrics.prometheus.url.");
        }
        if (!whole && status == 200) {
            return new Failed("The answer was larger than " + ByteSizes.format(LARGEST)
                    + ": a query whose answer is one value gives some hundred bytes. " + AGGREGATE);
        }
        Optional<JsonNode> json = json();
        if (json.isEmpty()) {
            return new Failed(foreign());
        }
        String outcome = json.get().path("status").asText();
        if (outcome.equals("success") && status == 200) {
            return success(json.get().path("data"));
        }
        return new Failed(outcome.equals("error") ? refused(json.get()) : foreign());
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

    private String refused(JsonNode json) {
        String said = " (" + text(json.path("errorType").asText("no errorType")) + ": "
                + text(json.path("error").asText("no error")) + "). ";
        return switch (status) {
            case 400, 422 -> "Prometheus can't work with the query" + said + "Correct promql.";
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

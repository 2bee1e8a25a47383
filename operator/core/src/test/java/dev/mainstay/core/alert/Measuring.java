package dev.mainstay.core.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.metrics.MetricVector;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Objects of the tests of what is measured. Texts are JSON with ' for ". */
final class Measuring {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String METRICS =
            "'metrics': {'prometheus': {'url': 'http://prometheus:9090'}, 'labels': {'namespace': 'shop', 'job': 'web'}%s}";

    private Measuring() {}

    static <T> T read(String json, Class<T> type) {
        try {
            return TaskJson.mapper().readValue(json.replace('\'', '"'), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** A rule whose spec has these fields. */
    static AlertRule rule(String spec) {
        return read(
                "{'metadata': {'name': 'errors', 'namespace': 'shop', 'uid': 'uid-1'},"
                        + " 'spec': {'applicationRef': {'name': 'shop'}, " + spec + "}}",
                AlertRule.class);
    }

    static AlertRule on(String metric) {
        return rule("'metric': '" + metric + "', 'comparison': 'GreaterThan', 'threshold': {'percent': 1}");
    }

    /** An application whose spec has these fields. */
    static ManagedApplication application(String spec) {
        return read(
                "{'metadata': {'name': 'shop', 'namespace': 'shop'}, 'spec': {" + spec + "}}",
                ManagedApplication.class);
    }

    /** One with a Prometheus and two labels. */
    static ManagedApplication measured() {
        return application(METRICS.formatted(""));
    }

    /** The same with names of series. */
    static ManagedApplication measuredBy(String series) {
        return application(METRICS.formatted(", 'series': {" + series + "}"));
    }

    static AlertQuery.Grouped grouped(AlertRule rule, ManagedApplication application) {
        return (AlertQuery.Grouped)
                AlertQueries.of(rule, application, false).query().orElseThrow();
    }

    static AlertThreshold percent(double percent) {
        return new AlertThreshold(percent, null, null, null);
    }

    static AlertThreshold milliseconds(double milliseconds) {
        return new AlertThreshold(null, milliseconds, null, null);
    }

    static AlertThreshold number(double value) {
        return new AlertThreshold(null, null, value, null);
    }

    static AlertThreshold duration(String duration) {
        return new AlertThreshold(null, null, null, duration);
    }

    static MetricVector.Series series(double value, String... labels) {
        Map<String, String> found = new HashMap<>();
        for (int index = 0; index < labels.length; index += 2) {
            found.put(labels[index], labels[index + 1]);
        }
        return new MetricVector.Series(found, value);
    }

    static MetricVector.Found found(MetricVector.Series... series) {
        return new MetricVector.Found(List.of(series), null);
    }
}

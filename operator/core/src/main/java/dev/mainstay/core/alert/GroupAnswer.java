package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertThreshold;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import dev.mainstay.core.metrics.MetricVector;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to the query of a group, from which the value of each application is read by its labels. */
public final class GroupAnswer {

    /** Fewer requests, or look-ups, in the window say nothing: one error among four is 25 %. */
    static final int FEWEST = 20;

    private static final String ONLY = "";

    private final AlertGroup group;
    private final String partial;
    private final Instant at;
    private final Map<List<String>, Map<String, Double>> parts = new HashMap<>();

    /**
     * Takes an answer.
     *
     * @param at when it was asked
     */
    public GroupAnswer(AlertGroup group, MetricVector.Found found, Instant at) {
        this.group = group;
        this.partial = found.partial();
        this.at = at;
        for (MetricVector.Series one : found.series()) {
            List<String> application = group.labels().stream()
                    .map(label -> one.labels().getOrDefault(label, ""))
                    .toList();
            parts.computeIfAbsent(application, ignored -> new HashMap<>(2))
                    .put(one.labels().getOrDefault(AlertGroup.PART, ONLY), one.value());
        }
    }

    /**
     * What it says of an application.
     *
     * @param values the values of the group's labels
     * @param threshold in whose unit the value is told
     */
    public Evaluation of(List<String> values, AlertThreshold threshold) {
        Map<String, Double> found = parts.getOrDefault(values, Map.of());
        return switch (group.metric()) {
            case ERROR_RATE ->
                ratio(found.getOrDefault(AlertGroup.OF_THEM, 0d), found.get(AlertGroup.ALL), values, threshold);
            case CACHE_HIT_RATE -> {
                Double hits = found.get(AlertGroup.OF_THEM);
                Double misses = found.get(AlertGroup.ALL);
                yield ratio(
                        hits == null ? 0 : hits,
                        hits == null && misses == null
                                ? null
                                : (hits == null ? 0d : hits) + (misses == null ? 0d : misses),
                        values,
                        threshold);
            }
            case RESPONSE_TIME -> {
                Double answers = found.get(AlertGroup.ALL);
                yield answers == null
                        ? none(values)
                        : lacking(answers).orElseGet(() -> only(found.get(AlertGroup.OF_THEM), values, threshold));
            }
            default -> only(found.get(ONLY), values, threshold);
        };
    }

    private Evaluation ratio(double ofThem, Double all, List<String> values, AlertThreshold threshold) {
        if (all == null) {
            return none(values);
        }
        return lacking(all).orElseGet(() -> measured(ofThem / all, threshold));
    }

    /** Why what was counted of all says nothing; empty when it does. */
    private Optional<Evaluation> lacking(double all) {
        if (Double.isInfinite(all)) {
            return Optional.of(noData(AlertText.noNumber(all)));
        }
        // Not a number compares with nothing.
        return all >= FEWEST ? Optional.empty() : Optional.of(tooFew(all));
    }

    private Evaluation tooFew(double all) {
        return noData("only " + (long) Math.floor(all)
                + switch (group.metric()) {
                    case CACHE_HIT_RATE -> " look-ups in ";
                    case RESPONSE_TIME -> " answers in ";
                    default -> " requests in ";
                }
                + group.window() + ", and fewer than " + FEWEST + " say nothing");
    }

    private Evaluation only(Double value, List<String> values, AlertThreshold threshold) {
        return value == null ? none(values) : measured(value, threshold);
    }

    private Evaluation measured(double value, AlertThreshold threshold) {
        if (!Double.isFinite(value)) {
            return noData(AlertText.noNumber(value));
        }
        return new Measured(value, AlertText.value(threshold, value), partial, at);
    }

    private Evaluation none(List<String> values) {
        return noData("Prometheus has no values of " + names() + " with " + group.selecting(values)
                + (group.window().isEmpty() ? "" : " that cover some of the last " + group.window())
                + ". Check series and labels in spec.metrics of the ManagedApplication");
    }

    /** What is not in a part of an answer may be in the rest. */
    private Evaluation noData(String why) {
        return partial == null
                ? new NoData(why, at)
                : new Failed(
                        group.source().url(),
                        "Prometheus at " + group.source().url() + ": its answer is only a part (" + partial + "), and "
                                + why + ".",
                        at);
    }

    private String names() {
        return switch (group.metric()) {
            case ERROR_RATE -> group.series().getFirst();
            case DISK_SPACE, DATABASE_CONNECTIONS -> String.join(" and ", group.series());
            default -> String.join(" or ", group.series());
        };
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.metrics.Prometheus;
import java.util.Collection;
import java.util.List;

/**
 * A question that rules of several applications share: one query gives the values of all, and each is found by its labels.
 * Grouped so, 10,000 rules cost a Prometheus a tenth of what one query each costs.
 *
 * @param source who is asked
 * @param metric what is asked
 * @param series names of the series, in the order of the metric's; for ErrorRate the label of the code comes after them
 * @param labels names of the labels that tell applications apart, sorted
 * @param window how far back it looks, as PromQL has it; empty for a metric that looks at now
 */
public record AlertGroup(
        Prometheus source, AlertMetric metric, List<String> series, List<String> labels, String window) {

    /** The label that tells the parts of an answer apart. */
    static final String PART = "mainstay_part";

    /** What is counted of all. */
    static final String ALL = "all";

    /** The bucket that counts all answers. */
    private static final String ANSWERS = "le=\"+Inf\"";

    /** What is counted of those that the metric is about. */
    static final String OF_THEM = "of_them";

    /** Keeps copies. */
    public AlertGroup {
        series = List.copyOf(series);
        labels = List.copyOf(labels);
    }

    /**
     * The query for applications. A ratio comes as its two parts, and a response time with the number of
     * answers, since below so many of all it says nothing.
     *
     * @param applications the values of the labels, of each application
     */
    public String promql(Collection<List<String>> applications) {
        return promql(applications, PromqlText.LONGEST_LIST);
    }

    /**
     * The same, which asks for these applications alone, however many they are: to a Prometheus that has many others.
     *
     * @param applications the values of the labels, of each application
     */
    public String listing(Collection<List<String>> applications) {
        return promql(applications, Integer.MAX_VALUE);
    }

    private String promql(Collection<List<String>> applications, int longestList) {
        String matchers = PromqlText.matchers(labels, applications, longestList);
        String by = " by (" + String.join(", ", labels) + ") ";
        return switch (metric) {
            case REQUEST_RATE -> "sum" + by + "(rate(" + range(0, matchers) + "))";
            case ERROR_RATE ->
                part(OF_THEM, "sum" + by + "(increase(" + range(0, failed(matchers)) + "))") + " or "
                        + part(ALL, "sum" + by + "(increase(" + range(0, matchers) + "))");
            case RESPONSE_TIME ->
                part(
                                OF_THEM,
                                "histogram_quantile(0.95, sum by (" + String.join(", ", labels) + ", le) (rate("
                                        + range(0, matchers) + ")))")
                        + " or " + part(ALL, "sum" + by + "(increase(" + range(0, of(matchers, ANSWERS)) + "))");
            case DISK_SPACE -> "max" + by + "(" + full(matchers) + ")";
            case CACHE_HIT_RATE ->
                part(OF_THEM, "sum" + by + "(increase(" + range(0, matchers) + "))") + " or "
                        + part(ALL, "sum" + by + "(increase(" + range(1, matchers) + "))");
            case DATABASE_CONNECTIONS ->
                "sum" + by + "(" + now(0, matchers) + ") / max" + by + "(" + now(1, matchers) + ")";
            case CERTIFICATE_EXPIRY -> "min" + by + "(" + now(0, matchers) + ") - time()";
            case CPU, MEMORY, HEALTH_CHECK, BACKUP_AGE, UNRECOGNIZED -> throw notAsked();
        };
    }

    /**
     * A query whose one value is that of an application, for people. The smallest number of requests is not in it.
     *
     * @param values the values of the labels
     */
    public String single(List<String> values) {
        String matchers = selecting(values);
        return switch (metric) {
            case REQUEST_RATE -> rate(0, matchers);
            case ERROR_RATE -> {
                String all = rate(0, matchers);
                yield "(" + rate(0, failed(matchers)) + " or 0 * " + all + ") / " + all;
            }
            case RESPONSE_TIME ->
                "histogram_quantile(0.95, sum by (le) (rate(" + range(0, matchers) + "))) and sum(increase("
                        + range(0, of(matchers, ANSWERS)) + ")) >= " + GroupAnswer.FEWEST;
            case DISK_SPACE -> "max(" + full(matchers) + ")";
            case CACHE_HIT_RATE -> {
                String hits = "(" + rate(0, matchers) + " or 0 * " + rate(1, matchers) + ")";
                String misses = "(" + rate(1, matchers) + " or 0 * " + rate(0, matchers) + ")";
                yield hits + " / (" + hits + " + " + misses + ")";
            }
            case DATABASE_CONNECTIONS -> "sum(" + now(0, matchers) + ") / max(" + now(1, matchers) + ")";
            case CERTIFICATE_EXPIRY -> "min(" + now(0, matchers) + ") - time()";
            case CPU, MEMORY, HEALTH_CHECK, BACKUP_AGE, UNRECOGNIZED -> throw notAsked();
        };
    }

    /** What selects the series of an application. */
    String selecting(List<String> values) {
        return PromqlText.matchers(labels, List.of(values), 1);
    }

    private String failed(String matchers) {
        return of(matchers, series.get(1) + "=~\"5..\"");
    }

    private static String of(String matchers, String more) {
        return (matchers.isEmpty() ? "" : matchers + ",") + more;
    }

    /** One volume of which no capacity is known is no reason to pass over those that are full: 1/0 would be the greatest. */
    private String full(String matchers) {
        return now(0, matchers) + " / (" + now(1, matchers) + " > 0)";
    }

    private String rate(int index, String matchers) {
        return "sum(rate(" + range(index, matchers) + "))";
    }

    private String range(int index, String matchers) {
        return now(index, matchers) + "[" + window + "]";
    }

    private String now(int index, String matchers) {
        return series.get(index) + "{" + matchers + "}";
    }

    private static String part(String name, String vector) {
        return "label_replace(" + vector + ", \"" + PART + "\", \"" + name + "\", \"\", \"\")";
    }

    private IllegalStateException notAsked() {
        return new IllegalStateException("no Prometheus is asked for " + metric);
    }
}

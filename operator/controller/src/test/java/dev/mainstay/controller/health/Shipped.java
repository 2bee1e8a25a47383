package dev.mainstay.controller.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the chart brings beside the operator: alerts, their pages, dashboards. */
public final class Shipped {

    /** The alerts. */
    public static final Path RULES = path("helm/mainstay/files/rules.yaml");

    /** A page for each alert, and README.md. */
    public static final Path RUNBOOKS = path("docs/runbooks");

    private static final Path DASHBOARDS = path("helm/mainstay/dashboards");
    private static final Pattern METRIC = Pattern.compile("\\bmainstay_[a-z_]+");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(mainstay_[a-z_]+)` \\| (\\w+) \\|");

    /** What sends messages tells of them by these. */
    private static final Set<String> OF_NOTIFICATIONS =
            Set.of("mainstay_notification_failing", "mainstay_notifications_total");

    private Shipped() {}

    /** A query, and where it stands. */
    public record Query(String where, String promql) {
        @Override
        public String toString() {
            return where;
        }
    }

    /** The alerts as they are written. */
    public static List<JsonNode> alerts() {
        return Serialization.unmarshal(read(RULES), JsonNode.class)
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    /** The dashboards by file name. */
    public static TreeMap<String, JsonNode> dashboards() {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.collect(Collectors.toMap(
                    file -> file.getFileName().toString(),
                    file -> Serialization.unmarshal(read(file), JsonNode.class),
                    (one, other) -> one,
                    TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The panels of a dashboard that show something. */
    public static List<JsonNode> panels(JsonNode dashboard) {
        return dashboard
                .path("panels")
                .valueStream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    /** Every query of every dashboard, its variable filled in as "All", and every alert's. */
    public static List<Query> queries() {
        Stream<Query> shown = dashboards().entrySet().stream()
                .flatMap(file -> panels(file.getValue()).stream()
                        .flatMap(panel -> panel.path("targets")
                                .valueStream()
                                .map(target -> new Query(
                                        file.getKey() + ": "
                                                + panel.path("title").asText() + " "
                                                + target.path("refId").asText(),
                                        target.path("expr").asText().replace("$namespace", ".*")))));
        Stream<Query> alerting = alerts().stream()
                .map(alert -> new Query(
                        alert.path("alert").asText(), alert.path("expr").asText()));
        return Stream.concat(shown, alerting).toList();
    }

    /** The metrics of the reference, with those of notifications. */
    public static Set<String> documented() {
        Set<String> names = DOCUMENTED
                .matcher(read(path("docs/reference/metrics.md")))
                .results()
                .flatMap(row -> row.group(2).equals("summary")
                        ? Stream.of(row.group(1) + "_count", row.group(1) + "_sum")
                        : Stream.of(row.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        names.addAll(OF_NOTIFICATIONS);
        return names;
    }

    /** The metrics of Mainstay that a query reads. */
    public static Set<String> metrics(String promql) {
        return METRIC.matcher(promql).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    static Path path(String inRepository) {
        return Path.of(System.getProperty("repositoryRoot")).resolve(inRepository);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

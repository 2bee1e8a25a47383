package dev.mainstay.controller.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.MainstayResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which CustomResourceDefinitions lack a field that this operator knows, as the newest look found. */
public final class DefinitionMetrics implements MultiCollector {

    /** Its name. */
    public static final String NAME = "mainstay_definition_outdated";

    /** What it is, in a sentence. */
    public static final String HELP =
            "1 while the served CustomResourceDefinition lacks a field that this operator knows, else 0; label definition.";

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionMetrics.class);

    private final Collection<Class<? extends MainstayResource<?, ?>>> kinds;
    private final Supplier<Optional<Map<String, JsonNode>>> served;

    private volatile Map<String, Boolean> outdated = Map.of();

    /**
     * @param kinds those that are looked at
     * @param served the schemas that the API server serves, by kind; empty when it does not tell
     */
    public DefinitionMetrics(
            Collection<Class<? extends MainstayResource<?, ?>>> kinds,
            Supplier<Optional<Map<String, JsonNode>>> served) {
        this.kinds = kinds;
        this.served = served;
    }

    /** Looks at what is served. When the API server does not tell, what was found before stands. */
    public void look() {
        served.get().ifPresent(schemas -> {
            Map<String, Boolean> found = new TreeMap<>();
            for (Class<? extends MainstayResource<?, ?>> kind : kinds) {
                JsonNode schema = schemas.get(HasMetadata.getKind(kind));
                if (schema != null) {
                    Optional<String> missing = DefinitionFields.firstMissing(kind, schema);
                    String name = HasMetadata.getPlural(kind);
                    missing.filter(ignored -> !Boolean.TRUE.equals(outdated.get(name)))
                            .ifPresent(field -> LOG.warn(
                                    "CustomResourceDefinition {}.{} is older than this operator: it lacks {}, so what is written"
                                            + " there is lost. Upgrade the chart that holds the definitions.",
                                    name,
                                    MainstayResource.GROUP,
                                    field));
                    found.put(name, missing.isPresent());
                }
            }
            outdated = Map.copyOf(found);
        });
    }

    @Override
    public MetricSnapshots collect() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(NAME).help(HELP);
        outdated.forEach((definition, old) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("definition", definition))
                .value(old ? 1 : 0)
                .build()));
        return new MetricSnapshots(gauge.build());
    }
}

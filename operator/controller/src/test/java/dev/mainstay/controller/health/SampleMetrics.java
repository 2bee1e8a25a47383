package dev.mainstay.controller.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The operator's /metrics with an object of each kind, so that each metric has a sample. */
public final class SampleMetrics {

    /** What stands in each message of each object: it must not be on the page. */
    public static final String MESSAGE = "a message for people";

    private static final String CONDITIONS = Stream.of(
                    "Ready",
                    "Healthy",
                    "Reachable",
                    "RestoreReady",
                    "BackupFresh",
                    "StorageReachable",
                    "RetentionApplied",
                    "SizeUsual",
                    "RestoreTested",
                    "Active")
            .map(type -> "{type: " + type + ", status: 'True', reason: Any, message: " + MESSAGE + "}")
            .reduce((one, other) -> one + ", " + other)
            .orElseThrow();

    private final List<HasMetadata> objects = new ArrayList<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Has an object of each kind. */
    public SampleMetrics() throws Exception {
        Heartbeats heartbeats = new Heartbeats(registry, Clock.systemUTC());
        heartbeats.timeControllerExecution(execution());
        heartbeats.reconcileCustomResource(new BackupPolicy(), retry(), Map.of());
        Gauge.builder("mainstay.leader", () -> 1)
                .description("1 while this process is the one that works, 0 while it stands by.")
                .register(registry);
        DefinitionMetrics definitions = new DefinitionMetrics(
                List.of(BackupPolicy.class),
                () -> Optional.of(Map.of("BackupPolicy", Serialization.unmarshal("properties: {}", JsonNode.class))));
        definitions.look();
        registry.getPrometheusRegistry().register(definitions);
        registry.getPrometheusRegistry().register(new PolicyMetrics(() -> all(BackupPolicy.class)));
        registry.getPrometheusRegistry().register(new ApplicationMetrics(() -> all(ManagedApplication.class)));
        registry.getPrometheusRegistry().register(new ModeMetrics(() -> all(MaintenanceMode.class)));
        registry.getPrometheusRegistry().register(new RestoreMetrics(() -> all(RestoreRequest.class)));
        registry.getPrometheusRegistry().register(new RollbackMetrics(() -> all(RollbackRequest.class)));
        registry.getPrometheusRegistry().register(new RunMetrics(() -> all(MaintenanceRun.class)));
        registry.getPrometheusRegistry().register(new ScheduleMetrics(() -> all(MaintenanceSchedule.class)));
        add(BackupPolicy.class, "nightly", """
                lastSuccess: {name: a, completedAt: '2026-03-29T01:00:00Z'}
                lastFailure: {name: b, completedAt: '2026-03-30T01:00:00Z', message: %1$s}
                consecutiveFailures: 1
                missedRuns: 3
                skippedRuns: [{reason: Paused, count: 1}]
                nextRuns: [{at: '2026-03-31T03:00+02:00'}]
                preflight: {errors: 1}
                stored: {count: 4, bytes: 4096}
                restoreTest: {lastPassed: {at: '2026-03-28T01:00:00Z', recoveryTime: 4m}}
                """);
        add(ManagedApplication.class, "shop", "restoreReadiness: [{database: main, keptCount: 2}]");
        add(MaintenanceMode.class, "move", "{phase: Active, endsAt: '2026-03-29T01:00:00Z'}");
        add(
                RestoreRequest.class,
                "undo",
                "{phase: Running, startedAt: '2026-03-29T01:00:00Z',"
                        + " previous: {database: old, since: '2026-03-29T01:00:00Z'}}");
        add(
                RestoreRequest.class,
                "undone",
                "{phase: Finished, outcome: Succeeded, completedAt: '2026-03-29T01:00:00Z'}");
        add(RollbackRequest.class, "back", "{phase: RollingBack, startedAt: '2026-03-29T01:00:00Z'}");
        add(RollbackRequest.class, "went", "{phase: Finished, outcome: NoOp, completedAt: '2026-03-29T01:00:00Z'}");
        add(MaintenanceRun.class, "tidy", "{phase: Running, startedAt: '2026-03-29T01:00:00Z'}");
        add(
                MaintenanceRun.class,
                "tidied",
                "{phase: Finished, outcome: Failed, completedAt: '2026-03-29T01:00:00Z',"
                        + " failure: {reason: Any, message: %1$s}}");
        add(MaintenanceSchedule.class, "weekly", """
                lastSuccess: {name: a, completedAt: '2026-03-29T01:00:00Z'}
                lastFailure: {name: b, completedAt: '2026-03-30T01:00:00Z', message: %1$s}
                consecutiveFailures: 1
                missedRuns: 3
                skippedRuns: [{reason: Paused, count: 1}]
                nextRuns: [{at: '2026-03-31T03:00+02:00'}]
                """);
    }

    /** What is answered at /metrics. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Every object is deleted. */
    public void deleteAll() {
        objects.clear();
    }

    private void add(Class<? extends HasMetadata> kind, String name, String status) {
        String told = status.formatted(MESSAGE).strip();
        String block = told.startsWith("{") ? told.substring(1, told.length() - 1) : told.replace("\n", ", ");
        boolean acts = Set.of(RestoreRequest.class, RollbackRequest.class, MaintenanceRun.class)
                .contains(kind);
        objects.add(Serialization.unmarshal(
                """
                metadata: {name: %s, namespace: webshop, creationTimestamp: '2026-03-29T00:59:00Z'}
                spec: {%s}
                status: {conditions: [%s], %s}
                """.formatted(name, acts ? "applicationRef: {name: shop}, reason: " + MESSAGE : "", CONDITIONS, block),
                kind));
    }

    private <T> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static ControllerExecution<String> execution() {
        return new ControllerExecution<>() {
            @Override
            public String name() {
                return "reconcile";
            }

            @Override
            public String controllerName() {
                return "backuppolicy";
            }

            @Override
            public String successTypeName(String result) {
                return result;
            }

            @Override
            public ResourceID resourceID() {
                return null;
            }

            @Override
            public Map<String, Object> metadata() {
                return Map.of();
            }

            @Override
            public String execute() {
                return "success";
            }
        };
    }

    private static RetryInfo retry() {
        return new RetryInfo() {
            @Override
            public int getAttemptCount() {
                return 1;
            }

            @Override
            public boolean isLastAttempt() {
                return false;
            }
        };
    }
}

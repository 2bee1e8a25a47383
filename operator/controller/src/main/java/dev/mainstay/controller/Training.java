package dev.mainstay.controller;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.controller.health.HealthServer;
import dev.mainstay.controller.health.Heartbeats;
import dev.mainstay.controller.kube.KubernetesClients;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** Loads what the operator loads, so that the ahead-of-time cache holds it; talks to nobody. */
final class Training {

    private static final String OBJECTS = """
            {"kind": "ManagedApplication", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "shop"},
             "spec": {"workloads": [{"kind": "Deployment", "name": "web"}], "databases": []}}
            {"kind": "BackupPolicy", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "nightly"},
             "spec": {"applicationRef": {"name": "shop"}, "storage": {"s3": {"bucket": "backups"}}}}
            {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1", "metadata": {"name": "first"},
             "spec": {"policyRef": {"name": "nightly"}}, "status": {"phase": "Succeeded", "attempts": []}}
            """;

    private Training() {}

    static void run() throws IOException {
        KubernetesSerialization serialization = KubernetesClients.serialization();
        String[] objects = OBJECTS.split("(?m)^(?=\\{)");
        serialization.asJson(serialization.unmarshal(objects[0], ManagedApplication.class));
        serialization.asJson(serialization.unmarshal(objects[1], BackupPolicy.class));
        serialization.asJson(serialization.unmarshal(objects[2], DatabaseBackup.class));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Heartbeats heartbeats = new Heartbeats(registry, Clock.systemUTC());
        Settings settings = Settings.from(Map.of(
                "MAINSTAY_NAMESPACE", "training",
                "MAINSTAY_POD_NAME", "training",
                "MAINSTAY_RUNNER_IMAGE", "none",
                "MAINSTAY_HTTP_PORT", "0"));
        try (KubernetesClient client = KubernetesClients.create(
                        new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                                .withMasterUrl("http://127.0.0.1:9")
                                .build(),
                        OperatorMain.version());
                MainstayOperator operator =
                        new MainstayOperator(settings, client, "training", heartbeats, Clock.systemUTC());
                HealthServer health = new HealthServer(0, heartbeats::alive, operator::ready, registry)) {
            health.start();
            registry.scrape();
        }
    }
}

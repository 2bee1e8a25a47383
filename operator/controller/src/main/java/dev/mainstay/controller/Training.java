package dev.mainstay.controller;

import dev.mainstay.controller.health.HealthServer;
import dev.mainstay.controller.health.Heartbeats;
import dev.mainstay.controller.kube.KubernetesClients;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * A start of the operator that loads what every start needs, up to the first status of each kind, so that the ahead-of-time
 * cache holds it. It talks to nobody but a server of its own.
 */
final class Training {

    private static final Duration AT_MOST = Duration.ofMinutes(1);

    private static final Map<String, String> OBJECTS = Map.of(
            "managedapplications", """
            {"kind": "ManagedApplication", "apiVersion": "mainstay.dev/v1alpha1",
             "metadata": {"name": "shop", "namespace": "shop", "uid": "1", "generation": 1, "resourceVersion": "1"},
             "spec": {"workloads": [{"kind": "Deployment", "name": "web"}], "databases": [{"name": "main",
               "postgres": {"host": "db", "database": "shop", "credentialsSecretRef": {"name": "db"}}}]}}
            """,
            "backuppolicies", """
            {"kind": "BackupPolicy", "apiVersion": "mainstay.dev/v1alpha1",
             "metadata": {"name": "nightly", "namespace": "shop", "uid": "2", "generation": 1, "resourceVersion": "1"},
             "spec": {"applicationRef": {"name": "shop"}, "storage": {"s3": {"bucket": "backups"}}}}
            """,
            "databasebackups", """
            {"kind": "DatabaseBackup", "apiVersion": "mainstay.dev/v1alpha1",
             "metadata": {"name": "first", "namespace": "shop", "uid": "3", "generation": 1, "resourceVersion": "1",
               "creationTimestamp": "2026-03-29T01:00:02Z"},
             "spec": {"policyRef": {"name": "nightly"}}}
            """);

    private Training() {}

    /** @throws IllegalStateException when the operator did not write the statuses that it should */
    static void run() throws IOException, GeneralSecurityException, InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Heartbeats heartbeats = new Heartbeats(registry, Clock.systemUTC());
        Settings settings = Settings.from(Map.of(
                "MAINSTAY_NAMESPACE", "training",
                "MAINSTAY_POD_NAME", "training",
                "MAINSTAY_RUNNER_IMAGE", "none",
                "MAINSTAY_HTTP_PORT", "0"));
        try (TrainingServer server = new TrainingServer(OBJECTS);
                KubernetesClient client = KubernetesClients.create(configuration(server), OperatorMain.version());
                MainstayOperator operator =
                        new MainstayOperator(settings, client, "training", heartbeats, Clock.systemUTC());
                HealthServer health = new HealthServer(0, heartbeats::alive, operator::ready, registry)) {
            OperatorMetrics.register(registry.getPrometheusRegistry(), operator.known(), operator::sent);
            health.start();
            operator.start();
            if (!server.awaitStatuses(AT_MOST)) {
                throw new IllegalStateException("the operator did not write a status of each kind within " + AT_MOST);
            }
            registry.scrape();
        }
    }

    private static Config configuration(TrainingServer server) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withCaCertData(server.authority())
                .withOauthToken("training")
                .build();
    }
}

package dev.mainstay.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.InstalledOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How soon the installed operator works after its start, and what memory it needs, without objects and with many. It measures
 * and asserts nothing: what the figures mean depends on the machine, which is why it prints what that can do.
 */
@Tag("bench")
class OperatorBenchTest {

    private static final int STARTS = 5;
    private static final Path REPORT = ClusterClient.REPOSITORY.resolve("docs/bench/operator.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Map<String, Object> report = new LinkedHashMap<>();

    @Test
    void startAndMemory() throws Exception {
        InstalledOperator operator = new InstalledOperator(namespace.client());
        try {
            measure(operator, namespace.client());
        } finally {
            operator.useJavaOptions(null);
            operator.start();
        }
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, JSON.writeValueAsString(report) + "\n");
        System.out.println(JSON.writeValueAsString(report));
    }

    private void measure(InstalledOperator operator, KubernetesClient client) throws Exception {
        report.put("at", Instant.now().toString());
        report.put("machine", Machine.describe());
        report.put("kubernetes", client.getKubernetesVersion().getGitVersion());

        Map<String, List<Long>> starts = new LinkedHashMap<>();
        for (int run = 1; run <= STARTS; run++) {
            // Interleaved, so that a machine that becomes slower does so for both.
            for (String cache : List.of("with", "without")) {
                operator.stop();
                operator.useJavaOptions(cache.equals("with") ? null : "-XX:AOTMode=off");
                starts.computeIfAbsent(cache, ignored -> new ArrayList<>()).add(firstReconcile(operator, cache + run));
            }
        }
        operator.useJavaOptions(null);
        report.put("startToFirstStatusMillisecondsWithAotCache", Series.of(starts.get("with")));
        report.put("startToFirstStatusMillisecondsWithoutAotCache", Series.of(starts.get("without")));
        report.put("workingSetMebibytesWithFewObjects", settledWorkingSet(client));

        operator.stop();
        ManyLedgers ledgers = new ManyLedgers(namespace);
        ledgers.create();
        report.put("releases", among(operator, "among-releases", ledgers.describe()));

        operator.stop();
        ledgers.delete();
        ManyObjects backups = new ManyObjects(namespace);
        backups.create();
        report.put("backups", among(operator, "among-backups", backups.describe()));
    }

    private Map<String, Object> among(InstalledOperator operator, String name, Map<String, Integer> objects)
            throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("objects", objects);
        figures.put("startToFirstStatusMilliseconds", firstReconcile(operator, name));
        figures.put("workingSetMebibytes", settledWorkingSet(namespace.client()));
        return figures;
    }

    /** From the start of the process to the status of an object that waited for it. */
    private long firstReconcile(InstalledOperator operator, String name) throws Exception {
        ManagedApplication application =
                namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec: {}
                """.formatted(name), ManagedApplication.class));
        CompletableFuture<Instant> written = new CompletableFuture<>();
        try (Watch _ = namespace
                .all(ManagedApplication.class)
                .withName(application.getMetadata().getName())
                .watch(new FirstStatus(written))) {
            operator.start();
            Instant started = operator.process().info().startInstant().orElseThrow();
            return Duration.between(started, written.get(5, TimeUnit.MINUTES)).toMillis();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no status was written", e);
        }
    }

    /** The operator reconciles everything once after its start; the figure that counts is the one that stays. */
    private static double settledWorkingSet(KubernetesClient client) throws IOException, InterruptedException {
        double highest = 0;
        int unchanged = 0;
        while (unchanged < 6) {
            TimeUnit.SECONDS.sleep(10);
            double now = workingSet(client);
            unchanged = now > highest * 1.02 ? 0 : unchanged + 1;
            highest = Math.max(highest, now);
        }
        return highest;
    }

    /** As the kubelet counts it, which is what a limit on memory is compared with. */
    private static double workingSet(KubernetesClient client) throws IOException {
        String node = client.nodes().list().getItems().getFirst().getMetadata().getName();
        JsonNode summary = JSON.readTree(client.raw("/api/v1/nodes/" + node + "/proxy/stats/summary"));
        for (JsonNode pod : summary.path("pods")) {
            if (pod.at("/podRef/namespace").asText().equals(InstalledOperator.NAMESPACE)) {
                return Math.round(pod.at("/containers/0/memory/workingSetBytes").asLong() / 104_857.6) / 10.0;
            }
        }
        return 0;
    }

    private record FirstStatus(CompletableFuture<Instant> written) implements Watcher<ManagedApplication> {

        @Override
        public void eventReceived(Action action, ManagedApplication application) {
            if (application.getStatus() != null
                    && !application.getStatus().conditions().isEmpty()) {
                written.complete(Instant.now());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            written.completeExceptionally(cause);
        }
    }
}

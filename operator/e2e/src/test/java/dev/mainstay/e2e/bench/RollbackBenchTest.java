package dev.mainstay.e2e.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How soon a Deployment is patched after a RollbackRequest is created, beside kubectl rollout undo, in turns. It asserts
 * nothing: what the figures mean depends on the machine.
 */
@Tag("bench-rollback")
class RollbackBenchTest {

    private static final int ROLLBACKS = Integer.getInteger("bench.rollbacks", 100);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Path REPORT = ClusterClient.REPOSITORY.resolve("docs/bench/rollback.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final Map<String, CompletableFuture<Long>> patched = new ConcurrentHashMap<>();

    @Test
    void fromRequestToPatch() throws Exception {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().toString());
        report.put("machine", Machine.describe());
        report.put("kubernetes", namespace.client().getKubernetesVersion().getGitVersion());
        List<Long> mainstay = new ArrayList<>();
        List<Long> kubectl = new ArrayList<>();
        try (OperatorProcess _ = OperatorProcess.started(namespace.name());
                Watch _ = namespace.all(Deployment.class).watch(new Patches())) {
            prepare();
            for (int number = 0; number < ROLLBACKS; number++) {
                mainstay.add(measured("request-" + number, this::request));
                kubectl.add(measured("kubectl-" + number, this::undo));
            }
        }
        report.put("rollbacks", ROLLBACKS);
        report.put("requestToPatchMilliseconds", summary(mainstay));
        report.put("kubectlRolloutUndoMilliseconds", summary(kubectl));
        report.put("ratioOfMedians", Math.round(100.0 * percentile(mainstay, 50) / percentile(kubectl, 50)) / 100.0);
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, JSON.writeValueAsString(report) + "\n");
        System.out.println(JSON.writeValueAsString(report));
    }

    /** As many applications with a verified release and a bad one, and as many Deployments of two revisions. */
    private void prepare() {
        for (int number = 0; number < ROLLBACKS; number++) {
            deploy("request-" + number, "1.4.2");
            deploy("kubectl-" + number, "1.4.2");
            namespace.create(Serialization.unmarshal("""
                    apiVersion: mainstay.dev/v1alpha1
                    kind: ManagedApplication
                    metadata: {name: request-%1$d}
                    spec: {workloads: [{name: request-%1$d}], releases: {soakTime: 1s}}
                    """.formatted(number), ManagedApplication.class));
        }
        await().atMost(LONG)
                .until(() -> namespace.list(ManagedApplication.class).stream()
                        .allMatch(application -> application.getStatus() != null
                                && !application.getStatus().releases().isEmpty()));
        for (int number = 0; number < ROLLBACKS; number++) {
            deploy("request-" + number, "1.5.0");
            deploy("kubectl-" + number, "1.5.0");
        }
        await().atMost(LONG)
                .until(() -> namespace.list(Deployment.class).stream()
                        .allMatch(deployment -> "2"
                                        .equals(deployment
                                                .getMetadata()
                                                .getAnnotations()
                                                .get("deployment.kubernetes.io/revision"))
                                && deployment.getStatus().getUpdatedReplicas() != null
                                && deployment.getStatus().getReplicas() == 1));
    }

    private void deploy(String name, String version) {
        Deployment deployment =
                Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %3$s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, app.kubernetes.io/version: "%2$s"}}
                    spec:
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                      - name: web
                        image: "registry.invalid/shop:%2$s"
                        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(name, version, namespace.name()), Deployment.class);
        namespace
                .client()
                .resource(deployment)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("pipeline")
                        .build());
    }

    private interface Rollback {
        void begin(String name) throws Exception;
    }

    private long measured(String name, Rollback rollback) throws Exception {
        CompletableFuture<Long> seen = new CompletableFuture<>();
        patched.put(name, seen);
        long begin = System.nanoTime();
        rollback.begin(name);
        return (seen.get(1, TimeUnit.MINUTES) - begin) / 1_000_000;
    }

    private void request(String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RollbackRequest
                metadata: {name: %1$s}
                spec: {applicationRef: {name: %1$s}, reason: measured}
                """.formatted(name), RollbackRequest.class));
    }

    private void undo(String name) {
        Programs.run(
                new ProcessBuilder("kubectl", "rollout", "undo", "deployment/" + name, "--namespace", namespace.name()),
                "");
    }

    private static Map<String, Object> summary(List<Long> raw) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("p50", percentile(raw, 50));
        summary.put("p99", percentile(raw, 99));
        summary.put("raw", raw);
        return summary;
    }

    private static long percentile(List<Long> raw, int percent) {
        List<Long> sorted = raw.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** When the template of the version before is seen. */
    private final class Patches implements Watcher<Deployment> {

        @Override
        public void eventReceived(Action action, Deployment deployment) {
            long now = System.nanoTime();
            CompletableFuture<Long> waiting =
                    patched.get(deployment.getMetadata().getName());
            String version =
                    deployment.getSpec().getTemplate().getMetadata().getLabels().get("app.kubernetes.io/version");
            if (waiting != null && version.equals("1.4.2")) {
                waiting.complete(now);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            patched.values().forEach(waiting -> waiting.completeExceptionally(cause));
        }
    }
}

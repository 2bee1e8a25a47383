package dev.mainstay.e2e.bench;

import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Applications of one Deployment each, and the ten releases that are kept of each one. */
final class ManyLedgers {

    private static final int DEPLOYMENTS = 1_000;
    private static final int RELEASES = 10;

    /** No Pods: what an operator looks at in them is asked of the kubelet's node, which is not what is measured. */
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: ledger-%1$d}
            spec:
              replicas: 0
              selector: {matchLabels: {app: ledger-%1$d}}
              template: %2$s
            """;

    private static final String APPLICATION = """
            apiVersion: mainstay.dev/v1alpha1
            kind: ManagedApplication
            metadata: {name: ledger-%1$d}
            spec: {workloads: [{name: ledger-%1$d}]}
            """;

    private static final String RELEASE = """
            apiVersion: apps/v1
            kind: ControllerRevision
            metadata:
              name: ledger-%1$d-release-%2$d
              labels: {mainstay.dev/release-of: ledger-%1$d, app.kubernetes.io/managed-by: mainstay}
              annotations:
                mainstay.dev/release-hash: hash-%2$d
                mainstay.dev/release-version: 1.4.%2$d
                mainstay.dev/verified-at: "2026-03-%3$02dT03:00:00Z"
                mainstay.dev/proof: Health
            revision: %2$d
            data:
              version: 1.4.%2$d
              verifiedAt: "2026-03-%3$02dT03:00:00Z"
              proof: Health
              workloads: [{name: ledger-%1$d, revision: "%2$d", template: %4$s, digests: {}}]
              configMaps: {}
              secrets: []
            """;

    private final TestNamespace namespace;

    ManyLedgers(TestNamespace namespace) {
        this.namespace = namespace;
    }

    Map<String, Integer> describe() {
        return Map.of(
                "Deployment",
                DEPLOYMENTS,
                "ManagedApplication",
                DEPLOYMENTS,
                "ControllerRevision",
                DEPLOYMENTS * RELEASES);
    }

    void create() throws InterruptedException, ExecutionException {
        AtOnce.each(DEPLOYMENTS, number -> {
            namespace.create(
                    Serialization.unmarshal(DEPLOYMENT.formatted(number, template(number, 0)), Deployment.class));
            ManagedApplication application =
                    namespace.create(Serialization.unmarshal(APPLICATION.formatted(number), ManagedApplication.class));
            IntStream.rangeClosed(1, RELEASES).forEach(release -> create(application, number, release));
        });
    }

    /** Deletes them, and waits until the releases are gone with their applications. */
    void delete() {
        namespace.all(ManagedApplication.class).delete();
        namespace.all(Deployment.class).delete();
        await().atMost(Duration.ofMinutes(15))
                .until(() -> namespace.list(ControllerRevision.class).isEmpty());
    }

    private void create(ManagedApplication application, int number, int release) {
        ControllerRevision revision = Serialization.unmarshal(
                RELEASE.formatted(number, release, release, template(number, release)), ControllerRevision.class);
        revision.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion(application.getApiVersion())
                        .withKind(application.getKind())
                        .withName(application.getMetadata().getName())
                        .withUid(application.getMetadata().getUid())
                        .withController(true)
                        .build()));
        namespace.create(revision);
    }

    /** A template of some 3 KiB, as one with forty settings is. */
    private static String template(int number, int release) {
        String settings = IntStream.range(0, 40)
                .mapToObj("{name: SETTING_%1$d, value: \"https://service-%1$d.example/of/the/shop\"}"::formatted)
                .collect(Collectors.joining(", "));
        return """
                {metadata: {labels: {app: ledger-%1$d, app.kubernetes.io/version: 1.4.%2$d}}, \
                spec: {containers: [{name: web, image: "registry.invalid/shop:1.4.%2$d", env: [%3$s]}]}}""".formatted(number, release, settings);
    }
}

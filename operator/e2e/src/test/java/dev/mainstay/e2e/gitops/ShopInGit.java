package dev.mainstay.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The example shop, an application and a policy for it, in a repository and from there in a namespace. */
final class ShopInGit {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Path CHART = ClusterClient.REPOSITORY.resolve("deploy/local/shop/chart");

    private final TestNamespace namespace;
    private final GitRepository repository;
    private String commit;

    ShopInGit(TestNamespace namespace, Path folder) {
        this.namespace = namespace;
        this.repository = new GitRepository(namespace.name(), folder);
    }

    /** As a test of another program, which looks every ten seconds, waits for something. */
    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(500));
    }

    GitRepository repository() {
        return repository;
    }

    /** The newest commit. */
    String commit() {
        return commit;
    }

    /** A version is committed, with a policy for the database that the application has. */
    void push(String version) {
        push(version, "main");
    }

    /** The same, with a policy for a database of that name. */
    void push(String version, String database) {
        commit = repository.push(files(version, database));
    }

    /** The same, with one more file. */
    void pushBeside(String version, String file, String content) {
        Map<String, String> files = new HashMap<>(files(version, "main"));
        files.put(file, content);
        commit = repository.push(files);
    }

    private Map<String, String> files(String version, String database) {
        return Map.of("shop.yaml", rendered(version), "application.yaml", """
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  health: {workload: web, path: /api/health, port: http, interval: 5s, failureThreshold: 2}
                  releases: {soakTime: 5s}
                  databases:
                  - name: main
                    postgres: {host: shop-db.shop.svc, database: ecommerce, credentialsSecretRef: {name: shop-db-backup}}
                """, "policy.yaml", """
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: shop}
                spec:
                  applicationRef: {name: shop}
                  database: %s
                  storage:
                    s3:
                      endpoint: https://shop-s3.shop.svc:7443
                      pathStyle: true
                      bucket: shop-backups
                      prefix: gitops
                      credentialsSecretRef: {name: shop-s3-credentials}
                      caSecretRef: {name: shop-s3-ca, key: ca.crt}
                """.formatted(database));
    }

    private String rendered(String version) {
        return Programs.run(
                new ProcessBuilder(
                        "helm",
                        "template",
                        "shop",
                        CHART.toString(),
                        "--namespace",
                        namespace.name(),
                        "--set",
                        "version=" + version),
                "");
    }

    ManagedApplication application() {
        return namespace.find(ManagedApplication.class, "shop");
    }

    BackupPolicy policy() {
        return namespace.find(BackupPolicy.class, "shop");
    }

    /** What an object says of itself. */
    static String message(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(Condition::message)
                .findFirst()
                .orElseThrow();
    }

    void awaitRelease(String version) {
        await("a release of " + version)
                .until(() -> Stream.ofNullable(application())
                        .flatMap(application -> Stream.ofNullable(application.getStatus()))
                        .flatMap(status -> status.releases().stream())
                        .anyMatch(release -> version.equals(release.version())));
    }

    /** The version that the web server's Deployment asks for. */
    String version() {
        Deployment web = namespace.find(Deployment.class, "web");
        return web == null
                ? null
                : web.getSpec().getTemplate().getMetadata().getLabels().get("app.kubernetes.io/version");
    }

    Map<String, String> annotations(String deployment) {
        return namespace.find(Deployment.class, deployment).getMetadata().getAnnotations();
    }

    void awaitVersion(String version) {
        await("the Deployment asks for " + version).until(() -> version.equals(version()));
    }

    /** A request, with more of its spec as YAML in one line. */
    void request(String name, String more) {
        namespace.create(
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RollbackRequest
                metadata: {name: %s}
                spec: {applicationRef: {name: shop}, reason: errors%s}
                """.formatted(name, more.isEmpty() ? "" : ", " + more), RollbackRequest.class));
    }

    void delete(String request) {
        namespace.all(RollbackRequest.class).withName(request).delete();
    }

    /** The status of a request once it has that outcome. */
    RollbackRequestStatus awaitOutcome(String request, RollbackOutcome outcome) {
        RollbackRequestStatus status = await("an outcome of " + request)
                .until(
                        () -> namespace.find(RollbackRequest.class, request).getStatus(),
                        found -> found != null && found.outcome() != null);
        assertThat(status.outcome()).as(RollingShop.message(status)).isEqualTo(outcome);
        return status;
    }

    void awaitPhase(String request, RollbackPhase phase) {
        await(request + " is " + phase)
                .until(() -> namespace
                                .find(RollbackRequest.class, request)
                                .getStatus()
                                .phase()
                        == phase);
    }
}

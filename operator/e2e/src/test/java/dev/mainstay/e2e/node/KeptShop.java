package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A shop that Helm installs, with a real database of its own that a role keeps which is no superuser. */
final class KeptShop implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(6);

    static final int ORDERS = 10_000;

    /** The source of a restore whose copy is verified for so many seconds: long enough to do something in the middle of it. */
    static final String SLOW = """
            source: {policyRef: {name: shop-main}}
              acceptUnknownFreeSpace: true
              verify: {queries: [{name: slow, sql: "SELECT count(*) FROM orders, pg_sleep(%d)", expect: {operator: GreaterThan, value: "9000"}}]}
            """;

    private static final String PASSWORD = "p:@/%s";

    private final TestNamespace namespace;

    final String database = "orders-" + UUID.randomUUID().toString().substring(0, 8);
    final String keeper = "keeper-" + database;
    final ShopDatabase server;

    KeptShop(TestNamespace namespace) {
        this.namespace = namespace;
        this.server = new ShopDatabase(namespace.client());
    }

    /** Creates the database, the application and its policy. */
    KeptShop open() {
        server.execute(
                "postgres",
                "CREATE ROLE \"" + keeper + "\" LOGIN CREATEDB PASSWORD '" + PASSWORD + "'",
                "CREATE DATABASE \"" + database + "\" OWNER \"" + keeper + "\"",
                "GRANT pg_signal_backend TO \"" + keeper + "\"");
        server.execute(
                database,
                "SET ROLE \"" + keeper + "\"; CREATE TABLE orders AS SELECT id, md5(id::text) AS what FROM"
                        + " generate_series(1, " + ORDERS + ") AS id");
        NodeShop secrets = new NodeShop(namespace);
        secrets.secret("keeper", "shop-db-backup", Map.of("username", keeper, "password", PASSWORD));
        HelmShop.deploy(namespace, "1.4.2");
        namespace.create(Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: "0 4 1 1 *"
                  jobTemplate:
                    spec:
                      template:
                        spec: {restartPolicy: Never, containers: [{name: report, image: registry.invalid/report:1}]}
                """, CronJob.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: shop}
                spec:
                  workloads: [{name: web}, {name: worker}]
                  cronJobs: [nightly]
                  services: [{name: web}]
                  health: {workload: web, path: /api/health, port: http, interval: 5s, failureThreshold: 2}
                  databases:
                  - name: main
                    postgres:
                      host: shop-db.shop.svc
                      database: %s
                      credentialsSecretRef: {name: shop-db-backup}
                      adminSecretRef: {name: keeper}
                """.formatted(database), ManagedApplication.class));
        policy();
        return this;
    }

    /** Makes its policy. */
    void policy() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: shop-main}
                spec:
                  applicationRef: {name: shop}
                  retry: {limit: 2, delay: 1s}
                  storage:
                    s3:
                      endpoint: https://shop-s3.shop.svc:7443
                      pathStyle: true
                      bucket: shop-backups
                      prefix: e2e
                      credentialsSecretRef: {name: shop-s3-credentials}
                      caSecretRef: {name: shop-s3-ca, key: ca.crt}
                """, BackupPolicy.class));
    }

    /** Drops its databases. */
    @Override
    public void close() {
        server.ask("postgres", "SELECT datname FROM pg_database WHERE datname LIKE '" + database + "%'")
                .lines()
                .forEach(name -> server.execute("postgres", "DROP DATABASE \"" + name + "\" WITH (FORCE)"));
        server.execute("postgres", "DROP ROLE \"" + keeper + "\"");
    }

    /** Asserts that workloads, CronJobs and Services are as they were, and owned by nobody new. */
    void everythingIsBack() {
        for (String name : new String[] {"web", "worker"}) {
            Deployment deployment = namespace.find(Deployment.class, name);
            assertThat(deployment.getSpec().getReplicas()).as(name).isPositive();
            assertThat(deployment.getMetadata().getManagedFields())
                    .noneMatch(entry -> entry.getManager().startsWith("mainstay"));
        }
        assertThat(namespace.find(CronJob.class, "nightly").getSpec().getSuspend())
                .isFalse();
        assertThat(namespace.find(Service.class, "web").getSpec().getSelector())
                .noneSatisfy((key, value) -> assertThat(key).contains("mainstay"));
        assertThat(namespace.list(MaintenanceMode.class)).isEmpty();
    }

    /** The same after a restore that failed: its copy is gone too. */
    void nothingHasChanged(String hashBefore) {
        assertThat(hash(database)).isEqualTo(hashBefore);
        assertThat(others()).isEmpty();
        everythingIsBack();
    }

    /** Makes a backup, and waits for it. */
    void backUp(String name) {
        beginBackup(name);
        backedUp(name);
    }

    void beginBackup(String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: shop-main}}
                """.formatted(name), DatabaseBackup.class));
    }

    void backedUp(String name) {
        DatabaseBackupStatus status = await("the backup is finished")
                .atMost(PATIENCE)
                .until(
                        () -> namespace.find(DatabaseBackup.class, name).getStatus(),
                        found -> found != null
                                && found.phase() != null
                                && found.phase().terminal());
        assertThat(status.phase()).as("%s", status).isEqualTo(BackupPhase.SUCCEEDED);
        if (status.attempts().size() > 1) {
            System.out.println("Backup " + name + " of " + namespace.name() + " took more than one attempt: " + status);
        }
    }

    /** Makes a request with more of the spec as YAML, and waits for its end. */
    RestoreRequestStatus restore(String source, String name) {
        request(source, name);
        return finished(name);
    }

    /** Makes a request. */
    void request(String source, String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: %s}
                spec:
                  applicationRef: {name: shop}
                  reason: orders were deleted by mistake
                  %s
                """.formatted(name, source), RestoreRequest.class));
    }

    /** The status of a request once it is finished. */
    RestoreRequestStatus finished(String name) {
        return await("the restore is finished")
                .atMost(PATIENCE)
                .until(
                        () -> namespace.find(RestoreRequest.class, name).getStatus(),
                        status -> status != null && status.phase() == RestorePhase.FINISHED);
    }

    /** Waits until the copy of a slow restore is verified. */
    void awaitCopyAsked() {
        await("the copy is asked")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !server.ask(
                                "postgres",
                                "SELECT pid FROM pg_stat_activity WHERE datname LIKE '" + database
                                        + "_%' AND query LIKE '%pg_sleep%'")
                        .isEmpty());
    }

    /** Of all rows. */
    String hash(String from) {
        return server.ask(from, "SELECT md5(string_agg(id || what, ',' ORDER BY id)) FROM orders");
    }

    String count(String from) {
        return server.ask(from, "SELECT count(*) FROM orders");
    }

    /** Databases beside the one in use: copies and kept ones. */
    List<String> others() {
        return server.ask("postgres", "SELECT datname FROM pg_database WHERE datname LIKE '" + database + "_%'")
                .lines()
                .toList();
    }

    /** A write as the application makes it: a connection of its own, by the role that keeps the database. */
    boolean write(int id) {
        return server.tries(
                "env",
                "PGPASSWORD=" + PASSWORD,
                "psql",
                "--no-psqlrc",
                "--set=ON_ERROR_STOP=1",
                "--host=127.0.0.1",
                "--username=" + keeper,
                "--dbname=" + database,
                "--command",
                "INSERT INTO orders VALUES (" + id + ", 'late')");
    }

    /** Waits until a Pod of a task runs. */
    Pod running(String task) {
        return await("a Pod of " + task + " runs")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> pods(task)
                                .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Kills a task's runner as soon as it is there. It has to stand still somewhere: it is seen a second later, or more. */
    void kill(String task) {
        await("a runner of " + task + " is killed")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> pods(task)
                        .flatMap(pod -> ContainerProcesses.of(pod).running("java").stream())
                        .anyMatch(ProcessHandle::destroyForcibly));
    }

    /** Does something while a transaction has touched the server's entry of the database, so that a swap waits for it. */
    void whileTheServerKeepsTheName(Runnable action) {
        String mark = "keeps " + database;
        Thread keeper = Thread.ofPlatform()
                .daemon()
                .start(() -> server.tries(
                        "psql",
                        "--no-psqlrc",
                        "--dbname=postgres",
                        "--single-transaction",
                        "--command",
                        "GRANT TEMPORARY ON DATABASE \"" + database + "\" TO pg_monitor",
                        "--command",
                        "SELECT '" + mark + "', pg_sleep(1800)"));
        String found = "FROM pg_stat_activity WHERE query LIKE '%" + mark + "%' AND pid <> pg_backend_pid()";
        await("the server keeps the name")
                .atMost(PATIENCE)
                .until(() -> !server.ask("postgres", "SELECT pid " + found).isEmpty());
        try {
            action.run();
        } finally {
            server.ask("postgres", "SELECT pg_terminate_backend(pid) " + found);
        }
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<Pod> pods(String task) {
        return namespace.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().contains("-" + task + "-"))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null);
    }
}

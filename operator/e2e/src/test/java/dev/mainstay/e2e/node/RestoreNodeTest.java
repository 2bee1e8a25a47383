package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Restores of a real database under a program that Helm installs, by a role that is no superuser. */
@Tag("node")
class RestoreNodeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private final String database = "orders-" + UUID.randomUUID().toString().substring(0, 8);
    private final String keeper = "keeper-" + database;
    private ShopDatabase server;

    @BeforeEach
    void install() {
        server = new ShopDatabase(namespace.client());
        server.execute(
                "postgres",
                "CREATE ROLE \"" + keeper + "\" LOGIN CREATEDB PASSWORD 'p:@/%s'",
                "CREATE DATABASE \"" + database + "\" OWNER \"" + keeper + "\"",
                "GRANT pg_signal_backend TO \"" + keeper + "\"");
        server.execute(
                database,
                "SET ROLE \"" + keeper + "\"; CREATE TABLE orders AS SELECT id, md5(id::text) AS what FROM"
                        + " generate_series(1, 10000) AS id");
        NodeShop secrets = new NodeShop(namespace);
        secrets.secret("keeper", "shop-db-backup", Map.of("username", keeper, "password", "p:@/%s"));
        HelmShop.deploy(namespace, "1.4.2");
        namespace.create(Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: report}
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
                  cronJobs: [report]
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
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: BackupPolicy
                metadata: {name: nightly}
                spec:
                  applicationRef: {name: shop}
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

    @AfterEach
    void dropEverything() {
        server.ask("postgres", "SELECT datname FROM pg_database WHERE datname LIKE '" + database + "%'")
                .lines()
                .forEach(name -> server.execute("postgres", "DROP DATABASE \"" + name + "\" WITH (FORCE)"));
        server.execute("postgres", "DROP ROLE \"" + keeper + "\"");
    }

    @Test
    void deletedOrdersComeBackAndTheDatabaseBeforeIsKept() {
        backUp("before-the-mistake");
        String wanted = hash(database);
        server.execute(database, "DELETE FROM orders WHERE id > 100");

        RestoreRequestStatus status = restore("""
                source: {policyRef: {name: nightly}}
                  acceptUnknownFreeSpace: true
                  verify: {queries: [{name: orders, sql: "SELECT count(*) FROM orders", expect: {operator: GreaterThan, value: "9000"}}]}
                """, "restore");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(hash(database)).isEqualTo(wanted);
        assertThat(count(status.previous().database())).isEqualTo("100");
        assertThat(status.restored().rows()).isEqualTo(10_000);
        everythingIsBack();

        RestoreRequestStatus undone = restore("source: {previousOf: {name: restore}}", "undo");
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(count(database)).isEqualTo("100");
        assertThat(count(undone.previous().database())).isEqualTo("10000");
        everythingIsBack();
        HelmShop.deploy(namespace, "1.4.2");
    }

    private void everythingIsBack() {
        for (String name : new String[] {"web", "worker"}) {
            Deployment deployment = namespace.find(Deployment.class, name);
            assertThat(deployment.getSpec().getReplicas()).as(name).isPositive();
            assertThat(deployment.getMetadata().getManagedFields())
                    .noneMatch(entry -> entry.getManager().startsWith("mainstay"));
        }
        assertThat(namespace.find(CronJob.class, "report").getSpec().getSuspend())
                .isFalse();
        assertThat(namespace.find(Service.class, "web").getSpec().getSelector())
                .noneSatisfy((key, value) -> assertThat(key).contains("mainstay"));
        assertThat(namespace.list(MaintenanceMode.class)).isEmpty();
    }

    private void backUp(String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: DatabaseBackup
                metadata: {name: %s}
                spec: {policyRef: {name: nightly}}
                """.formatted(name), DatabaseBackup.class));
        await("the backup is finished").atMost(PATIENCE).until(() -> {
            DatabaseBackup backup = namespace.find(DatabaseBackup.class, name);
            return backup.getStatus() != null && backup.getStatus().phase() == BackupPhase.SUCCEEDED;
        });
    }

    private RestoreRequestStatus restore(String source, String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: RestoreRequest
                metadata: {name: %s}
                spec:
                  applicationRef: {name: shop}
                  reason: orders were deleted by mistake
                  %s
                """.formatted(name, source), RestoreRequest.class));
        return await("the restore is finished")
                .atMost(PATIENCE)
                .until(
                        () -> namespace.find(RestoreRequest.class, name).getStatus(),
                        status -> status != null && status.phase() == RestorePhase.FINISHED);
    }

    private String hash(String from) {
        return server.ask(from, "SELECT md5(string_agg(id || what, ',' ORDER BY id)) FROM orders");
    }

    private String count(String from) {
        return server.ask(from, "SELECT count(*) FROM orders");
    }
}

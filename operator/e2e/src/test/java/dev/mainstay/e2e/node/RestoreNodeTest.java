package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Restores of a real database under a program that Helm installs, by a role that is no superuser. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RestoreNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    /** Another cluster, as far as its backups are concerned: whose one is, is told by the namespace too. */
    @RegisterExtension
    final TestNamespace elsewhere = new TestNamespace();

    private KeptShop shop;

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void deletedOrdersComeBackAndTheDatabaseBeforeIsKept() {
        shop.backUp("before-the-mistake");
        String wanted = shop.hash(shop.database);
        shop.server.execute(shop.database, "DELETE FROM orders WHERE id > 100");

        RestoreRequestStatus status = shop.restore("""
                source: {policyRef: {name: shop-main}}
                  acceptUnknownFreeSpace: true
                  verify: {queries: [{name: orders, sql: "SELECT count(*) FROM orders", expect: {operator: GreaterThan, value: "9000"}}]}
                """, "restore");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.hash(shop.database)).isEqualTo(wanted);
        assertThat(shop.count(status.previous().database())).isEqualTo("100");
        assertThat(status.restored().rows()).isEqualTo(10_000);
        shop.everythingIsBack();

        RestoreRequestStatus undone = shop.restore("source: {previousOf: {name: restore}}", "undo");
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.count(shop.database)).isEqualTo("100");
        assertThat(shop.count(undone.previous().database())).isEqualTo("10000");
        shop.everythingIsBack();
        HelmShop.deploy(namespace, "1.4.2");
    }

    /** As where a cloud provider has made the database, and lets nobody make another. */
    @Test
    void anEmptyDatabaseIsFilledByARoleThatMayMakeNone() {
        shop.backUp("before-the-mistake");
        String wanted = shop.hash(shop.database);
        shop.server.execute("postgres", "ALTER ROLE \"" + shop.keeper + "\" NOCREATEDB");
        String request = "source: {policyRef: {name: shop-main}}\n  mode: IntoEmpty\n  acceptUnknownFreeSpace: true";

        RestoreRequestStatus refused = shop.restore(request, "too-early");
        assertThat(refused.outcome()).as("%s", refused).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(refused.failure().reason()).isEqualTo("DatabaseNotEmpty");
        assertThat(refused.failure().message()).contains("it has table public.orders", "mode: Swap");

        shop.server.execute(shop.database, "DROP TABLE orders");
        RestoreRequestStatus status = shop.restore(request, "into-empty");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.hash(shop.database)).isEqualTo(wanted);
        assertThat(status.restored().rows()).isEqualTo(10_000);
        assertThat(status.previous()).isNull();
        assertThat(shop.others()).isEmpty();
        shop.everythingIsBack();
    }

    @Test
    void whenOnlyTheBucketIsLeftItIsRestoredByItsPath() {
        shop.server.execute(shop.database, "UPDATE orders SET what = 'of the lost cluster' WHERE id <= 100");
        shop.backUp("last");
        String wanted = shop.hash(shop.database);
        String location =
                namespace.find(DatabaseBackup.class, "last").getStatus().location();
        namespace.all(DatabaseBackup.class).delete();
        namespace.all(BackupPolicy.class).delete();
        namespace.all(ManagedApplication.class).delete();

        try (KeptShop fresh = new KeptShop(elsewhere).open()) {
            await("the role is found to be enough")
                    .atMost(KeptShop.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(Conditions.find(
                                            elsewhere
                                                    .find(ManagedApplication.class, "shop")
                                                    .getStatus()
                                                    .conditions(),
                                            "RestoreReady")
                                    .orElseThrow()
                                    .status())
                            .isEqualTo(ConditionStatus.TRUE));
            String source = """
                    source: {policyRef: {name: shop-main}, path: "%s"}
                      acceptUnknownFreeSpace: true
                      roles: {mapping: {"%s": "%s"}}
                      allowForeignSource: %s
                    """;
            String path = location.substring("s3://shop-backups/".length());

            RestoreRequestStatus blocked =
                    fresh.restore(source.formatted(path, shop.keeper, fresh.keeper, false), "not-meant");
            assertThat(blocked.outcome()).as("%s", blocked).isEqualTo(RestoreOutcome.BLOCKED);
            assertThat(blocked.failure().message())
                    .contains("of application " + namespace.name() + "/shop", "allowForeignSource: true");

            RestoreRequestStatus status =
                    fresh.restore(source.formatted(path, shop.keeper, fresh.keeper, true), "meant");
            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
            assertThat(fresh.hash(fresh.database)).isEqualTo(wanted);
            assertThat(status.plan().goesBackTo()).isNotNull();
            fresh.everythingIsBack();
        }
    }

    /** The bucket is another cluster's, as far as its owner is concerned, until it is taken over. */
    @Test
    void whenThePolicyOfALostClusterIsMadeAgainItsBackupsAreThereAgain() {
        shop.backUp("last");
        String wanted = shop.hash(shop.database);
        DatabaseBackup before = namespace.find(DatabaseBackup.class, "last");
        namespace.all(BackupPolicy.class).delete();
        namespace.all(DatabaseBackup.class).delete();
        new ShopShell(namespace, new NodeShop(namespace)).run("""
                echo '{"formatVersion": 1, "clusterId": "the-lost-one", "namespace": "%1$s",
                  "application": "shop", "database": "main", "since": "2025-03-29T01:00:02Z"}' |
                  aws s3 cp --only-show-errors - s3://shop-backups/e2e/%1$s/shop-main/owner.json
                """.formatted(namespace.name()));
        shop.server.execute(shop.database, "DELETE FROM orders WHERE id > 100");
        await("what is in the bucket is gone from the cluster")
                .atMost(KeptShop.PATIENCE)
                .until(() -> namespace.list(BackupPolicy.class).isEmpty()
                        && namespace.list(DatabaseBackup.class).isEmpty());

        shop.policy();
        await("another owner is told of")
                .atMost(KeptShop.PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        policy().preflight() != null && policy().preflight().storage() != null);
        assertThat(policy().preflight().storage().message()).contains("\"adopt\":\"the-lost-one\"");
        assertThat(namespace.list(DatabaseBackup.class)).isEmpty();
        namespace
                .all(BackupPolicy.class)
                .withName("shop-main")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"storage\":{\"adopt\":\"the-lost-one\"}}}");
        await("its backups are there again")
                .atMost(KeptShop.PATIENCE)
                .ignoreExceptions()
                .until(() -> policy().attached() != null);

        assertThat(policy().attached().message()).contains("1 backup was found", "1 was attached");
        DatabaseBackupStatus last = namespace.find(DatabaseBackup.class, "last").getStatus();
        assertThat(last.location()).isEqualTo(before.getStatus().location());
        assertThat(last.verified()).isEqualTo(before.getStatus().verified());
        RestoreRequestStatus status = shop.restore("""
                source: {policyRef: {name: shop-main}}
                  acceptUnknownFreeSpace: true
                """, "of-the-lost-one");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.hash(shop.database)).isEqualTo(wanted);
        shop.everythingIsBack();
    }

    private BackupPolicyStatus policy() {
        return namespace.find(BackupPolicy.class, "shop-main").getStatus();
    }
}

package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A policy's backup is restored beside the database in use, or in a server of the test's own Pod, proven and dropped. */
@Tag("node")
class RestoreTestNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private KeptShop shop;

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private BackupPolicyStatus status() {
        return namespace.find(BackupPolicy.class, "shop-main").getStatus();
    }

    private void eachMinute(String expected) {
        eachMinute("{\"sameServer\": {\"maxDatabaseBytes\": 1073741824}, \"pod\": null}", expected);
    }

    private void eachMinute(String target, String expected) {
        namespace
                .all(BackupPolicy.class)
                .withName("shop-main")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"verification": {"restoreTest": {"schedule": "* * * * *",
                          "target": %s,
                          "queries": [{"name": "orders", "sql": "SELECT count(*) FROM orders",
                            "expect": {"operator": "Equals", "value": "%s"}}]}}}}""".formatted(target, expected));
    }

    private Condition tested(RestoreTestOutcome outcome, Instant after) {
        await("a test has " + outcome)
                .atMost(KeptShop.PATIENCE)
                .until(() -> status().lastRestoreTest() != null
                        && status().lastRestoreTest().outcome() == outcome
                        && status().lastRestoreTest().at().isAfter(after));
        return Conditions.find(status().conditions(), "RestoreTested").orElseThrow();
    }

    private void nothingIsLeft() {
        String mark = shop.server.ask(
                "postgres",
                "SELECT count(*) FROM pg_database WHERE datname LIKE 'mainstay%' AND shobj_description(oid, 'pg_database')"
                        + " LIKE '%" + namespace.name() + "/shop-main%'");
        assertThat(mark).isEqualTo("0");
        assertThat(shop.count(shop.database)).isEqualTo("" + KeptShop.ORDERS);
    }

    @Test
    void aBackupIsRestoredProvenAndDroppedAndAWrongAnswerIsTold() {
        shop.backUp("first");
        eachMinute("" + KeptShop.ORDERS);

        Condition passed = tested(RestoreTestOutcome.PASSED, Instant.EPOCH);

        assertThat(passed.reason()).as(passed.message()).isEqualTo("Restored");
        assertThat(passed.message()).contains("restored backup first in ", KeptShop.ORDERS + " rows, 1 tables");
        await("the backup says so")
                .atMost(KeptShop.PATIENCE)
                .until(() -> namespace
                                .find(DatabaseBackup.class, "first")
                                .getStatus()
                                .verified()
                                .level()
                        == VerificationLevel.RESTORE_TEST);

        eachMinute("1");
        Condition failed =
                tested(RestoreTestOutcome.FAILED, status().lastRestoreTest().at());

        assertThat(failed.reason()).as(failed.message()).isEqualTo("VerificationFailed");
        assertThat(failed.message()).contains("spec.verification.restoreTest.queries, orders", "was dropped again");
        namespace
                .all(BackupPolicy.class)
                .withName("shop-main")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": true}}");
        await("no test runs")
                .atMost(KeptShop.PATIENCE)
                .until(() -> status().restoreTest().running() == null
                        && Objects.equals(
                                status().observedGeneration(),
                                namespace
                                        .find(BackupPolicy.class, "shop-main")
                                        .getMetadata()
                                        .getGeneration()));
        nothingIsLeft();
    }

    private static String pod(String size) {
        return "{\"pod\": {\"size\": \"" + size + "\"}}";
    }

    @Test
    void aBackupIsRestoredInAServerOfTheTestsOwnPodAndACopyThatDoesNotFitIsTold() {
        shop.backUp("first");
        eachMinute(pod("1Gi"), "" + KeptShop.ORDERS);

        Condition passed = tested(RestoreTestOutcome.PASSED, Instant.EPOCH);

        assertThat(passed.reason()).as(passed.message()).isEqualTo("Restored");
        assertThat(passed.message()).contains("restored backup first in ", KeptShop.ORDERS + " rows, 1 tables");
        nothingIsLeft();

        shop.server.execute(
                shop.database,
                "CREATE TABLE large AS SELECT string_agg(sha512((g || '-' || n)::text::bytea)::text, '') AS bytes FROM"
                        + " generate_series(1, 4000) g, generate_series(1, 500) n GROUP BY g",
                "ALTER TABLE large OWNER TO \"" + shop.keeper + "\"");
        shop.backUp("second");
        eachMinute(pod("256Mi"), "" + KeptShop.ORDERS);
        Condition failed =
                tested(RestoreTestOutcome.FAILED, status().lastRestoreTest().at());

        assertThat(failed.reason()).as(failed.message()).isEqualTo("DiskFull");
        assertThat(failed.message()).contains("did not fit in size: 256Mi");
    }
}

package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Restores of a real database under a program that Helm installs, by a role that is no superuser. */
@Tag("node")
class RestoreNodeTest {

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

    @Test
    void deletedOrdersComeBackAndTheDatabaseBeforeIsKept() {
        shop.backUp("before-the-mistake");
        String wanted = shop.hash(shop.database);
        shop.server.execute(shop.database, "DELETE FROM orders WHERE id > 100");

        RestoreRequestStatus status = shop.restore("""
                source: {policyRef: {name: nightly}}
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
}

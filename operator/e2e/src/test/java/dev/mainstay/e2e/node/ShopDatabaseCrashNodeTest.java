package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** The database server ends under whoever uses it. */
@Tag("node")
@Isolated("the server is everybody's")
class ShopDatabaseCrashNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @RegisterExtension
    final TestNamespace elsewhere = new TestNamespace();

    /** One crash serves both, since the kubelet lets a second one wait. */
    @Test
    void givenADumpAndARestoreInTheirMidst_whenTheServerIsKilled_thenBothTellTheLossAndNothingIsLeft() {
        NodeShop dumped = new NodeShop(namespace);
        dumped.policy = "retry: {limit: 0}";
        try (KeptShop restored = new KeptShop(elsewhere).open();
                HeldDatabase held = new HeldDatabase(restored.server)) {
            dumped.database = held.name;
            restored.backUp("before-the-crash");
            String before = restored.hash(restored.database);
            restored.request(KeptShop.SLOW.formatted(120), "crashed");
            restored.awaitCopyAsked();
            dumped.open().backup();
            held.awaitDump();
            int restarts = restored.server.restarts();

            restored.server.crash();

            await("the database is started again")
                    .atMost(NodeShop.PATIENCE)
                    .until(() -> restored.server.restarts() > restarts);
            restored.server.awaitReady();
            dumped.expectDumpFailed("connection to the database was lost");
            RestoreRequestStatus status = restored.finished("crashed");
            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.FAILED);
            assertThat(status.failure().message()).contains("connection");
            restored.nothingHasChanged(before);
        }
    }
}

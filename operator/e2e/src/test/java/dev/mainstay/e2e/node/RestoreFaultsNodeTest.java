package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever happens to a restore of a real database, the application ends on a whole one. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class RestoreFaultsNodeTest {

    private static final String QUICK = """
            source: {policyRef: {name: shop-main}}
              acceptUnknownFreeSpace: true
            """;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private KeptShop shop;

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
        shop.backUp("before-the-mistake");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void givenKilledRunnersAndAWriterThatConnectsAgain_whenItIsRestoredAndUndone_thenNoWriteIsLost() throws Exception {
        shop.server.execute(shop.database, "DELETE FROM orders WHERE id > 100");
        Set<Integer> written = new ConcurrentSkipListSet<>();
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> write(written, enough));
        try {
            shop.request(KeptShop.SLOW.formatted(8), "restore");
            Pod first = shop.running("restore-copy");
            shop.awaitCopyAsked();
            ContainerProcesses.of(first).running("java").forEach(ProcessHandle::destroyForcibly);
            await("the copy is made again")
                    .atMost(KeptShop.PATIENCE)
                    .until(() -> !shop.running("restore-copy")
                            .getMetadata()
                            .getName()
                            .equals(first.getMetadata().getName()));
            shop.beginBackup("meanwhile");

            RestoreRequestStatus status = shop.finished("restore");
            assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
            assertThat(status.restored().rows()).isEqualTo(KeptShop.ORDERS);
            shop.everythingIsBack();
            shop.backedUp("meanwhile");

            shop.whileTheServerKeepsTheName(() -> {
                shop.request("source: {previousOf: {name: restore}}", "undo");
                shop.kill("restore-swap");
            });
            RestoreRequestStatus undone = shop.finished("undo");
            assertThat(undone.outcome()).as("%s", undone).isIn(RestoreOutcome.SUCCEEDED, RestoreOutcome.FAILED);
        } finally {
            enough.set(true);
            writer.join();
        }

        shop.everythingIsBack();
        assertThat(shop.others()).as("the other one is kept").hasSize(1);
        String other = shop.others().getFirst();
        assertThat(written).isNotEmpty();
        assertThat(Stream.concat(ids(shop.database).stream(), ids(other).stream())
                        .collect(Collectors.toSet()))
                .containsAll(written);
        // Each is whole: the deleted orders are all in one, and in the other none of them.
        assertThat(Stream.of(shop.database, other)
                        .map(name ->
                                shop.server.ask(name, "SELECT count(*) FROM orders WHERE id <= " + KeptShop.ORDERS)))
                .containsExactlyInAnyOrder("100", String.valueOf(KeptShop.ORDERS));
        HelmShop.deploy(namespace, "1.4.2");
    }

    @Test
    void givenWhatCanNotBeRestored_whenItHasEnded_thenNothingHasChanged() throws Exception {
        String before = shop.hash(shop.database);

        RestoreRequestStatus refused = shop.restore("""
                source: {policyRef: {name: shop-main}}
                  acceptUnknownFreeSpace: true
                  verify: {queries: [{name: orders, sql: "SELECT count(*) FROM orders", expect: {operator: GreaterThan, value: "10001"}}]}
                """, "refused");
        expectFailed(refused, before, "orders");

        shop.request(KeptShop.SLOW.formatted(60) + "  stopWorkloads: BeforeRestore\n", "deleted");
        shop.awaitCopyAsked();
        namespace.all(RestoreRequest.class).withName("deleted").delete();
        await("the request is gone")
                .atMost(KeptShop.PATIENCE)
                .until(() -> namespace.find(RestoreRequest.class, "deleted") == null);
        shop.nothingHasChanged(before);

        corruptTheBackup();
        expectFailed(shop.restore(QUICK, "corrupt"), before, "its SHA-256 differs.");
    }

    @Test
    void givenTwoRequestsAtOnce_whenBothHaveEnded_thenOneWentAfterTheOtherAndBothAreKept() {
        shop.request(KeptShop.SLOW.formatted(3), "first");
        await("the first has begun").atMost(KeptShop.PATIENCE).until(() -> {
            RestoreRequest first = namespace.find(RestoreRequest.class, "first");
            return first.getStatus() != null && first.getStatus().plan() != null;
        });
        shop.request(QUICK, "second");
        await("the second waits for the first").atMost(KeptShop.PATIENCE).until(() -> {
            RestoreRequestStatus second =
                    namespace.find(RestoreRequest.class, "second").getStatus();
            return second != null
                    && second.claim() != null
                    && String.valueOf(second.claim().waitingFor()).contains("first");
        });

        RestoreRequestStatus first = shop.finished("first");
        RestoreRequestStatus second = shop.finished("second");

        assertThat(first.outcome()).as("%s", first).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(second.outcome()).as("%s", second).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.others())
                .containsExactlyInAnyOrder(
                        first.previous().database(), second.previous().database());
        shop.everythingIsBack();
    }

    private void expectFailed(RestoreRequestStatus status, String before, String told) {
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.FAILED);
        assertThat(status.failure().message()).contains(told);
        shop.nothingHasChanged(before);
    }

    private void write(Set<Integer> written, AtomicBoolean enough) {
        for (int id = KeptShop.ORDERS + 1; !enough.get(); id++) {
            if (shop.write(id)) {
                written.add(id);
            }
        }
    }

    private TreeSet<Integer> ids(String database) {
        return shop.server
                .ask(database, "SELECT id FROM orders WHERE id > " + KeptShop.ORDERS)
                .lines()
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Turns over a byte in the middle of the biggest object of the backup, where the S3 server keeps it. */
    private void corruptTheBackup() throws IOException {
        Path stored = StoredObjects.bucket("shop-backups").resolve(Path.of("e2e", namespace.name(), "shop-main"));
        Path segment = StoredObjects.below(stored).stream()
                .max(Comparator.comparing(file -> file.toFile().length()))
                .orElseThrow();
        byte[] content = Files.readAllBytes(segment);
        content[content.length / 2] ^= 1;
        Files.write(segment, content);
    }
}

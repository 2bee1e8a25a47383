package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/on-call/recover-the-database.md, as somebody follows it at 3 am. */
@Tag("node")
class RestoreCardNodeTest {

    private static final String BY_HAND = "## Mainstay does not run";

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
    void eachCommandOfThePageDoesWhatItPromises(@TempDir Path folder) {
        shop.backUp("nightly-1");
        String wanted = shop.hash(shop.database);
        shop.server.execute(shop.database, "DELETE FROM orders WHERE id > 100");
        OnCallCard card =
                new OnCallCard(namespace, folder, "recover-the-database.md", "restore-dry-run.yaml", "restore.yaml");

        assertThat(card.run("## Which backup")).contains("nightly-1", "Succeeded", "FullRead");
        String told = card.run("## Look first, it takes a minute", "## Do it", "## What to do then", "## Undo it");

        assertThat(told)
                .contains("of writes will not be in it", "Nothing was changed (spec.dryRun)")
                .contains("RestoreCopy\tDone\t10000 rows in 1 table")
                .contains("LeaveMaintenance\tDone");
        assertThat(shop.hash(shop.database)).isEqualTo(wanted);
        shop.everythingIsBack();

        String undo = told.lines().toList().getLast();
        assertThat(undo).startsWith("echo ").contains("previousOf");
        card.shell(undo);
        RestoreRequest undone = await("the request that undoes it is finished")
                .atMost(KeptShop.PATIENCE)
                .until(
                        () -> namespace.list(RestoreRequest.class).stream()
                                .filter(request -> request.getSpec().source().previousOf() != null)
                                .filter(request -> request.getStatus() != null
                                        && request.getStatus().outcome() != null)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
        assertThat(undone.getStatus().outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(shop.count(shop.database)).isEqualTo("100");
        byHand(card);
    }

    /** The commands with which a person stops and starts the application stand the other way round on the page. */
    private void byHand(OnCallCard card) {
        // One request of those that were made has no workloads: the dry run.
        assertThat(card.run(BY_HAND)).contains("  Deployment web ", "  Deployment worker ", "  CronJob nightly ");
        assertThat(namespace.find(Deployment.class, "worker").getSpec().getReplicas())
                .isZero();
        assertThat(namespace.find(CronJob.class, "nightly").getSpec().getSuspend())
                .isTrue();
        String restored = shop.database + "_restored";
        shop.server.execute("postgres", "CREATE DATABASE \"" + restored + "\" TEMPLATE \"" + shop.database + "\"");

        List<String> statements = card.statements(BY_HAND);

        shop.server.execute(
                "postgres",
                statements.stream()
                        .map(line -> line.replace("ecommerce", shop.database))
                        .toArray(String[]::new));
        assertThat(shop.count(shop.database)).isEqualTo("100");
        assertThat(shop.others()).contains(shop.database + "_before").doesNotContain(restored);
    }
}

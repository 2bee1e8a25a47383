package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/on-call/run-a-runbook.md, as somebody follows it at 3 am. */
@Tag("node")
class RunbookCardNodeTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private KeptShop shop;

    @BeforeEach
    void open() {
        shop = new KeptShop(namespace).open();
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: night}
                spec:
                  description: More workers for the orders that wait.
                  steps:
                  - {name: more, scale: {workload: worker, to: 2}}
                  - {name: look, manual: {text: Look whether orders are delivered.}}
                """, Runbook.class));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void eachCommandOfThePageDoesWhatItPromises(@TempDir Path folder) {
        OnCallCard card = new OnCallCard(namespace, folder, "run-a-runbook.md", "run.yaml", "run-dry-run.yaml");

        assertThat(card.run("# Run a Runbook")).contains("night", "More workers for the orders that wait.");
        assertThat(card.run("## Look first, if there is a minute"))
                .contains("more: Dry run. Scales worker to 2", "Deployment worker would go from 1 to 2.");
        assertThat(workers()).isEqualTo(1);

        String told = card.run("## Start it", "## Approve a step", "## Watch it end", "## Undo it");

        assertThat(told).contains("Passed\n", "Passed\tmore: ", "Passed\tlook: ");
        assertThat(workers()).isEqualTo(2);

        String undo = told.lines().toList().getLast();
        assertThat(undo).startsWith("kubectl scale deployment worker --replicas 1");
        card.shell(undo);
        assertThat(workers()).isEqualTo(1);

        card.run("## Start it", "## Cancel it");
        assertThat(outcomes()).containsExactlyInAnyOrder(RunOutcome.PASSED, RunOutcome.PASSED, RunOutcome.CANCELLED);
    }

    private List<RunOutcome> outcomes() {
        return namespace.list(MaintenanceRun.class).stream()
                .map(run -> run.getStatus().outcome())
                .toList();
    }

    private int workers() {
        return namespace.find(Deployment.class, "worker").getSpec().getReplicas();
    }
}

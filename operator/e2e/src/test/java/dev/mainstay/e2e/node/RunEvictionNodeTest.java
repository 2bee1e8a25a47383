package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real containers are evicted, which a kubelet ends, under a budget that needs as many of them as there are. */
@Tag("node")
class RunEvictionNodeTest {

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
    void givenABudgetThatNeedsAllPods_whenThereIsOneMoreMeanwhile_thenAllAreReplacedAndAsManyAreThereAsBefore() {
        Deployment web = namespace.find(Deployment.class, "web");
        int replicas = web.getSpec().getReplicas();
        await("all Pods are there")
                .atMost(KeptShop.PATIENCE)
                .until(() -> replicas
                        == namespace.find(Deployment.class, "web").getStatus().getReadyReplicas());
        PodDisruptionBudget budget = Serialization.unmarshal("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: web}
                spec: {minAvailable: %d}
                """.formatted(replicas), PodDisruptionBudget.class);
        budget.getSpec().setSelector(web.getSpec().getSelector());
        namespace.create(budget);
        Set<String> before = pods(web);
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: evict}
                spec:
                  steps:
                  - {name: one-more, scale: {workload: web, by: 1, ceiling: 10}}
                  - {name: replace, restart: {method: Eviction, workloads: [web]}}
                  finally:
                  - {name: as-before, scale: {workload: web, restore: true}}
                """, Runbook.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: evict}
                spec: {applicationRef: {name: shop}, runbookRef: {name: evict}, reason: the step is tried}
                """, MaintenanceRun.class));

        MaintenanceRunStatus status = await("the run is finished")
                .atMost(KeptShop.PATIENCE)
                .until(
                        () -> namespace.find(MaintenanceRun.class, "evict").getStatus(),
                        found -> found != null && found.phase() == RunPhase.FINISHED);
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.steps().get(1).message())
                .isEqualTo("All Pods of Deployment web are new and available; the " + (replicas + 1)
                        + " that were there are gone.");
        await("one Pod less")
                .atMost(KeptShop.PATIENCE)
                .untilAsserted(() -> assertThat(pods(web)).hasSize(replicas).doesNotContainAnyElementsOf(before));
    }

    /** Uids of those that stay. */
    private Set<String> pods(Deployment web) {
        return namespace.all(Pod.class).withLabelSelector(web.getSpec().getSelector()).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }
}

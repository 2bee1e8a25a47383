package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.EvictedPods;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ScaledShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.operator.StoppableShop;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Steps that evict Pods, with the real eviction API and the real controllers; the Pods are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RunEvictionSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String EVICT = "{name: evict, restart: {method: Eviction, workloads: [%1$s]}}";
    private static final String EVICT_SOON =
            "{name: evict, restart: {method: Eviction, workloads: [%1$s]}, timeout: 12s}";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenABudgetThatAllowsNone_whenItAllowsOne_thenThePodsAreReplacedOneAfterTheOther() {
        ScaledShop shop = new ScaledShop(NAMESPACE, "budget").open(EVICT, "");
        try (EvictedPods pods = new EvictedPods(NAMESPACE, shop.web(), 2).budget("two", 2)) {
            shop.begin();
            await().atMost(SOON).until(() -> told(shop).contains("two needs 2 healthy pods and has 2 currently"));
            assertThat(told(shop))
                    .contains("of Deployment budget-web can't be evicted now: The disruption budget two")
                    .contains("Of the 2 Pods that were there, 0 are gone.");
            assertThat(shop.status().steps().getFirst().pods()).hasSize(2);
            assertThat(pods.untouched()).isTrue();

            pods.needs("two", 1);
            MaintenanceRunStatus status = shop.finished();
            assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
            assertThat(status.steps().getFirst().message())
                    .isEqualTo(
                            "All Pods of Deployment budget-web are new and available; the 2 that were there are gone.");
            assertThat(status.steps().getFirst().pods()).isNull();
            pods.replacedOnce();
            assertThat(told("budget-web")).hasSize(2).allMatch(note -> note.contains("evicts its Pod budget-web-"));
        }
    }

    @Test
    void givenABudgetThatAllowsNone_whenTheTimeOfTheStepIsOver_thenItHasFailedAndNothingIsEvicted() {
        ScaledShop shop = new ScaledShop(NAMESPACE, "late").open(EVICT_SOON, "");
        try (EvictedPods pods = new EvictedPods(NAMESPACE, shop.web(), 2).budget("late", 2)) {
            MaintenanceRunStatus status = shop.begin().finished();

            assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
            assertThat(status.steps().getFirst().message())
                    .startsWith("It did not end within 12s (timeout).")
                    .contains("The disruption budget late needs 2 healthy pods");
            assertThat(pods.untouched()).isTrue();
        }
    }

    @Test
    void givenSeveralBudgetsForAPod_whenAStepEvicts_thenItHasFailedAndSaysSo() {
        ScaledShop shop = new ScaledShop(NAMESPACE, "several").open(EVICT, "");
        try (EvictedPods pods =
                new EvictedPods(NAMESPACE, shop.web(), 2).budget("several-a", 1).budget("several-b", 1)) {
            MaintenanceRunStatus status = shop.begin().finished();

            assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
            assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("FALSE/Rejected");
            assertThat(status.steps().getFirst().message())
                    .contains("has several PodDisruptionBudgets, and the API server evicts no such Pod");
            assertThat(pods.untouched()).isTrue();
        }
    }

    @Test
    void givenAStatefulSetWithOnDelete_whenItIsRestarted_thenARolloutIsRefusedAndAnEvictionIsDone() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "both").open();
        NAMESPACE
                .all(StatefulSet.class)
                .withName(shop.database())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"updateStrategy\": {\"type\": \"OnDelete\", \"rollingUpdate\": null}}}");
        try (EvictedPods web = new EvictedPods(NAMESPACE, "both", 2);
                EvictedPods database = new EvictedPods(NAMESPACE, shop.database(), 1)) {
            CheckedShop runs = runs("both", "{\"name\": \"again\", \"restart\": {}}");
            MaintenanceRunStatus refused = runs.run("both-1", "").finished("both-1");
            assertThat(refused.outcome()).as("%s", refused).isEqualTo(RunOutcome.FAILED);
            assertThat(refused.steps().getFirst().message())
                    .contains("spec.updateStrategy.type is OnDelete")
                    .contains("or use method: Eviction");

            runs.runbook("{\"steps\": [{\"name\": \"again\", \"restart\": {\"method\": \"Eviction\"}}]}");
            MaintenanceRunStatus rehearsed = runs.run("both-2", "dryRun: true").finished("both-2");
            assertThat(rehearsed.outcome()).as("%s", rehearsed).isEqualTo(RunOutcome.FINDINGS);
            assertThat(rehearsed.steps().getFirst().message())
                    .startsWith("Dry run. Evicts the Pods of StatefulSet both-db, Deployment both one after the other")
                    .contains("But: StatefulSet both-db wants one Pod, so it is away");
            assertThat(web.untouched() && database.untouched()).isTrue();

            MaintenanceRunStatus status = runs.run("both-3", "").finished("both-3");
            assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
            assertThat(status.steps().getFirst().message())
                    .startsWith(
                            "All Pods of StatefulSet both-db, Deployment both are new and available; the 3 that were");
            web.replacedOnce();
            database.replaced();
            assertThat(told(shop.database()))
                    .containsExactly("Step again of MaintenanceRun both-3 evicts its Pod both-db-0.");
        }
    }

    /** What Events tell of restarts of a workload. */
    private static List<String> told(String workload) {
        return NAMESPACE.list(Event.class).stream()
                .filter(event -> event.getReason().equals("Restarting"))
                .filter(event -> event.getRegarding().getName().equals(workload))
                .map(Event::getNote)
                .toList();
    }

    private static String told(ScaledShop shop) {
        return shop.status().steps().stream()
                .map(line -> String.valueOf(line.message()))
                .findFirst()
                .orElse("");
    }

    private static CheckedShop runs(String application, String steps) {
        return new CheckedShop(NAMESPACE, application, "127.0.0.1", 1).runbook("{\"steps\": [%s]}".formatted(steps));
    }
}

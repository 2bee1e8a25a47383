package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a finished run leaves to be read: its report, and in what it differs from the run before. */
@Tag("simulated")
class RunReportSimulatedTest {

    private static final String REVIEW = """
            {"steps": [{"name": "look", "databaseReview": {}}]}""";

    private static final StepReport GOOD = StepReport.passed(
            "Database shop of 127.0.8.3:5432: nothing is beyond a threshold.",
            Map.of("connections", 12L, "maxConnections", 100L, "invalidIndexes", 0L, "deadRows", 1_204L));

    private static final StepReport BAD = StepReport.findings(
            "Database shop of 127.0.8.3:5432. 2 invalid indexes: public.orders_day_ccnew, public.orders_total_ccnew. Drop"
                    + " them, and build them again.",
            Map.of("connections", 9L, "maxConnections", 100L, "invalidIndexes", 2L, "deadRows", 88_310L));

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenTwoRunsWhoseReviewsDiffer_whenTheSecondIsFinished_thenItsConfigMapTellsTheDifference()
            throws JsonProcessingException {
        CheckedShop shop = shop("review");
        SHOPS.runner().steps("review-1", GOOD);
        SHOPS.runner().steps("review-2", BAD);
        shop.run("review-1", "");
        MaintenanceRunStatus first = reported(shop, "review-1");
        shop.run("review-2", "");

        MaintenanceRunStatus second = reported(shop, "review-2");

        assertThat(first.report().comparison()).startsWith("There is no previous run of Runbook review ");
        assertThat(second.steps().getFirst().message()).isEqualTo(BAD.message());
        assertThat(second.steps().getFirst().measured()).isEqualTo(BAD.facts());
        assertThat(second.report().previousRun().name()).isEqualTo("review-1");
        assertThat(second.report().differences())
                .containsExactly(
                        "look: Passed → Findings",
                        "look: Findings for the first time in the runs that are kept",
                        "look: connections 12 → 9 (-3)",
                        "look: deadRows 1204 → 88310 (+87106)",
                        "look: invalidIndexes 0 → 2 (+2)");
        ConfigMap map = SHOPS.namespace().find(ConfigMap.class, second.report().configMap());
        assertThat(map.getImmutable()).isTrue();
        assertThat(map.getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "mainstay");
        assertThat(map.getMetadata().getOwnerReferences())
                .singleElement()
                .extracting(OwnerReference::getKind, OwnerReference::getName, OwnerReference::getController)
                .containsExactly("MaintenanceRun", "review-2", true);
        assertThat(map.getData().get("report.md"))
                .contains("# MaintenanceRun review-2: Findings\n", "    look: invalidIndexes 0 → 2 (+2)\n");
        JsonNode json = TaskJson.mapper().readTree(map.getData().get("report.json"));
        assertThat(json.at("/steps/0/measured/deadRows").asLong()).isEqualTo(88_310);
        assertThat(json.at("/comparison/differences/4/by").asLong()).isEqualTo(2);
    }

    /** Somebody may have made one of that name: theirs stays as it is, and the run is finished all the same. */
    @Test
    void givenAConfigMapOfAnother_whenARunIsFinished_thenItIsToldAndWrittenOnceThatIsGone() {
        CheckedShop shop = shop("taken");
        SHOPS.script("taken", task -> Behaviour.RUN_ON);
        shop.run("taken-1", "");
        await().atMost(ScriptedShops.SOON)
                .until(() -> shop.status("taken-1") != null
                        && !shop.status("taken-1").steps().isEmpty());
        MaintenanceRun run = SHOPS.namespace().find(MaintenanceRun.class, "taken-1");
        String name = Names.report("taken-1", run.getMetadata().getUid());
        SHOPS.namespace()
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build());
        SHOPS.script("taken", task -> Behaviour.SUCCEED);
        SHOPS.runner().lookAgain();
        shop.finished("taken-1");
        await().atMost(ScriptedShops.SOON)
                .until(() -> shop.status("taken-1").report().problem() != null);

        assertThat(shop.status("taken-1").report().problem())
                .contains("ConfigMap " + name, "does not belong to this run: delete it.");
        assertThat(SHOPS.namespace().find(ConfigMap.class, name).getData()).containsOnlyKeys("mine");

        SHOPS.namespace().all(ConfigMap.class).withName(name).delete();
        assertThat(reported(shop, "taken-1").report())
                .extracting(RunReport::configMap, RunReport::problem)
                .containsExactly(name, null);
    }

    private static CheckedShop shop(String name) {
        SHOPS.shop(name, task -> Behaviour.SUCCEED).open();
        return new CheckedShop(SHOPS.namespace(), name, null, 0).runbook(REVIEW);
    }

    private static MaintenanceRunStatus reported(CheckedShop shop, String run) {
        shop.finished(run);
        await().atMost(ScriptedShops.SOON).until(() -> shop.status(run).report().configMap() != null);
        return shop.status(run);
    }
}

package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Steps of caches: their Job gets what the application says of the cache, and a step that goes too far gets none. */
@Tag("simulated")
class CacheStepsSimulatedTest {

    private static final String STEPS = """
            {"steps": [
              {"name": "look", "cacheReview": {"cache": "main", "period": "1s"}},
              {"name": "pages", "cacheClear": {"prefixes": ["%s"]}}],
             "finally": null}""";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenACache_whenARunIsMade_thenTheJobsHaveItsAddressAndItsSecretAlone() {
        CheckedShop shop = shop("cached", "shop:page:");
        shop.run("cached-1", "");

        MaintenanceRunStatus status = shop.finished("cached-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        List<Job> jobs = SHOPS.jobs("cached-1");
        assertThat(jobs)
                .hasSize(2)
                .allSatisfy(
                        job -> assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
                                .extracting(Volume::getName)
                                .containsExactly("tmp", "cache"));
        assertThat(jobs)
                .map(CacheStepsSimulatedTest::task)
                .filteredOn(task -> task.step().work() instanceof CacheClearWork)
                .singleElement()
                .satisfies(task -> {
                    CacheClearWork work = (CacheClearWork) task.step().work();
                    assertThat(work.cache().server()).isEqualTo("shop-redis:6379");
                    assertThat(work.cache().credentials().name()).isEqualTo("shop-redis");
                    assertThat(work.prefixes()).containsExactly("shop:page:");
                });
    }

    @Test
    void givenAStepThatRemovesTheKeysOfOthers_whenARunIsMade_thenItHasNoJobAndSaysWhy() {
        CheckedShop shop = shop("beyond", "page:");
        shop.run("beyond-1", "");

        MaintenanceRunStatus status = shop.finished("beyond-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps().getLast().message())
                .contains("is shared: its keys begin with \"shop:\" (redis.keyPrefix)");
        assertThat(SHOPS.jobs("beyond-1")).hasSize(1);
    }

    @Test
    void givenWhatTheRunnerFound_whenTheRunEnds_thenItsStepsTellIt() {
        CheckedShop shop = shop("found", "shop:page:");
        SHOPS.runner()
                .steps(
                        "found-1",
                        StepReport.failed(
                                Reason.PERMISSION_DENIED, "Run: ACL SETUSER mainstay +unlink", Map.of("removed", 0L)));
        shop.run("found-1", "");

        MaintenanceRunStatus status = shop.finished("found-1");

        assertThat(status.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(status.failure().reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(status.steps().getFirst().message()).contains("ACL SETUSER mainstay +unlink");
    }

    @Test
    void givenTheExample_whenItIsApplied_thenTheRunbooksAreReady() throws IOException {
        SHOPS.example(
                "cache-upkeep",
                List.of("review.yaml", "clear-pages.yaml", "run.yaml"),
                "cache-review",
                "cache-clear-pages");
    }

    private static CheckedShop shop(String name, String prefix) {
        SHOPS.shop(name, task -> Behaviour.SUCCEED).open();
        SHOPS.namespace()
                .all(ManagedApplication.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"caches\": [{\"name\": \"main\", \"redis\": {\"host\": \"shop-redis\","
                                + " \"keyPrefix\": \"shop:\", \"credentialsSecretRef\": {\"name\": \"shop-redis\"}}}]}}");
        return new CheckedShop(SHOPS.namespace(), name, null, 0).runbook(STEPS.formatted(prefix));
    }

    private static Task task(Job job) {
        return TaskJson.readTask(job.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .getFirst()
                .getValue());
    }
}

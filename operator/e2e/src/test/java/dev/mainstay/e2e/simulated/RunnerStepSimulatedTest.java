package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.CheckedShop.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Steps of runs that are done in Jobs: made once, read, tried again when lost, and ended when nobody waits for them. */
@Tag("simulated")
class RunnerStepSimulatedTest {

    private static final String REVIEW = """
            {"steps": [{"name": "look", "databaseReview": {}, %s}],
             "finally": [{"name": "last", "databaseReview": {}}]}""";

    private static final String RETRY = "\"retries\": 1";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenAStepOfTheRunner_whenARunIsMade_thenOneJobDoesItWithTheApplicationsSecretAlone() {
        CheckedShop shop = shop("findings", RETRY, task -> Behaviour.SUCCEED);
        SHOPS.runner()
                .steps("findings-1", StepReport.findings("Two indexes are invalid.", Map.of("invalidIndexes", 2L)));
        shop.run("findings-1", "");

        MaintenanceRunStatus status = shop.finished("findings-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FINDINGS);
        assertThat(status.steps().getFirst().message()).isEqualTo("Two indexes are invalid.");
        assertThat(status.steps().getFirst().measured()).isEqualTo(Map.of("invalidIndexes", 2L));
        assertThat(SHOPS.jobs("findings-1")).hasSize(2).allSatisfy(job -> {
            assertThat(job.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("MaintenanceRun"));
            Container runner =
                    job.getSpec().getTemplate().getSpec().getContainers().getFirst();
            Task task = TaskJson.readTask(runner.getEnv().getFirst().getValue());
            assertThat(task.kind()).isEqualTo(TaskKind.STEP);
            assertThat(task.origin().namespace()).isEqualTo(SHOPS.namespace().name());
            assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
                    .extracting(Volume::getName)
                    .containsExactly("tmp", "database");
        });
    }

    @Test
    void givenARunnerThatIsKilled_whenTheStepIsTriedAgain_thenAnotherJobDoesIt() {
        CheckedShop shop = shop(
                "killed",
                RETRY,
                task -> task.attempt() == 1 && task.step().step().equals("look")
                        ? Behaviour.KILLED_BEFORE_COMMIT
                        : Behaviour.SUCCEED);
        shop.run("killed-1", "");
        MaintenanceRunStatus retrying = shop.awaitReason("killed-1", "Retrying");
        assertThat(retrying.steps().getFirst().message()).contains("CouldNotCheck: Pod ", "ended without a result");

        MaintenanceRunStatus status = shop.finished("killed-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.steps()).extracting(RunStep::attempts).containsExactly(2, 1);
        assertThat(SHOPS.jobs("killed-1")).hasSize(3);
    }

    @Test
    void givenAStepThatGoesOn_whenTheRunIsCancelled_thenItsJobIsEnded() {
        CheckedShop shop = shop(
                "cancelled", RETRY, task -> task.step().step().equals("look") ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.run("cancelled-1", "");
        await().atMost(ScriptedShops.SOON)
                .until(() -> message(shop, "cancelled-1").endsWith(" is at work."));
        shop.annotate("cancelled-1", Annotations.CANCEL, "never mind");

        MaintenanceRunStatus status = shop.finished("cancelled-1");

        assertThat(outcomes(status)).isEqualTo(Map.of("look", StepOutcome.SKIPPED, "last", StepOutcome.PASSED));
        assertThat(ended("cancelled-1")).isEqualTo(1);
    }

    @Test
    void givenAJobThatSomebodyDeletes_whenItsStepIsUnderWay_thenItIsMadeAgainInTheSameAttempt() {
        CheckedShop shop = shop(
                "deleted", RETRY, task -> task.step().step().equals("look") ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.run("deleted-1", "");
        await().atMost(ScriptedShops.SOON)
                .until(() -> message(shop, "deleted-1").endsWith(" is at work."));
        Job first = SHOPS.jobs("deleted-1").getFirst();
        SHOPS.namespace().all(Job.class).withName(first.getMetadata().getName()).delete();
        SHOPS.script("deleted", task -> Behaviour.SUCCEED);

        MaintenanceRunStatus status = shop.finished("deleted-1");

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.steps()).extracting(RunStep::attempts).containsExactly(1, 1);
        assertThat(SHOPS.jobs("deleted-1"))
                .filteredOn(job ->
                        job.getMetadata().getName().equals(first.getMetadata().getName()))
                .singleElement()
                .satisfies(job -> assertThat(job.getMetadata().getUid())
                        .isNotEqualTo(first.getMetadata().getUid()));
    }

    @Test
    void givenAStepThatTakesTooLong_whenItsTimeIsOver_thenItHasFailedAndItsJobIsEnded() {
        CheckedShop shop = shop(
                "slow",
                "\"timeout\": \"20s\"",
                task -> task.step().step().equals("look") ? Behaviour.RUN_ON : Behaviour.SUCCEED);
        shop.run("slow-1", "");
        await().atMost(ScriptedShops.SOON).until(() -> message(shop, "slow-1").endsWith(" is at work."));

        MaintenanceRunStatus status = shop.finished("slow-1");

        assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("FALSE/DeadlineExceeded");
        assertThat(outcomes(status)).containsEntry("look", StepOutcome.FAILED);
        assertThat(ended("slow-1")).isEqualTo(1);
    }

    @Test
    void givenNoRoleThatMayChangeTheDatabase_whenAStepWouldChangeIt_thenNoJobIsMade() {
        CheckedShop shop = shop("readonly", RETRY, task -> Behaviour.SUCCEED);
        shop.runbook("{\"steps\": [{\"name\": \"tidy\", \"databaseMaintain\": {\"vacuum\": {}}}], \"finally\": null}");
        shop.run("readonly-1", "");
        shop.run("readonly-2", "dryRun: true");

        MaintenanceRunStatus status = shop.finished("readonly-1");

        assertThat(status.outcome()).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps().getFirst().message()).contains("postgres.adminSecretRef is not set");
        assertThat(SHOPS.jobs("readonly-1")).isEmpty();
        assertThat(shop.finished("readonly-2").steps().getFirst().message())
                .startsWith("Dry run. It would be CouldNotCheck as things stand: ")
                .contains("postgres.adminSecretRef is not set");
        assertThat(SHOPS.jobs("readonly-2")).isEmpty();
    }

    @Test
    void givenTheExample_whenItIsApplied_thenTheApiServerTakesItAndTheRunbookIsReady() throws IOException {
        SHOPS.example("database-upkeep", List.of("runbook.yaml", "run.yaml"), "database-upkeep");
    }

    private static CheckedShop shop(String name, String more, Function<Task, Behaviour> script) {
        SHOPS.shop(name, task -> task.kind() == TaskKind.STEP ? script.apply(task) : Behaviour.SUCCEED)
                .open();
        return new CheckedShop(SHOPS.namespace(), name, null, 0).runbook(REVIEW.formatted(more));
    }

    private static String message(CheckedShop shop, String run) {
        MaintenanceRunStatus status = shop.status(run);
        return status == null || status.steps().isEmpty()
                ? ""
                : String.valueOf(status.steps().getFirst().message());
    }

    private static long ended(String run) {
        return SHOPS.jobs(run).stream()
                .filter(job -> job.getMetadata().getAnnotations().containsKey("mainstay.dev/ended-at"))
                .count();
    }
}

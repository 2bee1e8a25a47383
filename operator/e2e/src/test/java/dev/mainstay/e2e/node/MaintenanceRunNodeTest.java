package dev.mainstay.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.ScheduleRuns;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs whose steps are done by real containers and real rollouts, and what becomes of them when one fails or another is first. */
@Tag("node")
@Execution(ExecutionMode.CONCURRENT)
class MaintenanceRunNodeTest {

    private static final String IMAGE = "localhost/mainstay/example-postgres:17";

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
    void givenAScheduleOfStepsThatScaleAndRunContainers_whenItsMinuteComesAndAContainerFails_thenAllIsGivenBack() {
        namespace
                .client()
                .namespaces()
                .withName(namespace.name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"mainstay.dev/allow-custom-jobs\":\"true\"}}}");
        runbook("night", """
                parameters: [{name: since, default: 24h}]
                steps:
                - name: more
                  scale: {workload: worker, by: 1, ceiling: 3}
                - name: told
                  job: {template: {spec: {containers: [{name: a, image: %1$s, command: [echo, since], args: [$(params.since)]}]}}}
                - name: found
                  job: {template: {spec: {containers: [{name: a, image: %1$s, command: [sh, -c, exit 1]}]}}, exitCodes: {findings: [1]}}
                - name: broken
                  job: {template: {spec: {containers: [{name: a, image: %1$s, command: [sh, -c, exit 7]}]}}}
                  onFailure: Undo
                """.formatted(IMAGE));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceSchedule
                metadata: {name: nightly}
                spec:
                  applicationRef: {name: shop}
                  runbookRef: {name: night}
                  schedule: '* * * * *'
                  parameters: {since: 7d}
                """, MaintenanceSchedule.class));

        await("a minute's run begins")
                .atMost(KeptShop.PATIENCE)
                .until(() -> !namespace.list(MaintenanceRun.class).isEmpty());
        // The next minute's would scale the worker again while this one is looked at.
        namespace
                .all(MaintenanceSchedule.class)
                .withName("nightly")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": true}}");
        MaintenanceRun run = await("a minute's run is finished")
                .atMost(KeptShop.PATIENCE)
                .until(
                        () -> namespace.list(MaintenanceRun.class).stream()
                                .filter(MaintenanceRunNodeTest::finished)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();

        assertThat(run.getMetadata().getName())
                .isEqualTo(Names.slot("nightly", ScheduleRuns.slot(run).orElseThrow()));
        MaintenanceRunStatus status = run.getStatus();
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FAILED);
        assertThat(status.steps())
                .as("%s", status)
                .extracting(RunStep::outcome)
                .containsExactly(StepOutcome.PASSED, StepOutcome.PASSED, StepOutcome.FINDINGS, StepOutcome.FAILED);
        assertThat(message(status, "broken")).contains("exit code 7").contains("kubectl logs");
        assertThat(namespace.find(Deployment.class, "worker").getSpec().getReplicas())
                .isEqualTo(1);
        assertThat(namespace.list(Pod.class).stream()
                        .filter(pod -> pod.getMetadata().getName().contains("told"))
                        .map(pod -> namespace
                                .client()
                                .pods()
                                .inNamespace(namespace.name())
                                .withName(pod.getMetadata().getName())
                                .getLog()))
                .contains("since 7d\n");
        await("the schedule tells")
                .atMost(KeptShop.PATIENCE)
                .until(() -> namespace
                                .find(MaintenanceSchedule.class, "nightly")
                                .getStatus()
                                .lastFailure()
                        != null);
    }

    @Test
    void givenARunBetweenTwoSteps_whenADatabaseIsRestored_thenTheRunMakesRoomAndTheShopIsAsBefore() {
        shop.backUp("before");
        runbook("deploy", """
                steps:
                - name: more
                  scale: {workload: worker, by: 1, ceiling: 3}
                - name: page
                  maintenanceMode: {enabled: true, duration: 1h}
                - name: migrate
                  manual: {text: Migrate by hand.}
                - name: as-before
                  scale: {workload: worker, restore: true}
                """);
        run("deploy", "deploy-1");
        await("a person is waited for").atMost(KeptShop.PATIENCE).until(() -> "migrate".equals(step("deploy-1")));

        assertThat(shop.restore("""
                        source: {policyRef: {name: shop-main}}
                          acceptUnknownFreeSpace: true
                        """, "restore").outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);

        MaintenanceRunStatus status = end("deploy-1");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.CANCELLED);
        assertThat(status.conditions())
                .as("%s", status)
                .anyMatch(condition -> "Preempted".equals(condition.reason())
                        && condition.message().contains("RestoreRequest restore"));
        assertThat(namespace.find(Deployment.class, "worker").getSpec().getReplicas())
                .isEqualTo(1);
        shop.everythingIsBack();
    }

    @Test
    void givenABadDeploy_whenARunRollsItBackRestartsAndIsCancelled_thenTheStepsThatWereDoneStay() {
        namespace
                .all(ManagedApplication.class)
                .withName("shop")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"releases\": {\"soakTime\": \"5s\"}}}");
        await("a release of 1.4.2")
                .atMost(KeptShop.PATIENCE)
                .until(() -> Stream.ofNullable(
                                namespace.find(ManagedApplication.class, "shop").getStatus())
                        .flatMap(status -> status.releases().stream())
                        .anyMatch(release -> "1.4.2".equals(release.version())));
        HelmShop.deploy(namespace, "1.5.0-bad", "--wait=false");
        runbook("back", """
                steps:
                - name: undo
                  rollback: {verify: {stableFor: 5s}}
                - name: anew
                  restart: {workloads: [worker]}
                - name: healthy
                  httpCheck: {}
                - name: look
                  manual: {text: Look at the shop.}
                finally:
                - name: still-healthy
                  httpCheck: {}
                """);
        run("back", "back-1");
        await("a person is waited for").atMost(KeptShop.PATIENCE).until(() -> "look".equals(step("back-1")));

        annotate("back-1", Annotations.CANCEL, "seen");

        MaintenanceRunStatus status = end("back-1");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.CANCELLED);
        assertThat(status.steps())
                .as("%s", status)
                .extracting(RunStep::name, RunStep::outcome)
                .contains(
                        tuple("undo", StepOutcome.PASSED),
                        tuple("anew", StepOutcome.PASSED),
                        tuple("healthy", StepOutcome.PASSED),
                        tuple("still-healthy", StepOutcome.PASSED));
        assertThat(namespace
                        .find(Deployment.class, "web")
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsEntry("app.kubernetes.io/version", "1.4.2");
        assertThat(namespace.list(MaintenanceMode.class)).isEmpty();
    }

    private void runbook(String name, String spec) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: %s}
                spec:
                """.formatted(name) + spec.indent(2), Runbook.class));
    }

    private void run(String runbook, String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s}
                spec: {applicationRef: {name: shop}, runbookRef: {name: %s}, reason: the steps are tried}
                """.formatted(name, runbook), MaintenanceRun.class));
    }

    private void annotate(String run, String annotation, String value) {
        namespace
                .all(MaintenanceRun.class)
                .withName(run)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    private String step(String run) {
        MaintenanceRunStatus status = namespace.find(MaintenanceRun.class, run).getStatus();
        assertThat(status == null ? null : status.outcome()).as("%s", status).isNull();
        return status == null ? null : status.step();
    }

    private MaintenanceRunStatus end(String run) {
        await(run + " is finished")
                .atMost(KeptShop.PATIENCE)
                .until(() -> finished(namespace.find(MaintenanceRun.class, run)));
        return namespace.find(MaintenanceRun.class, run).getStatus();
    }

    private static boolean finished(MaintenanceRun run) {
        return run.getStatus() != null && run.getStatus().phase() == RunPhase.FINISHED;
    }

    private static String message(MaintenanceRunStatus status, String step) {
        return status.steps().stream()
                .filter(found -> found.name().equals(step))
                .findFirst()
                .orElseThrow()
                .message();
    }
}

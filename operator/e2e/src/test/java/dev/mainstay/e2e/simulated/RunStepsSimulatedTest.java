package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.CheckedShop.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.operator.StoppableShop;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Steps that change workloads, under the real controllers; their Pods are simulated. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RunStepsSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenADeploymentAndAStatefulSet_whenAStepRestartsThem_thenAllPodsAreNewAndTheNextDeployMeetsNoConflict() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "fresh").open();
        await().atMost(SOON).until(() -> running(shop).size() == 3);
        Set<String> before = running(shop);
        CheckedShop runs = runs("fresh", "{\"name\": \"again\", \"restart\": {}}");

        MaintenanceRunStatus status = runs.run("fresh-1", "").finished("fresh-1");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.steps().getFirst().message())
                .isEqualTo("All Pods of StatefulSet fresh-db, Deployment fresh are new and available.");
        await().atMost(SOON).until(() -> running(shop).size() == 3);
        Set<String> after = running(shop);
        assertThat(after).doesNotContainAnyElementsOf(before);
        assertThat(NAMESPACE.list(Event.class))
                .filteredOn(event -> event.getReason().equals("Restarting"))
                .extracting(event -> event.getRegarding().getName())
                .contains("fresh", "fresh-db");

        shop.applyReplicas(2);
        assertThat(runs.run("fresh-2", "").finished("fresh-2").outcome()).isEqualTo(RunOutcome.PASSED);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(running(shop)).hasSize(3).doesNotContainAnyElementsOf(after));
    }

    @Test
    void givenOneIsPaused_whenAllAreToBeRestarted_thenNoneIsAndTheMessageHasTheCommand() {
        StoppableShop shop = new StoppableShop(NAMESPACE, "held").open();
        NAMESPACE
                .all(Deployment.class)
                .withName("held")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"paused\": true}}");

        MaintenanceRunStatus status = runs("held", "{\"name\": \"again\", \"restart\": {}}")
                .run("held-1", "")
                .finished("held-1");
        assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("FALSE/DeploymentPaused");
        assertThat(status.steps().getFirst().message())
                .contains("kubectl rollout resume deployment held --namespace " + NAMESPACE.name());
        assertThat(NAMESPACE
                        .find(StatefulSet.class, shop.database())
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(1);
    }

    @Test
    void givenABadRelease_whenAStepFails_thenTheNextOneGoesBackAndIsJudgedByTheRequest() {
        RollingShop shop = bad("back");
        CheckedShop runs = runs(
                "back",
                "{\"name\": \"look\", \"httpCheck\": {}},"
                        + "{\"name\": \"back\", \"when\": \"OnFailure\","
                        + " \"rollback\": {\"verify\": {\"stableFor\": \"1s\"}, \"timeout\": \"2h\"}}");

        MaintenanceRunStatus status = runs.run("back-1", "").finished("back-1");
        assertThat(outcomes(status))
                .as("%s", status)
                .containsEntry("look", StepOutcome.COULD_NOT_CHECK)
                .containsEntry("back", StepOutcome.PASSED);
        assertThat(status.steps().getLast().message()).contains("ended as Succeeded. back 1.5.0 → 1.4.2");
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(made("back-1")).singleElement().satisfies(request -> {
            assertThat(request.getSpec().reason()).isEqualTo("Step back of MaintenanceRun back-1: it is Tuesday");
            assertThat(request.getSpec().requestedBy()).isNull();
        });
    }

    @Test
    void givenARollbackUnderWay_whenTheRunIsCancelled_thenTheRequestEndsToo() {
        bad("cut");
        CheckedShop runs = runs(
                "cut",
                "{\"name\": \"back\", \"rollback\": {\"verify\": {\"stableFor\": \"1h\"}, \"timeout\": \"2h\"}}");
        runs.run("cut-1", "");
        awaitVerifying("cut-1");
        runs.annotate("cut-1", Annotations.CANCEL, "wrong application");

        assertThat(runs.finished("cut-1").outcome()).isEqualTo(RunOutcome.CANCELLED);
        await().atMost(SOON).until(() -> made("cut-1").getFirst().getStatus().outcome() == RollbackOutcome.CANCELLED);
    }

    @Test
    void givenARollbackUnderWay_whenAPersonDeletesTheRequest_thenTheStepHasFailedAndMakesNoOther() {
        bad("gone");
        CheckedShop runs = runs(
                "gone",
                "{\"name\": \"back\", \"rollback\": {\"verify\": {\"stableFor\": \"1h\"}, \"timeout\": \"2h\"}}");
        runs.run("gone-1", "");
        RollbackRequest request = awaitVerifying("gone-1");
        NAMESPACE
                .all(RollbackRequest.class)
                .withName(request.getMetadata().getName())
                .delete();

        MaintenanceRunStatus status = runs.finished("gone-1");
        assertThat(status.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(status.steps().getFirst().message())
                .startsWith("RollbackRequest " + request.getMetadata().getName());
        await().atMost(SOON).until(() -> made("gone-1").isEmpty());
    }

    /** Its Pod comes to no node: the test says how it ends, as a kubelet would. */
    @Test
    void givenAJobOfOnesOwn_whenItsNamespaceAllowsThat_thenItIsMadeRestrictedAndItsExitCodeCounts() {
        new RollingShop(NAMESPACE, "own").application();
        CheckedShop runs = new CheckedShop(NAMESPACE, "own", "", 0).runbook("""
                {"parameters": [{"name": "day", "required": true}],
                 "steps": [{"name": "audit", "job": {
                   "template": {"spec": {"nodeSelector": {"nobody": "here"}, "containers": [
                     {"name": "main", "image": "registry.invalid/audit:1", "args": ["$(params.day)"]}]}},
                   "exitCodes": {"findings": [3]}}}]}""");
        assertThat(Shop.condition(runs.run("own-0", "").finished("own-0").conditions(), "Ready"))
                .isEqualTo("FALSE/ParametersWrong");
        MaintenanceRunStatus refused =
                runs.run("own-1", "parameters: {day: Tuesday}").finished("own-1");
        assertThat(Shop.condition(refused.conditions(), "Ready")).isEqualTo("FALSE/CouldNotCheck");
        assertThat(refused.steps().getFirst().message())
                .contains("kubectl label namespace " + NAMESPACE.name() + " mainstay.dev/allow-custom-jobs=true");

        NAMESPACE
                .client()
                .namespaces()
                .withName(NAMESPACE.name())
                .edit(namespace -> new NamespaceBuilder(namespace)
                        .editMetadata()
                        .addToLabels(Annotations.ALLOW_CUSTOM_JOBS, "true")
                        .endMetadata()
                        .build());
        runs.run("own-2", "parameters: {day: $(Tuesday)}");
        Pod pod = podOf("own-2");
        assertThat(pod.getSpec().getContainers().getFirst().getArgs()).containsExactly("$$(Tuesday)");
        assertThat(pod.getSpec().getContainers().getFirst().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        ends(pod, 3);
        MaintenanceRunStatus status = runs.finished("own-2");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.FINDINGS);
        assertThat(status.steps().getFirst().message())
                .contains("container main ended with exit code 3")
                .contains("kubectl logs --namespace " + NAMESPACE.name() + " "
                        + pod.getMetadata().getName());

        runs.run("own-3", "parameters: {day: Tuesday}");
        ends(podOf("own-3"), 0);
        assertThat(runs.finished("own-3").outcome()).isEqualTo(RunOutcome.PASSED);

        runs.run("own-4", "parameters: {day: Tuesday}");
        podOf("own-4");
        runs.annotate("own-4", Annotations.CANCEL, "never mind");
        assertThat(runs.finished("own-4").outcome()).isEqualTo(RunOutcome.CANCELLED);
        await().atMost(SOON)
                .until(() -> podsOf("own-4").stream()
                        .allMatch(left -> left.getMetadata().getDeletionTimestamp() != null));
    }

    private static Pod podOf(String run) {
        await().atMost(SOON).until(() -> !podsOf(run).isEmpty());
        return podsOf(run).getFirst();
    }

    private static List<Pod> podsOf(String run) {
        return NAMESPACE.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().startsWith(run + "-audit"))
                .toList();
    }

    private static void ends(Pod pod, int code) {
        NAMESPACE
                .all(Pod.class)
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"phase": "%s", "containerStatuses": [{"name": "main", "image": "registry.invalid/audit:1",
                          "imageID": "", "ready": false, "restartCount": 0,
                          "state": {"terminated": {"exitCode": %d, "reason": "Error"}}}]}}""".formatted(code == 0 ? "Succeeded" : "Failed", code));
    }

    private static RollingShop bad(String name) {
        RollingShop shop = new RollingShop(NAMESPACE, name).application();
        shop.release("1.4.1");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        return shop;
    }

    private static CheckedShop runs(String application, String steps) {
        return new CheckedShop(NAMESPACE, application, "", 0).runbook("{\"steps\": [" + steps + "]}");
    }

    private static RollbackRequest awaitVerifying(String run) {
        await().atMost(SOON)
                .until(() -> made(run).stream()
                        .anyMatch(request -> request.getStatus() != null
                                && request.getStatus().phase() == RollbackPhase.VERIFYING));
        return made(run).getFirst();
    }

    private static List<RollbackRequest> made(String run) {
        return NAMESPACE.list(RollbackRequest.class).stream()
                .filter(request -> request.getMetadata().getAnnotations() != null
                        && run.equals(request.getMetadata().getAnnotations().get(Annotations.MADE_BY_RUN)))
                .toList();
    }

    /** Uids of its Pods, those that are being deleted aside. */
    private static Set<String> running(StoppableShop shop) {
        return Stream.of(shop.database(), shop.deployment().getMetadata().getName())
                .flatMap(app -> NAMESPACE.all(Pod.class).withLabel("app", app).list().getItems().stream())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }
}

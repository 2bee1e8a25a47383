package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.claims.OperationState;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.workload.ScaleOwnership;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.ScaledShop;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs that scale a workload with its real controllers, and Pods that are simulated: whom they wait for, and what they give back. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RunScaleSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String MORE = "{name: more, scale: {workload: %1$s, by: 2, ceiling: 10}}";
    private static final String CONFIRM = "{name: confirm, manual: {text: Look.}}";
    private static final String LESS = "{name: less, scale: {workload: %1$s, restore: true}}";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenAStepThatGivesBack_whenTheRunPasses_thenTheWorkloadHadMoreMeanwhile() {
        ScaledShop shop = shop("bracket", MORE + ", " + CONFIRM + ", " + LESS);
        MaintenanceRunStatus waiting =
                shop.begin().awaitReason("WaitingForApproval").status();

        assertThat(shop.rolling().find(shop.web()).getStatus().getReadyReplicas())
                .isEqualTo(4);
        assertThat(waiting.undoCommand())
                .isEqualTo("kubectl scale deployment bracket-web --replicas 2 --namespace " + NAMESPACE.name());
        assertThat(waiting.claim().grantedAt()).isNotNull();
        assertThat(shop.find().orElseThrow().getMetadata().getFinalizers()).containsExactly(Annotations.RUN_FINALIZER);

        shop.annotate(Annotations.APPROVE, "confirm@alice");
        MaintenanceRunStatus status = shop.finished();
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(status.undoCommand()).isNull();
        assertThat(shop.replicas()).isEqualTo(2);
        shop.holdsNothing();
    }

    /** The application names no health, so that the check could not check. */
    @Test
    void givenAStepThatUndoes_whenItFails_thenWhatWasChangedIsGivenBack() {
        ScaledShop shop = shop("undo", MORE + ", {name: look, httpCheck: {}, onFailure: Undo}");
        MaintenanceRunStatus status = shop.begin().finished();

        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(status.steps().getFirst().message())
                .contains("was set from 2 to 4", "Given back: Deployment undo-web has 2 again.");
        assertThat(shop.replicas()).isEqualTo(2);
        shop.holdsNothing();
    }

    @Test
    void givenARunThatWaits_whenItIsDeleted_thenItGoesOnceTheWorkloadHasWhatItHad() {
        ScaledShop shop = shop("deleted", MORE + ", " + CONFIRM + ", " + LESS);
        shop.begin().awaitReason("WaitingForApproval");
        NAMESPACE.all(MaintenanceRun.class).withName(shop.run()).delete();

        await().atMost(SOON).until(() -> shop.find().isEmpty());
        assertThat(shop.replicas()).isEqualTo(2);
        shop.holdsNothing();
    }

    @Test
    void givenAnAutoscaler_whenTheStepIsDone_thenItsMinimumIsChangedAndGivenBack() {
        ScaledShop shop = shop("scaled", "{name: more, scale: {workload: %1$s, to: 3}}, " + CONFIRM + ", " + LESS);
        NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaled}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled-web}
                  minReplicas: 1
                  maxReplicas: 5
                """, HorizontalPodAutoscaler.class));
        shop.begin().awaitReason("WaitingForApproval");

        assertThat(autoscaler().getSpec().getMinReplicas()).isEqualTo(3);
        assertThat(shop.replicas()).isEqualTo(3);
        assertThat(shop.status().undoCommand())
                .isEqualTo("kubectl patch horizontalpodautoscaler scaled --patch '{\"spec\":{\"minReplicas\":1}}'"
                        + " --namespace " + NAMESPACE.name());
        shop.annotate(Annotations.APPROVE, "confirm@alice");
        assertThat(shop.finished().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(autoscaler().getSpec().getMinReplicas()).isEqualTo(1);
        assertThat(autoscaler().getMetadata().getManagedFields())
                .noneMatch(entry -> entry.getManager().equals(ScaleOwnership.MANAGER));
    }

    private static HorizontalPodAutoscaler autoscaler() {
        return NAMESPACE.find(HorizontalPodAutoscaler.class, "scaled");
    }

    @Test
    void givenARollback_whenTheStepsTurnComes_thenItWaitsForItsEndAndNamesIt() {
        ScaledShop shop = shop("waits", MORE + ", " + LESS);
        shop.rolling().release("1.1.0");
        shop.rolling().request("waits-rollback", "", "1h");
        shop.rolling().awaitVerifying("waits-rollback");
        shop.begin().awaitReason("Claimed");

        assertThat(shop.told()).contains("RollbackRequest waits-rollback works on the workloads");
        assertThat(shop.status().claim().waitingFor().name()).isEqualTo("waits-rollback");
        assertThat(shop.replicas()).isEqualTo(2);
        NAMESPACE
                .all(RollbackRequest.class)
                .withName("waits-rollback")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"" + Annotations.CANCEL + "\":\"enough\"}}}");
        MaintenanceRunStatus status = shop.finished();
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        shop.holdsNothing();
    }

    @Test
    void givenARunThatWaitsForAPerson_whenARollbackIsMade_thenItGivesBackAndStopsAndTheRollbackGoesOn() {
        ScaledShop shop = shop("room", MORE + ", " + CONFIRM + ", " + LESS);
        shop.rolling().release("1.1.0");
        shop.begin().awaitReason("WaitingForApproval");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                shop.rolling().findApplication().getStatus().operations())
                        .anyMatch(operation ->
                                operation.name().equals(shop.run()) && operation.state() == OperationState.ACTIVE));
        shop.rolling().request("room-rollback", "", "1h");

        shop.rolling().awaitVerifying("room-rollback");
        MaintenanceRunStatus status = shop.finished();
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.CANCELLED);
        assertThat(shop.told())
                .startsWith("Preempted: It makes room for RollbackRequest room-rollback, which needs the workloads."
                        + " The run stops at step confirm.");
        assertThat(status.steps()).extracting(RunStep::owes).containsOnly(false);
        assertThat(shop.replicas()).isEqualTo(2);
        shop.holdsNothing();
    }

    private static ScaledShop shop(String name, String steps) {
        return new ScaledShop(NAMESPACE, name).open(steps, "");
    }
}

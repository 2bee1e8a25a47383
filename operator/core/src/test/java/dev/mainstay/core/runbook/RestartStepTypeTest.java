package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a restart, by what the workloads are. */
class RestartStepTypeTest {

    private static final String BEFORE = "2026-03-29T02:59:59Z";
    private static final String SINCE = "2026-03-29T03:00:00Z";
    private static final String OURS = "tuesday-it-1-ec1d4c93";
    private static final String NEW_PODS =
            "{observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2}";

    private final RestartStepType type = new RestartStepType();
    private final StepTurn turn = StepTurns.of("restart: {}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Nothing stands against it.
                "replicas: 2                               |                     |                              | Act",
                "replicas: 2                               | 2026-03-29T02:59:59Z | somebody                    | Act",
                "replicas: 2                               | yesterday           | somebody                     | Act",
                // It is restarted, be it by another attempt.
                "replicas: 2                               | 2026-03-29T03:00:00Z | tuesday-it-1-ec1d4c93       | Passed",
                "replicas: 2                               | 2026-03-29T03:00:09Z | monday-it-1-00000000        | Passed",
                "'replicas: 2, paused: true'               | 2026-03-29T03:00:00Z | tuesday-it-1-ec1d4c93       | Passed",
                // It was, and somebody has written the template since.
                "replicas: 2                               |                     | tuesday-it-1-ec1d4c93        | Conflict",
                "replicas: 2                               | 2026-03-29T02:59:59Z | tuesday-it-1-ec1d4c93       | Conflict",
                // It can't be, or need not be.
                "'replicas: 2, paused: true'               |                     |                              | DeploymentPaused",
                "replicas: 0                               |                     |                              | Skipped",
                "'replicas: 0, paused: true'               |                     |                              | Skipped"
            })
    void givenADeployment_whenItIsLookedAt_thenItIsRestartedOnceIfItCanBe(
            String spec, String mark, String markedBy, String wanted) {
        RestartedWorkload web = deployment(spec, mark, markedBy, NEW_PODS);

        assertThat(judged(web)).isEqualTo(wanted);
        assertThat(RestartStepType.due(turn, List.of(web))).hasSize(wanted.equals("Act") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | its controller has not seen",
                "observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 | 1 of 2 Pods are updated",
                "observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 2 | 1 Pods of the former template",
                "observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 1 | 1 of 2 updated Pods are available"
            })
    void givenARestartedDeployment_whenNotAllPodsAreNewAndAvailable_thenItIsWaitedFor(String status, String message) {
        StepProgress progress = judge(deployment("replicas: 2", SINCE, OURS, "{" + status + "}"));

        assertThat(progress).isInstanceOf(StepProgress.Wait.class);
        assertThat(((StepProgress.Wait) progress).message()).contains("Deployment web: ", message);
    }

    @ParameterizedTest
    @CsvSource({"2026-03-29T03:10:00Z, Failed", "2026-03-29T02:00:00Z, Wait"})
    void givenARolloutThatStandsStill_whenItsControllerSaysSoSinceTheRestart_thenItHasFailed(
            String said, String wanted) {
        RestartedWorkload web = deployment("replicas: 2", SINCE, OURS, """
                {observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2, conditions: [
                  {type: Progressing, status: "False", reason: ProgressDeadlineExceeded, lastUpdateTime: "%s",
                   message: ReplicaSet web-2 has timed out progressing.}]}""".formatted(said));

        StepProgress progress = judge(web);
        if (wanted.equals("Failed")) {
            StepResult result = ended(progress);
            assertThat(result.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
            assertThat(result.message())
                    .contains("web-2 has timed out progressing.")
                    .contains("kubectl describe pods --namespace shop --selector app=web");
        } else {
            assertThat(progress).isInstanceOf(StepProgress.Wait.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "replicas: 3                                                                  |  3 | 3 | Passed",
                "replicas: 3                                                                  |  2 | 3 | Wait",
                "replicas: 3                                                                  |  3 | 2 | Wait",
                "replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}                 |  2 | 3 | Findings",
                "replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}                 |  1 | 3 | Wait",
                "replicas: 0                                                                  |  0 | 0 | Skipped"
            })
    void givenARestartedStatefulSet_whenItsPodsAreCounted_thenThoseOfThePartitionStay(
            String spec, int updated, int available, String wanted) {
        assertThat(judged(statefulSet(spec, SINCE, updated, available))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas: 3, updateStrategy: {type: OnDelete}",
                "replicas: 3, updateStrategy: {rollingUpdate: {partition: 3}}"
            })
    void givenAStatefulSetWhosePodsAreNeverReplaced_whenItIsToBeRestarted_thenTheStepHasFailedAndSaysTheField(
            String spec) {
        StepResult result =
                ended(judge(deployment("replicas: 2", null, null, NEW_PODS), statefulSet(spec, null, 3, 3)));

        assertThat(result.reason()).isEqualTo(Reason.WORKLOAD_UNSUITABLE);
        assertThat(result.message()).contains("StatefulSet cache: spec.updateStrategy.");
    }

    @Test
    void givenOneThatCanNotBeRestarted_whenAnotherOneCould_thenNoneIs() {
        RestartedWorkload web = deployment("replicas: 2", null, null, NEW_PODS);
        RestartedWorkload gone = new RestartedWorkload(WorkloadKind.STATEFUL_SET, "cache", null, null);

        StepResult result = ended(judge(web, gone));
        assertThat(result.reason()).isEqualTo(Reason.WORKLOAD_NOT_FOUND);
        assertThat(result.message()).startsWith("StatefulSet cache does not exist");
        assertThat(RestartStepType.due(turn, List.of(web, gone))).isEmpty();
    }

    @Test
    void givenOneAtZero_whenTheOtherOneIsRestarted_thenTheResultNamesBoth() {
        assertThat(ended(judge(
                                deployment("replicas: 2", SINCE, OURS, NEW_PODS),
                                statefulSet("replicas: 0", null, 0, 0)))
                        .message())
                .isEqualTo(
                        "All Pods of Deployment web are new and available. StatefulSet cache is scaled to 0, so there is no"
                                + " Pod to replace.");
    }

    @Test
    void givenTheApiServerDoesNotTakeIt_whenARightIsMissing_thenItIsWaitedFor_andElseItHasFailed() {
        RestartedWorkload web = deployment("replicas: 2", null, null, NEW_PODS);

        assertThat(judge(web.refused(true, "no.")))
                .isInstanceOfSatisfying(
                        StepProgress.Wait.class,
                        wait -> assertThat(wait.message()).contains("it goes on by itself"));
        assertThat(ended(judge(web.refused(false, "no."))).reason()).isEqualTo(Reason.REJECTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[worker] | [{name: web}]  | 'restart.workloads of the step names worker, and spec.workloads of ManagedApplication shop has only web'",
                "[web]    | []             | 'ManagedApplication shop has no spec.workloads'"
            })
    void givenAWorkloadThatIsNotTheApplications_whenItIsNamed_thenTheStepHasFailed(
            String named, String known, String message) {
        StepTurn other = new StepTurn(
                turn.run(), StepTurns.application(known), StepTurns.step("restart: {workloads: " + named + "}"), 1);

        StepResult result = ended(type.judge(other, new StepSeen.OfRestart(List.of())));
        assertThat(result.reason()).isEqualTo(Reason.WORKLOAD_NOT_FOUND);
        assertThat(result.message()).contains(message);
        assertThat(type.plan(other)).contains("Can't restart anything: ").contains(message);
    }

    @Test
    void givenNames_whenTheWorkloadsAreLookedUp_thenTheirOrderIsThatOfTheApplication() {
        StepTurn both = StepTurns.of("restart: {workloads: [cache, web]}");

        assertThat(RestartStepType.workloads(both))
                .extracting(workload -> workload.name())
                .containsExactly("web", "cache");
        assertThat(type.plan(both)).startsWith("Restarts Deployment web, StatefulSet cache, and waits");
    }

    @Test
    void givenAllAreAtZero_whenTheStepsTurnComes_thenItIsNeedless() {
        StepTurn before = new StepTurn(turn.run(), turn.application(), turn.step(), 0);
        RestartedWorkload web = deployment("replicas: 0", null, null, NEW_PODS);

        assertThat(type.needless(before, new StepSeen.OfRestart(List.of(web)), StepTurns.ATTEMPTED))
                .contains("Deployment web is scaled to 0, so there is no Pod to replace.");
        assertThat(type.needless(before, new StepSeen.OfRestart(List.of()), StepTurns.ATTEMPTED))
                .isEmpty();
    }

    @Test
    void givenAnAttempt_whenItsPatchIsMade_thenItIsTheSameHoweverOftenAndHoldsForThatObjectAlone() {
        JsonNode patch = RestartPatch.of(deployment("replicas: 2", BEFORE, "somebody", NEW_PODS), turn);

        assertThat(patch)
                .hasToString("{\"metadata\":{\"uid\":\"uid-web\",\"annotations\":"
                        + "{\"mainstay.dev/restarted-by\":\"tuesday-it-1-ec1d4c93\"}},\"spec\":{\"template\":{\"metadata\":"
                        + "{\"annotations\":{\"mainstay.dev/restarted-at\":\"2026-03-29T03:00:00Z\"}}}}}");
    }

    private StepProgress judge(RestartedWorkload... workloads) {
        return type.judge(turn, new StepSeen.OfRestart(List.of(workloads)));
    }

    private String judged(RestartedWorkload workload) {
        return switch (judge(workload)) {
            case StepProgress.Act ignored -> "Act";
            case StepProgress.Save ignored -> "Save";
            case StepProgress.Remember ignored -> "Remember";
            case StepProgress.Change ignored -> "Change";
            case StepProgress.Wait ignored -> "Wait";
            case StepProgress.Ended(StepResult result, boolean left) ->
                result.outcome() == StepOutcome.FAILED
                        ? result.reason().text()
                        : result.outcome().text();
        };
    }

    private static StepResult ended(StepProgress progress) {
        assertThat(progress).isInstanceOf(StepProgress.Ended.class);
        return ((StepProgress.Ended) progress).result();
    }

    private static RestartedWorkload deployment(String spec, String mark, String markedBy, String status) {
        return workload(WorkloadKind.DEPLOYMENT, "web", spec, mark, markedBy, status);
    }

    private static RestartedWorkload statefulSet(String spec, String mark, int updated, int available) {
        return workload(
                WorkloadKind.STATEFUL_SET,
                "cache",
                spec,
                mark,
                OURS.repeat(mark == null ? 0 : 1),
                "{observedGeneration: 2, updatedReplicas: %d, availableReplicas: %d}".formatted(updated, available));
    }

    private static RestartedWorkload workload(
            WorkloadKind kind, String name, String spec, String mark, String markedBy, String status) {
        String annotations = mark == null ? "" : "annotations: {mainstay.dev/restarted-at: \"" + mark + "\"}";
        String by = markedBy == null ? "" : "annotations: {mainstay.dev/restarted-by: \"" + markedBy + "\"}";
        return new RestartedWorkload(
                kind,
                name,
                Serialization.unmarshal("""
                        metadata: {name: %1$s, uid: uid-%1$s, generation: 2, %2$s}
                        spec: {%3$s, selector: {matchLabels: {app: %1$s}}, template: {metadata: {%4$s}}}
                        status: %5$s
                        """.formatted(name, by, spec, annotations, status), JsonNode.class),
                null);
    }
}

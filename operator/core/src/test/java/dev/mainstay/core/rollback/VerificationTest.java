package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.rollback.Verification.Finding;
import dev.mainstay.core.rollback.Verification.State;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationTest {

    private static final PlannedWorkload WEB = new PlannedWorkload(
            "web",
            Deploys.UID + "-web",
            template("web", "1.5.0"),
            "42",
            template("web", "1.4.2"),
            "41",
            Map.of("web", "sha256:verified"),
            false,
            false);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'observedGeneration': 2}                               | NO_DATA | its controller has not seen the change yet",
                "{'updatedReplicas': 1}                                  | NO_DATA | 1 of 2 Pods are updated",
                "{'replicas': 3}                                         | NO_DATA | 1 Pods of the former template are still there",
                "{'availableReplicas': 1}                                | NO_DATA | 1 of 2 updated Pods are available",
                "{'conditions': [{'type': 'Progressing', 'status': 'False', 'reason': 'ProgressDeadlineExceeded', 'lastUpdateTime': '2026-03-29T02:59:59Z', 'message': 'old'}]} | PASS | all Pods run the target and are available",
                "{'conditions': [{'type': 'Progressing', 'status': 'False', 'reason': 'ProgressDeadlineExceeded', 'lastUpdateTime': '2026-03-29T03:00:00Z', 'message': 'old'}]} | PASS | all Pods run the target and are available",
                "{'conditions': [{'type': 'Progressing', 'status': 'False', 'reason': 'ProgressDeadlineExceeded', 'lastUpdateTime': '2026-03-29T03:00:10Z', 'message': 'no progress'}]} | FAIL | its controller gave up waiting (no progress). What became of its Pods: kubectl get pods --namespace shop --selector 'app=web'",
                "{}                                                      | PASS | all Pods run the target and are available"
            })
    void givenARollout_whenJudged_thenOnlyWhatIsOfThisOneCounts(String status, CheckVerdict verdict, String message) {
        Finding finding = judge(running(status), Map.of(), NOW.plusSeconds(20));

        assertThat(finding.checks()).singleElement().satisfies(check -> {
            assertThat(check.name()).isEqualTo("Rollout web");
            assertThat(check.verdict()).isEqualTo(verdict);
            assertThat(check.message()).isEqualTo(message);
        });
        assertThat(finding.state()).isEqualTo(verdict == CheckVerdict.FAIL ? State.FAILED : State.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({
        "20, {'updatedReplicas': 1}, 1s",
        "20, {},                     5s",
        "76, {},                     4s",
        "79, {},                     1s",
    })
    void givenAVerification_whenJudged_thenItIsLookedAtAgainWhenSomethingCanHaveChanged(
            long seconds, String status, String next) {
        RollbackRequest request = written();
        judged(request, running(status), NOW.plusSeconds(20));

        Finding finding = judge(request, running(status), Map.of(), NOW.plusSeconds(seconds));

        assertThat(finding.state()).isEqualTo(State.RUNNING);
        assertThat(finding.next()).isEqualTo(Durations.parse(next));
    }

    @Test
    void givenNoPodIsWanted_whenJudged_thenNothingTellsWhetherItWorks() {
        DeploymentState zero = deployment(
                "web",
                template("web", "1.4.2"),
                "{}",
                "{'replicas': 0}",
                "{'replicas': 0, 'updatedReplicas': 0, 'availableReplicas': 0}");

        Finding finding = judge(zero, Map.of(), NOW.plusSeconds(5));

        assertThat(finding.state()).isEqualTo(State.INCONCLUSIVE);
        assertThat(finding.why()).contains("is scaled to zero");
    }

    @ParameterizedTest
    @CsvSource({"sha256:verified, PASS", "sha256:another, FAIL"})
    void givenTheImagesThatRun_whenJudged_thenAMovedTagIsNoticed(String digest, CheckVerdict verdict) {
        Finding finding =
                judge(running("{}"), pods(new TargetPod("web-1", null, Map.of("web", digest))), NOW.plusSeconds(5));

        assertThat(finding.checks().get(1).name()).isEqualTo("Image web");
        assertThat(finding.checks().get(1).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"59, RUNNING", "60, PASSED"})
    void givenAllPasses_whenItHasForLongEnough_thenItIsVerified(long seconds, State state) {
        RollbackRequest request = written();
        judged(request, running("{}"), NOW);

        assertThat(judge(request, running("{}"), Map.of(), NOW.plusSeconds(seconds))
                        .state())
                .isEqualTo(state);
    }

    @Test
    void givenABreak_whenItPassesAgain_thenItsTimeBeginsAnew() {
        RollbackRequest request = written();
        judged(request, running("{}"), NOW);
        judged(request, running("{'availableReplicas': 1}"), NOW.plusSeconds(50));
        judged(request, running("{}"), NOW.plusSeconds(52));

        assertThat(judge(request, running("{}"), Map.of(), NOW.plusSeconds(111)).state())
                .isEqualTo(State.RUNNING);
        assertThat(judge(request, running("{}"), Map.of(), NOW.plusSeconds(112)).state())
                .isEqualTo(State.PASSED);
    }

    @Test
    void givenARolloutThatDoesNotEnd_whenTheTimeIsOver_thenItFailed() {
        Finding finding = judge(running("{'updatedReplicas': 1}"), Map.of(), NOW.plusSeconds(900));

        assertThat(finding.state()).isEqualTo(State.FAILED);
        assertThat(finding.why()).isEqualTo("spec.timeout (15m) is over: Rollout web: 1 of 2 Pods are updated");
    }

    @Test
    void givenACheckThatNeverHasData_whenTheTimeIsOver_thenItIsInconclusive() {
        RollbackRequest request = written();
        RollbackObservation observation = observation(
                request,
                running("{}"),
                Map.of(),
                new Sampled(
                        List.of(new VerificationCheck("Health", CheckVerdict.NO_DATA, null, "no Pod answers")),
                        List.of(),
                        false));

        Finding finding = Verification.judge(observation, NOW.plusSeconds(900));

        assertThat(finding.state()).isEqualTo(State.INCONCLUSIVE);
        assertThat(finding.why()).isEqualTo("spec.timeout (15m) is over: Health: no Pod answers");
    }

    @Test
    void givenSeveralThatSayNothing_whenTheTimeIsOver_thenTheirSentencesStayApart() {
        RollbackObservation observation = observation(
                written(),
                running("{}"),
                Map.of(),
                new Sampled(
                        List.of(
                                new VerificationCheck("Endpoints web", CheckVerdict.NO_DATA, null, "It is missing."),
                                new VerificationCheck("Health", CheckVerdict.NO_DATA, null, "no Pod answers"),
                                new VerificationCheck("Health 2", CheckVerdict.NO_DATA, null, "no Pod is ready")),
                        List.of(),
                        false));

        assertThat(Verification.judge(observation, NOW.plusSeconds(900)).why())
                .isEqualTo("spec.timeout (15m) is over: Endpoints web: It is missing. Health: no Pod answers;"
                        + " Health 2: no Pod is ready");
    }

    /** After a restart that is all that can be said at first; it was never a silence. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Health   | PASS    | 30  | PASSED",
                "Health   | PASS    | 900 | PASSED",
                "Health   | NO_DATA | 900 | INCONCLUSIVE",
                "Metric 1 | PASS    | 900 | PASSED",
                "Metric 1 | NO_DATA | 900 | FAILED"
            })
    void givenARestart_whenACheckWasNotAskedSince_thenItIsAskedBeforeAnythingIsSaidOfIt(
            String name, CheckVerdict answer, long seconds, State state) {
        RollbackRequest request = written();
        judged(request, sampled(request, name, CheckVerdict.PASS, false), NOW.minusSeconds(60));
        VerificationCheck before = request.getStatus().checks().getLast();

        Finding silent =
                Verification.judge(sampled(request, name, CheckVerdict.NO_DATA, true), NOW.plusSeconds(seconds));

        assertThat(silent.state()).isEqualTo(State.RUNNING);
        assertThat(silent.checks()).as("what was found before stands").contains(before);

        assertThat(Verification.judge(sampled(request, name, answer, false), NOW.plusSeconds(seconds))
                        .state())
                .isEqualTo(state);
    }

    private static RollbackObservation sampled(
            RollbackRequest request, String name, CheckVerdict verdict, boolean awaited) {
        return observation(
                request,
                running("{}"),
                Map.of(),
                new Sampled(List.of(new VerificationCheck(name, verdict, null, "so it is")), List.of(), awaited));
    }

    @Test
    void givenADeploymentAtZeroBesideOneThatRuns_whenTheTimeIsOver_thenItIsNotTheOneThatFailed() {
        PlannedWorkload worker = new PlannedWorkload(
                "worker",
                Deploys.UID + "-worker",
                template("worker", "1.5.0"),
                "42",
                template("worker", "1.4.2"),
                "41",
                Map.of(),
                false,
                false);
        DeploymentState zero = deployment(
                "worker",
                template("worker", "1.4.2"),
                "{}",
                "{'replicas': 0}",
                "{'replicas': 0, 'updatedReplicas': 0, 'availableReplicas': 0}");
        RollbackObservation observation = new RollbackObservation(
                written(),
                application(),
                null,
                ExecutedRequests.NONE,
                List.of(),
                null,
                new RollbackPlan(null, null, List.of(WEB, worker), List.of(), List.of()),
                List.of(running("{}"), zero),
                Map.of(),
                List.of(),
                new Sampled(
                        List.of(new VerificationCheck("Health", CheckVerdict.NO_DATA, null, "no Pod answers")),
                        List.of(),
                        false),
                List.of());

        Finding finding = Verification.judge(observation, NOW.plusSeconds(900));

        assertThat(finding.state()).isEqualTo(State.INCONCLUSIVE);
        assertThat(finding.why()).isEqualTo("spec.timeout (15m) is over: Health: no Pod answers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{waiting: {reason: CrashLoopBackOff, message: back-off 10s}}  | {terminated: {exitCode: 3}} | Pod web-1, container web: CrashLoopBackOff (back-off 10s), last exit code 3. Its last words: kubectl logs web-1 --container web --previous --namespace shop",
                "{waiting: {reason: ImagePullBackOff}}                         | {}                          | Pod web-1, container web: ImagePullBackOff. What is known: kubectl describe pod web-1 --namespace shop",
                "{waiting: {reason: CreateContainerConfigError, message: no}}  | {}                          | Pod web-1, container web: CreateContainerConfigError (no). What is known: kubectl describe pod web-1 --namespace shop",
                "{waiting: {reason: ContainerCreating}}                        | {}                          | ",
                "{waiting: {reason: ErrImagePull}}                             | {}                          | ",
                "{running: {}}                                                 | {terminated: {exitCode: 1}} | "
            })
    void givenAPodOfTheTarget_whenItWillNotComeUp_thenItsTroubleIsTold(String state, String last, String trouble) {
        Pod pod = pod("containerStatuses: [{name: web, state: %s, lastState: %s}]".formatted(state, last));

        assertThat(TargetPod.of(pod, NOW).trouble()).isEqualTo(trouble);
    }

    @ParameterizedTest
    @CsvSource({
        "9, ",
        "11, 'Pod web-1 is taken by no node: 0/1 nodes. What is known: kubectl describe pod web-1 --namespace shop'"
    })
    void givenAPodThatNoNodeTakes_whenItHasWaited_thenThatIsTold(long seconds, String trouble) {
        Pod pod = pod("conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable, message: 0/1 nodes,"
                + " lastTransitionTime: \"" + NOW + "\"}]");

        assertThat(TargetPod.of(pod, NOW.plusSeconds(seconds)).trouble()).isEqualTo(trouble);
    }

    /** The Pods that make room for those of the target count in a quota until they are gone. */
    @ParameterizedTest
    @CsvSource({
        "exceeded quota: full., 30, 40, true",
        "exceeded quota: full., 30, 39, false",
        "exceeded quota: full., 3600, 70, true",
        "violates PodSecurity., 30, 0, true"
    })
    void givenAReplicaSetThatCanNotMakeItsPods_whenThatDoesNotPass_thenWhatRefusesThemIsTold(
            String message, int going, int seconds, boolean told) {
        Optional<TargetPod> missing =
                TargetPod.missing(Deploys.json("""
                        {'metadata': {'name': 'web-7d', 'namespace': 'shop'},
                         'spec': {'template': {'spec': {'terminationGracePeriodSeconds': %d}}},
                         'status': {'conditions': [{'type': 'ReplicaFailure', 'status': 'True', 'message': '%s',
                          'lastTransitionTime': '%s'}]}}
                        """.formatted(going, message, NOW)), NOW.plusSeconds(seconds));

        assertThat(missing.map(TargetPod::trouble))
                .isEqualTo(
                        told
                                ? Optional.of("ReplicaSet web-7d can't make its Pods: " + message
                                        + " What is known: kubectl describe replicaset web-7d --namespace shop")
                                : Optional.empty());
    }

    private static Pod pod(String status) {
        return Serialization.unmarshal("metadata: {name: web-1, namespace: shop}\nstatus: {" + status + "}", Pod.class);
    }

    private static DeploymentState running(String status) {
        return deployment("web", template("web", "1.4.2"), "{}", "{}", status);
    }

    private static Map<String, List<TargetPod>> pods(TargetPod pod) {
        return Map.of("web", List.of(pod));
    }

    private static RollbackRequest written() {
        RollbackRequest request = request();
        RollbackPlan plan = new RollbackPlan(null, null, List.of(WEB), List.of(), List.of());
        request.setStatus(RollbackReport.of(request, new RollbackDecision.Store(plan), NOW));
        request.setStatus(RollbackReport.of(
                request,
                new RollbackDecision.Write(
                        plan, List.of(new RollbackDecision.Change(running("{}"), WEB.to(), Map.of())), false),
                NOW));
        return request;
    }

    private static void judged(RollbackRequest request, DeploymentState web, Instant now) {
        judged(request, observation(request, web, Map.of(), Sampled.NOTHING), now);
    }

    private static void judged(RollbackRequest request, RollbackObservation observation, Instant now) {
        Finding finding = Verification.judge(observation, now);
        request.setStatus(RollbackReport.of(
                request,
                new RollbackDecision.Watch(
                        new RollbackPlan(null, null, List.of(WEB), List.of(), List.of()),
                        finding.checks(),
                        List.of(),
                        finding.next()),
                now));
    }

    private static Finding judge(DeploymentState web, Map<String, List<TargetPod>> pods, Instant now) {
        return judge(written(), web, pods, now);
    }

    private static Finding judge(
            RollbackRequest request, DeploymentState web, Map<String, List<TargetPod>> pods, Instant now) {
        return Verification.judge(observation(request, web, pods, Sampled.NOTHING), now);
    }

    private static RollbackObservation observation(
            RollbackRequest request, DeploymentState web, Map<String, List<TargetPod>> pods, Sampled sampled) {
        return new RollbackObservation(
                request,
                application(),
                null,
                ExecutedRequests.NONE,
                List.of(),
                null,
                new RollbackPlan(null, null, List.of(WEB), List.of(), List.of()),
                List.of(web),
                pods,
                List.of(),
                sampled,
                List.of());
    }
}

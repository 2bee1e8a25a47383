package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.template;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.decide;
import static dev.mainstay.core.rollback.RollbackSteps.message;
import static dev.mainstay.core.rollback.RollbackSteps.report;
import static dev.mainstay.core.rollback.RollbackSteps.stored;
import static dev.mainstay.core.rollback.RollbackSteps.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.rollback.RollbackDecider.Rejection;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackDecision.Write;
import dev.mainstay.core.status.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request whose target is being written and verified, to each of its ends. */
class RollbackUnderWayTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deleted        | FAILED     | WorkloadNotFound | was deleted, or made again",
                "deleted        | FAILED     | WorkloadNotFound | Deployment web, worker. Look whether it is there (kubectl get deployment web --namespace shop), deploy",
                "made again     | FAILED     | WorkloadNotFound | was deleted, or made again",
                "third template | SUPERSEDED | Conflict         | \"argocd-controller\" (field manager, 2026-03-29T03:00:30Z)",
                "bad one back   | REVERTED   | Reverted         | \"argocd-controller\""
            })
    void givenSomebodyElseChangesIt_whenItIsVerified_thenThatIsTheEnd(
            String what, RollbackOutcome outcome, String reason, String message) {
        RollbackRequest request = request();
        RollbackPlan plan = written(request);
        String argo = "{'managedFields': [{'manager': 'argocd-controller', 'operation': 'Apply',"
                + " 'time': '2026-03-29T03:00:30Z', 'fieldsV1': {'f:spec': {'f:template': {}}}}]}";
        List<DeploymentState> deployments =
                switch (what) {
                    case "deleted" -> List.of(GOOD_WORKER);
                    case "made again" ->
                        List.of(
                                deployment("web", template("web", "1.4.2"), "{'uid': 'another'}", "{}", "{}"),
                                GOOD_WORKER);
                    case "third template" ->
                        List.of(deployment("web", template("web", "1.6.0"), argo, "{}", "{}"), GOOD_WORKER);
                    default -> List.of(deployment("web", template("web", "1.5.0"), argo, "{}", "{}"), GOOD_WORKER);
                };

        End end = (End) decide(
                new Seen(request)
                        .plan(plan, deployments.toArray(DeploymentState[]::new))
                        .observation(),
                NOW.plusSeconds(60));

        assertThat(end.outcome()).isEqualTo(outcome);
        assertThat(end.reason().text()).isEqualTo(reason);
        assertThat(end.message()).contains(message);
        assertThat(end.plan()).as("what it wrote is given back").isEqualTo(plan);
    }

    /** Its version says nothing where only settings differ. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 41 | 1\\.4\\.1 \\(revision 42\\)              | 1\\.4\\.1 \\(revision 41\\)",
                "42 |    | 1\\.4\\.1 \\(template [0-9a-f]{10}\\) | 1\\.4\\.1 \\(template [0-9a-f]{10}\\)"
            })
    void givenTwoReleasesOfOneVersion_whenTheyAreNamed_thenTheyAreToldApart(
            String fromRevision, String toRevision, String from, String to) {
        RollbackRequest request = request();
        PodTemplate loud = new PodTemplate(Deploys.json("""
                {'metadata': {'labels': {'app': 'web', 'app.kubernetes.io/version': '1.4.1'}},
                 'spec': {'containers': [{'name': 'web', 'image': 'registry.example/web:1.4.1', 'args': ['--loud']}]}}
                """));
        RollbackPlan plan = new RollbackPlan(
                null,
                null,
                List.of(new RollbackPlan.PlannedWorkload(
                        "web",
                        Deploys.UID + "-web",
                        loud,
                        fromRevision,
                        template("web", "1.4.1"),
                        toRevision,
                        Map.of(),
                        false,
                        false)),
                List.of(),
                List.of());

        report(request, new RollbackDecision.Store(plan), NOW);

        assertThat(request.getStatus().from())
                .matches(from)
                .isNotEqualTo(request.getStatus().to());
        assertThat(request.getStatus().to()).matches(to);
        assertThat(message(request)).matches("shop " + from + " → " + to + ": the target is being written\\.");
    }

    /** The process died behind the write, or another one was faster: it is found done, and told. */
    @Test
    void givenTheTargetRunsAndNothingWasTold_whenDecided_thenItIsWrittenOnceMoreToNoEffectAndTold() {
        RollbackRequest request = request();
        RollbackPlan plan = stored(request);

        Write write = (Write)
                decide(new Seen(request).plan(plan, GOOD_WEB, BAD_WORKER).observation(), NOW);

        assertThat(write.changes())
                .extracting(change -> change.deployment().name())
                .containsExactly("web", "worker");
    }

    @Test
    void givenADeploymentScaledMeanwhile_whenDecided_thenThatIsNobodysConflict() {
        RollbackRequest request = request();
        RollbackPlan plan = written(request);
        DeploymentState scaled =
                deployment("web", template("web", "1.4.2"), "{}", "{'replicas': 5}", "{'updatedReplicas': 3}");

        RollbackDecision.Watch watch = (RollbackDecision.Watch)
                decide(new Seen(request).plan(plan, scaled, GOOD_WORKER).observation(), NOW.plusSeconds(5));

        assertThat(watch.checks().getFirst().message()).isEqualTo("3 of 5 Pods are updated");
    }

    @ParameterizedTest
    @CsvSource({"true, false, BLOCKED, Forbidden", "false, false, BLOCKED, Rejected", "false, true, FAILED, Rejected"})
    void givenTheApiServerDoesNotTakeIt_whenAnswered_thenTheEndSaysWhetherAnythingWasChanged(
            boolean forbidden, boolean anyWritten, RollbackOutcome outcome, String reason) {
        RollbackRequest request = request();
        Write write = (Write) decide(
                new Seen(request).plan(stored(request), BAD_WEB, BAD_WORKER).observation(), NOW);

        End end = (End) RollbackDecider.rejected(write, new Rejection("web", forbidden, "quota"), anyWritten);

        assertThat(end.outcome()).isEqualTo(outcome);
        assertThat(end.reason().text()).isEqualTo(reason);
        assertThat(end.message()).contains("Deployment web").contains("quota");
        assertThat(end.message().contains("helm upgrade")).isEqualTo(forbidden);
    }

    @Test
    void givenTheTargetCrashes_whenWhatRanBeforeIsToBePutBack_thenItIsOnceAndTheOutcomeSaysSo() {
        RollbackRequest request = request("onFailure: RestorePrevious");
        RollbackPlan plan = written(request);
        Map<String, List<TargetPod>> crash =
                Map.of("web", List.of(new TargetPod("web-1", "Pod web-1, container web: CrashLoopBackOff", Map.of())));

        RollbackDecision restore = decide(
                new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER).pods(crash).observation(), NOW.plusSeconds(3));
        report(request, restore, NOW.plusSeconds(3));
        assertThat(request.getStatus().phase()).isEqualTo(RollbackPhase.RESTORING);

        Write back = (Write)
                decide(new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER).observation(), NOW.plusSeconds(4));
        assertThat(back.back()).isTrue();
        assertThat(back.changes()).extracting(change -> change.to().version()).containsExactly("1.5.0", "1.5.0");

        End end = (End) decide(new Seen(request).plan(plan, BAD_WEB, BAD_WORKER).observation(), NOW.plusSeconds(5));
        assertThat(end.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(end.message())
                .isEqualTo(
                        "shop 1.5.0 → 1.4.2 did not work. What ran before is put back. Rollout web: Pod web-1, container web:"
                                + " CrashLoopBackOff");
    }

    @Test
    void givenTheTargetCrashes_whenNothingIsSaidAboutIt_thenItIsHeld() {
        RollbackRequest request = request();
        RollbackPlan plan = written(request);
        Map<String, List<TargetPod>> crash =
                Map.of("web", List.of(new TargetPod("web-1", "Pod web-1, container web: CrashLoopBackOff", Map.of())));

        End end = (End) decide(
                new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER).pods(crash).observation(), NOW.plusSeconds(3));

        assertThat(end.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(end.message()).contains("CrashLoopBackOff").contains("spec.onFailure: Hold");
    }

    @ParameterizedTest
    @CsvSource({"PENDING, before anything was changed", "VERIFYING, 'stays: Deployment web, worker.'"})
    void givenACancellation_whenDecided_thenTheEndSaysWhatWasChanged(RollbackPhase phase, String message) {
        RollbackRequest request = request();
        RollbackPlan plan = phase == RollbackPhase.PENDING ? null : written(request);
        request.getMetadata().setAnnotations(new HashMap<>(Map.of(Annotations.CANCEL, "wrong shop")));

        End end = (End) decide(
                plan == null
                        ? new Seen(request).observation()
                        : new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER).observation(),
                NOW);

        assertThat(end.outcome()).isEqualTo(RollbackOutcome.CANCELLED);
        assertThat(end.message()).contains("(wrong shop)").contains(message);
    }

    @Test
    void givenThePlanIsGone_whenDecided_thenItEndsAndSaysWhatWasChanged() {
        RollbackRequest request = request();
        written(request);

        End end = (End) decide(request, NOW);

        assertThat(end.reason()).isEqualTo(Reason.PLAN_LOST);
        assertThat(end.message()).endsWith("Deployment web, worker.");
    }
}

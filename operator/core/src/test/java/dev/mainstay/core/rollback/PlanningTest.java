package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.ended;
import static dev.mainstay.core.rollback.Deploys.inputs;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.release;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.revision;
import static dev.mainstay.core.rollback.Deploys.story;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ReleaseProof;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.core.rollback.Planning.Result;
import dev.mainstay.core.rollback.Release.ReleasedWorkload;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rollback goes back to, case by case. */
class PlanningTest {

    private static final List<DeploymentState> BAD = List.of(deployment("web", "1.5.0"), deployment("worker", "1.5.0"));

    @Test
    void givenAVerifiedRelease_whenPlanned_thenWebAndWorkerGoBackTogether() {
        RollbackPlan plan = planned(inputs(BAD, release(6, "1.4.2", null), release(5, "1.4.1", null)));

        assertThat(story(plan)).containsExactly("web 1.5.0 → 1.4.2", "worker 1.5.0 → 1.4.2");
        assertThat(plan.release().version()).isEqualTo("1.4.2");
        assertThat(plan.left()).isNull();
        assertThat(plan.workloads().getFirst().fromRevision()).isEqualTo("42");
        assertThat(plan.workloads().getFirst().toRevision()).isEqualTo("6");
    }

    @Test
    void givenThePresentIsARelease_whenPlanned_thenTheOneBeforeIsTakenAndThePresentIsNoted() {
        RollbackPlan plan = planned(inputs(BAD, release(7, "1.5.0", null), release(6, "1.4.2", null)));

        assertThat(story(plan)).containsExactly("web 1.5.0 → 1.4.2", "worker 1.5.0 → 1.4.2");
        assertThat(plan.left()).isEqualTo("shop-release-7");
    }

    /** Bad 1.5.0 was left for 1.4.2, then bad 1.6.0 came. */
    @Test
    void givenTwoBadOnesInARow_whenPlanned_thenWhatWasLeftOnceIsPassedOver() {
        List<DeploymentState> worse = List.of(deployment("web", "1.6.0"), deployment("worker", "1.6.0"));

        assertThat(story(planned(inputs(worse, release(7, "1.5.0", "shop-0"), release(6, "1.4.2", null)))))
                .containsExactly("web 1.6.0 → 1.4.2", "worker 1.6.0 → 1.4.2");
    }

    @Test
    void givenOnlyARestartBetween_whenPlanned_thenTheReleaseBeforeItIsTaken() {
        PodTemplate restarted = new PodTemplate(json("""
                {'metadata': {'labels': {'app': 'web', 'app.kubernetes.io/version': '1.5.0'},
                  'annotations': {'kubectl.kubernetes.io/restartedAt': '2026-03-29T02:00:00Z'}},
                 'spec': {'containers': [{'name': 'web', 'image': 'registry.example/web:1.5.0'}]}}
                """));
        List<DeploymentState> deployments =
                List.of(deployment("web", restarted, "{}", "{}", "{}"), deployment("worker", "1.5.0"));

        assertThat(story(planned(inputs(deployments, release(7, "1.5.0", null), release(6, "1.4.2", null)))))
                .containsExactly("web 1.5.0 → 1.4.2", "worker 1.5.0 → 1.4.2");
    }

    @Test
    void givenOnlyTheWorkerDiffers_whenPlanned_thenTheWebServerIsLeftAlone() {
        List<DeploymentState> deployments = List.of(deployment("web", "1.4.2"), deployment("worker", "1.5.0"));

        assertThat(story(planned(inputs(deployments, release(6, "1.4.2", null)))))
                .containsExactly("worker 1.5.0 → 1.4.2");
    }

    @Test
    void givenAReleaseThatRanAgainSince_whenPlanned_thenItsRevisionIsTheNewestOfItsNumbers() {
        PlanInputs inputs = inputs(
                BAD,
                List.of(release(6, "1.4.2", null)),
                Map.of("web", List.of(revision(41, "6,12", template("web", "1.4.2")))),
                List.of(),
                Map.of());

        assertThat(planned(inputs).workloads())
                .first()
                .extracting(RollbackPlan.PlannedWorkload::fromRevision, RollbackPlan.PlannedWorkload::toRevision)
                .containsExactly("42", "41");
    }

    /** A person who asks a second time must not be led to what the first rollback went away from. */
    @ParameterizedTest
    @CsvSource({"false, 1.5.0", "true, 1.4.0"})
    void givenAStateThatARollbackWentAwayFrom_whenThereIsNoOtherRelease_thenItIsNoTargetByItself(
            boolean recorded, String left) {
        DeploymentState web = deployment("web", "1.4.2");
        PodTemplate former = template("web", left);
        PlanInputs inputs = new PlanInputs(
                List.of(web),
                recorded ? List.of(release(7, left, "shop-0")) : List.of(),
                Map.of("web", List.of(revision(41, "", former), revision(42, "", template("web", "1.4.2")))),
                List.of(),
                Map.of(),
                Map.of(),
                recorded ? Set.of() : Set.of(former.hash()),
                List.of(),
                List.of());

        Result.Ended without = ended(Planning.plan(request(), application("[{name: web}]"), inputs));
        Result.Ended with =
                ended(Planning.plan(request("allowUnverified: true"), application("[{name: web}]"), inputs));

        assertThat(without.outcome()).isEqualTo(RollbackOutcome.NO_TARGET);
        assertThat(without.message()).doesNotContain("allowUnverified").endsWith("Deploy a version that works.");
        assertThat(with.outcome()).isEqualTo(RollbackOutcome.NO_TARGET);
    }

    @Test
    void givenATimeThatIsTooShort_whenPlanned_thenItIsRefused() {
        Result.Ended ended =
                ended(Planning.plan(request("timeout: 20s"), application(), inputs(BAD, release(6, "1.4.2", null))));

        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.REFUSED);
        assertThat(ended.message())
                .startsWith("spec.timeout is 20s, which is over before")
                .contains("(1m)");
    }

    @Test
    void givenWhatIsDeployedAndNotRolledOut_whenAskedFor_thenThatIsSaid() {
        DeploymentState stuck = deployment("web", template("web", "1.4.2"), "{}", "{}", "{'updatedReplicas': 0}");

        Result.Ended ended = ended(Planning.plan(
                request("to: {version: 1.4.2}"),
                application("[{name: web}]"),
                inputs(List.of(stuck), release(6, "1.4.2", null))));

        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.NO_OP);
        assertThat(ended.message())
                .contains("web 1.4.2 (not rolled out: 0 of 2 Pods are updated; kubectl rollout status");
    }

    @Test
    void givenAPartIsAskedFor_whenPlanned_thenOnlyThatIsChanged() {
        Result result =
                Planning.plan(request("workloads: [worker]"), application(), inputs(BAD, release(6, "1.4.2", null)));

        assertThat(story(((Result.Planned) result).plan())).containsExactly("worker 1.5.0 → 1.4.2");
    }

    @Test
    void givenTheTargetRunsAlready_whenPlanned_thenNothingIsDone() {
        Result.Ended ended = ended(
                Planning.plan(request("to: {version: 1.5.0}"), application(), inputs(BAD, release(7, "1.5.0", null))));

        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.NO_OP);
        assertThat(ended.message()).contains("web 1.5.0, worker 1.5.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                                                          | {'paused': true} | DeploymentPaused  | kubectl rollout resume deployment/web --namespace shop",
                "{'ownerReferences': [{'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Rollout', 'name': 'web'}]}             | {}               | ForeignController | Rollout web",
                "{'annotations': {'rollouts.kruise.io/in-progressing': '{}'}}                                                | {}               | ForeignController | OpenKruise",
                "{'deletionTimestamp': '2026-03-29T02:59:59Z'}                                                               | {}               | WorkloadNotFound  | kubectl get deployment web --namespace shop --output jsonpath='{.metadata.finalizers}'"
            })
    void givenADeploymentThatWouldNotTakeIt_whenPlanned_thenItIsBlockedAndSaysWhatToDo(
            String metadata, String spec, String reason, String message) {
        DeploymentState web = deployment("web", template("web", "1.5.0"), metadata, spec, "{}");

        Result.Ended ended = ended(Planning.plan(
                request(), application("[{name: web}]"), inputs(List.of(web), release(6, "1.4.2", null))));

        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.BLOCKED);
        assertThat(ended.reason().text()).isEqualTo(reason);
        assertThat(ended.message()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"web, BLOCKED, WorkloadNotFound", "db, BLOCKED, KindUnsupported"})
    void givenAWorkloadThatCanNotBeRolledBack_whenAskedFor_thenItIsBlocked(
            String name, RollbackOutcome outcome, String reason) {
        Result.Ended ended = ended(Planning.plan(
                request("workloads: [" + name + "]"),
                application("[{name: web}, {kind: StatefulSet, name: db}]"),
                inputs(List.of(), release(6, "1.4.2", null))));

        assertThat(ended.outcome()).isEqualTo(outcome);
        assertThat(ended.reason().text()).isEqualTo(reason);
    }

    @Test
    void givenAStatefulSetInTheApplication_whenAllIsRolledBack_thenItIsLeftAloneAndThatIsSaid() {
        Result result = Planning.plan(
                request(),
                application("[{name: web}, {name: worker}, {kind: StatefulSet, name: db}]"),
                inputs(BAD, release(6, "1.4.2", null)));

        assertThat(((Result.Planned) result).plan().warnings()).containsExactly("StatefulSet db is not rolled back.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "old  | old | false | ",
                "old  | new | false | ConfigMap settings has another content than it had with the target.",
                "old  |     | false | ConfigMap settings does not exist any more; the target reads it.",
                "old  | new | true  | ConfigMap settings has another content"
            })
    void givenAConfigMapOfTheTarget_whenItHasChanged_thenThatIsToldOrRefused(
            String then, String now, boolean strict, String message) {
        PodTemplate web = new PodTemplate(json("""
                {'metadata': {'labels': {'app.kubernetes.io/version': '1.4.2'}}, 'spec': {'containers': [{'name': 'web',
                  'image': 'web:1.4.2', 'envFrom': [{'configMapRef': {'name': 'settings'}}]}]}}
                """));
        StoredRelease plain = release(6, null, web, template("worker", "1.4.2"));
        StoredRelease release = new StoredRelease(
                plain.recorded(),
                new Release(
                        "1.4.2",
                        plain.recorded().verifiedAt(),
                        ReleaseProof.HEALTH,
                        plain.release().workloads(),
                        Map.of("settings", then),
                        List.of()));
        PlanInputs inputs =
                inputs(BAD, List.of(release), Map.of(), List.of(), now == null ? Map.of() : Map.of("settings", now));

        Result result = Planning.plan(request("strictConfig: " + strict), application(), inputs);

        if (strict) {
            assertThat(ended(result).reason()).isEqualTo(Reason.CONFIG_CHANGED);
            assertThat(ended(result).message()).contains(message);
        } else {
            assertThat(((Result.Planned) result).plan().warnings())
                    .containsExactlyElementsOf(message == null ? List.of() : List.of(message));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, Deployment, web, true",
        "2, Deployment, web, false",
        "1, Deployment, other, false",
        "1, StatefulSet, web, false"
    })
    void givenAnAutoscaler_whenPlanned_thenItsMinimumIsHeldAtWhatThereIs(
            int minimum, String kind, String target, boolean held) {
        AutoscalerState autoscaler = new AutoscalerState(json("""
                {'metadata': {'name': 'web', 'uid': 'u'}, 'spec': {'minReplicas': %d, 'scaleTargetRef': {'kind': '%s', 'name': '%s'}}}
                """.formatted(minimum, kind, target)));
        PlanInputs inputs = inputs(BAD, List.of(release(6, "1.4.2", null)), Map.of(), List.of(autoscaler), Map.of());

        assertThat(planned(inputs).autoscalers())
                .containsExactlyElementsOf(
                        held ? List.of(new RollbackPlan.PlannedAutoscaler("web", "u", 1, 2)) : List.of());
    }

    @Test
    void givenAReleaseWithoutTheWorker_whenPlanned_thenTheWorkerStays() {
        StoredRelease both = release(6, "1.4.2", null);
        StoredRelease webOnly = new StoredRelease(
                both.recorded(),
                new Release(
                        "1.4.2",
                        both.recorded().verifiedAt(),
                        ReleaseProof.HEALTH,
                        List.of(new ReleasedWorkload("web", "6", template("web", "1.4.2"), Map.of())),
                        Map.of(),
                        List.of()));

        RollbackPlan plan = planned(inputs(BAD, webOnly));

        assertThat(story(plan)).containsExactly("web 1.5.0 → 1.4.2");
        assertThat(plan.warnings()).containsExactly("Deployment worker was not part of the target and stays as it is.");
    }

    private static RollbackPlan planned(PlanInputs inputs) {
        return ((Result.Planned) Planning.plan(request(), application(), inputs)).plan();
    }
}

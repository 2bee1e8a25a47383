package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.ended;
import static dev.mainstay.core.rollback.Deploys.inputs;
import static dev.mainstay.core.rollback.Deploys.release;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.revision;
import static dev.mainstay.core.rollback.Deploys.story;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.core.rollback.Planning.Result;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A target by name, or none that was verified: what the history of releases and ReplicaSets has of it. */
class TargetsInHistoryTest {

    private static final List<DeploymentState> BAD = List.of(deployment("web", "1.5.0"), deployment("worker", "1.5.0"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: {version: 1.4.1}                                      | web 1.5.0 → 1.4.1",
                "to: {image: \"registry.example/web:1.4.1\"}             | web 1.5.0 → 1.4.1",
                "workloads: [web], to: {revision: 40}                      | web 1.5.0 → 1.3.0",
                "workloads: [web], to: {revision: 12}                      | web 1.5.0 → 1.3.0",
                "workloads: [web], to: {revision: 6}                       | web 1.5.0 → 1.4.2",
                "to: {version: 1.3.0}, allowUnverified: true               | web 1.5.0 → 1.3.0",
                "to: {version: 1.4.0}                                      | web 1.5.0 → 1.4.0"
            })
    void givenATargetByName_whenPlanned_thenItIsFound(String fields, String web) {
        Result result = Planning.plan(request(fields), application(), history());

        assertThat(result).isInstanceOf(Result.Planned.class);
        assertThat(story(((Result.Planned) result).plan())).first().isEqualTo(web);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: {revision: 40}                     | REFUSED   | InvalidSpec      | names one of them",
                "workloads: [web], to: {revision: 99}   | NO_TARGET | RevisionNotFound | there are 42 (registry.example/web:1.5.0), 40 (registry.example/web:1.3.0)",
                "to: {version: 9.9.9}                   | NO_TARGET | RevisionNotFound | there are 1.4.2, 1.4.1, 1.4.0",
                "to: {image: \"registry.example/web:9.9.9\"} | NO_TARGET | RevisionNotFound | there are registry.example/web:1.4.2, registry.example/worker:1.4.2, registry.example/web:1.4.1,",
                "to: {version: 1.3.0}                   | NO_TARGET | RevisionNotFound | \"allowUnverified\":true,\"to\":{\"version\":\"1.3.0\"}",
                "to: {version: 1.5.0}                   | NO_TARGET | RevisionNotFound | \"allowUnverified\":true",
                "workloads: [other]                     | REFUSED   | WorkloadNotFound | spec.workloads names other"
            })
    void givenATargetThatIsNotThere_whenPlanned_thenItIsToldWhatIs(
            String fields, RollbackOutcome outcome, String reason, String message) {
        Result.Ended ended = ended(Planning.plan(request(fields), application(), history()));

        assertThat(ended.outcome()).isEqualTo(outcome);
        assertThat(ended.reason().text()).isEqualTo(reason);
        assertThat(ended.message()).contains(message);
    }

    @Test
    void givenNothingVerified_whenPlanned_thenTheMessageHoldsTheCommandThatGoesBackAnyway() {
        PlanInputs inputs = inputs(
                BAD,
                List.of(),
                Map.of(
                        "web",
                        List.of(
                                revision(41, "", template("web", "1.4.2")),
                                revision(42, "", template("web", "1.5.0")))),
                List.of(),
                Map.of());

        Result.Ended ended = ended(Planning.plan(request(), application(), inputs));

        assertThat(ended.outcome()).isEqualTo(RollbackOutcome.NO_TARGET);
        assertThat(ended.reason()).isEqualTo(Reason.NO_RELEASE);
        assertThat(ended.message())
                .contains("To go back to 1.4.2, which was never verified: echo '{")
                .endsWith("}}' | kubectl create --namespace shop --filename -")
                .contains("\"allowUnverified\":true")
                .hasSizeLessThan(1024);
    }

    @Test
    void givenNothingVerified_whenThatIsAllowed_thenTheHistoryBeforeThePresentIsUsedByNumbersAndNotByTexts() {
        PlanInputs inputs = inputs(
                BAD,
                List.of(),
                Map.of(
                        "web",
                        List.of(
                                revision(9, "", template("web", "1.4.1")),
                                revision(10, "", template("web", "1.4.2")),
                                revision(11, "", template("web", "1.5.0"))),
                        "worker",
                        List.of(revision(4, "", template("worker", "1.5.0")))),
                List.of(),
                Map.of());

        Result result = Planning.plan(request("allowUnverified: true"), application(), inputs);

        RollbackPlan plan = ((Result.Planned) result).plan();
        assertThat(story(plan)).containsExactly("web 1.5.0 → 1.4.2");
        assertThat(plan.release()).isNull();
        assertThat(plan.warnings())
                .contains(
                        "The target was never verified.",
                        "Deployment worker was not part of the target and stays as it is.");
    }

    @Test
    void givenAReplicaSetWithoutARevision_whenTheHistoryIsUsed_thenItCountsAsTheOldest() {
        PlanInputs inputs = inputs(
                List.of(deployment("web", "1.5.0")),
                List.of(),
                Map.of(
                        "web",
                        List.of(
                                new RevisionState(0, Set.of(), 0, template("web", "1.0.0")),
                                revision(3, "", template("web", "1.4.2")),
                                revision(4, "", template("web", "1.5.0")))),
                List.of(),
                Map.of());

        Result result = Planning.plan(request("allowUnverified: true"), application("[{name: web}]"), inputs);

        assertThat(story(((Result.Planned) result).plan())).containsExactly("web 1.5.0 → 1.4.2");

        Result named = Planning.plan(
                request("allowUnverified: true", "to: {version: 1.0.0}"), application("[{name: web}]"), inputs);
        assertThat(((Result.Planned) named).plan().workloads().getFirst().toRevision())
                .isNull();
    }

    private static PlanInputs history() {
        StoredRelease left = release(4, "1.4.0", "shop-0");
        return inputs(
                BAD,
                List.of(release(6, "1.4.2", null), release(5, "1.4.1", null), left),
                Map.of(
                        "web",
                        List.of(
                                revision(40, "12,15", template("web", "1.3.0")),
                                revision(42, "", template("web", "1.5.0")))),
                List.of(),
                Map.of());
    }
}

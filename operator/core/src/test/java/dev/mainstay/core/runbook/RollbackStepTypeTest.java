package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.GitOps;
import dev.mainstay.api.rollback.OnFailure;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackTarget;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run asks a rollback for, and what it makes of its outcome. */
class RollbackStepTypeTest {

    private static final String NAME = "tuesday-it-1-ec1d4c93";

    private final RollbackStepType type = new RollbackStepType();
    private final StepTurn turn = StepTurns.of("rollback: {}");

    @Test
    void givenAStepThatSaysNothing_whenItsRequestIsMade_thenItIsOneForTheLastKnownGoodThatEndsWithTheStep() {
        RollbackRequest request = RollbackStepType.request(turn);

        assertThat(request.getMetadata().getName()).isEqualTo(NAME);
        assertThat(request.getMetadata().getAnnotations()).containsEntry(Annotations.MADE_BY_RUN, "tuesday");
        assertThat(request.getSpec().applicationRef().name()).isEqualTo("shop");
        assertThat(request.getSpec().reason()).isEqualTo("Step it of MaintenanceRun tuesday: it is Tuesday");
        assertThat(request.getSpec().requestedBy())
                .as("nobody may write another one's name")
                .isNull();
        assertThat(request.getSpec().notAfter()).isEqualTo(StepTurns.ATTEMPTED.plus(Duration.ofHours(1)));
        assertThat(request.getSpec().to()).isEqualTo(RollbackTarget.LAST_KNOWN_GOOD);
        assertThat(request.getSpec().workloads()).isEmpty();
        assertThat(request.getSpec().onFailure()).isEqualTo(OnFailure.HOLD);
        assertThat(RollbackStepType.request(turn)).isEqualTo(request);
    }

    @Test
    void givenAStepThatSaysAll_whenItsRequestIsMade_thenAllOfItIsThere() {
        RollbackRequest request =
                RollbackStepType.request(StepTurns.of("timeout: 2h, rollback: {workloads: [web], to: {version: 1.4.1},"
                        + " allowUnverified: true, strictConfig: true, timeout: 5m, verify: {stableFor: 30s},"
                        + " onFailure: RestorePrevious, gitOps: PatchAnyway}"));

        assertThat(request.getSpec().workloads()).containsExactly("web");
        assertThat(request.getSpec().to().version()).isEqualTo("1.4.1");
        assertThat(request.getSpec().allowUnverified()).isTrue();
        assertThat(request.getSpec().strictConfig()).isTrue();
        assertThat(request.getSpec().timeout()).isEqualTo("5m");
        assertThat(request.getSpec().verify().stableFor()).isEqualTo("30s");
        assertThat(request.getSpec().onFailure()).isEqualTo(OnFailure.RESTORE_PREVIOUS);
        assertThat(request.getSpec().gitOps()).isEqualTo(GitOps.PATCH_ANYWAY);
        assertThat(request.getSpec().notAfter()).isEqualTo(StepTurns.ATTEMPTED.plus(Duration.ofHours(2)));
    }

    @ParameterizedTest
    @EnumSource(RollbackOutcome.class)
    void givenAnOutcome_whenTheRequestHasEnded_thenTheStepHasTheSame(RollbackOutcome outcome) {
        StepResult result = ended(judge(request("phase: Finished, outcome: " + outcome.text())));

        Set<RollbackOutcome> good = EnumSet.of(RollbackOutcome.SUCCEEDED, RollbackOutcome.NO_OP);
        assertThat(result.outcome().text())
                .isEqualTo(
                        good.contains(outcome)
                                ? "Passed"
                                : outcome == RollbackOutcome.INCONCLUSIVE ? "CouldNotCheck" : "Failed");
        assertThat(result.message())
                .startsWith("RollbackRequest " + NAME + " ended as " + outcome.text() + ". ")
                .contains("It says why.");
        assertThat(result.reason()).isNotEqualTo(Reason.CANCELLED);
        assertThat(result.message().contains("make a RollbackRequest")).isEqualTo(outcome == RollbackOutcome.CANCELLED);
    }

    @ParameterizedTest
    @CsvSource({
        "'phase: Holding, outcome: Succeeded', Passed",
        "'phase: Holding, outcome: Reverted', Conflict",
        "'phase: Finished', StepFailed"
    })
    void givenItHoldsFluxOrSaysNothing_whenItHasEnded_thenTheStepEnds(String status, String wanted) {
        StepResult result = ended(judge(request(status)));

        assertThat(wanted).isIn(result.outcome().text(), result.reason().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"phase: Pending", "phase: Verifying", "phase: Restoring", "phase: Unrecognized"})
    void givenARequestUnderWay_whenItIsLookedAt_thenItIsWaitedForAndItsMessageTold(String status) {
        StepProgress progress = judge(request(status));

        assertThat(progress).isEqualTo(new StepProgress.Wait("RollbackRequest " + NAME + ": It says why."));
    }

    @Test
    void givenNothingWasMade_whenItIsLookedAt_thenItIsMade() {
        assertThat(judge(null)).isEqualTo(new StepProgress.Act());
        assertThat(type.judge(turn, new StepSeen.Nothing())).isInstanceOf(StepProgress.Wait.class);
    }

    @Test
    void givenSomebodyHasDeletedIt_whenTheStepLooksForIt_thenItIsNotMadeAgain() {
        StepTurn told = StepTurns.of("rollback: {}", "RollbackRequest " + NAME + ": It waits.");

        StepResult result = ended(type.judge(told, new StepSeen.OfRollback(null, null)));
        assertThat(result.reason()).isEqualTo(Reason.STEP_FAILED);
        assertThat(result.message())
                .contains("was deleted before it had an outcome", "kubectl get managedapplication shop");
    }

    @Test
    void givenTheApiServerDoesNotTakeIt_whenItWouldBeMade_thenTheStepHasFailed() {
        StepResult result = ended(type.judge(turn, new StepSeen.OfRollback(null, "a policy wants a label.")));

        assertThat(result.reason()).isEqualTo(Reason.REJECTED);
        assertThat(result.message()).contains("RollbackRequest " + NAME + ": a policy wants a label.");
    }

    @Test
    void givenAValueOfANewerVersion_whenItWouldBeMade_thenTheStepHasFailed() {
        StepTurn newer = StepTurns.of("rollback: {onFailure: Unrecognized}");

        assertThat(ended(type.judge(newer, new StepSeen.OfRollback(null, null))).reason())
                .isEqualTo(Reason.INVALID_SPEC);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                      | takes all Deployments of ManagedApplication shop back to the last known good release",
                "{to: {lastKnownGood: {}}}               | back to the last known good release",
                "{workloads: [web], to: {revision: 41}}  | takes Deployment web back to revision 41",
                "{to: {version: 1.4.1}}                  | back to version 1.4.1",
                "{to: {image: 'shop:1'}}                 | back to image shop:1"
            })
    void givenAStep_whenItsPlanIsTold_thenItSaysWhatGoesBackWhere(String step, String message) {
        assertThat(type.plan(StepTurns.of("rollback: " + step))).contains(message);
    }

    private StepProgress judge(RollbackRequest made) {
        return type.judge(turn, new StepSeen.OfRollback(made, null));
    }

    private static StepResult ended(StepProgress progress) {
        assertThat(progress).isInstanceOf(StepProgress.Ended.class);
        return ((StepProgress.Ended) progress).result();
    }

    private static RollbackRequest request(String status) {
        return Serialization.unmarshal("""
                metadata: {name: %s, namespace: shop}
                spec: {applicationRef: {name: shop}, reason: errors}
                status: {%s, conditions: [{type: Ready, status: "False", reason: Conflict, message: It says why.}]}
                """.formatted(NAME, status), RollbackRequest.class);
    }
}

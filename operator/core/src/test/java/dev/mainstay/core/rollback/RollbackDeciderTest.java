package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.condition;
import static dev.mainstay.core.rollback.RollbackSteps.decide;
import static dev.mainstay.core.rollback.RollbackSteps.mark;
import static dev.mainstay.core.rollback.RollbackSteps.message;
import static dev.mainstay.core.rollback.RollbackSteps.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackDecision.Write;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request from its creation to what it decides to do. */
class RollbackDeciderTest {

    @Test
    void givenANewRequest_whenDecidedAgainAndAgain_thenItGoesStepByStepToItsEnd() {
        RollbackRequest request = request("verify: {stableFor: 10s}");

        assertThat(decide(request, NOW)).isInstanceOf(RollbackDecision.Mark.class);
        mark(request);
        assertThat(decide(request, NOW)).isInstanceOf(RollbackDecision.TakeClaim.class);
        report(request, RollbackClaims.answered(request, new ClaimAnswer.Granted(NOW), NOW), NOW);
        assertThat(condition(request, "Reconciling")).isEqualTo(Reason.IN_PROGRESS.text());

        RollbackDecision.Store store = (RollbackDecision.Store)
                decide(new Seen(request).inputs(BAD_WEB, BAD_WORKER).observation(), NOW);
        RollbackPlan plan = store.plan();
        report(request, store, NOW);
        assertThat(request.getStatus().phase()).isEqualTo(RollbackPhase.ROLLING_BACK);
        assertThat(request.getStatus().from()).isEqualTo("1.5.0");
        assertThat(request.getStatus().to()).isEqualTo("1.4.2");
        assertThat(request.getStatus().undoCommand())
                .isEqualTo("kubectl rollout undo deployment/web --namespace shop --to-revision=42"
                        + " && kubectl rollout undo deployment/worker --namespace shop --to-revision=42");

        Write write =
                (Write) decide(new Seen(request).plan(plan, BAD_WEB, BAD_WORKER).observation(), NOW);
        assertThat(write.changes())
                .extracting(change -> change.deployment().name())
                .containsExactly("web", "worker");
        report(request, write, NOW);
        assertThat(request.getStatus().phase()).isEqualTo(RollbackPhase.VERIFYING);

        RollbackObservation good =
                new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER).observation();
        report(request, decide(good, NOW.plusSeconds(2)), NOW.plusSeconds(2));
        assertThat(request.getStatus().outcome()).isNull();
        assertThat(request.getStatus().checks()).hasSize(2);
        report(request, decide(good, NOW.plusSeconds(11)), NOW.plusSeconds(11));
        assertThat(request.getStatus().outcome()).isNull();
        report(request, decide(good, NOW.plusSeconds(12)), NOW.plusSeconds(12));

        assertThat(request.getStatus().outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
        assertThat(request.getStatus().duration()).isEqualTo("12s");
        assertThat(message(request)).isEqualTo("shop 1.5.0 → 1.4.2 (web 42 → 6, worker 42 → 6), verified in 12s.");
        assertThat(request.getStatus().workloads()).allMatch(line -> line.verified());
        assertThat(decide(good, NOW.plusSeconds(99))).isInstanceOf(RollbackDecision.LeaveAlone.class);
    }

    @Test
    void givenADryRun_whenDecided_thenItIsToldAtOnceAndNothingIsClaimed() {
        RollbackRequest request = request("dryRun: true");

        RollbackDecision decision =
                decide(new Seen(request).inputs(BAD_WEB, BAD_WORKER).observation(), NOW);
        report(request, decision, NOW);

        assertThat(decision).isInstanceOf(RollbackDecision.Tell.class);
        assertThat(request.getStatus().outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
        assertThat(request.getStatus().startedAt()).isNull();
        assertThat(request.getStatus().plan()).isNull();
        assertThat(message(request))
                .startsWith("shop 1.5.0 → 1.4.2 would be done")
                .endsWith("Nothing was changed (spec.dryRun).");
        assertThat(request.getStatus().workloads().getFirst().diff())
                .first()
                .isEqualTo("spec.containers[web].image: registry.example/web:1.5.0 → registry.example/web:1.4.2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "annotation " + Annotations.EXECUTED_BY + "=another   |           | 0    | Replayed",
                "label velero.io/restore-name=nightly                 |           | 0    | Replayed",
                "annotation argocd.argoproj.io/tracking-id=a          |           | 0    | NotAfterMissing",
                "label kustomize.toolkit.fluxcd.io/name=a             |           | 0    | NotAfterMissing",
                "annotation meta.helm.sh/release-name=a               |           | 0    | NotAfterMissing",
                "label a=b                                            |           | 3631 | TooLate",
                "label a=b                                            | 03:00:10Z | 11   | TooLate",
                "annotation argocd.argoproj.io/tracking-id=a          | 03:00:10Z | 9    | ",
                "label a=b                                            |           | 3500 | "
            })
    void givenARequestThatMayBeAReplay_whenDecided_thenItIsRefused(
            String mark, String notAfter, long seconds, String reason) {
        RollbackRequest request = notAfter == null ? request() : request("notAfter: \"2026-03-29T" + notAfter + "\"");
        String[] pair = mark.substring(mark.indexOf(' ') + 1).split("=");
        if (mark.startsWith("label")) {
            request.getMetadata().setLabels(new HashMap<>(Map.of(pair[0], pair[1])));
        } else {
            request.getMetadata().setAnnotations(new HashMap<>(Map.of(pair[0], pair[1])));
        }

        RollbackDecision decision = decide(request, NOW.plusSeconds(seconds));

        if (reason == null) {
            assertThat(decision).isInstanceOf(RollbackDecision.Mark.class);
        } else {
            assertThat(((End) decision).outcome()).isEqualTo(RollbackOutcome.REFUSED);
            assertThat(((End) decision).reason().text()).isEqualTo(reason);
        }
    }

    @Test
    void givenARequestOfTheSameNameAndSpec_whenItWasCarriedOutBefore_thenItIsADuplicate() {
        RollbackRequest earlier = request();
        earlier.getMetadata().setUid("uid-of-another");
        RollbackRequest other = request("timeout: 20m");
        other.getMetadata().setUid("uid-of-another");

        assertThat(((End) decide(new Seen(request()).executed(earlier).observation(), NOW)).outcome())
                .isEqualTo(RollbackOutcome.DUPLICATE);
        assertThat(decide(new Seen(request()).executed(other).observation(), NOW))
                .as("another spec")
                .isInstanceOf(RollbackDecision.Mark.class);
        assertThat(decide(new Seen(request()).executed(request()).observation(), NOW))
                .as("its own line")
                .isInstanceOf(RollbackDecision.Mark.class);
    }

    @Test
    void givenARequestThatWaitsForItsTurn_whenItsTimeIsOver_thenItGoesOnWaitingAndSaysForWhom() {
        RollbackRequest request = request();
        mark(request);
        report(
                request,
                RollbackClaims.answered(
                        request, new ClaimAnswer.Wait(new Holder("RestoreRequest", "orders-back", "u"), NOW), NOW),
                NOW);

        assertThat(condition(request, "Reconciling")).isEqualTo("Claimed");
        assertThat(request.getStatus().claim().waitingFor().name()).isEqualTo("orders-back");
        assertThat(decide(request, NOW.plusSeconds(9999))).isInstanceOf(RollbackDecision.TakeClaim.class);
    }

    @Test
    void givenAnApplicationThatIsMissingOrPaused_whenDecided_thenItWaitsAndSaysWhatToDo() {
        RollbackDecision.Wait missing = (RollbackDecision.Wait)
                decide(new Seen(request()).application(null).observation(), NOW);
        assertThat(missing.reason()).isEqualTo(Reason.APPLICATION_NOT_FOUND);
        assertThat(missing.stuck()).isTrue();

        var paused = application();
        paused.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "audit"));
        RollbackDecision.Wait waits = (RollbackDecision.Wait)
                decide(new Seen(request()).application(paused).observation(), NOW);
        assertThat(waits.reason()).isEqualTo(Reason.PAUSED);
    }

    @Test
    void givenThreeRollbacksWithinAnHour_whenAFourthIsAskedFor_thenItIsBlocked() {
        List<RollbackRequest> others =
                List.of(done(NOW.minusSeconds(10)), done(NOW.minusSeconds(900)), done(NOW.minusSeconds(3500)));

        End end = (End) decide(new Seen(request()).others(others).observation(), NOW);
        assertThat(end.outcome()).isEqualTo(RollbackOutcome.BLOCKED);
        assertThat(end.reason()).isEqualTo(Reason.TOO_MANY_ROLLBACKS);
        assertThat(decide(new Seen(request()).others(others).observation(), NOW.plusSeconds(200)))
                .isInstanceOf(RollbackDecision.Mark.class);
    }

    @Test
    void givenTwoRequestsAtOnce_whenTheFirstHasDoneIt_thenTheSecondDoesNotGoBackFurther() {
        RollbackRequest request = request();
        mark(request);
        report(request, RollbackClaims.answered(request, new ClaimAnswer.Granted(NOW), NOW), NOW);

        End end = (End) decide(
                new Seen(request)
                        .others(List.of(done(NOW)))
                        .inputs(GOOD_WEB, GOOD_WORKER)
                        .observation(),
                NOW.plusSeconds(1));
        assertThat(end.outcome()).isEqualTo(RollbackOutcome.NO_OP);
        assertThat(end.message()).startsWith("RollbackRequest shop-1 went back from 1.5.0 to 1.4.2");

        assertThat(decide(
                        new Seen(request)
                                .others(List.of(done(NOW.minusSeconds(60))))
                                .inputs(BAD_WEB, BAD_WORKER)
                                .observation(),
                        NOW.plusSeconds(1)))
                .as("one that was over before this one was made")
                .isInstanceOf(RollbackDecision.Store.class);
    }

    @Test
    void givenOtherRequests_whenTheyAreAsked_thenOnlyWhatAnEndedOneWentAwayFromIsLeft() {
        RollbackRequest waits = request();
        RollbackRequest under = request();
        RollbackSteps.written(under);
        RollbackRequest ended = request();
        RollbackPlan plan = RollbackSteps.written(ended);
        report(ended, new End(RollbackOutcome.SUCCEEDED, Reason.SUCCEEDED, "Done.", plan, null), NOW);

        assertThat(OtherRollbacks.left(List.of(waits, under))).isEmpty();
        assertThat(OtherRollbacks.left(List.of(waits, under, ended)))
                .containsExactlyInAnyOrder(
                        BAD_WEB.template().hash(), BAD_WORKER.template().hash());
    }

    @Test
    void givenAnApplicationOfAnotherRelease_whenDecided_thenItIsLeftAlone() {
        assertThat(decide(new Seen(request()).otherRelease("other/mainstay").observation(), NOW))
                .isInstanceOf(RollbackDecision.LeaveAlone.class);
    }

    private static RollbackRequest done(Instant startedAt) {
        RollbackRequest fresh = request();
        mark(fresh);
        report(fresh, RollbackClaims.answered(fresh, new ClaimAnswer.Granted(startedAt), startedAt), startedAt);
        report(fresh, decide(new Seen(fresh).inputs(BAD_WEB, BAD_WORKER).observation(), startedAt), startedAt);
        report(fresh, new End(RollbackOutcome.SUCCEEDED, Reason.SUCCEEDED, "Done."), startedAt);
        return fresh;
    }
}

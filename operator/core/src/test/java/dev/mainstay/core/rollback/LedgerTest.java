package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.release;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.ReleaseCandidate;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.rollback.LedgerObservation.Working;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {

    private static final List<DeploymentState> RUNNING =
            List.of(deployment("web", "1.5.0"), deployment("worker", "1.5.0"));
    private static final String PRESENT = Ledger.presentHash(RUNNING);

    @Test
    void givenANewState_whenItWorks_thenItIsACandidateSinceNowAndLookedAtWhenItsTimeIsOver() {
        Ledger.Decision decision = decide(application(), RUNNING, List.of(), Working.YES, false);

        assertThat(decision.candidate()).isEqualTo(new ReleaseCandidate(PRESENT, NOW));
        assertThat(decision.record()).isFalse();
        assertThat(decision.lookAgain()).isEqualTo(Duration.ofMinutes(5));
        assertThat(decision.ready().reason()).isEqualTo(Reason.NO_RELEASE);
        assertThat(decision.ready().message()).contains("2026-03-29T03:05:00Z");
    }

    @ParameterizedTest
    @CsvSource({"299, false", "300, true", "9000, true"})
    void givenACandidate_whenItHasWorkedForLongEnough_thenItIsRecorded(long seconds, boolean recorded) {
        Ledger.Decision decision = decide(since(PRESENT, seconds), RUNNING, List.of(), Working.YES, false);

        assertThat(decision.record()).isEqualTo(recorded);
        assertThat(decision.candidate().since()).isEqualTo(NOW.minusSeconds(seconds));
    }

    @Test
    void givenAnotherStateThanTheCandidate_whenDecided_thenItsTimeBeginsNow() {
        assertThat(decide(since("other", 9000), RUNNING, List.of(), Working.YES, false)
                        .candidate())
                .isEqualTo(new ReleaseCandidate(PRESENT, NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web missing     | Deployment web does not exist",
                "rolling out     | the rollout of Deployment worker is not complete",
                "not observed    | the rollout of Deployment worker is not complete",
                "all at zero     | its Deployments are scaled to zero",
                "unhealthy       | its health check does not pass",
                "rollback        | a rollback is under way",
                "alert           | AlertRule errors, severity critical, fires"
            })
    void givenWhatSpeaksAgainstIt_whenDecided_thenThereIsNoCandidateAndTheConditionSaysWhy(String what, String why) {
        List<DeploymentState> deployments =
                switch (what) {
                    case "web missing" -> List.of(deployment("worker", "1.5.0"));
                    case "rolling out" -> List.of(RUNNING.getFirst(), worker("{}", "{'updatedReplicas': 1}"));
                    case "not observed" -> List.of(RUNNING.getFirst(), worker("{}", "{'observedGeneration': 2}"));
                    case "all at zero" -> List.of(zero("web"), zero("worker"));
                    default -> RUNNING;
                };
        Working working = what.equals("unhealthy") ? Working.NOT_KNOWN : Working.YES;

        Ledger.Decision decision = Ledger.decide(
                new LedgerObservation(
                        since(PRESENT, 9000),
                        deployments,
                        List.of(),
                        working,
                        what.equals("rollback"),
                        what.equals("alert") ? List.of("errors", "slow") : List.of()),
                NOW);

        assertThat(decision.candidate()).isNull();
        assertThat(decision.record()).isFalse();
        assertThat(decision.ready().message()).contains(why);
    }

    @Test
    void givenAWorkerAtZero_whenTheRestWorks_thenItIsTakenAlong() {
        List<DeploymentState> deployments = List.of(RUNNING.getFirst(), zero("worker"));

        assertThat(decide(since(PRESENT, 300), deployments, List.of(), Working.YES, false)
                        .record())
                .isTrue();
    }

    @Test
    void givenTheNewestReleaseRunsAlready_whenDecided_thenItIsNotRecordedAgain() {
        Ledger.Decision decision = decide(
                since(PRESENT, 9000),
                RUNNING,
                List.of(
                        release(7, "1.5.0", null).recorded(),
                        release(6, "1.4.2", null).recorded()),
                Working.YES,
                false);

        assertThat(decision.record()).isFalse();
        assertThat(decision.lookAgain()).isNull();
        assertThat(decision.ready().status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(decision.ready().message()).startsWith("shop can go back to 1.4.2");
    }

    /** Back on 1.4.2, which becomes the newest; and 1.5.0 deployed once more, which works this time. */
    @ParameterizedTest
    @CsvSource({"1.4.2, 1.5.0, bad, true", "1.5.0, 1.5.0, bad, true", "1.5.0, 1.5.0, , false"})
    void givenALedger_whenAStateWorksAgain_thenItBecomesTheNewest(
            String runs, String newest, String markedBad, boolean recorded) {
        List<DeploymentState> deployments = List.of(deployment("web", runs), deployment("worker", runs));

        assertThat(decide(
                                since(Ledger.presentHash(deployments), 400),
                                deployments,
                                List.of(
                                        release(7, newest, markedBad).recorded(),
                                        release(6, "1.4.2", null).recorded()),
                                Working.YES,
                                false)
                        .record())
                .isEqualTo(recorded);
    }

    @Test
    void givenOnlyThePresentRelease_whenAsked_thenThereIsNothingToGoBackTo() {
        Ledger.Decision decision = decide(
                since(PRESENT, 9000),
                RUNNING,
                List.of(
                        release(7, "1.5.0", null).recorded(),
                        release(6, "1.4.2", "shop-1").recorded()),
                Working.YES,
                false);

        assertThat(decision.ready().reason()).isEqualTo(Reason.NO_EARLIER_RELEASE);
    }

    @Test
    void givenNoDeployments_whenDecided_thenNothingFollows() {
        assertThat(decide(application("[{kind: StatefulSet, name: db}]"), List.of(), List.of(), Working.YES, false))
                .isEqualTo(Ledger.Decision.NONE);
    }

    private static DeploymentState worker(String spec, String status) {
        return deployment("worker", template("worker", "1.5.0"), "{}", spec, status);
    }

    private static DeploymentState zero(String name) {
        return deployment(
                name,
                template(name, "1.5.0"),
                "{}",
                "{'replicas': 0}",
                "{'replicas': 0, 'updatedReplicas': 0, 'availableReplicas': 0}");
    }

    private static ManagedApplication since(String hash, long seconds) {
        ManagedApplication application = application();
        application.setStatus(new ManagedApplicationStatus(
                1L,
                List.of(),
                null,
                List.of(),
                List.of(),
                new ReleaseCandidate(hash, NOW.minusSeconds(seconds)),
                List.of(),
                null));
        return application;
    }

    /** Of the older one of 1.5.0 nobody knows that it was left, and it would be gone back to. */
    @Test
    void givenAStateTwiceAndMoreThanAreKept_whenItIsAskedWhichStand_thenTheNewestOfEachDoAndTen() {
        List<RecordedRelease> recorded = new ArrayList<>(List.of(
                release(30, "1.5.0", "shop-1").recorded(),
                release(29, "1.5.0", null).recorded(),
                release(28, "1.4.2", null).recorded()));
        for (int number = 20; number > 10; number--) {
            recorded.add(release(number, "1.3." + number, null).recorded());
        }

        assertThat(Ledger.standing(recorded))
                .extracting(RecordedRelease::number)
                .containsExactly(30L, 28L, 20L, 19L, 18L, 17L, 16L, 15L, 14L, 13L);
    }

    private static Ledger.Decision decide(
            ManagedApplication application,
            List<DeploymentState> deployments,
            List<RecordedRelease> recorded,
            Working working,
            boolean rollingBack) {
        return Ledger.decide(
                new LedgerObservation(application, deployments, recorded, working, rollingBack, List.of()), NOW);
    }
}

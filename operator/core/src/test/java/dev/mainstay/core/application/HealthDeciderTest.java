package dev.mainstay.core.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.application.ManagedApplicationStatus;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ApplicationObservation.WorkloadObservation;
import dev.mainstay.core.application.ProbeAnswer.Answered;
import dev.mainstay.core.application.ProbeAnswer.Silent;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.LedgerObservation.Working;
import dev.mainstay.core.status.Conditions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthDeciderTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    private static final Workload WEB = new Workload(WorkloadKind.DEPLOYMENT, "web");
    private static final String SELF = "ManagedApplication shop, spec.health: ";

    private final ManagedApplication application = application();
    private int writes;

    /** A pass is what each ready Pod answered, - for silence, and none for no ready Pod; it takes three that fail. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | UNKNOWN HealthPending | ''
            200,200                             | TRUE Healthy          | TRUE Answered
            503                                 | UNKNOWN HealthPending | TRUE Answered
            503 503                             | UNKNOWN HealthPending | TRUE Answered
            503 503 503                         | FALSE Unhealthy       | TRUE Answered
            503 503 200 503 503                 | TRUE Healthy          | TRUE Answered
            200 503 503                         | TRUE Healthy          | TRUE Answered
            200 503 503 503                     | FALSE Unhealthy       | TRUE Answered
            503 503 503 200                     | TRUE Healthy          | TRUE Answered
            200 200,503 200,503 200,503         | FALSE Unhealthy       | TRUE Answered
            200 200,- 200,- 200,- 200,-         | TRUE Healthy          | TRUE Answered
            200 503,- 503,- 503,-               | FALSE Unhealthy       | TRUE Answered
            none none                           | UNKNOWN HealthPending | ''
            none none none                      | FALSE NoReadyPods     | ''
            200 none none none                  | FALSE NoReadyPods     | TRUE Answered
            200 503 none 503                    | FALSE Unhealthy       | TRUE Answered
            200 - -                             | TRUE Healthy          | TRUE Answered
            200 -,- -,- -,-                     | UNKNOWN Unreachable   | FALSE Unreachable
            - - -                               | UNKNOWN Unreachable   | FALSE Unreachable
            200 - - 200 - -                     | TRUE Healthy          | TRUE Answered
            200 503 - 503 - 503                 | FALSE Unhealthy       | TRUE Answered
            503 503 503 - -                     | FALSE Unhealthy       | TRUE Answered
            503 503 503 - - -                   | UNKNOWN Unreachable   | FALSE Unreachable
            503 503 503 - - - 503               | UNKNOWN HealthPending | TRUE Answered
            503 503 503 - - - 503 503 503       | FALSE Unhealthy       | TRUE Answered
            - - - none                          | UNKNOWN Unreachable   | FALSE Unreachable
            - - - 200                           | TRUE Healthy          | TRUE Answered
            302 302 302                         | FALSE Unhealthy       | TRUE Answered
            """)
    void givenPassesInARow_whenEachIsDecided_thenAFewBadOnesAreNoVerdict(
            String passes, String healthy, String reachable) {
        play(passes);

        assertThat(condition("Healthy")).isEqualTo(healthy);
        assertThat(condition("Reachable")).isEqualTo(reachable);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200             | 503 503     | TRUE Healthy          | TRUE Answered
            200             | 503 503 503 | FALSE Unhealthy       | TRUE Answered
            503 503 503     | - -         | FALSE Unhealthy       | TRUE Answered
            503 503 503     | none        | FALSE Unhealthy       | TRUE Answered
            503 503 503     | 200         | TRUE Healthy          | TRUE Answered
            - - -           | - -         | UNKNOWN Unreachable   | FALSE Unreachable
            - - -           | 503         | UNKNOWN HealthPending | TRUE Answered
            503             | 503 503     | UNKNOWN HealthPending | TRUE Answered
            """)
    void givenAConditionThatStands_whenTheOperatorIsStartedAgain_thenItIsKeptUntilPassesSpeakAgainstIt(
            String before, String after, String healthy, String reachable) {
        play(before);
        List<Condition> stood = application.getStatus().conditions();

        play("");
        assertThat(application.getStatus().conditions()).isEqualTo(stood);

        play(after);
        assertThat(condition("Healthy")).isEqualTo(healthy);
        assertThat(condition("Reachable")).isEqualTo(reachable);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                | not enough passes over the Pods of Deployment web yet. Wait: one that is good is enough, and 3 that fail.
            200,200           | every ready Pod of Deployment web answers GET /api/health on port http with 200.
            200,-,-           | all ready Pods of Deployment web that answer GET /api/health on port http do so with 200. 2 of 3 did not answer: no answer within 5s.
            503,500,200       | 2 of 3 ready Pods of Deployment web answered GET /api/health on port http with 500 or 503 instead of 200. Read their logs, or correct path, port or expectStatus in spec.health.
            503,-             | 1 of 2 ready Pods of Deployment web answered GET /api/health on port http with 503 instead of 200. Read their logs, or correct path, port or expectStatus in spec.health. 1 of 2 did not answer: no answer within 5s.
            none              | Deployment web has no ready Pod, though its spec asks for some. Look at its Pods with kubectl get pods --namespace webshop, and at their events.
            -                 | no ready Pod of Deployment web answers GET /api/health on port http, so its health is not known: no answer within 5s.
            """)
    void givenAVerdict_whenItIsTold_thenTheMessageSaysWhatWasFoundAndWhatToDo(String pass, String message) {
        play("%1$s %1$s %1$s".formatted(pass).trim());

        assertThat(message("Healthy")).isEqualTo(SELF + message);
    }

    @Test
    void givenFiguresThatChangeFromPassToPass_whenTheVerdictStays_thenTheStatusIsNotWritten() {
        play("200,200 200,- 200,200,- 200,- 200,200 200,-,- 200");

        assertThat(writes).isEqualTo(1);
    }

    @Test
    void givenPodsThatCrashAndComeBack_whenTheVerdictStays_thenTheStatusIsNotWrittenAtEachPass() {
        play("503 503 503");
        writes = 0;

        play("none 503 503 none 503,503 none none 503");

        assertThat(writes).isZero();
        assertThat(condition("Healthy")).isEqualTo("FALSE Unhealthy");
    }

    @Test
    void givenOtherFiguresThatStay_whenTheVerdictStays_thenTheyAreToldOnce() {
        play("200,200 200,- 200,- 200,- 200,- 200,-");

        assertThat(writes).isEqualTo(2);
        assertThat(message("Healthy")).contains("1 of 2 did not answer");
    }

    @Test
    void givenAWorkloadThatIsScaledToZeroAndUp_whenItIsDecided_thenWhatWasSaidOfOtherPodsIsForgotten() {
        play("200");

        decide(HealthStreak.NONE, 0);
        assertThat(condition("Healthy")).isEqualTo("UNKNOWN ScaledToZero");
        assertThat(condition("Reachable")).isEmpty();

        decide(HealthStreak.NONE, 2);
        assertThat(condition("Healthy")).isEqualTo("UNKNOWN HealthPending");
    }

    @Test
    void givenAWorkloadThatIsMissing_whenItIsDecided_thenNothingIsKnown() {
        play("200");

        decide(HealthStreak.NONE, null);

        assertThat(condition("Healthy")).isEqualTo("UNKNOWN WorkloadNotFound");
        assertThat(message("Healthy"))
                .isEqualTo(SELF + "Deployment web does not exist, so there is nothing to ask. Create it, or correct"
                        + " spec.health.workload.");
    }

    @Test
    void givenAPause_whenPassesWouldSpeakAgainstWhatStands_thenItStays() {
        play("200");
        application.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "migration"));

        play("503 503 503 503");
        decide(HealthStreak.NONE, 0);

        assertThat(condition("Healthy")).isEqualTo("TRUE Healthy");
        assertThat(condition("Reachable")).isEqualTo("TRUE Answered");
    }

    @Test
    void givenNoSpecOfHealth_whenItIsTakenAway_thenBothConditionsGo() {
        play("200");
        application.setSpec(new ManagedApplicationSpec(
                List.of(WEB),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));

        decide(HealthStreak.NONE, 1);

        assertThat(condition("Healthy")).isEmpty();
        assertThat(condition("Reachable")).isEmpty();
    }

    @Test
    void givenAnotherGeneration_whenOnlyThatIsNew_thenNobodyIsWokenForIt() {
        play("200");
        application.getMetadata().setGeneration(8L);

        assertThat(HealthDecider.changes(application, seen(1), HealthStreak.NONE))
                .isFalse();
    }

    /** Each pass as the sampler makes it: decided on only when it changes something. */
    private void play(String passes) {
        HealthStreak streak = HealthStreak.NONE;
        if (passes.isBlank()) {
            decide(streak, 1);
            return;
        }
        for (String pass : passes.split(" ")) {
            streak = streak.next(sample(pass), application.getSpec().health());
            if (HealthDecider.changes(application, seen(1), streak)) {
                writes++;
                decide(streak, 1);
            }
        }
    }

    /** The first good pass is known before any status tells of it: nothing would look again for what it says. */
    @Test
    void givenTheFirstGoodPass_whenItIsAskedWhetherTheApplicationWorks_thenItDoes() {
        HealthCheck check = application.getSpec().health();
        HealthSample good = new HealthSample(List.of(new ProbeAnswer.Answered(check.expectStatus())));
        HealthSample bad = new HealthSample(List.of(new ProbeAnswer.Answered(503)));
        HealthStreak first = HealthStreak.NONE.next(good, check);

        assertThat(HealthDecider.working(application, seen(2), HealthStreak.NONE))
                .isEqualTo(Working.NOT_KNOWN);
        assertThat(HealthDecider.working(application, seen(2), first)).isEqualTo(Working.YES);
        assertThat(HealthDecider.working(application, seen(2), first.next(bad, check)))
                .isEqualTo(Working.NOT_KNOWN);
    }

    private void decide(HealthStreak streak, Integer replicas) {
        Map<Workload, WorkloadObservation> found = new HashMap<>();
        if (replicas != null) {
            found.put(WEB, seen(replicas));
        }
        application.setStatus(ApplicationDecider.decide(
                new ApplicationObservation(
                        application,
                        found,
                        Claims.NONE,
                        streak,
                        List.of(),
                        Ledger.Decision.NONE,
                        List.of(),
                        List.of(),
                        RestoreReady.NONE,
                        null),
                NOW));
    }

    private static WorkloadObservation seen(int replicas) {
        return new WorkloadObservation(null, null, null, replicas);
    }

    private static HealthSample sample(String pass) {
        return new HealthSample(
                pass.equals("none")
                        ? List.of()
                        : Arrays.stream(pass.split(","))
                                .<ProbeAnswer>map(pod -> pod.equals("-")
                                        ? new Silent("no answer within 5s")
                                        : new Answered(Integer.parseInt(pod)))
                                .toList());
    }

    private String condition(String type) {
        return Conditions.find(status().conditions(), type)
                .map(condition -> condition.status() + " " + condition.reason())
                .orElse("");
    }

    private String message(String type) {
        return Conditions.find(status().conditions(), type)
                .map(Condition::message)
                .orElseThrow();
    }

    private ManagedApplicationStatus status() {
        return application.getStatus();
    }

    private static ManagedApplication application() {
        ManagedApplication application = new ManagedApplication();
        application.setMetadata(new ObjectMetaBuilder()
                .withName("shop")
                .withNamespace("webshop")
                .withGeneration(7L)
                .build());
        application.setSpec(new ManagedApplicationSpec(
                List.of(WEB),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new HealthCheck("web", "/api/health", "http", null, null, null, null),
                null,
                null,
                null,
                null,
                null,
                null,
                null));
        return application;
    }
}

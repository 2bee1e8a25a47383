package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.runbook.HttpSeen.PodReply;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of Pods that are asked. */
class HttpCheckStepTypeTest {

    private static final String APPLICATION = """
            metadata: {name: shop, namespace: shop}
            spec:
              workloads: [{name: web}]
              health: {workload: web, path: /healthz, port: http}
              services: [{name: shop-web}]""";

    private final HttpCheckStepType type = new HttpCheckStepType();

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 'ready Pod of web answered GET /healthz on port http with 503 instead of 200: web-0 (503). Read their logs: kubectl logs --namespace shop web-0'",
        "2, 0, 0, 'All 2 ready Pods of web answered GET /healthz on port http with 503 instead of 200: web-0 (503), web-1 (503). Read'",
        "3, 2, 0, '3 of 5 ready Pods of web answered GET /healthz on port http with 503 instead of 200: web-0 (503), web-1 (503), web-2 (503). Read'",
        "5, 2, 0, '5 of 7 ready Pods of web answered GET /healthz on port http with 503 instead of 200: web-0 (503), web-1 (503), web-2 (503) and 2 more. Read'",
        "1, 1, 1, '1 of 3 ready Pods of web answered GET /healthz on port http with 503 instead of 200: web-0 (503). And 1 of 3 ready Pods of web did not answer'"
    })
    void givenPodsThatAnswerWrongly_whenTheyWereAsked_thenTheyAreCountedAndThreeAreNamed(
            int wrong, int right, int silent, String told) {
        List<PodReply> pods = Stream.of(
                        IntStream.range(0, wrong).<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Answered(503, "web-" + i)),
                        IntStream.range(wrong, wrong + right)
                                .<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Answered(200, "web-" + i)),
                        IntStream.range(0, silent)
                                .<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Silent("no answer within 5s")))
                .flatMap(one -> one)
                .map(RunWorld::reply)
                .toList();

        StepResult result = ended(turn("{}"), new HttpSeen.Asked(pods));

        assertThat(result.bad()).isTrue();
        assertThat(result.message()).contains(told);
        assertThat(result.reason()).isEqualTo(Reason.UNHEALTHY);
    }

    @Test
    void givenAnswersOfAService_whenTheyAreGood_thenTheNumbersAreThoseOfTheSlowest() {
        StepTurn turn = turn("{service: {name: shop-web, port: http}, expectStatuses: [200, 204]}");

        StepResult result = ended(
                turn,
                new HttpSeen.Asked(List.of(
                        new PodReply("web-0", new Answered(200, 12)), new PodReply("web-1", new Answered(204, 340)))));

        assertThat(result.outcome().text()).isEqualTo("Passed");
        assertThat(result.message())
                .isEqualTo("2 ready Pods of Service shop-web answered GET / on port http with 200 and 204.");
        assertThat(result.measured())
                .isEqualTo(Map.of("pods", 2L, "answered", 2L, "status", 200L, "latencyMilliseconds", 340L));
    }

    @Test
    void givenAnswersThatDifferInMoreThanTheStatus_whenTheyAreJudged_thenEachIsTold() {
        StepTurn turn = turn("{service: {name: shop-web}, expectBody: ready, maxLatencyMilliseconds: 500}");

        StepResult result = ended(
                turn,
                new HttpSeen.Asked(List.of(
                        new PodReply("web-0", new Answered(200, 12, BodyFound.FOUND, null)),
                        new PodReply("web-1", new Answered(200, 2300, BodyFound.FOUND, null)),
                        new PodReply("web-2", new Answered(200, 9, BodyFound.MISSING, null)),
                        new PodReply("web-3", new Answered(503, 9, BodyFound.MISSING, null)),
                        new PodReply("web-4", new HttpReply.Late(10_000)))));

        assertThat(result.outcome().text()).isEqualTo("Failed");
        assertThat(result.reason()).isEqualTo(Reason.ANSWER_WRONG);
        assertThat(result.message())
                .isEqualTo("4 of 5 ready Pods of Service shop-web answered GET / otherwise than wanted:"
                        + " web-1 (200 after 2300 ms, longer than 500 ms (maxLatencyMilliseconds)),"
                        + " web-2 (200 without \"ready\" in its body (expectBody)), web-3 (503 instead of 200) and 1 more."
                        + " Read their logs: kubectl logs --namespace shop web-1");
        assertThat(result.measured())
                .isEqualTo(Map.of("pods", 5L, "answered", 4L, "status", 200L, "latencyMilliseconds", 2300L));
    }

    @Test
    void givenPodsThatAreLate_whenNoLatencyIsWanted_thenItCouldNotBeChecked() {
        StepResult result = ended(
                turn("{service: {name: shop-web}, requestTimeout: 3s}"),
                new HttpSeen.Asked(List.of(new PodReply("web-0", new HttpReply.Late(3000)))));

        assertThat(result.outcome().text()).isEqualTo("CouldNotCheck");
        assertThat(result.message())
                .isEqualTo("1 of 1 ready Pod of Service shop-web did not answer GET /: no answer within 3s. Let"
                        + " NetworkPolicies and the mesh let the operator's Pods in, or give it more time with"
                        + " httpCheck.requestTimeout of the step.");
    }

    @Test
    void givenNoReadyPod_whenTheServiceWasAsked_thenItHasFailed() {
        StepResult result = ended(turn("{service: {name: shop-web}}"), new HttpSeen.Asked(List.of()));

        assertThat(result.outcome().text()).isEqualTo("Failed");
        assertThat(result.message())
                .isEqualTo("No Pod of Service shop-web is ready. Look at its Pods and their events.");
        assertThat(result.measured()).isEqualTo(Map.of("pods", 0L));
    }

    @Test
    void givenAServiceOfNobody_whenItIsJudged_thenNobodyIsAskedAndTheFieldsAreNamed() {
        StepTurn turn = turn("{service: {name: other}}");

        StepResult result = ended(turn, null);

        assertThat(result.outcome().text()).isEqualTo("CouldNotCheck");
        assertThat(result.reason()).isEqualTo(Reason.SERVICE_NOT_FOUND);
        assertThat(result.message())
                .isEqualTo(
                        "httpCheck.service.name of the step is other, and spec.services of ManagedApplication shop has"
                                + " shop-web. Add it there, or correct the Runbook, and make another run.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                        | 5s  | Asks each ready Pod of web for GET /healthz on port http and wants 200.
            {path: /ready, expectStatus: 204, maxLatencyMilliseconds: 900} | 5s | Asks each ready Pod of web for GET /ready on port http and wants 204, within 900 ms.
            {maxLatencyMilliseconds: 7000}                            | 7s  | Asks each ready Pod of web for GET /healthz on port http and wants 200, within 7000 ms.
            {service: {name: shop-web}, expectBody: ok}               | 10s | Asks each ready Pod of Service shop-web for GET / and wants 200 with "ok" in its body.
            {service: {name: shop-web, port: "80"}, requestTimeout: 2s} | 2s | Asks each ready Pod of Service shop-web for GET / on port 80 and wants 200.
            """)
    void givenAStep_whenItWasNotAskedYet_thenThePlanSaysWhatIsAskedAndForHowLong(
            String step, String timeout, String plan) {
        StepTurn turn = turn(step);

        assertThat(type.judge(turn, new StepSeen.Nothing())).isInstanceOf(StepProgress.Wait.class);
        assertThat(type.plan(turn)).isEqualTo(plan);
        assertThat(HttpQuestion.of(turn.application(), turn.step().httpCheck()))
                .hasValueSatisfying(question -> assertThat(question.timeout()).isEqualTo(Durations.parse(timeout)));
    }

    private StepResult ended(StepTurn turn, HttpSeen seen) {
        return ((StepProgress.Ended)
                        type.judge(turn, seen == null ? new StepSeen.Nothing() : new StepSeen.OfHttp(seen)))
                .result();
    }

    private static StepTurn turn(String step) {
        StepTurn turn = StepTurns.of("httpCheck: " + step);
        return new StepTurn(
                turn.run(),
                Serialization.unmarshal(APPLICATION, ManagedApplication.class),
                turn.step(),
                turn.attempt());
    }
}

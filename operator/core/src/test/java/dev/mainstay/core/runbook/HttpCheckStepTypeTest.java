package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.restore.HealthSeen;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of Pods that answer with another status. */
class HttpCheckStepTypeTest {

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
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}}]", "");
        List<ProbeAnswer> answers = Stream.of(
                        IntStream.range(0, wrong).<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Answered(503, "web-" + i)),
                        IntStream.range(wrong, wrong + right)
                                .<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Answered(200, "web-" + i)),
                        IntStream.range(0, silent)
                                .<ProbeAnswer>mapToObj(i -> new ProbeAnswer.Silent("no answer within 5s")))
                .flatMap(one -> one)
                .toList();
        StepTurn turn = new StepTurn(
                world.run, world.application, world.runbook.getSpec().steps().getFirst(), 1);

        StepProgress progress =
                new HttpCheckStepType().judge(turn, new StepSeen.OfHealth(HealthSeen.asked(new HealthSample(answers))));

        assertThat(progress.bad().orElseThrow().message()).contains(told);
    }
}

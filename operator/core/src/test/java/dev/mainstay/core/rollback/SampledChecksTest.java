package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.api.metrics.Comparison;
import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.NoDataPolicy;
import dev.mainstay.api.metrics.Threshold;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.HealthStreak;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.application.ProbedHealth;
import dev.mainstay.core.metrics.MetricSample;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers of Pods and of metrics mean for a verification. */
class SampledChecksTest {

    private static final HealthCheck HEALTH = new HealthCheck("web", "/api/health", "http", 200, null, null, 3);

    /** A pass is a word: the answers of its Pods. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                        | NO_DATA | the target's Pods are waited for",
                "200+200                 | PASS    | the Pods answer GET /api/health on port http with 200",
                "200+503                 | NO_DATA | Pods answer GET /api/health on port http with 503 instead of 200",
                "503 503                 | NO_DATA | Pods answer GET /api/health on port http with 503 instead of 200",
                "503 503 503             | FAIL    | Pods answer GET /api/health on port http with 503 instead of 200",
                "503 503 200 503         | NO_DATA | Pods answer GET /api/health on port http with 503 instead of 200",
                "silent silent silent    | NO_DATA | no Pod answers GET /api/health on port http: refused",
                "none none none          | FAIL    | no Pod is ready"
            })
    void givenPassesOverThePods_whenTheyAreJudged_thenOnlyAnswersSpeakAgainstTheTarget(
            String passes, CheckVerdict verdict, String message) {
        HealthStreak streak = HealthStreak.NONE;
        for (String pass : passes == null ? new String[0] : passes.split(" ")) {
            streak = streak.next(sample(pass), HEALTH);
        }

        VerificationCheck check = ProbedHealth.check(streak, HEALTH);

        assertThat(check.name()).isEqualTo("Health");
        assertThat(check.verdict()).isEqualTo(verdict);
        assertThat(check.message()).isEqualTo(message);
    }

    private static HealthSample sample(String pass) {
        return new HealthSample(Arrays.stream(pass.split("\\+"))
                .filter(answer -> !answer.equals("none"))
                .<ProbeAnswer>map(answer -> answer.equals("silent")
                        ? new ProbeAnswer.Silent("refused")
                        : new ProbeAnswer.Answered(Integer.parseInt(answer)))
                .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.005                | Fail   | PASS    | it is less than 1 %",
                "0.4                  | Fail   | NO_DATA | 40 % is not less than 1 %",
                "0.4 0.4              | Fail   | NO_DATA | 40 % is not less than 1 %",
                "0.4 0.4 0.4          | Fail   | FAIL    | 40 % is not less than 1 %",
                "0.4 0.4 0.005 0.4    | Fail   | NO_DATA | 40 % is not less than 1 %",
                "none none none none  | Fail   | NO_DATA | no data: no series",
                "none                 | Ignore | PASS    | no data: no series",
                "error                | Ignore | ERROR   | no connection"
            })
    void givenAnswersOfAMetric_whenTheyAreJudged_thenThreeThatDoNotHoldAreTheEnd(
            String answers, String onNoData, CheckVerdict verdict, String message) {
        MeasuredMetric metric = metric(NoDataPolicy.valueOf(onNoData.toUpperCase(Locale.ROOT)));
        for (String answer : answers.split(" ")) {
            metric = metric.next(answer(answer));
        }

        VerificationCheck check = metric.verdict(NOW);

        assertThat(check.name()).isEqualTo("Metric 1");
        assertThat(check.verdict()).isEqualTo(verdict);
        assertThat(check.message()).isEqualTo(message);
    }

    @Test
    void givenNoValueThatCounts_whenJudged_thenItIsToldWhenOneWill() {
        assertThat(metric(NoDataPolicy.FAIL).verdict(null).message()).isEqualTo("the target's Pods are waited for");
        assertThat(metric(NoDataPolicy.FAIL).verdict(NOW).message())
                .isEqualTo(
                        "its first value counts at 2026-03-29T03:00:30Z, when the query looks back on the target alone");
    }

    @Test
    void givenAValue_whenItIsKept_thenItIsInTheUnitOfTheThreshold() {
        assertThat(metric(NoDataPolicy.FAIL).next(answer("0.024")).value(NOW).value())
                .isEqualTo("2.4 %");
        assertThat(metric(NoDataPolicy.FAIL).next(answer("none")).value(NOW).value())
                .isNull();
    }

    private static MeasuredMetric metric(NoDataPolicy onNoData) {
        return new MeasuredMetric(
                1,
                new MetricCheck("errors", Comparison.LESS_THAN, new Threshold(1.0, null, null), "30s", onNoData),
                null,
                0);
    }

    private static MetricSample answer(String answer) {
        return switch (answer) {
            case "none" -> new MetricSample.NoData("no series");
            case "error" -> new MetricSample.Failed("no connection");
            default -> new MetricSample.Value(Double.parseDouble(answer));
        };
    }
}

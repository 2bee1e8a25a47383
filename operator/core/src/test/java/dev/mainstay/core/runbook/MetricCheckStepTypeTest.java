package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.metrics.MetricSample;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a question to Prometheus comes to. */
class MetricCheckStepTypeTest {

    private static final String LIMIT = "comparison: LessThan, threshold: {percent: 1}";
    private static final String GROWTH = "before: 7d, maxIncreasePercent: 50";

    private final MetricCheckStepType type = new MetricCheckStepType();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            limit   |          | 0.005 |       | Passed        | 0.5 % is less than 1 %.
            limit   |          | 0.01  |       | Failed        | 1 % is not less than 1 %.
            limit   |          | 0.024 |       | Failed        | 2.4 % is not less than 1 %.
            limit   | Findings | 0.024 |       | Findings      | 2.4 % is not less than 1 %.
            limit   | Findings | 0.005 |       | Passed        | 0.5 % is less than 1 %.
            limit   |          | none  |       | CouldNotCheck | There is no value to compare: the query finds no series. Look at promql
            limit   | Findings | none  |       | CouldNotCheck | There is no value to compare: the query finds no series. Look at promql
            limit   |          | error |       | CouldNotCheck | There is no value to compare: Prometheus has too much to do.
            growth  |          | 30    | 20    | Passed        | The value is 30. It was 20 7d before, and is at most 50 % larger than 7d before (maxIncreasePercent).
            growth  |          | 31    | 20    | Failed        | The value is 31. It was 20 7d before, and is more than 50 % larger
            growth  | Findings | 31    | 20    | Findings      | is more than 50 % larger
            growth  |          | 10    | 20    | Passed        | It was 20 7d before
            growth  |          | 0     | 0     | Passed        | It was 0 7d before
            growth  |          | 1     | 0     | Failed        | It was 0 7d before, and is more than
            growth  |          | -1    | -2    | Passed        | It was -2 7d before
            growth  |          | 3     | -2    | Failed        | It was -2 7d before
            growth  |          | 30    | none  | CouldNotCheck | There is no value of 7d before: the query finds no series
            growth  |          | 30    | error | CouldNotCheck | There is no value of 7d before: Prometheus has too much to do
            growth  |          | none  | 20    | CouldNotCheck | There is no value to compare
            both    |          | 0.005 | 0.004 | Passed        | 0.5 % is less than 1 %. It was 0.4 % 7d before, and is at most
            both    |          | 0.009 | 0.004 | Failed        | 0.9 % is less than 1 %. It was 0.4 % 7d before, and is more than
            both    |          | 0.02  | 0.02  | Failed        | 2 % is not less than 1 %. It was 2 % 7d before, and is at most
            both    |          | 0.02  | none  | Failed        | 2 % is not less than 1 %.
            """)
    void givenAnAnswer_whenItIsJudged_thenTheStepEndsSo(
            String what, String whenUnmet, String now, String before, String outcome, String message) {
        String wanted =
                switch (what) {
                    case "limit" -> LIMIT;
                    case "growth" -> GROWTH;
                    default -> LIMIT + ", " + GROWTH;
                };
        StepTurn turn = turn(wanted + (whenUnmet == null ? "" : ", whenUnmet: " + whenUnmet), true);

        StepResult result = ended(type.judge(turn, new StepSeen.OfMetric(sample(now), sample(before))));

        assertThat(result.outcome().text()).as(result.message()).isEqualTo(outcome);
        assertThat(result.message()).contains(message);
    }

    /** In the unit of the threshold, and under a name that has it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LessThan, threshold: {percent: 1}          |      | 0.024 |       | thresholdPercent=1, valuePercent=2.4
            LessThan, threshold: {percent: 1}          | both | 0.024 | 0.004 | beforePercent=0.4, thresholdPercent=1, valuePercent=2.4
            LessThan, threshold: {milliseconds: 500}   |      | 0.25  |       | thresholdMilliseconds=500, valueMilliseconds=250
            LessThan, threshold: {value: -0.5}         |      | 7     |       | threshold=-0.5, value=7
            LessThan, threshold: {value: 3}            |      | Infinity |    |
            LessThan, threshold: {value: 3}            |      | none  |       |
            LessThan, threshold: {value: 3}            |      | error |       |
            none                                       | both | 30    | 20    | before=20, value=30
            none                                       | both | 30    | none  | value=30
            """)
    void givenAnAnswer_whenItIsJudged_thenItsNumbersAreKept(
            String limit, String growth, String now, String before, String numbers) {
        StepTurn turn = turn(
                Stream.of(limit.equals("none") ? null : "comparison: " + limit, growth == null ? null : GROWTH)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(", ")),
                true);

        StepResult result = ended(type.judge(turn, new StepSeen.OfMetric(sample(now), sample(before))));

        Map<String, String> wanted = numbers == null
                ? Map.of()
                : Stream.of(numbers.split(", "))
                        .map(number -> number.split("="))
                        .filter(number -> !number[1].equals("-"))
                        .collect(Collectors.toMap(number -> number[0], number -> number[1]));
        assertThat(result.decimals()).isEqualTo(wanted);
        assertThat(result.measured()).isEmpty();
    }

    @Test
    void givenNoIncreaseIsAllowed_whenTheValueIsTheSame_thenItHolds() {
        StepTurn turn = turn("before: 1h, maxIncreasePercent: 0", true);

        StepResult same = ended(type.judge(turn, new StepSeen.OfMetric(sample("0.3"), sample("0.3"))));
        StepResult more = ended(type.judge(turn, new StepSeen.OfMetric(sample("0.31"), sample("0.3"))));

        assertThat(same.outcome().text()).isEqualTo("Passed");
        assertThat(more.outcome().text()).isEqualTo("Failed");
        assertThat(more.message())
                .endsWith(
                        "and is larger than 1h before (maxIncreasePercent). The query was errors (promql): look in Prometheus"
                                + " for what is behind the value, or correct maxIncreasePercent.");
        assertThat(same.message()).doesNotContain("The query was");
    }

    @Test
    void givenNoPrometheus_whenItIsJudged_thenTheFieldIsNamed() {
        StepTurn turn = turn(LIMIT, false);

        StepResult result = ended(type.judge(turn, new StepSeen.Nothing()));

        assertThat(result.outcome().text()).isEqualTo("CouldNotCheck");
        assertThat(result.message())
                .isEqualTo(
                        "ManagedApplication shop names no Prometheus in spec.metrics.prometheus. Add its URL there.");
        assertThat(type.plan(turn)).startsWith("Could not check: ManagedApplication shop");
    }

    @Test
    void givenAPrometheus_whenItWasNotAskedYet_thenThePlanSaysWhatIsAskedAndTheStepWaits() {
        StepTurn turn = turn(LIMIT + ", " + GROWTH, true);

        assertThat(type.judge(turn, new StepSeen.Nothing())).isInstanceOf(StepProgress.Wait.class);
        assertThat(type.plan(turn))
                .isEqualTo(
                        "Asks http://prometheus.shop:9090 for errors. The value must be less than 1 %. It must be at most"
                                + " 50 % larger than 7d before (maxIncreasePercent).");
    }

    private static MetricSample sample(String text) {
        return switch (text) {
            case null -> null;
            case "none" -> new MetricSample.NoData("the query finds no series");
            case "error" -> new MetricSample.Failed("Prometheus has too much to do. Look at its limits.");
            default -> new MetricSample.Value(Double.parseDouble(text));
        };
    }

    private static StepTurn turn(String check, boolean prometheus) {
        StepTurn turn = StepTurns.of("metricCheck: {promql: errors, %s}".formatted(check));
        ManagedApplication application = Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop}\nspec: {%s}"
                        .formatted(prometheus ? "metrics: {prometheus: {url: 'http://prometheus.shop:9090'}}" : ""),
                ManagedApplication.class);
        return new StepTurn(turn.run(), application, turn.step(), turn.attempt());
    }

    private static StepResult ended(StepProgress progress) {
        assertThat(progress).isInstanceOf(StepProgress.Ended.class);
        return ((StepProgress.Ended) progress).result();
    }
}

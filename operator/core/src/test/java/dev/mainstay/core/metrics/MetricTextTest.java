package dev.mainstay.core.metrics;

import static dev.mainstay.api.metrics.Comparison.GREATER_THAN;
import static dev.mainstay.api.metrics.Comparison.LESS_THAN;
import static dev.mainstay.api.metrics.Comparison.UNRECOGNIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTextTest {

    static Stream<Arguments> sentences() {
        return Stream.of(
                sentence(Checks.percent(LESS_THAN, 1), 0.024, "2.4 % is not less than 1 %"),
                sentence(Checks.percent(LESS_THAN, 1), 0.0030303, "0.303 % is less than 1 %"),
                sentence(Checks.percent(LESS_THAN, 1), 0, "0 % is less than 1 %"),
                sentence(Checks.percent(LESS_THAN, 1), 0.01, "1 % is not less than 1 %"),
                sentence(Checks.percent(LESS_THAN, 1), 0.0100002, "1.00002 % is not less than 1 %"),
                sentence(Checks.percent(LESS_THAN, 0.1), 0.001, "0.1 % is not less than 0.1 %"),
                sentence(Checks.percent(GREATER_THAN, 99.95), 0.99949, "99.9 % is not greater than 99.95 %"),
                sentence(Checks.percent(GREATER_THAN, 99.95), 1, "100 % is greater than 99.95 %"),
                sentence(Checks.milliseconds(LESS_THAN, 500), 0.4321987, "432 ms is less than 500 ms"),
                sentence(Checks.milliseconds(LESS_THAN, 500), 12.3456, "12346 ms is not less than 500 ms"),
                sentence(Checks.milliseconds(LESS_THAN, 0.5), 0.00025, "0.25 ms is less than 0.5 ms"),
                sentence(Checks.value(GREATER_THAN, 3), 1234, "1234 is greater than 3"),
                sentence(Checks.value(GREATER_THAN, 1_000_000), 1_234_567, "1234567 is greater than 1000000"),
                sentence(Checks.value(GREATER_THAN, 3), 3.14159, "3.14 is greater than 3"),
                sentence(Checks.value(LESS_THAN, -0.5), -1, "-1 is less than -0.5"),
                sentence(Checks.value(LESS_THAN, 3), 1e300, "1E+300 is not less than 3"),
                sentence(Checks.value(LESS_THAN, 3), 1e-300, "1E-300 is less than 3"),
                sentence(Checks.value(LESS_THAN, 3), -0.0, "0 is less than 3"),
                sentence(Checks.value(LESS_THAN, 3), Double.POSITIVE_INFINITY, "+Inf is not less than 3"),
                sentence(Checks.percent(GREATER_THAN, 1), Double.NEGATIVE_INFINITY, "-Inf is not greater than 1 %"));
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void givenAValue_whenItIsTold_thenItIsInTheUnitOfTheThreshold(MetricCheck check, double value, String sentence) {
        assertThat(MetricText.found(check, new Value(value))).isEqualTo(sentence);
    }

    @Test
    void givenACheck_whenItIsTold_thenItSaysWhatMustHold() {
        assertThat(MetricText.wanted(Checks.percent(LESS_THAN, 1))).isEqualTo("less than 1 %");
        assertThat(MetricText.wanted(Checks.value(GREATER_THAN, 1e15))).isEqualTo("greater than 1E+15");
        assertThat(MetricText.wanted(Checks.milliseconds(LESS_THAN, 86_400_000)))
                .isEqualTo("less than 86400000 ms");
    }

    @Test
    void givenNoValue_whenItIsTold_thenItSaysWhy() {
        MetricCheck check = Checks.percent(LESS_THAN, 1);

        assertThat(MetricText.found(check, new NoData("the query finds no series")))
                .isEqualTo("no data: the query finds no series");
        assertThat(MetricText.found(check, new Failed("Prometheus is away."))).isEqualTo("Prometheus is away.");
    }

    @Test
    void givenAComparisonOfALaterVersion_whenItIsTold_thenItSaysSo() {
        assertThat(MetricText.found(Checks.value(UNRECOGNIZED, 3), new Value(1)))
                .startsWith("the comparison is one that this version of Mainstay does not know");
    }

    private static Arguments sentence(MetricCheck check, double value, String sentence) {
        return Arguments.of(check, value, sentence);
    }
}

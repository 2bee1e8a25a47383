package dev.mainstay.core.metrics;

import static dev.mainstay.api.metrics.Comparison.GREATER_THAN;
import static dev.mainstay.api.metrics.Comparison.LESS_THAN;
import static dev.mainstay.api.metrics.Comparison.UNRECOGNIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.api.metrics.MetricCheck;
import dev.mainstay.api.metrics.NoDataPolicy;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.NoData;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricVerdictTest {

    static Stream<Arguments> values() {
        return Stream.of(
                values(Checks.percent(LESS_THAN, 1), 0.0099, MetricVerdict.PASS),
                values(Checks.percent(LESS_THAN, 1), 0.01, MetricVerdict.FAIL),
                values(Checks.percent(LESS_THAN, 1), 0.5, MetricVerdict.FAIL),
                values(Checks.percent(LESS_THAN, 1), 0, MetricVerdict.PASS),
                values(Checks.percent(GREATER_THAN, 99.9), 0.9995, MetricVerdict.PASS),
                values(Checks.percent(GREATER_THAN, 99.9), 0.999, MetricVerdict.FAIL),
                values(Checks.percent(GREATER_THAN, 0), 0, MetricVerdict.FAIL),
                // 0.1 / 100 and 0.7 / 100 are not the numbers that 0.001 and 0.007 are.
                values(Checks.percent(LESS_THAN, 0.1), 0.001, MetricVerdict.FAIL),
                values(Checks.percent(GREATER_THAN, 0.1), 0.001, MetricVerdict.FAIL),
                values(Checks.percent(LESS_THAN, 0.7), 0.007, MetricVerdict.FAIL),
                values(Checks.percent(GREATER_THAN, 0.7), 0.007, MetricVerdict.FAIL),
                values(Checks.milliseconds(LESS_THAN, 500), 0.499, MetricVerdict.PASS),
                values(Checks.milliseconds(LESS_THAN, 500), 0.5, MetricVerdict.FAIL),
                values(Checks.milliseconds(LESS_THAN, 500), 499, MetricVerdict.FAIL),
                values(Checks.value(GREATER_THAN, 3), 3.1, MetricVerdict.PASS),
                values(Checks.value(GREATER_THAN, 3), 3, MetricVerdict.FAIL),
                values(Checks.value(LESS_THAN, -3.5), -4, MetricVerdict.PASS),
                values(Checks.value(GREATER_THAN, 3), Double.POSITIVE_INFINITY, MetricVerdict.PASS),
                values(Checks.value(LESS_THAN, 3), Double.POSITIVE_INFINITY, MetricVerdict.FAIL),
                values(Checks.value(LESS_THAN, 3), Double.NEGATIVE_INFINITY, MetricVerdict.PASS),
                values(Checks.value(UNRECOGNIZED, 3), 1, MetricVerdict.ERROR));
    }

    @ParameterizedTest
    @MethodSource("values")
    void givenAValue_whenItIsCompared_thenTheComparisonSaysWhatMustHold(
            MetricCheck check, double value, MetricVerdict verdict) {
        assertThat(MetricVerdict.of(check, new Value(value))).isEqualTo(verdict);
    }

    @Test
    void givenNoValue_whenItIsJudged_thenItIsNeitherGoodNorBad() {
        MetricCheck check = Checks.percent(LESS_THAN, 1);

        assertThat(MetricVerdict.of(check, new NoData("none"))).isEqualTo(MetricVerdict.NO_DATA);
        assertThat(MetricVerdict.of(check, new Failed("down"))).isEqualTo(MetricVerdict.ERROR);
        assertThatThrownBy(() -> new Value(Double.NaN)).hasMessageContaining("NaN is no value");
    }

    @ParameterizedTest
    @CsvSource({
        "PASS, FAIL, PASS",
        "FAIL, IGNORE, FAIL",
        "NO_DATA, FAIL, FAIL",
        "NO_DATA, IGNORE, PASS",
        "NO_DATA, UNRECOGNIZED, FAIL",
        "ERROR, IGNORE, ERROR",
        "ERROR, FAIL, ERROR"
    })
    void givenAVerdict_whenTheCheckHasItsSay_thenOnlyNoDataIsTurned(
            MetricVerdict verdict, NoDataPolicy policy, MetricVerdict then) {
        assertThat(verdict.under(policy)).isEqualTo(then);
    }

    private static Arguments values(MetricCheck check, double value, MetricVerdict verdict) {
        return Arguments.of(check, value, verdict);
    }
}

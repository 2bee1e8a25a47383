package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.NOW;
import static dev.mainstay.core.alert.Measuring.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.core.alert.Evaluation.Failed;
import dev.mainstay.core.alert.Evaluation.Measured;
import dev.mainstay.core.alert.Evaluation.NoData;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AlertSidesTest {

    private static final AlertRule ABOVE =
            rule("'metric': 'ErrorRate', 'comparison': 'GreaterThan', 'threshold': {'percent': 2},"
                    + " 'recoverThreshold': {'percent': 1}");
    private static final AlertRule BELOW =
            rule("'metric': 'CacheHitRate', 'comparison': 'LessThan', 'threshold': {'percent': 80},"
                    + " 'recoverThreshold': {'percent': 90}");
    private static final AlertRule HEALTH = rule("'metric': 'HealthCheck'");

    static Stream<Arguments> pairs() {
        return Stream.of(
                pair(ABOVE, null, value(0), true),
                pair(ABOVE, null, new NoData("none", NOW), true),
                pair(ABOVE, value(0), value(0.005), false),
                pair(ABOVE, value(0.01), value(0.0101), true),
                pair(ABOVE, value(0.011), value(0.02), false),
                pair(ABOVE, value(0.02), value(0.021), true),
                pair(ABOVE, value(0.021), value(5), false),
                pair(BELOW, value(0.8), value(0.79), true),
                pair(BELOW, value(0.8), value(0.89), false),
                pair(BELOW, value(0.89), value(0.9), true),
                pair(HEALTH, value(0), value(1), true),
                pair(HEALTH, value(1), value(1), false),
                pair(ABOVE, value(0), new Measured(0, "0 %", "some are missing", NOW), true),
                pair(ABOVE, value(0), new NoData("none", NOW), true),
                pair(ABOVE, new NoData("only 4", NOW), new NoData("only 5", NOW), false),
                pair(ABOVE, new NoData("none", NOW), value(0), true),
                pair(ABOVE, value(0), new Failed("a", "away", NOW), true),
                pair(ABOVE, new Failed("a", "away", NOW), new Failed("a", "hangs", NOW), false),
                pair(ABOVE, new Failed("a", "away", NOW), new Failed(null, "no query", NOW), true),
                pair(ABOVE, new Failed("a", "away", NOW), new NoData("none", NOW), true));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void givenTwoMeasurements_whenTheLaterComes_thenTheRuleIsWokenIfItsStateMayChange(
            AlertRule rule, Evaluation before, Evaluation after, boolean wanted) {
        assertThat(AlertSides.mayChange(rule, before, after)).isEqualTo(wanted);
    }

    private static Measured value(double value) {
        return new Measured(value, "so much", null, NOW);
    }

    private static Arguments pair(AlertRule rule, Evaluation before, Evaluation after, boolean wanted) {
        return Arguments.of(rule, before, after, wanted);
    }
}

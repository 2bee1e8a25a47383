package dev.mainstay.core.alert;

import static dev.mainstay.core.alert.Measuring.duration;
import static dev.mainstay.core.alert.Measuring.milliseconds;
import static dev.mainstay.core.alert.Measuring.number;
import static dev.mainstay.core.alert.Measuring.percent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertThreshold;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AlertTextTest {

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of(percent(1), 0.01, "1 %"),
                Arguments.of(percent(0.1), 0.001, "0.1 %"),
                Arguments.of(percent(0), 0d, "0 %"),
                Arguments.of(milliseconds(500), 0.5, "500 ms"),
                Arguments.of(number(3), 3d, "3"),
                Arguments.of(number(-2.5), -2.5, "-2.5"),
                Arguments.of(duration("26h"), 93_600d, "1d2h"),
                Arguments.of(duration("21d"), 1_814_400d, "21d"));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void givenAThreshold_whenItIsCompared_thenItIsInTheUnitOfTheSource(
            AlertThreshold threshold, double limit, String text) {
        assertThat(AlertLimits.limit(threshold)).isEqualTo(limit);
        assertThat(AlertText.limit(threshold)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "26h, 0, 0s",
        "26h, 59.9, 59s",
        "26h, 3600, 1h",
        "26h, 273600, 3d4h",
        "26h, 277199, 3d4h",
        "26h, 93600, 1d2h",
        "26h, 93601, 1d2h1s",
        "26h, 93660, 1d2h1m",
        "26h, 93599, 1d1h",
        "26h, -3700, -1h1m",
        "21d, 1814399, 20d23h",
        "26h, 1e300, 1E+300",
        "26h, -Infinity, -Inf"
    })
    void givenATime_whenItIsTold_thenItHasItsTwoLargestUnitsOrAsManyAsTellItFromTheThreshold(
            String threshold, double seconds, String text) {
        assertThat(AlertText.value(duration(threshold), seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.0100002, 1.00002 %", "0.024, 2.4 %", "Infinity, +Inf"})
    void givenARatio_whenItIsTold_thenItIsInPercent(double value, String text) {
        assertThat(AlertText.value(percent(1), value)).isEqualTo(text);
    }
}

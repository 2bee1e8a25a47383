package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.RunStep;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that need not be whole, as they are kept and compared. */
class DecimalsTest {

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "0.30000000000000004, 0.3",
        "2, 2",
        "1000, 1000",
        "-0.0, 0",
        "1234567890123, 1234567890120",
        "0.0000125, 0.0000125",
        "1e15, 1E+15",
        "1.7976931348623157e308, 1.79769313486E+308",
        "-4.9e-324, -4.9E-324"
    })
    void givenANumber_whenItIsWritten_thenItIsShortAndReadsAsItself(double value, String text) {
        assertThat(Decimals.text(value)).contains(text);
        assertThat(text.length()).isLessThanOrEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void givenWhatHasNoDigits_whenItIsWritten_thenItIsLeftOut(double value) {
        assertThat(Decimals.text(value)).isEmpty();
    }

    /** A run that an earlier version has ended has whole numbers alone, and what somebody else wrote is passed over. */
    @Test
    void givenBothKinds_whenTheyAreRead_thenTheyAreOneMap() {
        RunStep line = Serialization.unmarshal(
                "name: a\nmeasured: {n: 3}\ndecimals: {value: '0.50', broken: 'a lot'}", RunStep.class);

        assertThat(Decimals.of(line)).isEqualTo(Map.of("n", BigDecimal.valueOf(3), "value", new BigDecimal("0.5")));
        assertThat(Decimals.of(RunStep.waiting("a", "httpCheck"))).isEmpty();
    }
}

package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertInvariantsTest {

    private static final int SEEDS = 10;
    private static final int STEPS = 300;

    /**
     * Whatever happens: whoever took that an alert fires is told its end once, after it and at the same place, and nobody else is; a
     * key is one message; what is decided once more is the same.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void givenAnyRowOfEvents_whenAllIsMendedAtItsEnd_thenEachBeginningThatWasTakenHasItsEnd(int hundred) {
        int told = 0;
        int stoodIn = 0;
        for (long seed = hundred * 100L; seed < hundred * 100L + SEEDS; seed++) {
            AlertSimulation simulation = new AlertSimulation(seed);
            try {
                for (int step = 0; step < STEPS; step++) {
                    simulation.step();
                }
                simulation.settle(seed % 2 == 0);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            told += simulation.told;
            stoodIn += simulation.stoodIn;
        }
        assertThat(told).isGreaterThan(SEEDS * 10);
        assertThat(stoodIn)
                .as("passes in which a channel of the application stood in")
                .isPositive();
    }
}

package dev.mainstay.core.mode;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every history of maintenance modes. {@code -Dinvariants.seed=…} begins with another seed. */
class ModeInvariantsTest {

    private static final long FIRST_SEED = Long.getLong("invariants.seed", 1);
    private static final int SEEDS = 200;
    private static final int STEPS = 200;

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnyHistory_whenTheOperatorPasses_thenNoServiceIsLostAndAllLeadBackAtTheEnd(long seed) {
        ModeSimulation simulation = new ModeSimulation(seed);
        for (int step = 0; step < STEPS; step++) {
            simulation.step();
            simulation.check();
        }
        simulation.settle();
        simulation.check();
        simulation.checkActive();
        simulation.endAll();
        simulation.settle();
        simulation.checkEnd();
    }
}

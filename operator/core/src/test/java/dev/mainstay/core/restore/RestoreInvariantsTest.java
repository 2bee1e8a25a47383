package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequestStatus;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is killed, and whenever a person changes their mind: the database is whole, and what was changed is back. */
class RestoreInvariantsTest {

    private static final int RUNS = 400;
    private static final int STEPS = 250;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "stopWorkloads: BeforeRestore",
                "maintenanceMode: false",
                "stopWorkloads: Never",
                "safetyBackup: Required",
                "safetyBackup: BestEffort\n  stopWorkloads: BeforeRestore",
                "mode: IntoEmpty",
                "mode: IntoEmpty\n  stopWorkloads: Never"
            })
    void givenTrouble_whenItSettles_thenTheDatabaseIsWholeAndNothingIsLeftBehind(String spec) {
        for (long seed = 0; seed < RUNS; seed++) {
            RestoreSimulation simulation = new RestoreSimulation(seed, spec, true);
            Random random = new Random(seed);
            int cancelled = random.nextInt(3) == 0 ? random.nextInt(150) : -1;
            for (int step = 0; step < STEPS; step++) {
                if (step == cancelled) {
                    simulation.cancel();
                }
                if (random.nextInt(60) == 0) {
                    simulation.takeOffFinalizer();
                }
                simulation.step();
                assertThat(simulation.databases.values())
                        .as("seed %d, step %d: the old data is always there, but where there is none", seed, step)
                        .containsAnyOf(
                                RestoreSimulation.OLD,
                                spec.contains("IntoEmpty") ? RestoreSimulation.NEW : RestoreSimulation.OLD);
                assertThat(simulation.databases)
                        .as("seed %d, step %d: there is always a database of that name", seed, step)
                        .containsKey("ecommerce");
            }
            simulation.settle();
            assertThat(simulation.request().getStatus().phase())
                    .as("seed %d ends: %s", seed, simulation.request().getStatus())
                    .isEqualTo(RestorePhase.FINISHED);
            assertThat(simulation.isWhole())
                    .as(
                            "seed %d: %s is what %s says",
                            seed, simulation.databases, simulation.request().getStatus())
                    .isTrue();
            assertThat(simulation.fence)
                    .as("seed %d: connections are taken", seed)
                    .isFalse();
            assertThat(simulation.mode().filter(mode -> mode.getMetadata().getDeletionTimestamp() == null))
                    .as("seed %d: no mode is left", seed)
                    .isEmpty();
            assertThat(simulation.replicas == 3 || simulation.strangersLast)
                    .as("seed %d: workloads are back, or as somebody else has set them since", seed)
                    .isTrue();
            assertThat(simulation.suspended)
                    .as("seed %d: CronJobs are back", seed)
                    .isFalse();
            assertThat(simulation.anyJobRuns()).as("seed %d: no Job runs", seed).isFalse();
        }
    }

    /** Its application is deleted before it, or its namespace with all that is in it. */
    @ParameterizedTest
    @CsvSource({
        "true, false, ''",
        "false, true, ''",
        "true, true, ''",
        "true, false, 'mode: IntoEmpty'",
        "false, true, 'mode: IntoEmpty'",
        "true, true, 'mode: IntoEmpty'"
    })
    void givenTrouble_whenItIsDeletedWithWhatItWorksOn_thenNothingHoldsItUpAndWhatIsLeftIsTold(
            boolean application, boolean namespace, String spec) {
        for (long seed = 0; seed < RUNS; seed++) {
            RestoreSimulation simulation = new RestoreSimulation(seed, spec, true);
            int deleted = new Random(seed).nextInt(200);
            for (int step = 0; step < STEPS; step++) {
                if (step == deleted) {
                    simulation.delete(application, namespace);
                }
                simulation.step();
            }
            simulation.settle();
            RestoreRequestStatus status = simulation.request().getStatus();
            assertThat(status.phase()).as("seed %d ends: %s", seed, status).isEqualTo(RestorePhase.FINISHED);
            String told = status.conditions().getFirst().message();
            assertThat(simulation.databases.values())
                    .containsAnyOf(
                            RestoreSimulation.OLD, spec.isEmpty() ? RestoreSimulation.OLD : RestoreSimulation.NEW);
            assertThat(simulation.isWhole() || told.contains("was not found out"))
                    .as("seed %d: %s is what %s says", seed, simulation.databases, status)
                    .isTrue();
            assertThat(!simulation.fence || told.contains("ALLOW_CONNECTIONS true"))
                    .as("seed %d: who may open it is told in %s", seed, status)
                    .isTrue();
            assertThat(simulation.replicas == 3 || simulation.strangersLast)
                    .as("seed %d: workloads are back, or as somebody else has set them since: %s", seed, status)
                    .isTrue();
            assertThat(simulation.suspended).as("seed %d: %s", seed, status).isFalse();
            assertThat(simulation.mode().filter(mode -> mode.getMetadata().getDeletionTimestamp() == null))
                    .as("seed %d: no mode is left", seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, ''",
        "2, ''",
        "3, ''",
        "4, ''",
        "5, 'mode: IntoEmpty'",
        "6, 'mode: IntoEmpty'",
        "7, 'mode: IntoEmpty'"
    })
    void givenNoTrouble_whenItSettles_thenItHasSucceeded(long seed, String spec) {
        RestoreSimulation simulation = new RestoreSimulation(seed, spec, false);
        for (int step = 0; step < STEPS; step++) {
            simulation.step();
        }
        simulation.settle();
        assertThat(simulation.request().getStatus().outcome())
                .as("%s", simulation.request().getStatus())
                .isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(simulation.isWhole()).isTrue();
        assertThat(simulation.mode()).isEmpty();
    }
}

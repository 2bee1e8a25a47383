package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.workload.KeptStopped;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a restore may take for stopped by a mode, and for how long. */
class ModeKeepsStoppedTest {

    /** One that has ended may have left to another mode what it had stopped, and its record of that stays. */
    @ParameterizedTest
    @CsvSource({
        "Active,   '',             true,  true",
        "Entering, '',             true,  true",
        "Active,   duration: 10m,  true,  false",
        "Active,   cancel,         true,  false",
        "Leaving,  '',             true,  false",
        "Ended,    '',             false, false"
    })
    void givenAMode_thenItKeepsStoppedWhatItHasStoppedUntilItIsToEnd(
            String phase, String end, boolean stopped, boolean lasts) {
        MaintenanceMode mode = Modes.mode(end.equals("cancel") ? "" : end, """
                phase: %s
                workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3}]
                """.formatted(phase));
        if (end.equals("cancel")) {
            mode.getMetadata().setAnnotations(Map.of(Annotations.CANCEL, "enough"));
        }

        KeptStopped kept = ModeState.stopped(mode, NOW);

        assertThat(KeptStopped.all(List.of(kept))).hasSize(stopped ? 1 : 0);
        assertThat(KeptStopped.lasting(List.of(kept))).hasSize(lasts ? 1 : 0);
    }
}

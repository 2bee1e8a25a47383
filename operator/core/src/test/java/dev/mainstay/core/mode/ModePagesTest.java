package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.NOW;
import static dev.mainstay.core.mode.Modes.mode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.rollback.PageState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModePagesTest {

    private static final Instant MADE = Instant.parse("2026-03-29T00:30:00Z");

    @Test
    void givenAModeThatHasNotBegun_whenLookedAt_thenThatIsSaid() {
        assertThat(ModePages.of(mode(""), MADE, NOW))
                .isEqualTo(new PageState("night", MADE, MADE, true, null, false, false, "it has not begun."));
    }

    @ParameterizedTest
    @CsvSource({"Active, true, false", "Stalled, false, true", "Reconciling, false, false"})
    void givenWhatItSays_whenLookedAt_thenItIsThat(String condition, boolean active, boolean stalled) {
        MaintenanceMode mode = mode("duration: 1h", """
                conditions:
                - {type: %s, status: "True", reason: Some, message: So., lastTransitionTime: "2026-03-29T00:31:00Z"}
                - {type: Ready, status: "False", reason: Some, message: So it is., lastTransitionTime: "2026-03-29T00:31:00Z"}
                """.formatted(condition));

        assertThat(ModePages.of(mode, MADE, NOW))
                .isEqualTo(
                        new PageState("night", MADE, MADE, true, MADE.plusSeconds(3600), active, stalled, "So it is."));
    }

    @ParameterizedTest
    @CsvSource({"2026-03-29T00:29:59Z, 2026-03-29T00:30:00Z", "2026-03-29T00:40:00Z, 2026-03-29T00:40:00Z"})
    void givenAnOperatorThatBeganAtATime_whenLookedAt_thenThePageCanBeWaitedForFromThenOn(
            Instant began, Instant awaited) {
        assertThat(ModePages.of(mode(""), began, NOW).awaited()).isEqualTo(awaited);
    }

    @Test
    void givenOneThatEnds_whenLookedAt_thenItDoesNotLast() {
        MaintenanceMode cancelled = mode("");
        cancelled.getMetadata().setAnnotations(Map.of(Annotations.CANCEL, "done"));

        assertThat(ModePages.of(cancelled, MADE, NOW).lasts()).isFalse();
        assertThat(ModePages.of(mode("duration: 29m"), MADE, NOW).lasts()).isFalse();
    }
}

package dev.mainstay.core.restore;

import static dev.mainstay.core.restore.Interrupted.NOW;
import static dev.mainstay.core.restore.Interrupted.SWAPPING;
import static dev.mainstay.core.restore.Interrupted.at;
import static dev.mainstay.core.restore.Interrupted.cancelled;
import static dev.mainstay.core.restore.Interrupted.swapping;
import static dev.mainstay.core.restore.Interrupted.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A restore at its swap, of which nothing was done yet: it can be ended, and keeps nobody down. */
class RestoreSwapUntouchedTest {

    /** It is given back, and nobody has to look first how the databases stand. */
    private static void assertUntouched(RestoreRequest request, RestoreDecision decision) {
        assertThat(decision).isInstanceOf(RestoreDecision.Fail.class);
        request.setStatus(RestoreStatusReport.of(request, decision, NOW));
        assertThat(request.getStatus().phase()).isEqualTo(RestorePhase.GIVING_BACK);
        assertThat(RestoreClaims.begun(request, RestoreStepName.SWAP)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Waiting, RESTORE_COPY,   true",
        "Running, RESTORE_COPY,   true",
        "Running, RESTORE_SWAP,   false",
        "Running, RESTORE_SETTLE, false"
    })
    void givenTheStepSwap_whenItIsCancelled_thenItEndsUnlessASwapIsIntended(String state, TaskKind kind, boolean ends) {
        RestoreRequest request = cancelled(at("Running", SWAPPING.formatted(state), kind, 1));

        RestoreDecision decision = RestoreDecider.decide(new Restores(request).observation(), NOW);

        if (ends) {
            assertUntouched(request, decision);
            assertThat(request.getStatus().failure().reason()).isEqualTo(Reason.CANCELLED.text());
        } else {
            assertThat(decision).isNotInstanceOf(RestoreDecision.Fail.class);
        }
    }

    /** It never comes to a Job that is refused, or while another session has the database. */
    @ParameterizedTest
    @CsvSource({
        "RESTORE_SWAP,   1, false, true",
        "RESTORE_SWAP,   4, false, true",
        "RESTORE_SWAP,   1, true,  false",
        "RESTORE_SETTLE, 1, false, false"
    })
    void givenASwapWhoseJobIsNotMade_whenItIsCancelled_thenItEndsUnlessOneWasSeen(
            TaskKind kind, int number, boolean seen, boolean ends) {
        RestoreRequest request = cancelled(at("Running", SWAPPING.formatted("Running"), kind, number));
        if (!seen) {
            Restores.with(request, TaskJson.write(request.getStatus()).replaceFirst("\"job\":\"[^\"]*\",", ""));
        }

        RestoreDecision decision = RestoreDecider.decide(new Restores(request).observation(), NOW);

        if (ends) {
            assertUntouched(request, decision);
        } else {
            assertThat(decision).isNotInstanceOf(RestoreDecision.Fail.class);
        }
    }

    @Test
    void givenASwapThatWasKeptOut_whenItIsCancelled_thenItIsNotTriedAgain() {
        RestoreRequest request = cancelled(swapping());

        assertUntouched(request, RestoreDecider.decide(told(request, Reason.ANOTHER_RUNNER), NOW));
    }

    /** The application is down meanwhile. */
    @ParameterizedTest
    @CsvSource({"1, false", "9, false", "11, true"})
    void givenASwapThatIsKeptOut_whenItsTimeIsOver_thenTheApplicationGetsBackWhatItHad(int minutes, boolean ends) {
        RestoreRequest request = swapping();
        Instant began =
                request.getStatus().step(RestoreStepName.SWAP).orElseThrow().startedAt();

        RestoreDecision decision =
                RestoreDecider.decide(told(request, Reason.ANOTHER_RUNNER), began.plus(Duration.ofMinutes(minutes)));

        if (ends) {
            assertUntouched(request, decision);
            assertThat(request.getStatus().failure().reason()).isEqualTo(Reason.ANOTHER_RUNNER.text());
        } else {
            assertThat(((RestoreDecision.Intend) decision).task().kind()).isEqualTo(TaskKind.RESTORE_SWAP.text());
            assertThat(((RestoreDecision.Intend) decision).stuck()).isTrue();
        }
    }
}

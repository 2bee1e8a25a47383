package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ProbeAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that is cancelled when only finally is left says that finally goes on. */
class RunCancelledLateTest {

    private static final String LATE = "came when only finally was left, which goes on to its end.";

    private static final String STEPS = """
            steps: [{name: look, httpCheck: {}%s}]
            finally: [{name: save, backup: {policyRef: {name: nightly}}}]
            """;

    @Test
    void givenFinally_whenTheRunIsCancelled_thenItSaysThatItGoesOnAndDoes() {
        RunWorld world = new RunWorld(STEPS.formatted(""), "").rest();
        assertThat(message(world)).doesNotContain(LATE);

        world.annotate(Annotations.CANCEL, "never mind").rest();
        assertThat(message(world)).startsWith("Step save: ").contains("annotation mainstay.dev/cancel " + LATE);

        world.backupsEnd(BackupPhase.SUCCEEDED).rest();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenStepsThatAreLeft_whenTheRunIsCancelled_thenItIsNotTooLate() {
        RunWorld world = new RunWorld(STEPS.formatted("}, {name: confirm, manual: {text: Look.}"), "").rest();

        world.annotate(Annotations.CANCEL, "never mind").rest();

        assertThat(message(world)).doesNotContain(LATE);
        world.backupsEnd(BackupPhase.SUCCEEDED).rest();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
    }

    @Test
    void givenAStepThatFailed_whenTheRunIsCancelledBeforeFinally_thenItIsNotTooLate() {
        RunWorld world = new RunWorld(STEPS.formatted("}, {name: rescue, when: OnFailure, manual: {text: Look.}"), "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest().annotate(Annotations.CANCEL, "never mind").rest();

        assertThat(message(world)).doesNotContain(LATE);
    }

    private static String message(RunWorld world) {
        return world.ready().map(Condition::message).orElse("");
    }
}

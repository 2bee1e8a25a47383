package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.StepOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run whose time is over ends at its next safe point: the end of a step. */
class RunStopAfterTest {

    private static final String STEPS = """
            steps:
            - {name: save, backup: {policyRef: {name: nightly}}, retries: 1}
            - {name: look, httpCheck: {}}
            finally: [{name: last, httpCheck: {}}]
            """;

    private static final String END = RunWorld.START.plusSeconds(600).toString();

    @Test
    void givenAStepUnderWay_whenTheTimeIsOver_thenItIsFinishedTheNextIsLeftOutAndFinallyIsDone() {
        RunWorld world =
                new RunWorld(STEPS, "").annotate(Annotations.STOP_AFTER, END).rest();

        world.later(Duration.ofMinutes(20));
        assertThat(world.step("save").outcome()).isNull();
        assertThat(world.left).isEmpty();
        world.backupsEnd(BackupPhase.SUCCEEDED).rest();

        assertThat(world.outcomes()).containsExactly(StepOutcome.PASSED, StepOutcome.SKIPPED, StepOutcome.PASSED);
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(world.ready().orElseThrow().message())
                .isEqualTo(
                        "Stopped, since its time was over at 2026-03-29T03:10:00Z (annotation mainstay.dev/stop-after), at"
                                + " step look. 3 steps: 2 Passed, 1 Skipped.");
    }

    @Test
    void givenTimeLeft_whenAStepEnds_thenTheNextIsDone() {
        RunWorld world =
                new RunWorld(STEPS, "").annotate(Annotations.STOP_AFTER, END).rest();

        world.later(Duration.ofMinutes(9)).backupsEnd(BackupPhase.SUCCEEDED).rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenAStepThatFailed_whenTheTimeIsOverBeforeItsRetry_thenItIsNotTriedAgain() {
        RunWorld world =
                new RunWorld(STEPS, "").annotate(Annotations.STOP_AFTER, END).rest();
        world.later(Duration.ofMinutes(20)).backupsEnd(BackupPhase.FAILED).rest();

        assertThat(world.made).hasSize(1);
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
    }

    @Test
    void givenAStepThatWaitsForAPerson_whenTheTimeIsOver_thenNobodyIsWaitedForAnyMore() {
        RunWorld world = new RunWorld("steps: [{name: ask, manual: {text: Look.}}]", "")
                .annotate(Annotations.STOP_AFTER, END)
                .rest();

        assertThat(world.later(Duration.ofMinutes(10)).outcomes()).containsExactly(StepOutcome.SKIPPED);
    }

    @Test
    void givenAnAnnotationThatIsNoTime_whenTheRunIsDone_thenItSaysNothing() {
        RunWorld world = new RunWorld(STEPS, "")
                .annotate(Annotations.STOP_AFTER, "tonight")
                .rest();

        world.later(Duration.ofMinutes(20)).backupsEnd(BackupPhase.SUCCEEDED).rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }
}

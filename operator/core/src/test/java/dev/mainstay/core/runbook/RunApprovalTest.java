package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.status.Condition;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that a person has to approve as a whole: until then nothing of it is done, finally neither. */
class RunApprovalTest {

    private static final String STEPS = """
            muteAlerts: {duration: 30m}
            steps: [{name: save, backup: {policyRef: {name: nightly}}}]
            finally: [{name: last, httpCheck: {}}]
            """;
    private static final String ASKS = "requestedBy: bob, approval: {expiresAfter: 2h}";

    @Test
    void givenARunWithApproval_whenSomebodyApproves_thenItBeginsOnlyThen() {
        RunWorld world = new RunWorld(STEPS, ASKS).rest();
        assertThat(world.ready().map(Condition::reason)).contains("WaitingForApproval");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("mainstay.dev/approve=Run@<your user name>")
                .contains("by somebody else than bob");
        assertThat(world.kept).isNull();
        assertThat(world.made).isEmpty();

        world.approve("Run@alice@example.org").rest();
        assertThat(world.made).hasSize(1);
        assertThat(world.run.getStatus().runbook().approvedBy()).isEqualTo("alice@example.org");
        assertThat(world.run.getStatus().runbook().muteAlerts()).isEqualTo("30m");
    }

    @ParameterizedTest
    @CsvSource({
        "Run@bob, has asked for the run",
        "run@alice, it is Run that waits",
        "save@alice, it is Run that waits",
        "alice, write",
    })
    void givenAnotherWord_whenItIsLookedAt_thenItStillWaits(String word, String told) {
        RunWorld world = new RunWorld(STEPS, ASKS).approve(word).rest();
        assertThat(world.ready().map(Condition::reason)).contains("WaitingForApproval");
        assertThat(world.ready().map(Condition::message).orElse("")).contains(told);
        assertThat(world.kept).isNull();
    }

    @Test
    void givenARunWithApproval_whenSomebodyRejects_thenNothingIsDone() {
        RunWorld world = new RunWorld(STEPS, ASKS).rest();
        world.approve("Run@alice").reject("Run@carol").rest();
        refused(world, "ApprovalRejected", "Rejected by carol.");
    }

    @Test
    void givenARunWithApproval_whenNobodyApprovesInTime_thenNothingIsDone() {
        RunWorld world = new RunWorld(STEPS, ASKS).rest();
        world.now = RunWorld.START.plus(Duration.ofHours(2)).minusSeconds(1);
        world.rest();
        assertThat(world.run.getStatus().phase()).isEqualTo(RunPhase.PENDING);
        world.now = RunWorld.START.plus(Duration.ofHours(2));
        world.rest();
        refused(world, "ApprovalExpired", "within 2h");
    }

    @Test
    void givenNoRequester_whenTheRunNeedsApproval_thenItIsRefused() {
        RunWorld world = new RunWorld(STEPS, "approval: {}").rest();
        refused(world, "RequesterMissing", "The run (spec.approval) has to be approved");
    }

    @Test
    void givenAStepThatNeedsApprovalToo_whenTheRunIsApproved_thenTheStepStillWaits() {
        RunWorld world = new RunWorld(
                        "steps: [{name: save, backup: {policyRef: {name: nightly}}, approval: {expiresAfter: 2h}}]",
                        ASKS)
                .approve("Run@alice")
                .rest();
        assertThat(world.made).isEmpty();
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("approve=save@")
                .doesNotContain("has no step Run");
        world.approve("save@alice").rest();
        assertThat(world.made).hasSize(1);
    }

    private static void refused(RunWorld world, String reason, String told) {
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(world.ready().map(Condition::reason)).contains(reason);
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains(told)
                .contains("Nothing was done.");
        assertThat(world.kept).isNull();
        assertThat(world.made).isEmpty();
    }
}

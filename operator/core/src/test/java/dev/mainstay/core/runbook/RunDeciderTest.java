package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.ProbeAnswer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a run, by what is there and what happens. */
class RunDeciderTest {

    private static final String WHOLE = """
            steps:
            - {name: save, backup: {policyRef: {name: nightly}, ifOlderThan: 4h}}
            - {name: look, httpCheck: {path: /ready}}
            - {name: confirm, manual: {text: Look at the dashboard., link: "https://wiki.example.org/look"}}
            """;

    private static final String CHECKS = """
            steps:
            - {name: one, httpCheck: {}, retries: %d, onFailure: %s}
            - {name: two, httpCheck: {expectStatus: 503}}
            - {name: rescue, httpCheck: {expectStatus: 503}, when: OnFailure}
            - {name: anyway, httpCheck: {expectStatus: 503}, when: Always}
            finally:
            - {name: last, httpCheck: {expectStatus: 503}}
            - {name: sorry, httpCheck: {expectStatus: 503}, when: OnFailure}
            - {name: glad, httpCheck: {expectStatus: 503}, when: OnSuccess}
            """;

    @Test
    void givenAllStepsPass_whenTheRunEnds_thenItHasPassed() {
        RunWorld world = new RunWorld(WHOLE, "").rest();

        assertThat(world.run.getStatus().runbook().revision()).isEqualTo("tuesday-runbook-d4dcc3d7");
        assertThat(world.run.getStatus().step()).isEqualTo("save");
        assertThat(world.made.keySet()).containsExactly("tuesday-save-1-31693c4d");
        DatabaseBackup made = world.backups.get("tuesday-save-1-31693c4d");
        assertThat(made.getSpec().reason()).isEqualTo("Step save of MaintenanceRun tuesday: it is Tuesday");
        assertThat(made.getMetadata().getAnnotations()).containsEntry(Annotations.MADE_BY_RUN, "tuesday");

        world.backupsEnd(BackupPhase.SUCCEEDED).rest();
        assertThat(world.ready().map(Condition::reason)).contains("WaitingForApproval");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("\"Look at the dashboard.\" (https://wiki.example.org/look)")
                .contains("mainstay.dev/approve=confirm@<your user name>")
                .contains("by somebody else than bob");

        world.approve("confirm@alice@example.org").rest();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(world.step("confirm").approvedBy()).isEqualTo("alice@example.org");
        assertThat(world.outcomes()).containsOnly(StepOutcome.PASSED);
        assertThat(world.run.getStatus().conditions())
                .extracting(Condition::type)
                .containsExactly("Finished", "Ready", "Succeeded");
    }

    @ParameterizedTest
    @CsvSource({
        "confirm@bob, WaitingForApproval, has asked for the run",
        "look@alice, WaitingForApproval, Waits until",
        "alice, WaitingForApproval, write \"confirm@<your user name>\"",
        "@alice, WaitingForApproval, write \"confirm@<your user name>\"",
        "confrim@alice, WaitingForApproval, the run has no step confrim: it is confirm that waits.",
        "confirm@, WaitingForApproval, write \"confirm@<your user name>\"",
        "confirm@alice, Succeeded, 3 Passed"
    })
    void givenAWordOfAPerson_whenItIsRead_thenOnlyThatOfSomebodyElseForThisStepCounts(
            String word, String reason, String message) {
        RunWorld world = new RunWorld(WHOLE, "").rest().backupsEnd(BackupPhase.SUCCEEDED);
        world.rest().approve(word).rest();

        assertThat(world.ready().map(Condition::reason)).contains(reason);
        assertThat(world.ready().map(Condition::message).orElse("")).contains(message);
    }

    @Test
    void givenYesAndNo_whenBothAreThere_thenNoCounts() {
        RunWorld world = new RunWorld(WHOLE, "").rest().backupsEnd(BackupPhase.SUCCEEDED);
        world.rest().approve("confirm@alice").reject("confirm@carol").rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(world.ready().map(Condition::reason)).contains("ApprovalRejected");
        assertThat(world.step("confirm").message()).isEqualTo("Rejected by carol.");
    }

    @Test
    void givenNobodyAnswers_whenTheTimeIsOver_thenTheStepHasFailed() {
        RunWorld world = new RunWorld(WHOLE, "").rest().backupsEnd(BackupPhase.SUCCEEDED);
        world.rest().later(Duration.ofHours(24).minusSeconds(1));
        assertThat(world.run.getStatus().phase()).isEqualTo(RunPhase.RUNNING);

        world.later(Duration.ofSeconds(1));
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(world.ready().map(Condition::reason)).contains("ApprovalExpired");
    }

    @Test
    void givenAStepThatNeedsApproval_whenItIsApproved_thenItIsDoneOnlyThen() {
        RunWorld world = new RunWorld(
                        "steps: [{name: save, backup: {policyRef: {name: nightly}}, approval: {expiresAfter: 2h}}]", "")
                .rest();
        assertThat(world.made).isEmpty();
        world.approve("save@alice").rest();
        assertThat(world.made).hasSize(1);
        world.backupsEnd(BackupPhase.SUCCEEDED).rest();
        assertThat(world.step("save").message()).startsWith("Approved by alice. DatabaseBackup");
    }

    @Test
    void givenNoRequester_whenAStepNeedsApproval_thenTheRunIsRefused() {
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}, approval: {}}]", "dryRun: false").rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(world.ready().map(Condition::reason)).contains("RequesterMissing");
        assertThat(world.kept).isNull();
    }

    @Test
    void givenAYoungBackup_whenTheStepsTurnComes_thenItIsSkippedAndSaysWhich() {
        RunWorld world = new RunWorld(WHOLE, "");
        DatabaseBackup young = Serialization.unmarshal(
                "metadata: {name: young, namespace: shop}\nspec: {policyRef: {name: nightly}}", DatabaseBackup.class);
        world.backups.put(
                "young", RunWorld.ended(young, BackupPhase.SUCCEEDED, RunWorld.START.minus(Duration.ofHours(4))));
        world.rest();

        assertThat(world.step("save").outcome()).isEqualTo(StepOutcome.SKIPPED);
        assertThat(world.step("save").message()).contains("DatabaseBackup young holds the data of");
        assertThat(world.made).isEmpty();
    }

    @Test
    void givenABackupThatIsTooOld_whenTheStepsTurnComes_thenOneIsMade() {
        RunWorld world = new RunWorld(WHOLE, "");
        DatabaseBackup old = Serialization.unmarshal(
                "metadata: {name: old, namespace: shop}\nspec: {policyRef: {name: nightly}}", DatabaseBackup.class);
        world.backups.put(
                "old",
                RunWorld.ended(
                        old,
                        BackupPhase.SUCCEEDED,
                        RunWorld.START.minus(Duration.ofHours(4).plusSeconds(1))));

        assertThat(world.rest().made).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Stop, FAILED, 'FAILED, SKIPPED, PASSED, PASSED, PASSED, PASSED, SKIPPED'",
        "Continue, FAILED, 'FAILED, PASSED, PASSED, PASSED, PASSED, PASSED, PASSED'"
    })
    void givenAStepFails_whenItStopsTheRunOrNot_thenTheOthersAreDoneAsTheySay(
            String onFailure, RunOutcome outcome, String outcomes) {
        RunWorld world = new RunWorld(CHECKS.formatted(0, onFailure), "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(outcome);
        assertThat(world.outcomes().toString()).isEqualTo("[" + outcomes + "]");
        assertThat(world.ready().map(Condition::message).orElse("")).contains("Step one: 1 ready Pod of web answered");
    }

    @Test
    void givenRetries_whenAStepFails_thenItIsTriedAgainLaterAndLater() {
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}, retries: 2}]", "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();
        assertThat(world.step("look").attempts()).isEqualTo(1);
        assertThat(world.ready().map(Condition::reason)).contains("Retrying");

        world.later(Duration.ofSeconds(9));
        assertThat(world.step("look").attempts()).isEqualTo(1);
        world.later(Duration.ofSeconds(1));
        assertThat(world.step("look").attempts()).isEqualTo(2);
        world.answers = List.of(new ProbeAnswer.Answered(200));
        world.later(Duration.ofSeconds(19));
        assertThat(world.step("look").attempts()).isEqualTo(2);
        world.later(Duration.ofSeconds(1));
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(world.step("look").attempts()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "'200, 200', PASSED, answered GET /healthz on port http with 200",
        "'200, 0', FINDINGS, 1 of 2 ready Pods of web did not answer",
        "'0, 0', COULD_NOT_CHECK, 2 of 2 ready Pods of web did not answer",
        "'200, 500', FAILED, '1 of 2 ready Pods of web answered GET /healthz on port http with 500 instead of 200: web-0 (500).'",
        "'', FAILED, No Pod of web is ready"
    })
    void givenAnswersOfThePods_whenTheyAreChecked_thenTheyAreJudged(
            String answers, RunOutcome outcome, String message) {
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}}]", "");
        world.answers = answers.isEmpty()
                ? List.of()
                : List.of(answers.split(", ")).stream()
                        .map(Integer::valueOf)
                        .<ProbeAnswer>map(status ->
                                status == 0 ? new ProbeAnswer.Silent("no answer") : new ProbeAnswer.Answered(status))
                        .toList();
        world.rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(outcome);
        assertThat(world.step("look").message()).contains(message);
        assertThat(world.ready().map(condition -> condition.status().name()).orElse(""))
                .isEqualTo(outcome == RunOutcome.PASSED || outcome == RunOutcome.FINDINGS ? "TRUE" : "FALSE");
    }

    @Test
    void givenABackupThatNeverEnds_whenTheTimeoutIsOver_thenItIsToldToEndAndAnotherOneIsMade() {
        RunWorld world = new RunWorld(
                        "steps: [{name: save, backup: {policyRef: {name: nightly}}, timeout: 1h, retries: 1}]", "")
                .rest();
        world.later(Duration.ofHours(1).plusSeconds(1));
        assertThat(world.left).hasSize(1);
        world.later(Duration.ofSeconds(10)).backupsEnd(BackupPhase.FAILED).rest();

        assertThat(world.made).hasSize(2);
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(world.step("save").attempts()).isEqualTo(2);
    }

    @Test
    void givenNoPolicy_whenTheBackupsTurnComes_thenItCouldNotCheckAndSaysWhatToDo() {
        RunWorld world = new RunWorld(WHOLE, "");
        world.policy = null;
        world.rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.COULD_NOT_CHECK);
        assertThat(world.step("save").message()).contains("BackupPolicy nightly, which backup.policyRef");
        assertThat(world.outcomes())
                .containsExactly(StepOutcome.COULD_NOT_CHECK, StepOutcome.SKIPPED, StepOutcome.SKIPPED);
    }

    @Test
    void givenAPolicyOfAnotherApplication_whenTheBackupsTurnComes_thenNothingIsMade() {
        RunWorld world = new RunWorld(WHOLE, "");
        world.policy = Serialization.unmarshal("""
                metadata: {name: nightly, namespace: shop}
                spec: {applicationRef: {name: other}, storage: {s3: {bucket: b}}}
                """, BackupPolicy.class);

        assertThat(world.rest().made).isEmpty();
        assertThat(world.step("save").message()).contains("is one of ManagedApplication other");
    }

    @Test
    void givenTheRunbookIsEdited_whenTheRunIsUnderWay_thenItGoesOnAsItBegan() {
        RunWorld world = new RunWorld(WHOLE, "").rest();
        world.runbook = RunWorld.runbook("steps: [{name: other, httpCheck: {}}]");
        world.backupsEnd(BackupPhase.SUCCEEDED).rest().approve("confirm@alice").rest();

        assertThat(world.run.getStatus().steps()).extracting("name").containsExactly("save", "look", "confirm");
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenTheStepsAreLost_whenTheRunIsUnderWay_thenItEndsAndSaysSo() {
        RunWorld world = new RunWorld(WHOLE, "").rest();
        world.kept = null;
        world.rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(world.ready().map(Condition::reason)).contains("PlanLost");
        assertThat(world.outcomes()).containsOnly(StepOutcome.SKIPPED);
    }

    @Test
    void givenADryRun_whenItEnds_thenEachStepSaysWhatItWouldDoAndNothingWasDone() {
        RunWorld world = new RunWorld(WHOLE, "dryRun: true").rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(world.ready().map(Condition::reason)).contains("WouldRun");
        assertThat(world.run.getStatus().steps())
                .extracting("message")
                .containsExactly(
                        "Dry run. Makes a DatabaseBackup by BackupPolicy nightly, and waits for its end, unless the newest one"
                                + " is not older than 4h.",
                        "Dry run. Asks each ready Pod of web for GET /ready on port http and wants 200.",
                        "Dry run. A person does this: \"Look at the dashboard.\" (https://wiki.example.org/look).");
        assertThat(world.kept).isNull();
        assertThat(world.made).isEmpty();
    }

    @Test
    void givenNotAfter_whenItIsOver_thenTheRunIsRefusedEvenIfSomethingIsMissing() {
        RunWorld world = new RunWorld(WHOLE, "notAfter: \"2026-03-29T03:00:00Z\"");
        world.application = null;
        assertThat(world.rest().ready().map(Condition::reason)).contains("ApplicationNotFound");

        world.later(Duration.ofSeconds(1));
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(world.ready().map(Condition::reason)).contains("TooLate");
    }

    @Test
    void givenNoRunbook_whenItAppears_thenTheRunBegins() {
        RunWorld world = new RunWorld(WHOLE, "");
        world.runbook = null;
        assertThat(world.rest().ready().map(Condition::reason)).contains("RunbookNotFound");

        world.runbook = RunWorld.runbook(WHOLE);
        assertThat(world.rest().made).hasSize(1);
    }

    @Test
    void givenAPausedRun_whenABackupIsUnderWay_thenItEndsAndNothingNewBegins() {
        RunWorld world = new RunWorld(WHOLE, "").rest().annotate(Annotations.PAUSED, "wait");
        world.rest().backupsEnd(BackupPhase.SUCCEEDED).rest();

        assertThat(world.step("save").outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(world.step("look").attempts()).isZero();
        assertThat(world.ready().map(Condition::reason)).contains("Paused");
    }

    @Test
    void givenACancelledRun_whenABackupIsUnderWay_thenItIsToldToEndAndFinallyIsDone() {
        RunWorld world = new RunWorld(WHOLE + "finally: [{name: last, httpCheck: {}}]", "").rest();
        world.annotate(Annotations.CANCEL, "never mind").rest();

        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(world.left).containsExactly("tuesday-save-1-31693c4d");
        assertThat(world.outcomes())
                .containsExactly(StepOutcome.SKIPPED, StepOutcome.SKIPPED, StepOutcome.SKIPPED, StepOutcome.PASSED);
        assertThat(world.ready().map(Condition::message).orElse(""))
                .startsWith("Cancelled (\"never mind\") at step save. 4 steps: 1 Passed, 3 Skipped.");
    }

    @Test
    void givenAFinishedRun_whenItIsLookedAtAgain_thenNothingIsDone() {
        RunWorld world = new RunWorld("steps: [{name: look, httpCheck: {}}]", "").rest();
        world.annotate(Annotations.CANCEL, "late");

        assertThat(world.pass()).isInstanceOf(RunDecision.LeaveAlone.class);
    }

    @Test
    void givenTheMostStepsWithTheLongestTexts_whenAllHaveEnded_thenTheStatusIsBounded() {
        String steps = IntStream.range(0, 32)
                .mapToObj(number ->
                        "- {name: step-%d, manual: {text: \"%s\"}, approval: {}}\n".formatted(number, "x".repeat(512)))
                .collect(Collectors.joining());
        String last = steps.replace("step-", "last-");
        RunWorld world =
                new RunWorld("steps:\n" + steps + "finally:\n" + last, "dryRun: true, requestedBy: bob").rest();

        assertThat(world.run.getStatus().steps())
                .hasSize(64)
                .allSatisfy(line ->
                        assertThat(line.message()).hasSizeLessThanOrEqualTo(256).endsWith("(cut)"));
    }
}

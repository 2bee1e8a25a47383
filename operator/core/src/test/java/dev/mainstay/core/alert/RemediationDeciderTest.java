package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done about an alert, and each thing that keeps it from being done. */
class RemediationDeciderTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void givenAnAlertThatFires_whenItIsLookedAt_thenTheAttemptStandsInTheStatusBeforeItsRunIsMade() {
        RemediationWorld world = RemediationWorld.acting();

        assertThat(world.pass().make()).isNull();
        assertThat(world.runs).isEmpty();
        RemediationAttempt intent = world.last();
        assertThat(intent.open()).isTrue();
        assertThat(intent.episode()).isEqualTo(1);
        assertThat(intent.attempt()).isEqualTo(1);
        assertThat(intent.madeAt()).isNull();

        world.pass();
        MaintenanceRun run = world.runs.get(intent.run());
        assertThat(run.getMetadata().getLabels()).containsEntry(Annotations.ALERT_RULE, "slow");
        assertThat(run.getMetadata().getOwnerReferences()).isNullOrEmpty();
        assertThat(run.getSpec().runbookRef().name()).isEqualTo("performance");
        assertThat(run.getSpec().parameters()).containsEntry("pods", "2");
        assertThat(run.getSpec().requestedBy()).isEqualTo("system:serviceaccount:mainstay:mainstay");
        assertThat(run.getSpec().reason()).isEqualTo("AlertRule slow fires (900 ms): attempt 1 of episode 1.");
        assertThat(run.getSpec().approval()).isNull();
        assertThat(run.getSpec().notAfter()).isEqualTo(intent.startedAt().plus(RemediationRuns.BEGIN_WITHIN));

        world.pass();
        assertThat(world.last().madeAt()).isEqualTo(world.now);
        assertThat(world.status().blockedReason()).isNull();
    }

    @Test
    void givenApprovalRequired_whenTheRunIsMade_thenItWaitsForAPersonAndMayBeginLate() {
        RemediationWorld world = new RemediationWorld("dryRun: false");
        world.pass();
        world.pass();

        MaintenanceRun run = world.runs.get(world.last().run());
        assertThat(run.getSpec().approval()).isNotNull();
        assertThat(run.getSpec().notAfter()).isNull();
    }

    @Test
    void givenNothingButARunbook_whenTheAlertFires_thenWhatWouldBeDoneIsToldOncePerEpisodeAndNothingIsDone() {
        RemediationWorld world = new RemediationWorld("");
        world.pass();
        world.later(MINUTE).pass();
        world.later(Duration.ofHours(2)).pass();

        assertThat(world.runs).isEmpty();
        assertThat(world.status().attempts()).hasSize(1);
        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.DRY_RUN);
        assertThat(world.last().dryRun()).isTrue();
        assertThat(world.last().message()).contains("Would make a MaintenanceRun of Runbook performance");

        world.ends(ResolveReason.RECOVERED).pass();
        world.firesAgain().pass();
        assertThat(world.status().attempts()).hasSize(2);
        assertThat(world.runs).isEmpty();
    }

    /** Something that keeps it from being done. */
    private record Guard(Reason reason, String what, Change change) {

        private interface Change {
            void on(RemediationWorld world);
        }

        @Override
        public String toString() {
            return reason + " " + what;
        }
    }

    static Stream<Guard> guards() {
        return Stream.of(
                new Guard(
                        Reason.REMEDIATION_DISABLED,
                        "rule",
                        world -> world.rule.getMetadata().getAnnotations().put(Annotations.REMEDIATION, "disabled")),
                new Guard(
                        Reason.REMEDIATION_DISABLED,
                        "application",
                        world -> world.application
                                .getMetadata()
                                .getAnnotations()
                                .put(Annotations.REMEDIATION, "disabled")),
                new Guard(
                        Reason.REMEDIATION_DISABLED,
                        "kill switch",
                        world -> world.killSwitch = new KillSwitch.On("false")),
                new Guard(
                        Reason.REMEDIATION_DISABLED,
                        "kill switch that can't be read",
                        world -> world.killSwitch = new KillSwitch.Unreadable("forbidden")),
                new Guard(
                        Reason.PAUSED,
                        "rule",
                        world -> world.rule.getMetadata().getAnnotations().put(Annotations.PAUSED, "")),
                new Guard(
                        Reason.PAUSED,
                        "application",
                        world ->
                                world.application.getMetadata().getAnnotations().put(Annotations.PAUSED, "")),
                new Guard(Reason.APPLICATION_NOT_FOUND, "", world -> world.application = null),
                new Guard(Reason.RUNBOOK_NOT_FOUND, "", world -> world.runbook = null),
                new Guard(
                        Reason.INVALID_SPEC,
                        "runbook",
                        world -> world.runbook.setStatus(
                                Serialization.unmarshal("""
                                status:
                                  conditions: [{type: Ready, status: "False", reason: PolicyNotFound, message: none}]
                                """, Runbook.class).getStatus())),
                new Guard(
                        Reason.NOT_MEASURED,
                        "no data",
                        world -> world.evaluation = new Evaluation.NoData("empty", world.now)),
                new Guard(
                        Reason.NOT_MEASURED,
                        "error",
                        world -> world.evaluation = new Evaluation.Failed("http://p", "503", world.now)),
                new Guard(
                        Reason.NOT_MEASURED,
                        "partial",
                        world -> world.evaluation =
                                new Evaluation.Measured(0.9, "900 ms", "a store is away", world.now.plusSeconds(600))),
                new Guard(
                        Reason.NOT_MEASURED,
                        "of a part of the Pods",
                        world -> world.evaluation = new Evaluation.Measured(
                                0.9, "900 ms", null, "7 of 9 Pods have metrics.", world.now.plusSeconds(600))),
                new Guard(
                        Reason.NOT_MEASURED,
                        "old",
                        world -> world.evaluation =
                                new Evaluation.Measured(0.9, "900 ms", null, world.now.minusSeconds(91))),
                new Guard(Reason.RECOVERING, "", world -> world.recoveringSince = world.now),
                new Guard(Reason.JUST_STARTED, "nothing measured", world -> world.watchedSince = null),
                new Guard(
                        Reason.JUST_STARTED,
                        "less than pendingFor",
                        world -> world.watchedSince = world.now.minusSeconds(200)),
                new Guard(
                        Reason.UNDER_MAINTENANCE,
                        "mute",
                        world -> world.mute = new AlertMute("MaintenanceRun release", null)),
                new Guard(Reason.UNDER_MAINTENANCE, "mode", world -> application(world, """
                        status: {conditions: [{type: InMaintenance, status: "True", reason: InMaintenance, message: on}]}""")),
                new Guard(Reason.UNDER_MAINTENANCE, "mode that ends", world -> application(world, """
                        status:
                          conditions: [{type: InMaintenance, status: "False", reason: LeavingMaintenance, message: ends}]""")),
                new Guard(Reason.ALERT_STORM, "", world -> world.share = new FiringShare(31, 100)),
                new Guard(Reason.CLAIMED, "restore", world -> application(world, """
                        status: {operations: [{kind: RestoreRequest, name: back, state: Waiting}]}""")),
                new Guard(Reason.CLAIMED, "run of a person", world -> world.others.add(other("""
                        status: {phase: Running, runbook: {revision: r}, steps: [{name: one}]}"""))),
                new Guard(
                        Reason.CLAIMED,
                        "run of another rule that is about to begin",
                        world -> world.others.add(other(""))),
                new Guard(Reason.ROLLOUT_UNDER_WAY, "", world -> world.rollout = "Deployment web is rolled out."));
    }

    private static void application(RemediationWorld world, String status) {
        world.application.setStatus(
                Serialization.unmarshal(status, ManagedApplication.class).getStatus());
    }

    private static MaintenanceRun other(String status) {
        return Serialization.unmarshal("""
                metadata: {name: other, namespace: shop, uid: uid-other, labels: {mainstay.dev/alert-rule: another}}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: why not}
                """ + status, MaintenanceRun.class);
    }

    @ParameterizedTest
    @MethodSource("guards")
    void givenWhatKeepsIt_whenTheAlertFires_thenNothingIsDecidedOnAndTheStatusSaysWhy(Guard guard) {
        RemediationWorld world = RemediationWorld.acting();
        guard.change().on(world);

        RemediationDecision decision = world.pass();

        assertThat(world.status().blockedReason()).isEqualTo(guard.reason().text());
        assertThat(world.status().blockedMessage()).isNotBlank();
        assertThat(world.status().attempts()).isEmpty();
        assertThat(world.runs).isEmpty();
        assertThat(decision.wakeUp()).isBetween(world.now.plusSeconds(1), world.now.plusSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("guards")
    void givenWhatKeepsItComesAfterTheDecision_whenTheRunIsToBeMade_thenItIsNot(Guard guard) {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.later(Duration.ofSeconds(1));
        guard.change().on(world);
        world.pass();

        assertThat(world.runs).isEmpty();
        assertThat(world.status().blockedReason()).isEqualTo(guard.reason().text());
        assertThat(world.last().open()).isTrue();

        world.later(RemediationRuns.BEGIN_WITHIN).pass();
        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.NOT_DONE);
        assertThat(world.runs).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("guards")
    void givenWhatKeepsIt_whenItIsADryRun_thenItIsToldAsWell(Guard guard) {
        RemediationWorld world = new RemediationWorld("");
        guard.change().on(world);
        world.pass();

        assertThat(world.status().attempts()).isEmpty();
        assertThat(world.status().blockedReason()).isEqualTo(guard.reason().text());
    }

    /** The numbers are those of now, and a status is written only when what is said of them changes. */
    @Test
    void givenAStorm_whenItGrows_thenTheMessageHasTheNumbersAsTheyAre() {
        RemediationWorld world = RemediationWorld.acting();
        world.share = new FiringShare(7, 12);
        world.pass();
        assertThat(world.status().blockedMessage())
                .isEqualTo(
                        "7 of 12 alert rules fire at once, not counting those of which nothing is known. More than 30 %, and"
                                + " at least 5, are taken for a storm: the cause is more likely a shared one, or a source of metrics."
                                + " Look at those first.");

        world.share = new FiringShare(9, 12);
        world.later(Duration.ofSeconds(30)).pass();
        assertThat(world.status().blockedMessage()).startsWith("9 of 12 alert rules");

        world.share = new FiringShare(412, 1203);
        world.later(Duration.ofSeconds(30)).pass();
        String said = world.status().blockedMessage();
        world.share = new FiringShare(408, 1249);
        world.later(Duration.ofSeconds(30)).pass();
        assertThat(world.status().blockedMessage()).isEqualTo(said).startsWith("about 410 of about 1200 alert rules");

        world.share = new FiringShare(3, 1200);
        world.later(Duration.ofSeconds(30)).pass();
        assertThat(world.status().blockedReason()).isNull();
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                Arguments.of("four of five rules fire", (Guard.Change) world -> world.share = new FiringShare(4, 5)),
                Arguments.of("30 of 100", (Guard.Change) world -> world.share = new FiringShare(30, 100)),
                Arguments.of("a backup", (Guard.Change) world -> application(world, """
                        status: {operations: [{kind: DatabaseBackup, name: nightly, state: Active}]}""")),
                Arguments.of("a run that waits for a person", (Guard.Change) world -> world.others.add(other("""
                        status:
                          phase: Running
                          runbook: {revision: r}
                          steps: [{name: one, askedAt: "2026-03-29T02:00:00Z"}]"""))),
                Arguments.of("a run of another application", (Guard.Change)
                        world -> world.others.add(Serialization.unmarshal("""
                        metadata: {name: other, namespace: shop, uid: u}
                        spec: {applicationRef: {name: blog}, runbookRef: {name: release}, reason: why not}
                        status: {phase: Running, runbook: {revision: r}, steps: [{name: one}]}
                        """, MaintenanceRun.class))),
                Arguments.of("a run that has ended", (Guard.Change) world -> world.others.add(other("""
                        status: {phase: Finished, runbook: {revision: r}}"""))),
                Arguments.of("an alert that began after the start", (Guard.Change) world -> {
                    world.watchedSince = world.now.minusSeconds(200);
                    world.activeSince = world.watchedSince;
                }),
                Arguments.of("a start as long ago as pendingFor", (Guard.Change)
                        world -> world.watchedSince = world.now.minusSeconds(300)),
                Arguments.of("a value that is not too old", (Guard.Change) world ->
                        world.evaluation = new Evaluation.Measured(0.9, "900 ms", null, world.now.minusSeconds(90))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void givenWhatDoesNotKeepIt_whenTheAlertFires_thenAnAttemptIsDecidedOn(String what, Guard.Change change) {
        RemediationWorld world = RemediationWorld.acting();
        change.on(world);
        world.pass();

        assertThat(world.status().attempts()).as(what).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = AlertState.class,
            names = {"INACTIVE", "PENDING", "UNKNOWN", "UNRECOGNIZED"})
    void givenAnAlertThatDoesNotFire_whenItIsLookedAt_thenNothingIsDoneOrTold(AlertState state) {
        RemediationWorld world = RemediationWorld.acting();
        world.state = state;

        RemediationDecision decision = world.pass();

        assertThat(decision.status()).isNull();
        assertThat(decision.begins()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Passed        | Succeeded        | RECOVERED   | HEALED
            Findings      | Findings         | RECOVERED   | HEALED
            Passed        | Succeeded        | SERIES_GONE | UNPROVEN
            Passed        | Succeeded        |             | STILL_FIRING
            Failed        | StepFailed       | RECOVERED   | RUN_FAILED
            CouldNotCheck | CouldNotCheck    |             | RUN_FAILED
            Cancelled     | Cancelled        |             | STOPPED
            Cancelled     | Preempted        |             | RUN_FAILED
            Refused       | ApprovalRejected |             | STOPPED
            Refused       | ApprovalExpired  |             | NOT_DONE
            Refused       | TooLate          |             | NOT_DONE
            """)
    void givenARunThatEnds_whenTheAlertEndsOrNot_thenTheAttemptCameTo(
            String outcome, String reason, ResolveReason ends, RemediationOutcome wanted) {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.pass();
        world.pass();
        world.begins().pass();
        world.later(MINUTE).finishes(outcome, reason).pass();
        if (ends == null) {
            world.later(Duration.ofMinutes(10)).pass();
        } else {
            world.later(MINUTE).ends(ends).pass();
        }

        RemediationAttempt first = world.status().attempts().getFirst();
        assertThat(first.outcome()).isEqualTo(wanted);
        assertThat(first.message()).startsWith("MaintenanceRun " + first.run() + " ended as " + outcome + ". 1 step.");
    }

    @Test
    void givenARunThatWaits_whenTheAlertEndsAndTheRunIsCalledOff_thenNobodyHasStoppedIt() {
        RemediationWorld world = new RemediationWorld("dryRun: false, approval: Required");
        world.pass();
        world.pass();
        world.pass();
        world.later(MINUTE).ends(ResolveReason.RECOVERED).pass();
        assertThat(world.cancelled).containsExactly(world.last().run());
        world.runs
                .get(world.last().run())
                .getMetadata()
                .getAnnotations()
                .put(Annotations.CANCEL, RemediationRuns.ALERT_ENDED);
        world.run(world.last().run(), """
                {phase: Finished, outcome: Cancelled, completedAt: NOW,
                  conditions: [{type: Ready, status: "True", reason: Cancelled, message: It did nothing.}]}""").pass();

        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.NOT_DONE);
    }

    @Test
    void givenAnAlertThatBeganWithTheFirstValue_whenNothingIsWaitedFor_thenTheOperatorHasNotJustStarted() {
        RemediationWorld world = RemediationWorld.acting();
        world.activeSince = world.now;
        world.watchedSince = world.now.plusMillis(470);

        world.pass();

        assertThat(world.status().blockedReason()).isNull();
        assertThat(world.status().attempts()).hasSize(1);
    }

    @Test
    void givenARunThatHasEnded_whenTheAlertStillFires_thenItHasTheCoolDownToEnd() {
        RemediationWorld world = RemediationWorld.acting().attempts("Passed");
        assertThat(world.last().open()).isTrue();

        world.later(Duration.ofMinutes(10).minusSeconds(1)).pass();
        assertThat(world.last().open()).isTrue();
        assertThat(world.last().attempt()).isEqualTo(1);

        world.recoveringSince = world.now;
        world.later(MINUTE).pass();
        assertThat(world.last().open()).as("the value is good").isTrue();

        world.recoveringSince = null;
        world.pass();
        assertThat(world.status().attempts().getFirst().outcome()).isEqualTo(RemediationOutcome.STILL_FIRING);
        assertThat(world.last().attempt()).as("the next one").isEqualTo(2);
    }

    @Test
    void givenNothingIsKnownOfTheAlert_whenTheRunHasEnded_thenNothingIsTakenForHealed() {
        RemediationWorld world = RemediationWorld.acting().attempts("Passed");
        world.state = AlertState.UNKNOWN;
        world.later(Duration.ofHours(1)).pass();

        assertThat(world.last().open()).isTrue();
        assertThat(world.status().attempts()).hasSize(1);
    }

    @Test
    void givenThreeAttemptsInAnEpisode_whenTheAlertStillFires_thenAPersonHasToLookForAsLongAsItDoes() {
        RemediationWorld world = RemediationWorld.acting();
        for (int attempt = 1; attempt <= 3; attempt++) {
            world.attempts("Passed").later(Duration.ofMinutes(10));
        }
        world.pass();
        assertThat(world.made).hasSize(3);
        assertThat(world.status().blockedReason()).isEqualTo("AttemptsExhausted");

        world.later(Duration.ofDays(1)).pass();
        world.pass();
        assertThat(world.made).hasSize(3);
        assertThat(world.status().blockedMessage()).contains("a person has to look");
    }

    @Test
    void givenThreeAttemptsInAnHour_whenTheAlertFiresAgain_thenTheNextIsNotBeforeTheHourIsOver() {
        RemediationWorld world = RemediationWorld.acting();
        for (int attempt = 1; attempt <= 3; attempt++) {
            world.attempts("Passed");
            world.later(Duration.ofMinutes(2)).ends(ResolveReason.RECOVERED).pass();
            assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.HEALED);
            world.later(Duration.ofMinutes(11)).firesAgain();
        }
        world.pass();
        assertThat(world.status().blockedReason()).isEqualTo("AttemptsExhausted");
        assertThat(world.status().nextAllowedAt()).isEqualTo(RemediationWorld.START.plus(Duration.ofHours(1)));

        world.now = RemediationWorld.START.plus(Duration.ofHours(1)).minusSeconds(1);
        world.pass();
        assertThat(world.made).hasSize(3);
        world.later(Duration.ofSeconds(1)).pass();
        world.pass();
        assertThat(world.made).hasSize(4);
        assertThat(world.status().nextAllowedAt())
                .as("the span of the last three")
                .isEqualTo(world.status().attempts().get(1).startedAt().plus(Duration.ofHours(1)));
    }

    @Test
    void givenAnAttempt_whenTheAlertFiresAgainSoon_thenTheCoolDownHolds() {
        RemediationWorld world = RemediationWorld.acting().attempts("Passed");
        world.ends(ResolveReason.RECOVERED).pass();
        world.later(Duration.ofMinutes(9)).firesAgain().pass();

        assertThat(world.status().blockedReason()).isEqualTo("CoolingDown");
        assertThat(world.status().attempts()).hasSize(1);

        world.later(MINUTE).pass();
        assertThat(world.last().episode()).isEqualTo(2);
        assertThat(world.last().attempt()).isEqualTo(1);
        assertThat(world.status().blockedReason()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"Cancelled, Cancelled", "Refused, ApprovalRejected"})
    void givenAPersonHasEndedTheRun_whenTheAlertFiresOn_thenNothingMoreIsDoneInThisEpisode(
            String outcome, String reason) {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.pass();
        world.pass();
        world.begins().finishes(outcome, reason).pass();
        world.later(Duration.ofHours(2)).pass();

        assertThat(world.status().blockedReason()).isEqualTo("StoppedByPerson");
        assertThat(world.made).hasSize(1);

        world.ends(ResolveReason.RECOVERED).pass();
        world.later(MINUTE).firesAgain().pass();
        assertThat(world.status().attempts()).hasSize(2);
    }

    @Test
    void givenTheRunWasDeleted_whenItIsLookedAt_thenItIsNotMadeAgain() {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.pass();
        world.pass();
        world.runs.clear();
        world.pass();
        world.pass();

        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.STOPPED);
        assertThat(world.runs).isEmpty();
    }

    @Test
    void givenARunOfThatNameThatIsNotOurs_whenItIsSeen_thenTheAttemptIsNotDone() {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        MaintenanceRun foreign = other("");
        foreign.getMetadata().setName(world.last().run());
        world.runs.put(world.last().run(), foreign);
        world.pass();

        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.NOT_DONE);
        assertThat(world.last().message()).contains("was not made for this attempt");
    }

    @Test
    void givenTheAlertEnds_whenItsRunStillWaitsForApproval_thenTheRunIsCancelled() {
        RemediationWorld world = new RemediationWorld("dryRun: false");
        world.pass();
        world.pass();
        world.pass();
        assertThat(world.cancelled).isEmpty();
        world.ends(ResolveReason.RECOVERED).pass();
        assertThat(world.cancelled).containsExactly(world.last().run());
    }

    @Test
    void givenTheAlertEnds_whenItsRunIsUnderWay_thenTheRunGoesOn() {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.pass();
        world.pass();
        world.begins().ends(ResolveReason.RECOVERED).pass();
        assertThat(world.cancelled).isEmpty();
    }

    @Test
    void givenTheAlertEnds_whenTheRunIsNotMadeYet_thenItIsNotMade() {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.ends(ResolveReason.RECOVERED).pass();
        world.pass();
        assertThat(world.runs).isEmpty();
        assertThat(world.last().outcome()).isEqualTo(RemediationOutcome.NOT_DONE);
    }

    @ParameterizedTest
    @CsvSource({"true, Rejected", "false, "})
    void givenTheApiServerDoesNotTakeTheRun_whenThatMayPass_thenItIsTriedAgain(boolean passes, String ignored) {
        RemediationWorld world = RemediationWorld.acting();
        world.pass();
        world.declined = new Declined(Reason.REJECTED, passes, "no");
        world.pass();

        assertThat(world.last().open()).isEqualTo(passes);
        assertThat(world.runs).isEmpty();
        world.declined = null;
        world.later(Duration.ofSeconds(30)).pass();
        assertThat(world.runs.size()).isEqualTo(passes ? 1 : 0);
    }

    @Test
    void givenTheRemediationIsTakenOutOfTheRule_whenThereWereAttempts_thenTheyStayAndNothingIsDone() {
        RemediationWorld world = RemediationWorld.acting().attempts("Passed");
        world.change();
        world.rule.setSpec(Serialization.unmarshal("""
                spec: {applicationRef: {name: shop}, metric: HealthCheck}""", AlertRule.class).getSpec());
        world.later(Duration.ofHours(1)).pass();
        world.pass();
        assertThat(world.status().attempts()).hasSize(1);
        assertThat(world.made).hasSize(1);
    }

    @Test
    void givenMoreAttemptsThanAreKept_whenAnotherOneIsMade_thenDryRunsGoFirst() {
        RemediationWorld world = new RemediationWorld("");
        for (int episode = 0; episode < 9; episode++) {
            world.pass();
            world.ends(ResolveReason.RECOVERED).pass();
            world.later(Duration.ofHours(1)).firesAgain();
        }
        world.change();
        world.rule.setSpec(RemediationWorld.acting().rule.getSpec());
        for (int episode = 0; episode < 3; episode++) {
            world.attempts("Passed");
            world.ends(ResolveReason.RECOVERED).pass();
            world.later(Duration.ofHours(1)).firesAgain();
        }
        assertThat(world.status().attempts()).hasSize(10);
        assertThat(world.status().attempts().stream().filter(one -> !one.dryRun()))
                .hasSize(3);
    }

    @Test
    void givenWhatIsWritten_whenItDiffersFromBefore_thenEventsTellOfEachStepOnce() {
        RemediationWorld world = RemediationWorld.acting();
        assertThat(written(world)).containsExactly("Remediating");
        assertThat(written(world)).as("its run is made").isEmpty();
        assertThat(written(world)).as("its run is seen").isEmpty();
        world.begins();
        assertThat(written(world)).isEmpty();
        world.finishes("Failed", "StepFailed");
        assertThat(written(world)).containsExactly("Remediated", "CoolingDown");
        assertThat(written(world)).isEmpty();
        world.later(Duration.ofMinutes(10));
        assertThat(written(world)).containsExactly("Remediating");
    }

    private static List<String> written(RemediationWorld world) {
        var before =
                world.rule.getStatus() == null ? null : world.rule.getStatus().remediation();
        world.pass();
        return RemediationWords.events(before, world.rule.getStatus().remediation()).stream()
                .map(told -> told.reason().text())
                .toList();
    }

    @Test
    void givenRunsOfLongAgo_whenTheStatusTellsOfThemNoMore_thenTheyAreRemoved() {
        RemediationWorld world = RemediationWorld.acting().attempts("Passed");
        var told = world.status();
        var none = RemediationStatus.NONE;
        var runs = List.copyOf(world.runs.values());
        assertThat(RemediationRuns.outdated(world.rule, runs, told, world.now.plusSeconds(90_000)))
                .isEmpty();
        assertThat(RemediationRuns.outdated(world.rule, runs, none, world.now.plusSeconds(80_000)))
                .isEmpty();
        assertThat(RemediationRuns.outdated(world.rule, runs, none, world.now.plusSeconds(90_000)))
                .hasSize(1);
        assertThat(RemediationRuns.outdated(world.rule, List.of(other("")), none, world.now.plusSeconds(90_000)))
                .as("another's")
                .isEmpty();
    }
}

package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.JobBuilder.verifyJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.fresh;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.core.backup.BackupDecision.TakeClaim;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a backup asks for before it begins, and how it ends for one that goes first. */
class BackupClaimsTest {

    private static final Holder RESTORE = new Holder("RestoreRequest", "orders-back", "uid-2");

    static Stream<Row> rows() {
        return Stream.of(
                row(
                        "one that was just made",
                        fresh().withoutClaim(),
                        "claim database/ecommerce (shared), then attempt 1"),
                row("one that can't start anyhow", fresh().withoutClaim().policy(null), "stuck: PolicyNotFound"),
                row("one that was granted what it needs", fresh(), "write down attempt 1"),
                row(
                        "the second attempt: what was granted is granted till the end",
                        with(attempt(1).failed(Reason.CONNECTION_FAILED, "2m")).at("10m"),
                        "write down attempt 2"),
                row("an application of another release", fresh().ofRelease("ops/other"), "leave alone"),
                row(
                        "one that the other release has not touched for a minute",
                        fresh().ofRelease("ops/other").at("60s"),
                        "stuck: ManagedByAnotherRelease"),
                row(
                        "one that the other release works on",
                        with(attempt(1).started("1m"))
                                .told(Reason.IN_PROGRESS)
                                .ofRelease("ops/other")
                                .at("5m"),
                        "leave alone"),
                row(
                        "one that this release has handed back",
                        fresh().ofRelease("").at("5m"),
                        "leave alone"),
                row("an emergency before the first attempt", fresh().makingRoomFor(RESTORE), "fail: Preempted"),
                row(
                        "an emergency while a slot's backup waits for its retry",
                        with(attempt(1).failed(Reason.CONNECTION_FAILED, "2m"))
                                .slot("0s")
                                .makingRoomFor(RESTORE),
                        "skip: Preempted"),
                row(
                        "an emergency while a Job runs",
                        with(attempt(1).started("1m"))
                                .job(backupJob(1).running())
                                .makingRoomFor(RESTORE),
                        "end the Job"),
                row(
                        "an emergency while a Job is about to end",
                        with(attempt(1).started("1m"))
                                .job(backupJob(1).running().ending())
                                .makingRoomFor(RESTORE),
                        "watch attempt 1: Preempted"),
                row(
                        "an emergency while the backup is read back",
                        with(attempt(1).started("1m").verifying(1, "2m"))
                                .committed(VerificationLevel.NONE)
                                .job(verifyJob(1, 1))
                                .makingRoomFor(RESTORE),
                        "end the Job"),
                row(
                        "an emergency for one that a person has cancelled too",
                        fresh().cancelled("true").makingRoomFor(RESTORE),
                        "fail: Cancelled"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void givenClaims_whenABackupIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenTheClaimIsGranted_whenItIsReported_thenItStandsBesideTheFirstAttempt() {
        DatabaseBackupStatus status =
                report(fresh().withoutClaim(), new ClaimAnswer.Granted(Instant.parse("2026-03-29T01:00:07.9Z")));

        assertThat(status.claim())
                .isEqualTo(new HeldClaim("shop", "ecommerce", Instant.parse("2026-03-29T01:00:07Z"), null));
        assertThat(status.attempts()).hasSize(1);
    }

    @Test
    void givenAnotherWorks_whenItIsReported_thenItIsNamedAndSinceWhenItIsWaitedFor() {
        DatabaseBackupStatus status = report(fresh().withoutClaim(), new ClaimAnswer.Wait(RESTORE, Shop.at("30s")));

        assertThat(status.phase()).isEqualTo(BackupPhase.PENDING);
        assertThat(status.attempts()).isEmpty();
        assertThat(status.claim().waitingFor())
                .isEqualTo(new WaitingFor("RestoreRequest", "orders-back", Shop.at("30s")));
        assertThat(status.conditions())
                .filteredOn(condition -> condition.type().equals("Reconciling"))
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.reason()).isEqualTo("Claimed");
                    assertThat(condition.message())
                            .isEqualTo(
                                    "RestoreRequest orders-back works on database ecommerce of ManagedApplication shop (kubectl"
                                            + " describe restorerequest orders-back --namespace webshop). This backup waits for its"
                                            + " turn.");
                });
    }

    @Test
    void givenASlotWhoseTimeIsOver_whenAnotherStillWorks_thenItIsSkippedAndSaysForWhom() {
        DatabaseBackupStatus status =
                report(fresh().withoutClaim().slot("0s").at("2h"), new ClaimAnswer.Wait(RESTORE, Shop.at("30s")));

        assertThat(status.phase()).isEqualTo(BackupPhase.SKIPPED);
        assertThat(status.failure().reason()).isEqualTo("Claimed");
        assertThat(status.failure().message()).contains("startingDeadline").contains("RestoreRequest orders-back");
    }

    @Test
    void givenWhatWasGranted_whenTheRecordIsLost_thenTheObjectItselfSaysIt() {
        DatabaseBackup working = with(attempt(1).started("1m")).observation().backup();

        assertThat(BackupClaims.held(working, "shop"))
                .contains(new Grant(
                        BackupClaims.holder(working), Operation.BACKUP.claims("ecommerce"), false, Shop.CREATED, null));
        assertThat(BackupClaims.held(working, "another")).isEmpty();
        assertThat(BackupClaims.held(fresh().withoutClaim().observation().backup(), "shop"))
                .isEmpty();
        assertThat(BackupClaims.held(
                        fresh().phase(BackupPhase.SUCCEEDED).observation().backup(), "shop"))
                .isEmpty();
    }

    private static DatabaseBackupStatus report(Situation situation, ClaimAnswer answer) {
        BackupObservation observation = situation.observation();
        Instant now = situation.now();
        TakeClaim take = (TakeClaim) BackupDecider.decide(observation, now);
        return BackupReport.of(observation.backup(), BackupClaims.answered(observation, take, answer, now), now);
    }
}

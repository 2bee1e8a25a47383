package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a restore test that fails, or that can't run. */
class RestoreTestFailuresTest {

    private final TestedPolicy tested = new TestedPolicy();

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"VERIFICATION_FAILED", "RESTORE_FAILED", "DATABASE_TOO_LARGE", "DISK_FULL", "DEADLINE_EXCEEDED"})
    void givenATestThatFails_whenItIsTold_thenItIsFalseWithReasonAndNextStep(Reason reason) {
        tested.ended(tested.begun(), TestedPolicy.failed(reason));
        tested.look("62m");

        assertThat(tested.running()).isNull();
        assertThat(tested.policy.getStatus().lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.FAILED);
        tested.assertTested(
                ConditionStatus.FALSE,
                reason,
                "At 2026-03-29T02:02:00Z the test of backup first failed: It went wrong. ",
                reason.nextStep());
        assertThat(PolicyMetric.RESTORE_TESTED.of(tested.policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isZero());
    }

    @Test
    void givenAFailureThatMayPass_whenItIsTold_thenAnotherJobFollowsUntilTheLimit() {
        String first = tested.begun();
        tested.ended(first, TestedPolicy.failed(Reason.CONNECTION_FAILED));
        tested.look("62m");
        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().notBefore()).isEqualTo(Shop.at("67m"));
        assertThat(tested.look("63m").make()).isNull();

        String second = tested.look("67m").make().name();
        assertThat(second).isNotEqualTo(first);
        tested.job(JobBuilder.named(second).dead("OOMKilled"));
        tested.look("70m");
        assertThat(tested.running().number()).isEqualTo(3);

        tested.ended(tested.look("80m").make().name(), TestedPolicy.failed(Reason.STORAGE_UNREACHABLE));
        tested.look("81m");
        assertThat(tested.running()).isNull();
        tested.assertTested(ConditionStatus.FALSE, Reason.STORAGE_UNREACHABLE, "It went wrong.");
    }

    @Test
    void givenAPodThatNoNodeTakes_whenItsTimeIsOver_thenItIsEndedAndAnotherOneFollows() {
        String name = tested.begun();
        tested.job(JobBuilder.named(name).unschedulable("0/1 nodes are available."));
        assertThat(tested.look("80m").end()).isNull();

        assertThat(tested.look("91m").end()).isEqualTo(name);
        assertThat(tested.running().number()).isEqualTo(2);
    }

    @Test
    void givenATestThatIsToldToEndByNobodyOfOurs_whenThatGoesOn_thenItIsTriedAfterADelayUntilTheLimit() {
        tested.ended(tested.begun(), TestedPolicy.failed(Reason.CANCELLED));
        tested.look("62m");
        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().failures()).isEqualTo(1);
        assertThat(tested.running().notBefore()).isEqualTo(Shop.at("67m"));

        tested.ended(tested.look("67m").make().name(), TestedPolicy.failed(Reason.CANCELLED));
        tested.look("70m");
        tested.ended(tested.look("80m").make().name(), TestedPolicy.failed(Reason.CANCELLED));
        tested.look("81m");

        assertThat(tested.running()).isNull();
        tested.assertTested(ConditionStatus.FALSE, Reason.POD_FAILED, "It went wrong. Mainstay did not ask for that: ");
    }

    @Test
    void givenABackupThatRetentionRemovesMeanwhile_whenTheTestFails_thenTheNewestOneIsTested() {
        tested.ended(tested.begun(), TestedPolicy.failed(Reason.BACKUP_NOT_FOUND));
        tested.backups.add(Backups.succeeded("second", "61m", VerificationLevel.FULL_READ));
        tested.look("62m");

        assertThat(tested.running().backup()).isEqualTo("second");
        tested.ended(tested.look("62m").make().name(), TestedPolicy.failed(Reason.BACKUP_NOT_FOUND));
        tested.backups.removeFirst();
        tested.look("63m");
        tested.assertTested(ConditionStatus.FALSE, Reason.BACKUP_NOT_FOUND, "the test of backup second failed");
    }

    @Test
    void givenAJobThatIsRefused_whenItsTimeIsOver_thenTheTestFailsInTheServersWords() {
        tested.look("1h");
        tested.refused("1h");
        assertThat(tested.running().refusal().message()).contains("exceeded quota: compute");
        tested.refused("2h");
        assertThat(tested.running().slot()).isEqualTo(Shop.at("1h"));

        tested.refused("121m");

        assertThat(tested.running()).isNull();
        tested.assertTested(
                ConditionStatus.FALSE, Reason.QUOTA_EXCEEDED, "spec.startingDeadline, 1h", "exceeded quota: compute");
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "account"})
    void givenALaterJobThatCanNotBeMade_whenItsTimeIsOver_thenTheTestFailsAndTheNextSlotIsFree(String why) {
        tested.ended(tested.begun(), TestedPolicy.failed(Reason.CONNECTION_FAILED));
        tested.look("62m");
        assertThat(tested.running().notBefore()).isEqualTo(Shop.at("67m"));
        tested.account = why.equals("account") ? ServiceAccountObservation.NOT_ALLOWED : tested.account;
        tested.refused("67m");
        tested.refused("127m");
        assertThat(tested.running().number()).isEqualTo(2);

        tested.refused("127m1s");

        assertThat(tested.running()).isNull();
        tested.assertTested(
                ConditionStatus.FALSE,
                why.equals("account") ? Reason.SERVICE_ACCOUNT_NOT_ALLOWED : Reason.QUOTA_EXCEEDED,
                "spec.startingDeadline");
    }

    @Test
    void givenAJobThatWasSeen_whenItIsDeleted_thenAnotherOneFollowsAndTheSlotIsNotSkipped() {
        String name = tested.begun();
        tested.job(JobBuilder.named(name).running().startBy("10h"));
        tested.look("62m");
        assertThat(tested.running().jobSeen()).isTrue();
        tested.jobs.clear();

        tested.look("3h30m");

        assertThat(tested.running().slot()).isEqualTo(Shop.at("1h"));
        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().failures()).isEqualTo(1);
        assertThat(tested.running().jobSeen()).isNull();
    }

    @Test
    void givenAJobThatWasSeen_whenItIsDeletedAndItsTriesAreUsedUp_thenItFailsAsGone() {
        tested.change("{retry: {limit: 0, delay: '5m'}}");
        tested.job(JobBuilder.named(tested.begun()).running());
        tested.look("62m");
        tested.jobs.clear();

        tested.look("63m");

        tested.assertTested(ConditionStatus.FALSE, Reason.POD_FAILED, "The Job of the restore test is gone");
    }

    @Test
    void givenWhatKeepsEveryTestFromRunning_whenItIsDecided_thenItIsFalseAtOnceAndSaysWhatToDo() {
        tested.change("{verification: {restoreTest: {schedule: '0 25 * * *', target: %s}}}"
                .formatted(TestedPolicy.SAME_SERVER));
        tested.look("10m");
        tested.assertTested(
                ConditionStatus.FALSE, Reason.INVALID_SPEC, "spec.verification.restoreTest.schedule, hour: \"25\"");
        tested.change("{verification: {restoreTest: {schedule: 'every sunday', target: %s}}}"
                .formatted(TestedPolicy.SAME_SERVER));
        tested.look("10m");
        tested.assertTested(
                ConditionStatus.FALSE,
                Reason.INVALID_SPEC,
                "spec.verification.restoreTest.schedule: \"every sunday\" has 2 fields");

        tested.tests(TestedPolicy.SAME_SERVER);
        tested.change("{encryption: {recipients: ['%s']}}".formatted(Shop.RECIPIENT));
        tested.look("10m");
        tested.assertTested(ConditionStatus.FALSE, Reason.IDENTITY_WRONG, "has no identitySecretRef");

        tested.policy = Shop.policy();
        tested.tests(TestedPolicy.SAME_SERVER);
        tested.application = Shop.application();
        tested.look("10m");
        tested.assertTested(
                ConditionStatus.FALSE, Reason.CREDENTIALS_MISSING, "postgres.adminSecretRef", "target.server");

        tested.tests("{}");
        tested.look("10m");
        tested.assertTested(ConditionStatus.FALSE, Reason.INVALID_SPEC, "sameServer, server and pod");
    }

    @Test
    void givenAMissingApplication_whenItComesBack_thenTheSlotMeanwhileStillRuns() {
        ManagedApplication there = tested.application;
        tested.application = null;
        tested.look("1h");
        tested.assertTested(ConditionStatus.FALSE, Reason.APPLICATION_NOT_FOUND);

        tested.application = there;
        tested.look("70m");
        assertThat(tested.running().slot()).isEqualTo(Shop.at("1h"));
    }

    @Test
    void givenAStrangersJobOfTheName_whenItIsSeen_thenItSaysSo() {
        tested.job(JobBuilder.named(tested.begun()).foreign());
        tested.look("62m");

        tested.assertTested(ConditionStatus.FALSE, Reason.FOREIGN_JOB, "does not belong to this object");
    }
}

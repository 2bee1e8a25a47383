package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a policy's restore test is, from its slot to what is told of it. */
class RestoreTestDeciderTest {

    private final TestedPolicy tested = new TestedPolicy();

    @Test
    void givenNoSlotYet_whenItIsDecided_thenItIsUnknownAndTheNextSlotIsNamed() {
        tested.assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "due at 2026-03-29T02:00Z");
        assertThat(tested.running()).isNull();
        assertThat(tested.decide("1s").wakeUp()).isEqualTo(Shop.at("59m"));
    }

    @Test
    void givenASlot_whenItComes_thenTheTestIsWrittenDownBeforeItsJobIsMade() {
        RestoreTestDecision first = tested.look("1h");

        assertThat(first.make()).isNull();
        assertThat(tested.running())
                .isEqualTo(new Running(
                        Shop.at("1h"), "first", "s3://backups/prod/webshop/nightly/first/", 1, 0, null, null, null));

        RestoreTestDecision second = tested.look("1h");
        assertThat(second.make().name()).matches("nightly-restore-test-[0-9a-f]{8}");
        assertThat(second.make().startBy()).isEqualTo(Shop.at("70m"));
        assertThat(tested.look("61m").make().name()).isEqualTo(second.make().name());
    }

    @Test
    void givenATest_whenItsJobIsMade_thenItsTaskNamesTheBackupAndADatabaseOfItsOwn() {
        tested.look("1h");
        Task task = tested.look("1h").make().task();

        assertThat(task.kind()).isEqualTo(TaskKind.RESTORE_TEST);
        assertThat(task.path()).isEqualTo("prod/webshop/nightly/first/");
        assertThat(task.policyPath()).isEqualTo("prod/webshop/nightly/");
        assertThat(task.timeoutSeconds()).isEqualTo(Duration.ofHours(4).toSeconds());
        assertThat(task.database().credentials().name()).isEqualTo("shop-db-admin");
        assertThat(task.restore().test().maxDatabaseBytes()).isEqualTo(1L << 30);
        assertThat(task.restore().test().rolesStandIn()).isFalse();
        assertThat(task.restore().request()).isEqualTo("nightly");
        assertThat(task.restore().copy()).matches("mainstay_test_[0-9a-f]{32}");
        assertThat(task.restore().previous()).isNull();
        assertThat(task.restore().copyIsKept()).isFalse();
        assertThat("mainstay-" + task.restore().mark()).hasSizeLessThanOrEqualTo(63);
        assertThat(task.secrets()).noneMatch(secret -> secret.name().equals("shop-db-backup"));
    }

    @Test
    void givenAnotherServer_whenItsJobIsMade_thenNothingOfTheApplicationsServerIsInItsTask() {
        tested.application = Shop.application();
        tested.tests("{server: {host: 'spare', adminSecretRef: {name: 'spare-admin'}}}");
        tested.look("10m");
        tested.look("1h");

        Task task = tested.look("1h").make().task();

        assertThat(task.database().host()).isEqualTo("spare");
        assertThat(task.database().port()).isEqualTo(5432);
        assertThat(task.database().database()).isEqualTo("postgres");
        assertThat(task.database().credentials().name()).isEqualTo("spare-admin");
        assertThat(task.restore().test().maxDatabaseBytes()).isNull();
        assertThat(task.restore().test().rolesStandIn()).isTrue();
    }

    @Test
    void givenATestThatPasses_whenItIsTold_thenItIsTrueAndTheBackupIsProvenByIt() {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");

        assertThat(tested.running()).isNull();
        assertThat(tested.policy.getStatus().lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.PASSED);
        assertThat(tested.policy.getStatus().lastRestoreTest().recoveryTime()).isEqualTo("42s");
        tested.assertTested(
                ConditionStatus.TRUE,
                Reason.RESTORED,
                "At 2026-03-29T02:02:00Z a test restored backup first in 42s, 1000 rows, 3 tables.");

        var noted = RestoreTestNote.of(tested.policy.getStatus(), tested.backups.getFirst())
                .orElseThrow();
        assertThat(noted.verified().level()).isEqualTo(VerificationLevel.RESTORE_TEST);
        assertThat(noted.verified().at()).isEqualTo(Shop.at("62m"));
        tested.backups.getFirst().setStatus(noted);
        assertThat(RestoreTestNote.of(tested.policy.getStatus(), tested.backups.getFirst()))
                .isEmpty();
        tested.look("63m");
        assertThat(tested.policy.getStatus().lastSuccess().verified()).isEqualTo(VerificationLevel.RESTORE_TEST);
        assertThat(PolicyMetric.RECOVERY_TIME.of(tested.policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(42));
        assertThat(PolicyMetric.RESTORE_TESTED.of(tested.policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(1));
    }

    @Test
    void givenATestThatPassesWithLess_whenItIsTold_thenTheMessageSaysWhat() {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");
        assertThat(tested.policy.getStatus().lastRestoreTest().message()).isNull();

        tested.look("2h");
        tested.ended(
                tested.look("2h").make().name(),
                TaskResult.of(
                        TaskKind.RESTORE_TEST,
                        new RestoreReport(
                                null,
                                new RestoreReport.Copy(90, 3, 1000, false, List.of("event trigger audit"), 2, 42),
                                null)));
        tested.look("121m");

        assertThat(tested.policy.getStatus().lastRestoreTest().message())
                .isEqualTo(
                        "Rows were counted and compared with nothing: the backup was never read in full. 2 entries of"
                                + " the backup were left out or changed, the first: event trigger audit.");
        tested.assertTested(
                ConditionStatus.TRUE,
                Reason.RESTORED,
                "1000 rows, 3 tables. Rows were counted and compared with nothing",
                "the first: event trigger audit.");
    }

    @Test
    void givenATestWhoseDatabaseStays_whenItPasses_thenTheConditionSaysSo() {
        tested.ended(
                tested.begun(),
                new TaskResult(
                        Task.CONTRACT_VERSION,
                        TaskKind.RESTORE_TEST,
                        Outcome.COMMITTED,
                        null,
                        "Database mainstay_test_1 could not be dropped.",
                        List.of(),
                        null,
                        null,
                        null,
                        TestedPolicy.passed().restore()));
        tested.look("62m");

        tested.assertTested(
                ConditionStatus.TRUE, Reason.RESTORED, "3 tables. Database mainstay_test_1 could not be dropped.");
    }

    @Test
    void givenABackupMadeAgainUnderTheName_whenATestHasPassed_thenTheOtherOneIsNotProven() {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");
        DatabaseBackup other = Backups.succeeded("first", "30m", VerificationLevel.FULL_READ);
        other.setStatus(Fields.with(other.getStatus(), "{location: 's3://backups/elsewhere/'}"));

        assertThat(RestoreTestNote.of(tested.policy.getStatus(), other)).isEmpty();
    }

    @Test
    void givenAPausedPolicy_whenATestWasBegun_thenItsJobIsNotMade() {
        tested.look("1h");
        Shop.annotated(tested.policy, Annotations.PAUSED, "move");

        assertThat(tested.look("61m").make()).isNull();
    }

    @Test
    void givenATestWithoutASpecAnyMore_whenItIsDecided_thenItsJobEndsAndNothingIsToldAnyMore() {
        String name = tested.begun();
        tested.job(JobBuilder.named(name).running());
        tested.change("{verification: null}");

        assertThat(tested.look("62m").end()).isEqualTo(name);

        assertThat(tested.policy.getStatus().restoreTest()).isNull();
        assertThat(Conditions.find(tested.policy.getStatus().conditions(), "RestoreTested"))
                .isEmpty();
        assertThat(RestoreTestDecider.concerns(tested.policy)).isFalse();
    }

    @Test
    void givenTheSameSlot_whenItIsDecidedTwice_thenTheTaskDiffersInNothingButItsTime() {
        tested.look("1h");
        Task one = tested.decide("1h").make().task();
        Task other = tested.decide("1h").make().task();

        assertThat(one).isEqualTo(other);
    }
}

package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy's restore tests through time. The policy is made at 01:00 in UTC; a test is due at each full hour. */
class RestoreTestDeciderTest {

    private static final String ADMIN = "{adminSecretRef: {name: 'shop-db-admin'}}";
    private static final String SAME_SERVER = "{sameServer: {maxDatabaseBytes: 1073741824}}";

    private final List<DatabaseBackup> backups = new ArrayList<>();
    private final Map<String, JobObservation> jobs = new HashMap<>();
    private BackupPolicy policy = Shop.policy();
    private ManagedApplication application = Shop.application();
    private ServiceAccountObservation account = ServiceAccountObservation.NOT_NAMED;
    private String restoring;
    private boolean room = true;

    @BeforeEach
    void aPolicyWithABackup() {
        var database = application.getSpec().databases().getFirst();
        application.setSpec(Fields.with(
                application.getSpec(),
                "{databases: [%s]}"
                        .formatted(TaskJson.write(Fields.with(
                                database,
                                "{postgres: %s}"
                                        .formatted(TaskJson.write(Fields.with(database.postgres(), ADMIN))))))));
        tests(SAME_SERVER);
        backups.add(Backups.succeeded("first", "30m", VerificationLevel.FULL_READ));
        look("0s");
    }

    private void change(String fields) {
        policy = Shop.with(policy, fields);
    }

    private void tests(String target) {
        change("{verification: {restoreTest: {schedule: '0 * * * *', target: %s}}}".formatted(target));
    }

    private RestoreTestDecision decide(String offset) {
        return RestoreTestDecider.decide(
                new RestoreTestObservation(
                        policy, application, List.copyOf(backups), account, Shop.CLUSTER, jobs, restoring, room),
                Shop.at(offset));
    }

    /** A pass, as the reconciler makes it. */
    private RestoreTestDecision look(String offset) {
        RestoreTestDecision decision = decide(offset);
        BackupPolicyStatus status = PolicyDecider.decide(
                        new PolicyObservation(policy, application, List.copyOf(backups), null, decision),
                        Shop.at(offset))
                .status();
        policy.setStatus(status);
        return decision;
    }

    private Running running() {
        return policy.getStatus().restoreTest().running();
    }

    private Condition tested() {
        return Conditions.find(policy.getStatus().conditions(), "RestoreTested").orElseThrow();
    }

    private void assertTested(ConditionStatus status, Reason reason, String... words) {
        assertThat(tested().status()).as(tested().message()).isEqualTo(status);
        assertThat(tested().reason()).isEqualTo(reason.text());
        for (String word : words) {
            assertThat(tested().message()).contains(word);
        }
    }

    /** Begins the test of two o'clock, and answers the name of its Job. */
    private String begun() {
        look("1h");
        return look("1h").make().name();
    }

    private void job(JobBuilder job) {
        JobObservation built = job.startBy("90m").build();
        jobs.put(built.name(), built);
    }

    private void ended(String name, TaskResult result) {
        job(JobBuilder.named(name).result(result));
    }

    private static TaskResult passed() {
        return TaskResult.of(
                TaskKind.RESTORE_TEST,
                new RestoreReport(null, new RestoreReport.Copy(90, 3, 1000, true, List.of(), 0, 42), null));
    }

    private static TaskResult failed(Reason reason) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.RESTORE_TEST,
                Outcome.FAILED,
                reason.text(),
                "It went wrong.",
                List.of(),
                null);
    }

    @Test
    void givenNoSlotYet_whenItIsDecided_thenItIsUnknownAndTheNextSlotIsNamed() {
        assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "due at 2026-03-29T02:00Z");
        assertThat(running()).isNull();
        assertThat(decide("1s").wakeUp()).isEqualTo(Shop.at("59m"));
    }

    @Test
    void givenASlot_whenItComes_thenTheTestIsWrittenDownBeforeItsJobIsMade() {
        RestoreTestDecision first = look("1h");

        assertThat(first.make()).isNull();
        assertThat(running())
                .isEqualTo(new Running(
                        Shop.at("1h"), "first", "s3://backups/prod/webshop/nightly/first/", 1, 0, null, null, null));

        RestoreTestDecision second = look("1h");
        assertThat(second.make().name()).matches("nightly-restore-test-[0-9a-f]{8}");
        assertThat(second.make().startBy()).isEqualTo(Shop.at("70m"));
        assertThat(look("61m").make().name()).isEqualTo(second.make().name());
    }

    @Test
    void givenATest_whenItsJobIsMade_thenItsTaskNamesTheBackupAndADatabaseOfItsOwn() {
        look("1h");
        Task task = look("1h").make().task();

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
        application = Shop.application();
        tests("{server: {host: 'spare', adminSecretRef: {name: 'spare-admin'}}}");
        look("10m");
        look("1h");

        Task task = look("1h").make().task();

        assertThat(task.database().host()).isEqualTo("spare");
        assertThat(task.database().port()).isEqualTo(5432);
        assertThat(task.database().database()).isEqualTo("postgres");
        assertThat(task.database().credentials().name()).isEqualTo("spare-admin");
        assertThat(task.restore().test().maxDatabaseBytes()).isNull();
        assertThat(task.restore().test().rolesStandIn()).isTrue();
    }

    @Test
    void givenATestThatPasses_whenItIsTold_thenItIsTrueAndTheBackupIsProvenByIt() {
        ended(begun(), passed());
        look("62m");

        assertThat(running()).isNull();
        assertThat(policy.getStatus().lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.PASSED);
        assertThat(policy.getStatus().lastRestoreTest().recoveryTime()).isEqualTo("42s");
        assertTested(
                ConditionStatus.TRUE,
                Reason.RESTORED,
                "At 2026-03-29T02:02:00Z a test restored backup first in 42s, 1000 rows, 3 tables.");

        var noted = RestoreTestNote.of(policy.getStatus(), backups.getFirst()).orElseThrow();
        assertThat(noted.verified().level()).isEqualTo(VerificationLevel.RESTORE_TEST);
        assertThat(noted.verified().at()).isEqualTo(Shop.at("62m"));
        backups.getFirst().setStatus(noted);
        assertThat(RestoreTestNote.of(policy.getStatus(), backups.getFirst())).isEmpty();
        look("63m");
        assertThat(policy.getStatus().lastSuccess().verified()).isEqualTo(VerificationLevel.RESTORE_TEST);
        assertThat(PolicyMetric.RECOVERY_TIME.of(policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(42));
        assertThat(PolicyMetric.RESTORE_TESTED.of(policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isEqualTo(1));
    }

    @Test
    void givenATestThatPassesWithLess_whenItIsTold_thenTheMessageSaysWhat() {
        ended(begun(), passed());
        look("62m");
        assertThat(policy.getStatus().lastRestoreTest().message()).isNull();

        look("2h");
        ended(
                look("2h").make().name(),
                TaskResult.of(
                        TaskKind.RESTORE_TEST,
                        new RestoreReport(
                                null,
                                new RestoreReport.Copy(90, 3, 1000, false, List.of("event trigger audit"), 2, 42),
                                null)));
        look("121m");

        assertThat(policy.getStatus().lastRestoreTest().message())
                .isEqualTo(
                        "Rows were counted and compared with nothing: the backup was never read in full. 2 entries of"
                                + " the backup were left out or changed, the first: event trigger audit.");
        assertTested(
                ConditionStatus.TRUE,
                Reason.RESTORED,
                "1000 rows, 3 tables. Rows were counted and compared with nothing",
                "the first: event trigger audit.");
    }

    @Test
    void givenATestWhoseDatabaseStays_whenItPasses_thenTheConditionSaysSo() {
        ended(
                begun(),
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
                        passed().restore()));
        look("62m");

        assertTested(ConditionStatus.TRUE, Reason.RESTORED, "3 tables. Database mainstay_test_1 could not be dropped.");
    }

    @Test
    void givenABackupMadeAgainUnderTheName_whenATestHasPassed_thenTheOtherOneIsNotProven() {
        ended(begun(), passed());
        look("62m");
        DatabaseBackup other = Backups.succeeded("first", "30m", VerificationLevel.FULL_READ);
        other.setStatus(Fields.with(other.getStatus(), "{location: 's3://backups/elsewhere/'}"));

        assertThat(RestoreTestNote.of(policy.getStatus(), other)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"VERIFICATION_FAILED", "RESTORE_FAILED", "DATABASE_TOO_LARGE", "DISK_FULL", "DEADLINE_EXCEEDED"})
    void givenATestThatFails_whenItIsTold_thenItIsFalseWithReasonAndNextStep(Reason reason) {
        ended(begun(), failed(reason));
        look("62m");

        assertThat(running()).isNull();
        assertThat(policy.getStatus().lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.FAILED);
        assertTested(
                ConditionStatus.FALSE,
                reason,
                "At 2026-03-29T02:02:00Z the test of backup first failed: It went wrong. ",
                reason.nextStep());
        assertThat(PolicyMetric.RESTORE_TESTED.of(policy))
                .singleElement()
                .satisfies(sample -> assertThat(sample.value()).isZero());
    }

    @Test
    void givenAFailureThatMayPass_whenItIsTold_thenAnotherJobFollowsUntilTheLimit() {
        String first = begun();
        ended(first, failed(Reason.CONNECTION_FAILED));
        look("62m");
        assertThat(running().number()).isEqualTo(2);
        assertThat(running().notBefore()).isEqualTo(Shop.at("67m"));
        assertThat(look("63m").make()).isNull();

        String second = look("67m").make().name();
        assertThat(second).isNotEqualTo(first);
        job(JobBuilder.named(second).dead("OOMKilled"));
        look("70m");
        assertThat(running().number()).isEqualTo(3);

        ended(look("80m").make().name(), failed(Reason.STORAGE_UNREACHABLE));
        look("81m");
        assertThat(running()).isNull();
        assertTested(ConditionStatus.FALSE, Reason.STORAGE_UNREACHABLE, "It went wrong.");
    }

    @Test
    void givenAPodThatNoNodeTakes_whenItsTimeIsOver_thenItIsEndedAndAnotherOneFollows() {
        String name = begun();
        job(JobBuilder.named(name).unschedulable("0/1 nodes are available."));
        assertThat(look("80m").end()).isNull();

        assertThat(look("91m").end()).isEqualTo(name);
        assertThat(running().number()).isEqualTo(2);
    }

    @Test
    void givenARestoreRequest_whenATestIsDue_thenItWaitsAndIsSkippedWhenItsTimeIsOver() {
        restoring = "shop-x2b4k";
        look("1h");
        assertThat(look("61m").make()).isNull();
        assertThat(look("120m").make()).isNull();

        look("121m");

        assertThat(policy.getStatus().restoreTest().lastSkipped().slot()).isEqualTo(Shop.at("1h"));
        assertThat(policy.getStatus().restoreTest().lastSkipped().reason()).isEqualTo("Claimed");
        assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "RestoreRequest shop-x2b4k goes first");
    }

    @Test
    void givenARestoreRequest_whenATestRuns_thenItIsEndedAndBegunAgainAfterwards() {
        String name = begun();
        job(JobBuilder.named(name).running());
        restoring = "shop-x2b4k";

        assertThat(look("62m").end()).isEqualTo(name);
        job(JobBuilder.named(name).running().ending());
        assertThat(look("62m").end()).isNull();
        job(JobBuilder.named(name).ending().finished("DeadlineExceeded"));
        look("63m");
        assertThat(running().number()).isEqualTo(2);
        assertThat(running().failures()).isZero();
        assertThat(look("64m").make()).isNull();

        restoring = null;
        assertThat(look("90m").make().name()).isNotEqualTo(name);
    }

    @Test
    void givenATestThatIsToldToEndByNobodyOfOurs_whenThatGoesOn_thenItIsTriedAfterADelayUntilTheLimit() {
        ended(begun(), failed(Reason.CANCELLED));
        look("62m");
        assertThat(running().number()).isEqualTo(2);
        assertThat(running().failures()).isEqualTo(1);
        assertThat(running().notBefore()).isEqualTo(Shop.at("67m"));

        ended(look("67m").make().name(), failed(Reason.CANCELLED));
        look("70m");
        ended(look("80m").make().name(), failed(Reason.CANCELLED));
        look("81m");

        assertThat(running()).isNull();
        assertTested(ConditionStatus.FALSE, Reason.POD_FAILED, "It went wrong. Mainstay did not ask for that: ");
    }

    @Test
    void givenARestoreRequest_whenATestEndsBecauseOfIt_thenItIsBegunAgainAndCountsForNothing() {
        job(JobBuilder.named(begun()).ending().result(failed(Reason.CANCELLED)));
        look("62m");
        assertThat(running().number()).isEqualTo(2);
        assertThat(running().failures()).isZero();

        String second = look("62m").make().name();
        restoring = "shop-x2b4k";
        ended(second, failed(Reason.CANCELLED));
        look("63m");
        assertThat(running().number()).isEqualTo(3);
        assertThat(running().failures()).isZero();
    }

    @Test
    void givenRestoreRequestsWithoutEnd_whenTheLastOfATestsJobsWasEnded_thenItsSlotIsSkippedAndTheBackupIsNotBlamed() {
        String name = begun();
        for (int number = 1; number <= 50; number++) {
            assertThat(running().number()).isEqualTo(number);
            job(JobBuilder.named(name).ending().result(failed(Reason.CANCELLED)));
            look("62m");
            name = number < 50 ? look("62m").make().name() : null;
        }

        assertThat(running()).isNull();
        assertThat(policy.getStatus().lastRestoreTest()).isNull();
        assertThat(policy.getStatus().restoreTest().missedRuns()).isEqualTo(1);
        assertThat(policy.getStatus().restoreTest().lastSkipped().reason()).isEqualTo("Cancelled");
        assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "50 Jobs");
    }

    @Test
    void givenABackupThatRetentionRemovesMeanwhile_whenTheTestFails_thenTheNewestOneIsTested() {
        ended(begun(), failed(Reason.BACKUP_NOT_FOUND));
        backups.add(Backups.succeeded("second", "61m", VerificationLevel.FULL_READ));
        look("62m");

        assertThat(running().backup()).isEqualTo("second");
        ended(look("62m").make().name(), failed(Reason.BACKUP_NOT_FOUND));
        backups.removeFirst();
        look("63m");
        assertTested(ConditionStatus.FALSE, Reason.BACKUP_NOT_FOUND, "the test of backup second failed");
    }

    @Test
    void givenNoBackup_whenASlotComes_thenItIsSkippedAndSaysSo() {
        backups.clear();
        backups.add(Backups.failed("broken", "30m", Reason.DUMP_FAILED));
        look("1h");

        assertThat(running()).isNull();
        assertThat(policy.getStatus().restoreTest().missedRuns()).isEqualTo(1);
        assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "no backup that has succeeded");
    }

    @Test
    void givenATestThatRuns_whenTheNextSlotComes_thenThatIsSkipped() {
        job(JobBuilder.named(begun()).running().startBy("200m"));

        look("2h");

        assertThat(running().slot()).isEqualTo(Shop.at("1h"));
        assertThat(policy.getStatus().restoreTest().lastSkipped().reason()).isEqualTo("StillRunning");
        assertThat(policy.getStatus().restoreTest().lastSlot()).isEqualTo(Shop.at("2h"));
    }

    /** A pass whose Job the API server refuses. */
    private void refused(String offset) {
        RestoreTestDecision decision = decide(offset);
        RestoreTestDecision told = decision.make() == null
                ? decision
                : RestoreTestRefused.refused(decision, "pods is forbidden: exceeded quota: compute");
        policy.setStatus(PolicyDecider.decide(
                        new PolicyObservation(policy, application, List.copyOf(backups), null, told), Shop.at(offset))
                .status());
    }

    @Test
    void givenAJobThatIsRefused_whenItsTimeIsOver_thenTheTestFailsInTheServersWords() {
        look("1h");
        refused("1h");
        assertThat(running().refusal().message()).contains("exceeded quota: compute");
        refused("2h");
        assertThat(running().slot()).isEqualTo(Shop.at("1h"));

        refused("121m");

        assertThat(running()).isNull();
        assertTested(
                ConditionStatus.FALSE, Reason.QUOTA_EXCEEDED, "spec.startingDeadline, 1h", "exceeded quota: compute");
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "account"})
    void givenALaterJobThatCanNotBeMade_whenItsTimeIsOver_thenTheTestFailsAndTheNextSlotIsFree(String why) {
        ended(begun(), failed(Reason.CONNECTION_FAILED));
        look("62m");
        assertThat(running().notBefore()).isEqualTo(Shop.at("67m"));
        account = why.equals("account") ? ServiceAccountObservation.NOT_ALLOWED : account;
        refused("67m");
        refused("127m");
        assertThat(running().number()).isEqualTo(2);

        refused("127m1s");

        assertThat(running()).isNull();
        assertTested(
                ConditionStatus.FALSE,
                why.equals("account") ? Reason.SERVICE_ACCOUNT_NOT_ALLOWED : Reason.QUOTA_EXCEEDED,
                "spec.startingDeadline");
    }

    @Test
    void givenARestoreThatTakesLong_whenATestWasEndedForIt_thenItsTimeBeginsAnewAndIsSkippedAfterIt() {
        job(JobBuilder.named(begun()).ending().result(failed(Reason.CANCELLED)));
        restoring = "shop-x2b4k";
        look("2h30m");
        look("3h30m");
        assertThat(running().number()).isEqualTo(2);

        look("3h31m");

        assertThat(policy.getStatus().lastRestoreTest()).isNull();
        assertThat(running() == null || running().number() == 1).isTrue();
    }

    @Test
    void givenAJobThatWasSeen_whenItIsDeleted_thenAnotherOneFollowsAndTheSlotIsNotSkipped() {
        String name = begun();
        job(JobBuilder.named(name).running().startBy("10h"));
        look("62m");
        assertThat(running().jobSeen()).isTrue();
        jobs.clear();

        look("3h30m");

        assertThat(running().slot()).isEqualTo(Shop.at("1h"));
        assertThat(running().number()).isEqualTo(2);
        assertThat(running().failures()).isEqualTo(1);
        assertThat(running().jobSeen()).isNull();
    }

    @Test
    void givenAJobThatWasSeen_whenItIsDeletedAndItsTriesAreUsedUp_thenItFailsAsGone() {
        change("{retry: {limit: 0, delay: '5m'}}");
        job(JobBuilder.named(begun()).running());
        look("62m");
        jobs.clear();

        look("63m");

        assertTested(ConditionStatus.FALSE, Reason.POD_FAILED, "The Job of the restore test is gone");
    }

    @Test
    void givenNoPlace_whenATestIsDue_thenItWaitsForOne() {
        room = false;
        look("1h");
        assertThat(look("61m").make()).isNull();

        room = true;
        assertThat(look("62m").make()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RunLatest", "Skip"})
    void givenDowntime_whenItIsOver_thenMissedSlotsFollowThePolicy(String missedRunPolicy) {
        change("{missedRunPolicy: '%s', startingDeadline: '30m'}".formatted(missedRunPolicy));
        look("5h10m");

        boolean runs = missedRunPolicy.equals("RunLatest");
        assertThat(policy.getStatus().restoreTest().missedRuns()).isEqualTo(runs ? 4 : 5);
        assertThat(running() != null).isEqualTo(runs);
        if (runs) {
            assertThat(running().slot()).isEqualTo(Shop.at("5h"));
        }
    }

    @Test
    void givenDowntimeLongerThanTheDeadline_whenItIsOver_thenNoneRuns() {
        change("{startingDeadline: '5m'}");
        look("5h10m");

        assertThat(running()).isNull();
        assertThat(policy.getStatus().restoreTest().missedRuns()).isEqualTo(5);
    }

    @Test
    void givenASuspendedPolicy_whenASlotComes_thenNoTestBeginsAndTimeSaysNothing() {
        change("{suspend: true}");
        look("10m");
        look("9h");
        assertThat(running()).isNull();
        assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED);

        change("{suspend: false}");
        look("9h10m");
        assertThat(running()).isNull();
        look("10h");
        assertThat(running().slot()).isEqualTo(Shop.at("10h"));
    }

    @Test
    void givenAPausedPolicy_whenATestWasBegun_thenItsJobIsNotMade() {
        look("1h");
        Shop.annotated(policy, Annotations.PAUSED, "move");

        assertThat(look("61m").make()).isNull();
    }

    @Test
    void givenATestThatPassed_whenTwoSlotsPassWithoutOne_thenItIsStale() {
        ended(begun(), passed());
        look("62m");
        room = false;
        assertThat(decide("3h30m").verdict().until()).isEqualTo(Shop.at("7h"));
        look("6h59m");
        assertTested(ConditionStatus.TRUE, Reason.RESTORED);

        look("7h");

        assertTested(ConditionStatus.FALSE, Reason.STALE, "of backup first, is of 2026-03-29T02:02:00Z", "Two slots");
    }

    @Test
    void givenNoTestEver_whenTwoSlotsPass_thenItIsStale() {
        room = false;
        look("1h");
        look("6h");

        assertTested(ConditionStatus.FALSE, Reason.STALE, "No restore test has passed since");
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspend", "pause", "schedule", "timeZone"})
    void givenItIsStale_whenNoTestIsMadeOnPurposeOrTheScheduleBeginsAnew_thenItStaysSoUntilATestHasPassed(String how) {
        ended(begun(), passed());
        look("62m");
        room = false;
        look("7h");
        assertTested(ConditionStatus.FALSE, Reason.STALE);
        Condition stale = tested();

        switch (how) {
            case "suspend" -> change("{suspend: true}");
            case "pause" -> Shop.annotated(policy, Annotations.PAUSED, "move");
            case "schedule" ->
                change("{verification: {restoreTest: {schedule: '30 * * * *', target: %s}}}".formatted(SAME_SERVER));
            default -> change("{timeZone: 'Europe/Berlin'}");
        }
        look("7h10m");
        assertThat(tested().message()).isEqualTo(stale.message());
        assertThat(tested().lastTransitionTime()).isEqualTo(stale.lastTransitionTime());

        change("{suspend: false}");
        policy.getMetadata().setAnnotations(null);
        look("7h20m");
        assertTested(ConditionStatus.FALSE, Reason.STALE, "of backup first, is of 2026-03-29T02:02:00Z");

        room = true;
        look("8h40m");
        assertTested(ConditionStatus.FALSE, Reason.STALE);
        ended(look("8h40m").make().name(), passed());
        look("8h41m");
        assertTested(ConditionStatus.TRUE, Reason.RESTORED, "At 2026-03-29T09:41:00Z");
    }

    @Test
    void givenATestThatNeverPassed_whenItIsStaleAndThenSuspended_thenItStaysFalse() {
        room = false;
        look("6h");
        assertTested(ConditionStatus.FALSE, Reason.STALE);

        change("{suspend: true}");
        look("6h10m");

        assertTested(ConditionStatus.FALSE, Reason.STALE, "No restore test has passed since");
    }

    @Test
    void givenATestWithoutASpecAnyMore_whenItIsDecided_thenItsJobEndsAndNothingIsToldAnyMore() {
        String name = begun();
        job(JobBuilder.named(name).running());
        change("{verification: null}");

        assertThat(look("62m").end()).isEqualTo(name);

        assertThat(policy.getStatus().restoreTest()).isNull();
        assertThat(Conditions.find(policy.getStatus().conditions(), "RestoreTested"))
                .isEmpty();
        assertThat(RestoreTestDecider.concerns(policy)).isFalse();
    }

    @Test
    void givenWhatKeepsEveryTestFromRunning_whenItIsDecided_thenItIsFalseAtOnceAndSaysWhatToDo() {
        change("{verification: {restoreTest: {schedule: '0 25 * * *', target: %s}}}".formatted(SAME_SERVER));
        look("10m");
        assertTested(
                ConditionStatus.FALSE, Reason.INVALID_SPEC, "spec.verification.restoreTest.schedule, hour: \"25\"");

        tests(SAME_SERVER);
        change("{encryption: {recipients: ['%s']}}".formatted(Shop.RECIPIENT));
        look("10m");
        assertTested(ConditionStatus.FALSE, Reason.IDENTITY_WRONG, "has no identitySecretRef");

        policy = Shop.policy();
        tests(SAME_SERVER);
        application = Shop.application();
        look("10m");
        assertTested(ConditionStatus.FALSE, Reason.CREDENTIALS_MISSING, "postgres.adminSecretRef", "target.server");

        tests("{}");
        look("10m");
        assertTested(ConditionStatus.FALSE, Reason.INVALID_SPEC, "sameServer and server");
    }

    @Test
    void givenAMissingApplication_whenItComesBack_thenTheSlotMeanwhileStillRuns() {
        ManagedApplication there = application;
        application = null;
        look("1h");
        assertTested(ConditionStatus.FALSE, Reason.APPLICATION_NOT_FOUND);

        application = there;
        look("70m");
        assertThat(running().slot()).isEqualTo(Shop.at("1h"));
    }

    @Test
    void givenAStrangersJobOfTheName_whenItIsSeen_thenItSaysSo() {
        job(JobBuilder.named(begun()).foreign());
        look("62m");

        assertTested(ConditionStatus.FALSE, Reason.FOREIGN_JOB, "does not belong to this object");
    }

    @Test
    void givenTheSameSlot_whenItIsDecidedTwice_thenTheTaskDiffersInNothingButItsTime() {
        look("1h");
        Task one = decide("1h").make().task();
        Task other = decide("1h").make().task();

        assertThat(one).isEqualTo(other);
    }
}

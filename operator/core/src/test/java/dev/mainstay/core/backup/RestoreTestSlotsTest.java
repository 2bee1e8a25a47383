package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a policy's restore tests are made, and what is said when they are not. */
class RestoreTestSlotsTest {

    private final TestedPolicy tested = new TestedPolicy();

    @Test
    void givenARestoreRequest_whenATestIsDue_thenItWaitsAndIsSkippedWhenItsTimeIsOver() {
        tested.restoring = "shop-x2b4k";
        tested.look("1h");
        assertThat(tested.look("61m").make()).isNull();
        assertThat(tested.look("120m").make()).isNull();
        assertThat(tested.policy.getStatus().restoreTest().lastSkipped().message())
                .as("of the slot after it")
                .contains("has not begun. RestoreRequest shop-x2b4k goes first");

        tested.look("121m");

        assertThat(tested.policy.getStatus().restoreTest().lastSkipped().slot()).isEqualTo(Shop.at("1h"));
        assertThat(tested.policy.getStatus().restoreTest().lastSkipped().reason())
                .isEqualTo("Claimed");
        tested.assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "RestoreRequest shop-x2b4k goes first");
    }

    @Test
    void givenARestoreRequest_whenATestRuns_thenItIsEndedAndBegunAgainAfterwards() {
        String name = tested.begun();
        tested.job(JobBuilder.named(name).running());
        tested.restoring = "shop-x2b4k";

        assertThat(tested.look("62m").end()).isEqualTo(name);
        tested.job(JobBuilder.named(name).running().ending());
        assertThat(tested.look("62m").end()).isNull();
        tested.job(JobBuilder.named(name).ending().finished("DeadlineExceeded"));
        tested.look("63m");
        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().failures()).isZero();
        assertThat(tested.look("64m").make()).isNull();

        tested.restoring = null;
        assertThat(tested.look("90m").make().name()).isNotEqualTo(name);
    }

    @Test
    void givenARestoreRequest_whenATestEndsBecauseOfIt_thenItIsBegunAgainAndCountsForNothing() {
        tested.job(JobBuilder.named(tested.begun()).ending().result(TestedPolicy.failed(Reason.CANCELLED)));
        tested.look("62m");
        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().failures()).isZero();

        String second = tested.look("62m").make().name();
        tested.restoring = "shop-x2b4k";
        tested.ended(second, TestedPolicy.failed(Reason.CANCELLED));
        tested.look("63m");
        assertThat(tested.running().number()).isEqualTo(3);
        assertThat(tested.running().failures()).isZero();
    }

    @Test
    void givenRestoreRequestsWithoutEnd_whenTheLastOfATestsJobsWasEnded_thenItsSlotIsSkippedAndTheBackupIsNotBlamed() {
        String name = tested.begun();
        for (int number = 1; number <= 50; number++) {
            assertThat(tested.running().number()).isEqualTo(number);
            tested.job(JobBuilder.named(name).ending().result(TestedPolicy.failed(Reason.CANCELLED)));
            tested.look("62m");
            name = number < 50 ? tested.look("62m").make().name() : null;
        }

        assertThat(tested.running()).isNull();
        assertThat(tested.policy.getStatus().lastRestoreTest()).isNull();
        assertThat(tested.policy.getStatus().restoreTest().missedRuns()).isEqualTo(1);
        assertThat(tested.policy.getStatus().restoreTest().lastSkipped().reason())
                .isEqualTo("Cancelled");
        tested.assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "50 Jobs");
    }

    @Test
    void givenNoBackup_whenASlotComes_thenItIsSkippedAndSaysSo() {
        tested.backups.clear();
        tested.backups.add(Backups.failed("broken", "30m", Reason.DUMP_FAILED));
        tested.look("1h");

        assertThat(tested.running()).isNull();
        assertThat(tested.policy.getStatus().restoreTest().missedRuns()).isEqualTo(1);
        tested.assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED, "no backup that has succeeded");
    }

    @Test
    void givenATestThatRuns_whenTheNextSlotComes_thenThatIsSkipped() {
        tested.job(JobBuilder.named(tested.begun()).running().startBy("200m"));

        tested.look("2h");

        assertThat(tested.running().slot()).isEqualTo(Shop.at("1h"));
        assertThat(tested.policy.getStatus().restoreTest().lastSkipped().reason())
                .isEqualTo("StillRunning");
        assertThat(tested.policy.getStatus().restoreTest().lastSlot()).isEqualTo(Shop.at("2h"));
    }

    @Test
    void givenARestoreThatTakesLong_whenATestWasEndedForIt_thenItsTimeBeginsAnewAndIsSkippedAfterIt() {
        tested.job(JobBuilder.named(tested.begun()).ending().result(TestedPolicy.failed(Reason.CANCELLED)));
        tested.restoring = "shop-x2b4k";
        tested.look("2h30m");
        tested.look("3h30m");
        assertThat(tested.running().number()).isEqualTo(2);

        tested.look("3h31m");

        assertThat(tested.policy.getStatus().lastRestoreTest()).isNull();
        assertThat(tested.running() == null || tested.running().number() == 1).isTrue();
    }

    @Test
    void givenNoPlace_whenATestIsDue_thenItWaitsForOne() {
        tested.room = false;
        tested.look("1h");
        assertThat(tested.look("61m").make()).isNull();

        tested.room = true;
        assertThat(tested.look("62m").make()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RunLatest", "Skip"})
    void givenDowntime_whenItIsOver_thenMissedSlotsFollowThePolicy(String missedRunPolicy) {
        tested.change("{missedRunPolicy: '%s', startingDeadline: '30m'}".formatted(missedRunPolicy));
        tested.look("5h10m");

        boolean runs = missedRunPolicy.equals("RunLatest");
        assertThat(tested.policy.getStatus().restoreTest().missedRuns()).isEqualTo(runs ? 4 : 5);
        assertThat(tested.running() != null).isEqualTo(runs);
        if (runs) {
            assertThat(tested.running().slot()).isEqualTo(Shop.at("5h"));
        }
    }

    @Test
    void givenDowntimeLongerThanTheDeadline_whenItIsOver_thenNoneRuns() {
        tested.change("{startingDeadline: '5m'}");
        tested.look("5h10m");

        assertThat(tested.running()).isNull();
        assertThat(tested.policy.getStatus().restoreTest().missedRuns()).isEqualTo(5);
    }

    @Test
    void givenASuspendedPolicy_whenASlotComes_thenNoTestBeginsAndTimeSaysNothing() {
        tested.change("{suspend: true}");
        tested.look("10m");
        tested.look("9h");
        assertThat(tested.running()).isNull();
        tested.assertTested(ConditionStatus.UNKNOWN, Reason.NOT_TESTED);

        tested.change("{suspend: false}");
        tested.look("9h10m");
        assertThat(tested.running()).isNull();
        tested.look("10h");
        assertThat(tested.running().slot()).isEqualTo(Shop.at("10h"));
    }

    @Test
    void givenATestThatPassed_whenTwoSlotsPassWithoutOne_thenItIsStale() {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");
        tested.room = false;
        assertThat(tested.decide("3h30m").verdict().until()).isEqualTo(Shop.at("7h"));
        tested.look("6h59m");
        tested.assertTested(ConditionStatus.TRUE, Reason.RESTORED);

        tested.look("7h");

        tested.assertTested(
                ConditionStatus.FALSE, Reason.STALE, "of backup first, is of 2026-03-29T02:02:00Z", "Two slots");
    }

    @Test
    void givenNoTestEver_whenTwoSlotsPass_thenItIsStale() {
        tested.room = false;
        tested.look("1h");
        tested.look("6h");

        tested.assertTested(ConditionStatus.FALSE, Reason.STALE, "No restore test has passed since");
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspend", "pause", "schedule", "timeZone"})
    void givenItIsStale_whenNoTestIsMadeOnPurposeOrTheScheduleBeginsAnew_thenItStaysSoUntilATestHasPassed(String how) {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");
        tested.room = false;
        tested.look("7h");
        tested.assertTested(ConditionStatus.FALSE, Reason.STALE);
        Condition stale = tested.condition();

        switch (how) {
            case "suspend" -> tested.change("{suspend: true}");
            case "pause" -> Shop.annotated(tested.policy, Annotations.PAUSED, "move");
            case "schedule" ->
                tested.change("{verification: {restoreTest: {schedule: '30 * * * *', target: %s}}}"
                        .formatted(TestedPolicy.SAME_SERVER));
            default -> tested.change("{timeZone: 'Europe/Berlin'}");
        }
        tested.look("7h10m");
        assertThat(tested.condition().message()).isEqualTo(stale.message());
        assertThat(tested.condition().lastTransitionTime()).isEqualTo(stale.lastTransitionTime());

        tested.change("{suspend: false}");
        tested.policy.getMetadata().setAnnotations(null);
        tested.look("7h20m");
        tested.assertTested(ConditionStatus.FALSE, Reason.STALE, "of backup first, is of 2026-03-29T02:02:00Z");

        tested.room = true;
        tested.look("8h40m");
        tested.assertTested(ConditionStatus.FALSE, Reason.STALE);
        tested.ended(tested.look("8h40m").make().name(), TestedPolicy.passed());
        tested.look("8h41m");
        tested.assertTested(ConditionStatus.TRUE, Reason.RESTORED, "At 2026-03-29T09:41:00Z");
    }

    /** That somebody made a mistake and mended it proves no backup. */
    @ParameterizedTest
    @ValueSource(strings = {"schedule", "refused"})
    void givenItIsStale_whenItIsMadeInvalidAndMended_thenItStaysSoUntilATestHasPassed(String how) {
        tested.ended(tested.begun(), TestedPolicy.passed());
        tested.look("62m");
        tested.room = false;
        tested.look("7h");
        assertThat(tested.policy.getStatus().restoreTest().staleSince()).isEqualTo(Shop.at("7h"));

        tested.change(
                how.equals("schedule")
                        ? "{verification: {restoreTest: {schedule: '0 25 * * *', target: %s}}}"
                                .formatted(TestedPolicy.SAME_SERVER)
                        : "{database: 'nothing'}");
        tested.look("7h10m");
        assertThat(tested.condition().reason()).isNotEqualTo("Stale");

        tested.tests(TestedPolicy.SAME_SERVER);
        tested.change("{database: null}");
        tested.look("7h20m");
        tested.assertTested(ConditionStatus.FALSE, Reason.STALE, "of backup first, is of 2026-03-29T02:02:00Z");
        tested.look("7h30m");
        tested.assertTested(
                ConditionStatus.FALSE, Reason.STALE, how.equals("schedule") ? "too old since 2026-" : "Two slots");

        tested.room = true;
        tested.look("8h40m");
        tested.ended(tested.look("8h40m").make().name(), TestedPolicy.passed());
        tested.look("8h41m");
        tested.assertTested(ConditionStatus.TRUE, Reason.RESTORED);
        assertThat(tested.policy.getStatus().restoreTest().staleSince()).isNull();
    }

    @Test
    void givenATestThatNeverPassed_whenItIsStaleAndThenSuspended_thenItStaysFalse() {
        tested.room = false;
        tested.look("6h");
        tested.assertTested(ConditionStatus.FALSE, Reason.STALE);

        tested.change("{suspend: true}");
        tested.look("6h10m");

        tested.assertTested(ConditionStatus.FALSE, Reason.STALE, "No restore test has passed since");
    }
}

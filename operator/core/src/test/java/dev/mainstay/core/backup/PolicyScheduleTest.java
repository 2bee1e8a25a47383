package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.schedule.NextRun;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.backup.PolicyDecision.NewBackup;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy's schedule through time. The policy is made at 2026-03-29T01:00Z, the hour in which Berlin loses one. */
class PolicyScheduleTest {

    private final List<DatabaseBackup> backups = new ArrayList<>();

    @Test
    void givenASlot_whenItComes_thenItsBackupIsMadeOnceUnderItsName() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        assertThat(look(policy, "0s").make()).isEmpty();

        PolicyDecision decision = look(policy, "1h");

        assertThat(decision.make())
                .containsExactly(new NewBackup(
                        "nightly-20260329t0200z",
                        "Schedule of BackupPolicy nightly at 2026-03-29T02:00Z",
                        Instant.parse("2026-03-29T02:00:00Z")));
        assertThat(look(policy, "61m").make()).isEmpty();
        assertThat(policy.getStatus().lastSlot()).isEqualTo("2026-03-29T02:00:00Z");
        assertThat(policy.getStatus().missedRuns()).isZero();
    }

    @Test
    void givenAPassThatDiedAfterItsBackupWasMade_whenTheNextComes_thenTheSameSlotIsDueAndMadeByItsName() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        look(policy, "0s");
        PolicyDecision first = decide(policy, "1h");
        PolicyDecision second = decide(policy, "62m");
        assertThat(second.make()).isEqualTo(first.make());

        backups.add(Backups.ofSlot(first.make().getFirst().name(), BackupPhase.PENDING, null, "1h"));

        assertThat(decide(policy, "63m").make()).isEmpty();
        assertThat(decide(policy, "63m").status().lastSlot()).isEqualTo("2026-03-29T02:00:00Z");
    }

    @Test
    void givenAZoneThatLosesAnHour_whenTheSlotFallsIntoIt_thenItRunsAtTheChangeAndTheReasonIsShown() {
        BackupPolicy policy = Shop.scheduled("30 2 * * *", "Europe/Berlin");
        policy.getMetadata().setCreationTimestamp("2026-03-29T00:30:00Z");

        BackupPolicyStatus status = look(policy, "-10m").status();

        assertThat(status.nextRuns())
                .containsExactly(
                        new NextRun("2026-03-29T03:00+02:00", "moved from 02:30: DST gap"),
                        new NextRun("2026-03-30T02:30+02:00", null),
                        new NextRun("2026-03-31T02:30+02:00", null));
        assertThat(look(policy, "0s").make()).extracting(NewBackup::name).containsExactly("nightly-20260329t0100z");
    }

    @Test
    void givenANextSlot_whenTheTimerIsSet_thenItWakesNearItAndThenAtIt() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");

        assertThat(look(policy, "10m").wakeUp()).isEqualTo("2026-03-29T01:59:00Z");
        assertThat(look(policy, "59m30s").wakeUp()).isEqualTo("2026-03-29T02:00:00Z");
    }

    @Test
    void givenJitter_whenASlotComes_thenItsBackupIsMadeLaterAndNamedByTheSlot() {
        BackupPolicy policy = Shop.with(Shop.scheduled("0 2 * * *"), "{jitter: '30m'}");
        look(policy, "0s");
        assertThat(look(policy, "1h").make()).isEmpty();

        Instant due = look(policy, "1h").wakeUp().plusSeconds(60);

        assertThat(due).isBetween("2026-03-29T02:00:00Z", "2026-03-29T02:30:00Z");
        assertThat(PolicyDecider.decide(observation(policy), due).make())
                .extracting(NewBackup::name)
                .containsExactly("nightly-20260329t0200z");
    }

    @ParameterizedTest
    @CsvSource({"59m, RunLatest, 1", "59m, Skip, 0", "61m, RunLatest, 0", "0m, Skip, 1"})
    void givenAnOperatorThatWasAway_whenItIsBack_thenTheDeadlineAndThePolicyDecide(
            String late, String missedRunPolicy, int made) {
        BackupPolicy policy = Shop.with(
                Shop.scheduled("0 2 * * *"),
                "{startingDeadline: '1h', missedRunPolicy: '%s'}".formatted(missedRunPolicy));
        look(policy, "0s");

        PolicyDecision decision = PolicyDecider.decide(
                observation(policy),
                Shop.at("1h").plus(Duration.parse("PT" + late.toUpperCase(java.util.Locale.ROOT))));

        assertThat(decision.make()).hasSize(made);
        assertThat(decision.status().missedRuns()).isEqualTo(1 - made);
        if (made == 0) {
            assertThat(decision.status().lastSkipped().reason()).isEqualTo("Missed");
            assertThat(decision.status().lastSkipped().slot()).isEqualTo("2026-03-29T02:00:00Z");
        }
    }

    @Test
    void givenManyMissedSlots_whenTheOperatorIsBack_thenOneRunsAndTheOthersAreCounted() {
        BackupPolicy policy = Shop.scheduled("* * * * *");
        look(policy, "0s");

        PolicyDecision decision = look(policy, "3h");

        assertThat(decision.make()).extracting(NewBackup::name).containsExactly("nightly-20260329t0400z");
        assertThat(decision.status().missedRuns()).isEqualTo(179);
        assertThat(decision.status().lastSkipped().slot()).isEqualTo("2026-03-29T03:59:00Z");
    }

    @Test
    void givenAnEditedSchedule_whenTheOldOneWouldHaveBeenLater_thenNothingOfThePastRuns() {
        BackupPolicy policy = Shop.scheduled("0 23 * * *");
        look(policy, "1d");
        BackupPolicy edited = Shop.scheduled("0 0 * * *");
        edited.setStatus(policy.getStatus());

        PolicyDecision decision = look(edited, "1d1h");

        assertThat(decision.make()).isEmpty();
        assertThat(decision.status().scheduled().since()).isEqualTo(Shop.at("1d1h"));
        assertThat(decision.status().nextRuns().getFirst().at()).isEqualTo("2026-03-31T00:00Z");
    }

    @Test
    void givenASuspendedPolicy_whenSlotsPassAndItIsResumed_thenTheyAreCountedAsSuspendedAndNoneRuns() {
        BackupPolicy policy = Shop.with(Shop.scheduled("*/5 * * * *"), "{suspend: true}");
        look(policy, "0s");
        PolicyDecision suspended = look(policy, "11m");
        assertThat(suspended.make()).isEmpty();
        assertThat(suspended.status().missedRuns()).isZero();
        assertThat(suspended.status().skippedRuns()).containsExactly(new SkippedRuns("Suspended", 2L));
        assertThat(suspended.status().lastSkipped().reason()).isEqualTo("Suspended");
        assertThat(conditions(suspended.status())).containsExactly("Ready=TRUE Suspended");
        BackupPolicy resumed = Shop.scheduled("*/5 * * * *");
        resumed.setStatus(policy.getStatus());

        PolicyDecision decision = look(resumed, "16m");

        assertThat(decision.make()).isEmpty();
        assertThat(decision.status().missedRuns()).isZero();
        assertThat(decision.status().nextRuns().getFirst().at()).isEqualTo("2026-03-29T01:20Z");
        assertThat(look(resumed, "20m").make()).hasSize(1);
    }

    @Test
    void givenAPausedApplication_whenASlotPasses_thenItIsSkippedAndSaysWhy() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        look(policy, "0s");
        PolicyObservation paused = new PolicyObservation(
                policy, Shop.annotated(Shop.application(), Annotations.PAUSED, "migration"), List.of());

        PolicyDecision decision = PolicyDecider.decide(paused, Shop.at("61m"));

        assertThat(decision.make()).isEmpty();
        assertThat(decision.status().skippedRuns()).containsExactly(new SkippedRuns("Paused", 1L));
        assertThat(decision.status().lastSkipped().message()).startsWith("ManagedApplication shop is paused");
    }

    @Test
    void givenAClockThatWasPutBack_whenTheSlotComesAgain_thenItDoesNotRunAgain() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        look(policy, "0s");
        assertThat(look(policy, "1h").make()).hasSize(1);

        assertThat(look(policy, "59m30s").make()).isEmpty();
        assertThat(look(policy, "60m").make()).isEmpty();
        assertThat(look(policy, "1d1h").make()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * *   | UTC    | BackupPolicy nightly, spec.schedule:
            0 0 30 2 *| UTC    | BackupPolicy nightly, spec.schedule:
            0 2 * * * | Berlin | BackupPolicy nightly, spec.timeZone:
            */60 * * * * | UTC | BackupPolicy nightly, spec.schedule, minute:
            """)
    void givenAScheduleThatCannotBeFollowed_whenItIsDecided_thenTheFieldIsNamedAndBackupsByHandAreMade(
            String schedule, String zone, String told) {
        BackupPolicy policy = Shop.annotated(Shop.scheduled(schedule, zone), Annotations.RUN_NOW, "monday");

        PolicyDecision decision = look(policy, "0s");

        assertThat(conditions(decision.status()))
                .containsExactly("Ready=FALSE InvalidSpec", "Stalled=TRUE InvalidSpec");
        assertThat(Conditions.find(decision.status().conditions(), "Ready")
                        .map(Condition::message)
                        .orElseThrow())
                .startsWith(told);
        assertThat(decision.make()).extracting(NewBackup::slot).containsOnlyNulls();
        assertThat(decision.make()).hasSize(1);
    }

    @Test
    void givenAScheduleAndAZoneThatAreWrong_whenItIsDecided_thenOneMessageTellsBoth() {
        PolicyDecision decision = look(Shop.scheduled("0 25 * * *", "Berlin"), "0s");

        assertThat(Conditions.find(decision.status().conditions(), "Stalled")
                        .map(Condition::message)
                        .orElseThrow())
                .isEqualTo("BackupPolicy nightly, spec.schedule, hour: \"25\" is out of range: write 0 to 23."
                        + " timeZone: \"Berlin\" is not known: write Europe/Berlin.");
    }

    @Test
    void givenAnApplicationThatIsMissing_whenASlotComes_thenItLeavesABackupThatTells() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        look(policy, "0s");

        assertThat(PolicyDecider.decide(new PolicyObservation(policy, null, List.of()), Shop.at("1h"))
                        .make())
                .hasSize(1);
    }

    @Test
    void givenNoBackup_whenTheFirstDayIsOver_thenThePolicyIsStale() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");

        assertThat(fresh(look(policy, "23h"))).isEqualTo("TRUE Fresh");
        assertThat(fresh(look(policy, "24h"))).isEqualTo("FALSE Stale");
    }

    @Test
    void givenABackup_whenTwoSlotsPassWithoutAnother_thenThePolicyIsStaleOnceTheSecondsTimeIsOver() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        backups.add(Backups.succeeded("first", "62m", VerificationLevel.FULL_READ));

        // The slots after it are those of the two days that follow, and the policy gives a backup four hours.
        assertThat(fresh(look(policy, "2d4h"))).isEqualTo("TRUE Fresh");
        assertThat(fresh(look(policy, "2d5h"))).isEqualTo("FALSE Stale");

        backups.add(Backups.succeeded("second", "2d6h", VerificationLevel.FULL_READ));
        assertThat(fresh(look(policy, "2d6h"))).isEqualTo("TRUE Fresh");
    }

    @Test
    void givenABackupThatWasNotProvenAsAsked_whenFreshnessIsJudged_thenItDoesNotCount() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        backups.add(Backups.succeeded("first", "23h", VerificationLevel.CHECKSUM));

        assertThat(fresh(look(policy, "24h"))).isEqualTo("FALSE Stale");
    }

    @Test
    void givenMoreFailuresThanTheHistoryHolds_whenTheyAreRemoved_thenTheirCountGoesOn() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        for (int night = 1; night <= 5; night++) {
            backups.add(Backups.ofSlot("night-" + night, BackupPhase.FAILED, Reason.DUMP_FAILED, night + "d"));
            PolicyDecision decision = look(policy, night + "d1h");
            backups.removeAll(decision.remove());
        }

        assertThat(backups).extracting(backup -> backup.getMetadata().getName()).containsExactly("night-4", "night-5");
        assertThat(policy.getStatus().consecutiveFailures()).isEqualTo(5);
        backups.add(Backups.succeeded("night-6", "6d", VerificationLevel.FULL_READ));
        assertThat(look(policy, "6d1h").status().consecutiveFailures()).isZero();
    }

    @Test
    void givenFailuresThatEndInOneSecond_whenTheyAreSeenOneByOne_thenAllCount() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        for (String name : List.of("c", "a", "b")) {
            backups.add(Backups.failed(name, "1h", Reason.DUMP_FAILED));
            look(policy, "2h");
        }

        assertThat(policy.getStatus().consecutiveFailures()).isEqualTo(3);
    }

    @Test
    void givenFailuresOfBackupsByHand_whenThereAreMoreThanTheHistoryHolds_thenTheyStay() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        for (int number = 1; number <= 5; number++) {
            backups.add(Backups.failed("by-hand-" + number, number + "h", Reason.DUMP_FAILED));
        }

        assertThat(look(policy, "1d").remove()).isEmpty();
    }

    @Test
    void givenASkippedBackup_whenItIsTheNewestThingSkipped_thenThePolicyTellsOfIt() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        backups.add(Backups.ofSlot("night", BackupPhase.SKIPPED, Reason.STILL_RUNNING, "1h"));

        BackupPolicyStatus status = look(policy, "1h").status();

        assertThat(status.lastSkipped().reason()).isEqualTo("StillRunning");
        assertThat(status.consecutiveFailures()).isZero();
        assertThat(status.lastFailure()).isNull();
    }

    /** A status that reads back as another one is written again with every pass. */
    @ParameterizedTest
    @CsvSource({"0 2 * * *", ","})
    void givenAStatus_whenItIsReadBack_thenItIsTheOneThatWasDecided(String schedule) throws Exception {
        BackupPolicy policy = Shop.scheduled(schedule);
        BackupPolicyStatus decided = look(policy, "3h").status();

        BackupPolicyStatus read =
                TaskJson.mapper().readValue(TaskJson.mapper().writeValueAsString(decided), BackupPolicyStatus.class);

        assertThat(read).isEqualTo(decided);
        policy.setStatus(read);
        assertThat(look(policy, "3h").status()).isEqualTo(read);
    }

    /** Decides, and writes the status, as a pass does. */
    private PolicyDecision look(BackupPolicy policy, String offset) {
        PolicyDecision decision = decide(policy, offset);
        policy.setStatus(decision.status());
        return decision;
    }

    private PolicyDecision decide(BackupPolicy policy, String offset) {
        Instant now = offset.startsWith("-")
                ? Shop.CREATED.minus(Duration.between(Shop.CREATED, Shop.at(offset.substring(1))))
                : Shop.at(offset);
        return PolicyDecider.decide(observation(policy), now);
    }

    private PolicyObservation observation(BackupPolicy policy) {
        return new PolicyObservation(policy, Shop.application(), List.copyOf(backups));
    }

    private static String fresh(PolicyDecision decision) {
        return Conditions.find(decision.status().conditions(), "BackupFresh")
                .map(condition -> condition.status() + " " + condition.reason())
                .orElseThrow();
    }

    private static List<String> conditions(BackupPolicyStatus status) {
        return status.conditions().stream()
                .filter(condition -> !condition.type().equals("BackupFresh"))
                .map(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
                .toList();
    }
}

package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupFailureSummary;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.BackupSummary;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyDeciderTest {

    private static final Instant NOW = Shop.at("1d");

    @Test
    void givenNoBackupsYet_whenItIsDecided_thenItIsReadyAndSaysHowToMakeOne() {
        BackupPolicyStatus status = status(Shop.policy());

        assertThat(conditions(status)).containsExactly("Ready=TRUE Ready");
        assertThat(condition(status, "Ready").orElseThrow().message())
                .contains(
                        "Backups of database ecommerce of ManagedApplication shop",
                        "bucket backups",
                        Annotations.RUN_NOW);
        assertThat(status.lastSuccess()).isNull();
        assertThat(status.lastFailure()).isNull();
        assertThat(status.consecutiveFailures()).isZero();
        assertThat(status.observedGeneration()).isEqualTo(1);
    }

    @Test
    void givenNoApplication_whenItIsDecided_thenItIsStuck() {
        BackupPolicyStatus status = PolicyDecider.decide(new PolicyObservation(Shop.policy(), null, List.of()), NOW)
                .status();

        assertThat(conditions(status))
                .containsExactly("Ready=FALSE ApplicationNotFound", "Stalled=TRUE ApplicationNotFound");
    }

    @Test
    void givenATemplateThatMakesNoJob_whenItIsDecided_thenItIsStuckAsTheApplicationIs() {
        ManagedApplication application = Shop.withRefusedTemplate(Shop.application());
        BackupPolicyStatus status = PolicyDecider.decide(
                        new PolicyObservation(Shop.policy(), application, List.of()), NOW)
                .status();

        assertThat(conditions(status)).containsExactly("Ready=FALSE InvalidSpec", "Stalled=TRUE InvalidSpec");
        assertThat(condition(status, "Ready").orElseThrow().message())
                .isEqualTo(JobTemplateRefusal.message(application, "limits: lots"));
    }

    @Test
    void givenBackups_whenItIsDecided_thenTheNewestOfEachEndIsShown() {
        BackupPolicyStatus status = status(
                Shop.policy(),
                Backups.succeeded("third", "9h", VerificationLevel.FULL_READ),
                Backups.failed("second", "5h", Reason.DUMP_FAILED),
                Backups.succeeded("first", "1h", VerificationLevel.FULL_READ),
                Backups.failed("zeroth", "30m", Reason.LOCK_TIMEOUT));

        assertThat(status.lastSuccess())
                .isEqualTo(new BackupSummary(
                        "third",
                        Shop.at("9h"),
                        VerificationLevel.FULL_READ,
                        "183 MiB",
                        "s3://backups/prod/webshop/nightly/third/"));
        assertThat(status.lastFailure())
                .isEqualTo(new BackupFailureSummary("second", Shop.at("5h"), "DumpFailed", "It went wrong."));
        assertThat(status.consecutiveFailures()).isZero();
    }

    @Test
    void givenFailuresAfterTheLastSuccess_whenTheyAreCounted_thenOnlyThoseCount() {
        assertThat(status(
                                Shop.policy(),
                                Backups.failed("a", "1h", Reason.DUMP_FAILED),
                                Backups.succeeded("b", "2h", VerificationLevel.FULL_READ),
                                Backups.failed("c", "3h", Reason.DUMP_FAILED),
                                Backups.failed("d", "4h", Reason.CONNECTION_FAILED))
                        .consecutiveFailures())
                .isEqualTo(2);
    }

    @Test
    void givenOnlyFailures_whenTheyAreCounted_thenAllCount() {
        assertThat(status(
                                Shop.policy(),
                                Backups.failed("a", "1h", Reason.DUMP_FAILED),
                                Backups.failed("b", "2h", Reason.DUMP_FAILED))
                        .consecutiveFailures())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = BackupPhase.class,
            names = {"PENDING", "RUNNING", "VERIFYING", "UNRECOGNIZED"})
    void givenABackupThatIsNotFinished_whenItIsDecided_thenItCountsAsNeither(BackupPhase phase) {
        BackupPolicyStatus status = status(Shop.policy(), Backups.unfinished("a", phase));

        assertThat(status.lastSuccess()).isNull();
        assertThat(status.lastFailure()).isNull();
        assertThat(status.consecutiveFailures()).isZero();
    }

    @Test
    void givenABackupWithoutAStatus_whenItIsDecided_thenItIsPassedOver() {
        assertThat(status(Shop.policy(), Shop.backup()).lastSuccess()).isNull();
    }

    @Test
    void givenBackupsDeletedSince_whenItIsDecided_thenWhatWasKnownStays() {
        BackupPolicy policy = Shop.policy();
        policy.setStatus(status(
                policy,
                Backups.succeeded("a", "1h", VerificationLevel.FULL_READ),
                Backups.failed("b", "2h", Reason.STORAGE_DENIED)));
        BackupPolicyStatus status = status(policy);

        assertThat(status.lastSuccess()).isEqualTo(policy.getStatus().lastSuccess());
        assertThat(status.lastFailure()).isEqualTo(policy.getStatus().lastFailure());
        assertThat(condition(status, "StorageReachable")).isEqualTo(condition(policy.getStatus(), "StorageReachable"));
    }

    @Test
    void givenASuccess_whenTheStoreIsJudged_thenItWasReachable() {
        assertThat(conditions(status(
                        Shop.policy(),
                        Backups.failed("a", "1h", Reason.STORAGE_UNREACHABLE),
                        Backups.succeeded("b", "2h", VerificationLevel.FULL_READ))))
                .containsExactly("Ready=TRUE Ready", "StorageReachable=TRUE Succeeded");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"STORAGE_UNREACHABLE", "STORAGE_DENIED", "OWNED_BY_OTHER", "UPLOAD_FAILED"})
    void givenAFailureOfTheStore_whenItIsJudged_thenItsReasonIsTold(Reason reason) {
        BackupPolicyStatus status = status(
                Shop.policy(),
                Backups.succeeded("a", "1h", VerificationLevel.FULL_READ),
                Backups.failed("b", "2h", reason));

        assertThat(conditions(status)).containsExactly("Ready=TRUE Ready", "StorageReachable=FALSE " + reason.text());
        assertThat(condition(status, "StorageReachable").orElseThrow().message())
                .isEqualTo("DatabaseBackup b: It went wrong.");
    }

    @Test
    void givenAFailureOfTheDatabase_whenTheStoreIsJudged_thenItTellsNothing() {
        assertThat(conditions(status(
                        Shop.policy(),
                        Backups.succeeded("a", "1h", VerificationLevel.FULL_READ),
                        Backups.failed("b", "2h", Reason.AUTHENTICATION_FAILED))))
                .containsExactly("Ready=TRUE Ready", "StorageReachable=TRUE Succeeded");
        assertThat(conditions(status(Shop.policy(), Backups.failed("b", "2h", Reason.AUTHENTICATION_FAILED))))
                .containsExactly("Ready=TRUE Ready");
    }

    @Test
    void givenAValueOfRunNow_whenItIsNew_thenOneBackupIsMade() {
        PolicyDecision decision = decide(asked("monday"));

        assertThat(decision.make()).singleElement().satisfies(made -> {
            assertThat(made.name()).startsWith("nightly-run-");
            assertThat(made.slot()).isNull();
        });
        assertThat(decision.status().lastRunNow()).isEqualTo("monday");
    }

    @Test
    void givenAValueOfRunNow_whenItWasHandled_thenNothingIsMade() {
        BackupPolicy policy = asked("monday");
        policy.setStatus(decide(policy).status());
        PolicyDecision again = decide(policy);

        assertThat(again.make()).isEmpty();
        assertThat(again.status()).isEqualTo(policy.getStatus());
    }

    @Test
    void givenAPassThatDiedBeforeItsStatus_whenItIsMadeAgain_thenTheBackupHasTheSameName() {
        assertThat(decide(asked("monday")).make())
                .isNotEmpty()
                .isEqualTo(decide(asked("monday")).make());
    }

    @Test
    void givenABackupThatIsThereAlready_whenItsStatusIsNot_thenItIsNotedAndNotMadeAgain() {
        DatabaseBackup made = Backups.succeeded("a", "1h", VerificationLevel.FULL_READ);
        made.getMetadata().setName(decide(asked("monday")).make().getFirst().name());
        PolicyDecision decision =
                PolicyDecider.decide(new PolicyObservation(asked("monday"), Shop.application(), List.of(made)), NOW);

        assertThat(decision.make()).isEmpty();
        assertThat(decision.status().lastRunNow()).isEqualTo("monday");
    }

    @Test
    void givenTheNextValueOfRunNow_whenItComes_thenAnotherBackupIsMade() {
        BackupPolicy policy = asked("monday");
        PolicyDecision first = decide(policy);
        policy.setStatus(first.status());
        PolicyDecision second = decide(Shop.annotated(policy, Annotations.RUN_NOW, "tuesday"));

        assertThat(second.make()).isNotEmpty().isNotEqualTo(first.make());
    }

    @Test
    void givenTheAnnotationRemoved_whenItIsDecided_thenTheHandledValueIsRemembered() {
        BackupPolicy policy = asked("monday");
        policy.setStatus(decide(policy).status());
        policy.getMetadata().setAnnotations(null);

        assertThat(decide(policy).make()).isEmpty();
        assertThat(decide(policy).status().lastRunNow()).isEqualTo("monday");
    }

    @Test
    void givenAnEmptyValueOfRunNow_whenItIsDecided_thenNothingIsMade() {
        assertThat(decide(asked("")).make()).isEmpty();
    }

    @Test
    void givenAValueLongerThanItsField_whenItIsHandled_thenItFitsAndIsHandledOnce() {
        BackupPolicy policy = asked("x".repeat(1_000));
        PolicyDecision first = decide(policy);
        policy.setStatus(first.status());

        assertThat(first.make()).isNotEmpty();
        assertThat(first.status().lastRunNow()).hasSizeLessThanOrEqualTo(253);
        assertThat(decide(policy).make()).isEmpty();
        assertThat(decide(asked("x".repeat(1_001))).make()).isNotEqualTo(first.make());
    }

    @Test
    void givenAPause_whenABackupIsAskedFor_thenItIsMadeWhenThePauseIsOver() {
        BackupPolicy policy = asked("monday");
        PolicyObservation paused = new PolicyObservation(
                policy, Shop.annotated(Shop.application(), Annotations.PAUSED, "migration"), List.of());
        PolicyDecision decision = PolicyDecider.decide(paused, NOW);

        assertThat(decision.make()).isEmpty();
        assertThat(decision.status().lastRunNow()).isNull();
        assertThat(conditions(decision.status())).containsExactly("Ready=TRUE Paused");
        assertThat(condition(decision.status(), "Ready").orElseThrow().message())
                .isEqualTo("ManagedApplication shop is paused: \"migration\". Remove its annotation"
                        + " mainstay.dev/paused to go on. A backup that is asked for now is made then.");
        policy.setStatus(decision.status());
        assertThat(decide(policy).make()).isNotEmpty();
    }

    @Test
    void givenAMissingDatabase_whenABackupIsAskedFor_thenItIsMadeWhenTheDatabaseIsThere() {
        BackupPolicy policy = asked("monday");
        PolicyDecision decision = PolicyDecider.decide(new PolicyObservation(policy, null, List.of()), NOW);

        assertThat(decision.make()).isEmpty();
        policy.setStatus(decision.status());
        assertThat(decide(policy).make()).isNotEmpty();
    }

    @Test
    void givenNothingNew_whenItIsDecidedAgainLater_thenTheStatusIsTheSame() {
        BackupPolicy policy = Shop.policy();
        DatabaseBackup[] backups = {
            Backups.succeeded("a", "1h", VerificationLevel.FULL_READ), Backups.failed("b", "2h", Reason.STORAGE_DENIED)
        };
        policy.setStatus(status(policy, backups));

        assertThat(PolicyDecider.decide(
                                new PolicyObservation(policy, Shop.application(), List.of(backups)),
                                NOW.plusSeconds(3600))
                        .status())
                .isEqualTo(policy.getStatus());
    }

    @Test
    void givenABackupThatAPersonCancelled_whenThePolicyIsDecided_thenItIsNoFailureOfIt() {
        BackupPolicyStatus status = status(
                Shop.policy(),
                Backups.failed("failed", "1h", Reason.DUMP_FAILED),
                Backups.failed("cancelled", "2h", Reason.CANCELLED));

        assertThat(status.consecutiveFailures()).isEqualTo(1);
        assertThat(status.lastFailure().name()).isEqualTo("failed");
    }

    /** It holds what the restore was to take away, so it is not what a schedule promises. */
    @Test
    void givenABackupThatARestoreMadeBefore_whenThePolicyIsDecided_thenTheNewestGoodOneIsAnother() {
        DatabaseBackup safety = Backups.succeeded("safety", "2h", VerificationLevel.FULL_READ);
        safety.getMetadata().setAnnotations(Map.of(Annotations.MADE_BEFORE, "shop-x2b4k"));

        BackupPolicyStatus status = status(
                Shop.scheduled("0 2 * * *"), Backups.succeeded("nightly", "1h", VerificationLevel.FULL_READ), safety);

        assertThat(status.lastSuccess().name()).isEqualTo("nightly");
        assertThat(condition(status, "BackupFresh").orElseThrow().message()).contains("DatabaseBackup nightly ");
    }

    @Test
    void givenTheNewestBackupIsGoneWithItsData_whenThePolicyIsDecided_thenTheOneBeforeIsTheNewest() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        DatabaseBackup older = Backups.succeeded("older", "1h", VerificationLevel.FULL_READ);
        policy.setStatus(status(policy, older, Backups.succeeded("newer", "2h", VerificationLevel.FULL_READ)));

        BackupPolicyStatus after = status(policy, older);

        assertThat(after.lastSuccess().name()).isEqualTo("older");
        assertThat(condition(after, "BackupFresh").orElseThrow().message()).contains("DatabaseBackup older ");
    }

    /** Else it would be written again on every pass. */
    @Test
    void givenAStatusThatWasWrittenAndRead_whenNothingHasChanged_thenTheSameIsDecided() {
        BackupPolicy policy = Shop.scheduled("0 2 * * *");
        DatabaseBackup done = Backups.succeeded("done", "1h", VerificationLevel.FULL_READ);

        policy.setStatus(Fields.with(status(policy, done), "{}"));

        assertThat(status(policy, done)).isEqualTo(policy.getStatus());
    }

    private static BackupPolicy asked(String value) {
        return Shop.annotated(Shop.policy(), Annotations.RUN_NOW, value);
    }

    private static PolicyDecision decide(BackupPolicy policy, DatabaseBackup... backups) {
        return PolicyDecider.decide(new PolicyObservation(policy, Shop.application(), List.of(backups)), NOW);
    }

    private static BackupPolicyStatus status(BackupPolicy policy, DatabaseBackup... backups) {
        return decide(policy, backups).status();
    }

    private static Optional<Condition> condition(BackupPolicyStatus status, String type) {
        return Conditions.find(status.conditions(), type);
    }

    private static List<String> conditions(BackupPolicyStatus status) {
        return status.conditions().stream()
                .map(condition -> condition.type() + "=" + condition.status() + " " + condition.reason())
                .toList();
    }
}

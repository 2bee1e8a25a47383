package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyRetentionTest {

    @Test
    void givenBackupsWhoseDataIsGone_whenThePolicyIsDecided_thenThoseOfSlotsAreRemovedAndThoseByHandStay() {
        DatabaseBackup ofSlot = Shop.annotated(expired("of-slot"), Annotations.SLOT, "2026-03-29T01:00:00Z");

        assertThat(decide(thinned(), ofSlot, expired("by-hand")).remove())
                .extracting(backup -> backup.getMetadata().getName())
                .containsExactly("of-slot");
    }

    @Test
    void givenBackups_whenOneTellsWhatIsInTheBucket_thenThePolicyTellsItAndRemembersIt() {
        BackupPolicy policy = thinned();

        policy.setStatus(decide(policy, told("{removed: 0, stored: {count: 3, bytes: 1024, size: '1.00 KiB'}}"))
                .status());

        assertThat(policy.getStatus().stored().count()).isEqualTo(3);
        assertThat(decide(policy).status()).isEqualTo(policy.getStatus());
        assertThat(decide(policy, Backups.succeeded("later", "9h", VerificationLevel.FULL_READ))
                        .status()
                        .stored())
                .isEqualTo(policy.getStatus().stored());
        BackupPolicy without = Shop.policy();
        without.setStatus(policy.getStatus());
        assertThat(decide(without).status().stored()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {removed: 0}                                   | TRUE  | Applied       | After DatabaseBackup told 0 backups were removed.
            {removed: 1}                                   | TRUE  | Applied       | After DatabaseBackup told 1 backup was removed.
            {removed: 0, wouldRemove: 2}                   | FALSE | DryRun        | After DatabaseBackup told 2 backups would have been removed. The log of its Job says which; set spec.retention.dryRun to false to have it done.
            {removed: 1, reason: 'Retained', message: 'x'} | FALSE | Retained      | After DatabaseBackup told: x
            {removed: 1, reason: 'NewWord', message: 'x'}  | FALSE | InternalError | After DatabaseBackup told: x
            """)
    void givenWhatCameOfRetention_whenThePolicyIsDecided_thenItIsACondition(
            String outcome, String status, String reason, String message) {
        BackupPolicy policy = thinned();

        policy.setStatus(decide(policy, told(outcome)).status());

        assertThat(condition(policy))
                .extracting(condition -> condition.status().name(), Condition::reason, Condition::message)
                .containsExactly(status, reason, message);
        Condition told = condition(policy);
        policy.setStatus(decide(policy).status());
        assertThat(condition(policy)).as("after its object is gone").isEqualTo(told);
    }

    @Test
    void givenAPolicyWithoutRetention_whenItIsDecided_thenNothingIsSaidOfIt() {
        BackupPolicy policy = Shop.policy();

        assertThat(Conditions.find(
                        decide(policy, told("{removed: 0, reason: 'StorageDenied', message: 'x'}"))
                                .status()
                                .conditions(),
                        "RetentionApplied"))
                .isEmpty();
    }

    @Test
    void givenASuccessWhoseObjectIsGone_whenOlderFailuresAreThere_thenTheyDoNotCountAgain() {
        BackupPolicy policy = thinned();
        DatabaseBackup failed = Backups.failed("failed", "1h", Reason.DUMP_FAILED);
        policy.setStatus(decide(policy, failed, Backups.succeeded("gone", "2h", VerificationLevel.NONE))
                .status());

        assertThat(decide(policy, failed).status().consecutiveFailures()).isZero();
        assertThat(decide(policy, failed, Backups.failed("newer", "3h", Reason.DUMP_FAILED))
                        .status()
                        .consecutiveFailures())
                .isEqualTo(1);
    }

    private static BackupPolicy thinned() {
        return Shop.with(Shop.policy(), "{retention: {keepLast: 3}}");
    }

    private static DatabaseBackup told(String outcome) {
        DatabaseBackup backup = Backups.succeeded("told", "1h", VerificationLevel.FULL_READ);
        backup.setStatus(Fields.with(backup.getStatus(), "{retention: " + outcome + "}"));
        return backup;
    }

    private static DatabaseBackup expired(String name) {
        DatabaseBackup backup = Backups.succeeded(name, "1m", VerificationLevel.FULL_READ);
        backup.setStatus(Fields.with(backup.getStatus(), "{phase: 'Expired'}"));
        return backup;
    }

    private static PolicyDecision decide(BackupPolicy policy, DatabaseBackup... backups) {
        return PolicyDecider.decide(
                new PolicyObservation(policy, Shop.application(), List.of(backups)), Shop.at("10h"));
    }

    private static Condition condition(BackupPolicy policy) {
        return Conditions.find(policy.getStatus().conditions(), "RetentionApplied")
                .orElseThrow();
    }
}

package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseChoiceTest {

    private static final Database ECOMMERCE = Shop.database("ecommerce", SslMode.PREFER);
    private static final Database STATISTICS = Shop.database("statistics", SslMode.PREFER);

    @Test
    void givenOneDatabase_whenThePolicyNamesNone_thenItIsMeant() {
        assertThat(DatabaseChoice.of(policyFor(null), with(ECOMMERCE))).isEqualTo(new DatabaseChoice.Found(ECOMMERCE));
    }

    @Test
    void givenSeveralDatabases_whenThePolicyNamesOne_thenThatIsMeant() {
        assertThat(DatabaseChoice.of(policyFor("statistics"), with(ECOMMERCE, STATISTICS)))
                .isEqualTo(new DatabaseChoice.Found(STATISTICS));
    }

    @Test
    void givenSeveralDatabases_whenThePolicyNamesNone_thenTheMessageListsThem() {
        assertMissing(
                DatabaseChoice.of(policyFor(null), with(ECOMMERCE, STATISTICS)),
                Reason.DATABASE_NOT_FOUND,
                "BackupPolicy nightly: spec.database is left out, and ManagedApplication shop has several"
                        + " (ecommerce, statistics). Name one.");
    }

    @Test
    void givenNoDatabase_whenThePolicyNamesOne_thenTheMessageSaysThatThereIsNone() {
        assertMissing(
                DatabaseChoice.of(policyFor("ecommerce"), with()),
                Reason.DATABASE_NOT_FOUND,
                "BackupPolicy nightly: ManagedApplication shop has no database in spec.databases. Add the one that is meant.");
    }

    @Test
    void givenNoApplication_whenItIsLookedFor_thenTheMessageNamesIt() {
        assertMissing(
                DatabaseChoice.of(policyFor(null), null),
                Reason.APPLICATION_NOT_FOUND,
                "BackupPolicy nightly: spec.applicationRef names ManagedApplication shop, which does not exist in this"
                        + " namespace. Create it, or correct the name.");
    }

    @Test
    void givenARecipientWithAMistypedLetter_whenThePolicyIsRead_thenTheMessageShowsIt() {
        String mistyped = Shop.RECIPIENT.replace('8', '9');

        assertMissing(
                DatabaseChoice.of(
                        Shop.with(
                                policyFor(null),
                                "{encryption: {recipients: ['%s', '%s']}}".formatted(Shop.RECIPIENT, mistyped)),
                        with(ECOMMERCE)),
                Reason.INVALID_SPEC,
                "BackupPolicy nightly: spec.encryption.recipients holds " + mistyped
                        + ", whose checksum is wrong: a letter of it was mistyped. Copy the public key again.");
    }

    @Test
    void givenAnUnreadablePolicy_whenItIsReadFirst_thenNothingElseIsLookedAt() {
        BackupPolicy policy = policyFor(null);
        policy.setSpec(null);
        policy.markUnreadableSpec("spec.storage is a list");

        assertMissing(
                DatabaseChoice.of(policy, null),
                Reason.INVALID_SPEC,
                "BackupPolicy nightly: spec can't be read by this version of Mainstay: spec.storage is a list. Correct it,"
                        + " or upgrade Mainstay.");
    }

    @Test
    void givenAnUnreadableApplication_whenItIsRead_thenTheMessageNamesTheApplication() {
        ManagedApplication application = with(ECOMMERCE);
        application.setSpec(null);
        application.markUnreadableSpec("spec.databases is a map");

        assertMissing(
                DatabaseChoice.of(policyFor(null), application),
                Reason.INVALID_SPEC,
                "ManagedApplication shop: spec can't be read by this version of Mainstay: spec.databases is a map. Correct"
                        + " it, or upgrade Mainstay.");
    }

    @Test
    void givenALevelOfANewerVersion_whenItIsRead_thenTheMessageListsTheKnownOnes() {
        BackupPolicy policy = Shop.policy(Shop.s3("backups", ChecksumMode.AUTO), VerificationLevel.UNRECOGNIZED, 2);

        assertMissing(
                DatabaseChoice.of(policy, with(ECOMMERCE)),
                Reason.INVALID_SPEC,
                "BackupPolicy nightly: spec.verification.afterBackup has a value that this version of Mainstay does not"
                        + " know; it knows None, Checksum or FullRead. Correct it, or upgrade Mainstay.");
    }

    @Test
    void givenAChecksumModeOfANewerVersion_whenItIsRead_thenTheMessageNamesTheField() {
        BackupPolicy policy =
                Shop.policy(Shop.s3("backups", ChecksumMode.UNRECOGNIZED), VerificationLevel.FULL_READ, 2);

        assertThat(DatabaseChoice.of(policy, with(ECOMMERCE)))
                .isInstanceOfSatisfying(DatabaseChoice.Missing.class, missing -> {
                    assertThat(missing.reason()).isEqualTo(Reason.INVALID_SPEC);
                    assertThat(missing.message()).contains("spec.storage.s3.checksums");
                });
    }

    @Test
    void givenAnSslModeOfANewerVersion_whenTheDatabaseIsMeant_thenTheMessageNamesTheField() {
        assertThat(DatabaseChoice.of(policyFor("later"), with(Shop.database("later", SslMode.UNRECOGNIZED))))
                .isInstanceOfSatisfying(DatabaseChoice.Missing.class, missing -> {
                    assertThat(missing.reason()).isEqualTo(Reason.INVALID_SPEC);
                    assertThat(missing.message())
                            .startsWith("ManagedApplication shop: spec.databases[later].postgres.sslMode ");
                });
    }

    @Test
    void givenAnSslModeOfANewerVersion_whenAnotherDatabaseIsMeant_thenItDoesNotMatter() {
        assertThat(DatabaseChoice.of(
                        policyFor("ecommerce"), with(Shop.database("later", SslMode.UNRECOGNIZED), ECOMMERCE)))
                .isEqualTo(new DatabaseChoice.Found(ECOMMERCE));
    }

    private static void assertMissing(DatabaseChoice choice, Reason reason, String message) {
        assertThat(choice).isEqualTo(new DatabaseChoice.Missing(reason, message));
    }

    private static ManagedApplication with(Database... databases) {
        return Shop.application(List.of(databases), null);
    }

    private static BackupPolicy policyFor(String database) {
        return database == null ? Shop.policy() : Shop.with(Shop.policy(), "{database: '%s'}".formatted(database));
    }
}

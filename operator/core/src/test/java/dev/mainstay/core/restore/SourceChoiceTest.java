package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.restore.SourceChoice.Kept;
import dev.mainstay.core.restore.SourceChoice.Located;
import dev.mainstay.core.restore.SourceChoice.Missing;
import dev.mainstay.core.restore.SourceChoice.Stored;
import dev.mainstay.core.status.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceChoiceTest {

    private static final String OF_SHOP = "applicationRef: {name: shop}";

    private static Restores restores(String source, String more) {
        return new Restores(Restores.request("a", source, more));
    }

    /** Three good ones and some that are none, in no order. */
    private static Restores shop(String source) {
        return restores(source, "")
                .policy("nightly", OF_SHOP)
                .good("second", "2026-03-28T02:00:00Z")
                .good("third", "2026-03-29T02:00:00Z")
                .good("first", "2026-03-27T02:00:00Z")
                .backup("failed", "{phase: Failed, snapshotAt: \"2026-03-29T14:00:00Z\", location: \"s3://b/f/\"}")
                .backup("expired", "{phase: Expired, snapshotAt: \"2026-03-26T02:00:00Z\", location: \"s3://b/e/\"}")
                .backup("begun", "{phase: Running, location: \"s3://b/r/\"}")
                .backup("bare", "{phase: Succeeded}")
                .backup("new", "{}");
    }

    private static SourceChoice choice(Restores restores) {
        return SourceChoice.of(restores.observation(), "main");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policyRef: {name: nightly}                                        | third",
                "policyRef: {name: nightly}, before: \"2026-03-29T13:05:00Z\"      | third",
                "policyRef: {name: nightly}, before: \"2026-03-29T02:00:01Z\"      | third",
                "policyRef: {name: nightly}, before: \"2026-03-29T02:00:00Z\"      | second",
                "policyRef: {name: nightly}, before: \"2026-03-28T01:59:59Z\"      | first",
                "backupRef: {name: second}                                         | second"
            })
    void givenGoodBackups_whenChosen_thenItIsTheOneThatWasMeant(String source, String name) {
        SourceChoice choice = choice(shop("{" + source + "}"));

        assertThat(((Stored) choice).backup().getMetadata().getName()).isEqualTo(name);
        assertThat(((Stored) choice).policy().getMetadata().getName()).isEqualTo("nightly");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backupRef: {name: lost}    | DatabaseBackup lost, which does not exist in this namespace",
                "backupRef: {name: failed}  | can't be restored: it has not succeeded.",
                "backupRef: {name: begun}   | can't be restored: it has not succeeded.",
                "backupRef: {name: new}     | can't be restored: it has not begun.",
                "backupRef: {name: expired} | can't be restored: its data is gone from the bucket.",
                "backupRef: {name: bare}    | can't be restored: its status does not tell where it is, or which moment it holds.",
                "policyRef: {name: nightly}, before: \"2026-03-27T02:00:00Z\" | whose data is older than 2026-03-27T02:00:00Z. It has: third (2026-03-29T02:00:00Z), second (2026-03-28T02:00:00Z), first (2026-03-27T02:00:00Z).",
                "previousOf: {name: lost}   | RestoreRequest lost, which does not exist in this namespace."
            })
    void givenNoneThatFits_whenChosen_thenItIsSaidWhatThereIs(String source, String said) {
        Missing missing = (Missing) choice(shop("{" + source + "}"));

        assertThat(missing.reason()).isEqualTo(Reason.BACKUP_NOT_FOUND);
        assertThat(missing.message()).contains(said);
    }

    @Test
    void givenAPolicyThatDoesNotExist_whenChosen_thenThoseThatDoAreNamed() {
        Missing missing = (Missing) choice(shop("{policyRef: {name: weekly}}"));

        assertThat(missing.reason()).isEqualTo(Reason.POLICY_NOT_FOUND);
        assertThat(missing.message())
                .startsWith("spec.source.policyRef names BackupPolicy weekly, which does not exist in this namespace"
                        + " (found: nightly).");
    }

    @Test
    void givenAPolicyWithoutBackups_whenChosen_thenThatIsSaid() {
        Missing missing =
                (Missing) choice(restores("{policyRef: {name: nightly}}", "").policy("nightly", OF_SHOP));

        assertThat(missing.reason()).isEqualTo(Reason.BACKUP_NOT_FOUND);
        assertThat(missing.message())
                .contains("BackupPolicy nightly, which spec.source.policyRef names, has no good backup. It has none");
    }

    /** It holds the mistake that the restore was to take away. */
    @Test
    void givenABackupThatARestoreMadeBefore_whenTheNewestIsWanted_thenItIsNotThatOneUnlessItIsNamed() {
        Restores shop = shop("{policyRef: {name: nightly}}").good("safety", "2026-03-29T15:00:00Z");
        shop.observation().backups().getLast().getMetadata().setAnnotations(Map.of(Annotations.MADE_BEFORE, "a"));
        Restores named = shop("{backupRef: {name: safety}}").good("safety", "2026-03-29T15:00:00Z");
        named.observation().backups().getLast().getMetadata().setAnnotations(Map.of(Annotations.MADE_BEFORE, "a"));

        assertThat(((Stored) choice(shop)).backup().getMetadata().getName()).isEqualTo("third");
        assertThat(((Stored) choice(named)).backup().getMetadata().getName()).isEqualTo("safety");
    }

    @Test
    void givenManyBackups_whenNoneIsOldEnough_thenTheNewestFiveAreNamed() {
        Restores restores = restores("{policyRef: {name: nightly}, before: \"2026-01-01T00:00:00Z\"}", "")
                .policy("nightly", OF_SHOP);
        for (int day = 1; day <= 7; day++) {
            restores.good("day-" + day, "2026-03-0" + day + "T02:00:00Z");
        }

        assertThat(((Missing) choice(restores)).message())
                .contains("It has: day-7 (")
                .contains("day-3 (")
                .doesNotContain("day-2 (")
                .endsWith(" and 2 older ones.");
    }

    @ParameterizedTest
    @CsvSource({
        "'', shop/nightly/20260329T010002Z-b1c2d3e4-1",
        "'', shop/nightly/20260329T010002Z-b1c2d3e4-1/",
        "shop, shop/nightly/20260329T010002Z-b1c2d3e4-1"
    })
    void givenAPathInTheBucketOfAPolicy_whenChosen_thenNoObjectIsAskedFor(String prefix, String path) {
        SourceChoice choice = choice(
                restores("{policyRef: {name: nightly}, path: " + path + "}", "").policy("nightly", OF_SHOP, prefix));

        assertThat(((Located) choice).location()).isEqualTo("s3://b/shop/nightly/20260329T010002Z-b1c2d3e4-1/");
        assertThat(((Located) choice).policy().getMetadata().getName()).isEqualTo("nightly");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nightly | BackupNotFound | spec.source.path is prod2/a/1, which is not under the prefix prod of BackupPolicy nightly",
                "gone    | PolicyNotFound | spec.source.policyRef names BackupPolicy gone, which says how the bucket"
            })
    void givenAPathThatThePolicyDoesNotReach_whenChosen_thenItIsSaid(String policy, String reason, String said) {
        Missing missing = (Missing) choice(restores("{policyRef: {name: " + policy + "}, path: prod2/a/1}", "")
                .policy("nightly", OF_SHOP, "prod"));

        assertThat(missing.reason().text()).isEqualTo(reason);
        assertThat(missing.message()).contains(said);
    }

    @Test
    void givenABackupWhosePolicyIsGone_whenChosen_thenItIsSaidWhatThatIsNeededFor() {
        Missing missing =
                (Missing) choice(restores("{backupRef: {name: last}}", "").good("last", "2026-03-29T02:00:00Z"));

        assertThat(missing.reason()).isEqualTo(Reason.POLICY_NOT_FOUND);
        assertThat(missing.message()).contains("BackupPolicy nightly").contains("does not exist any more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "applicationRef: {name: shop}                 | false | true",
                "applicationRef: {name: shop}, database: main | false | true",
                "applicationRef: {name: shop}, database: logs | false | false",
                "applicationRef: {name: blog}                 | false | false",
                "applicationRef: {name: shop}, database: logs | true  | true",
                "applicationRef: {name: blog}                 | true  | true"
            })
    void givenABackupOfSomethingElse_whenChosen_thenItTakesAPersonsWord(String of, boolean allowed, boolean taken) {
        SourceChoice choice = choice(restores("{backupRef: {name: last}}", "allowForeignSource: " + allowed)
                .policy("nightly", of)
                .good("last", "2026-03-29T02:00:00Z"));

        if (taken) {
            assertThat(choice).isInstanceOf(Stored.class);
        } else {
            assertThat(((Missing) choice).reason()).isEqualTo(Reason.FOREIGN_SOURCE);
            assertThat(((Missing) choice).message()).contains("spec.allowForeignSource: true");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{claim: {application: shop, database: main}, previous: {database: ecommerce_before_1, since: \"2026-03-29T14:00:00Z\"}} | ",
                "{claim: {application: shop, database: logs}, previous: {database: logs_before_1, since: \"2026-03-29T14:00:00Z\"}}      | has kept one of database logs, and database main is to be restored.",
                "{claim: {application: shop, database: main}}                                                                            | has kept no database: it did not replace one.",
                "{}                                                                                                                      | has kept no database: it did not replace one.",
                "{plan: {database: ecommerce}}                                                                                            | it restored into one that was empty (mode: IntoEmpty), so there is none to go back to."
            })
    void givenAnEarlierRequest_whenItIsUndone_thenItIsTheDatabaseThatItKept(String status, String refused) {
        SourceChoice choice = choice(restores("{previousOf: {name: earlier}}", "")
                .other(Restores.with(Restores.request("earlier", "{backupRef: {name: last}}", ""), status)));

        if (refused == null) {
            assertThat(((Kept) choice).database().database()).isEqualTo("ecommerce_before_1");
        } else {
            assertThat(((Missing) choice).message())
                    .contains("RestoreRequest earlier")
                    .contains(refused);
        }
    }

    @Test
    void givenARequestOfAnotherApplication_whenItIsUndone_thenItIsRefused() {
        RestoreRequest earlier = Restores.with(
                Restores.request("blog", "earlier", "{backupRef: {name: last}}", ""),
                "{claim: {application: blog, database: main}, previous: {database: blog_before_1}}");

        assertThat(((Missing) choice(
                                restores("{previousOf: {name: earlier}}", "").other(earlier)))
                        .message())
                .contains("restored another application");
    }
}

package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.query.RestoreQuery;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a backup from being restored: it is said, no copy is left, and the database in use is not touched. */
@Tag("process")
class RestoreFaultsProcessTest {

    @TempDir
    Path folder;

    private Attempt backup() {
        return backup(new Attempt(folder));
    }

    private static Attempt backup(Attempt backup) {
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return backup;
    }

    private static boolean exists(String database) {
        return Peers.postgres().query("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                != null;
    }

    private static void assertRefused(Restore restore, TaskResult result, String reason, String... words) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason()).as(result.message()).isEqualTo(reason);
        assertThat(result.message()).contains(words);
        assertThat(exists(restore.copy)).as("a copy is left").isFalse();
        assertThat(Peers.postgres().query(restore.database, "SELECT 1")).isEqualTo("1");
        assertThat(Attempt.children()).isEmpty();
    }

    private static void assertFound(Restore restore, String reason, String... words) {
        List<Finding> findings = restore.findings();
        assertThat(findings).as("findings").anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.reason()).isEqualTo(reason);
            assertThat(finding.message()).contains(words);
        });
    }

    @Test
    void anEncryptedOneIsRestoredWithAKeyOfAPerson() throws IOException {
        Path key = folder.resolve("key.txt");
        Programs.run("age-keygen", "-o", key.toString());
        Attempt encrypted = new Attempt(folder);
        encrypted.recipients =
                List.of(Programs.run("age-keygen", "-y", key.toString()).strip());
        Restore restore = new Restore(folder, backup(encrypted));
        restore.identity = true;
        restore.pod.secret("identity", "key.txt", Files.readString(key));

        assertThat(restore.findings()).isEmpty();
        TaskResult result = restore.copy();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(1017);
        assertThat(result.restore().copy().leftOut()).isEmpty();
        assertThat(Peers.postgres().query(restore.copy, "SHOW search_path")).isEqualTo("app, public");
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(exists(restore.copy)).isFalse();
    }

    @Test
    void anotherKeyAndNoKeyAreTold() throws IOException {
        Path key = folder.resolve("key.txt");
        Path other = folder.resolve("other.txt");
        Programs.run("age-keygen", "-o", key.toString());
        Programs.run("age-keygen", "-o", other.toString());
        Attempt encrypted = new Attempt(folder);
        encrypted.recipients =
                List.of(Programs.run("age-keygen", "-y", key.toString()).strip());
        Restore restore = new Restore(folder, backup(encrypted));

        assertFound(restore, "IdentityWrong", "names no key", encrypted.recipients.getFirst());
        assertRefused(restore, restore.copy(), "IdentityWrong", "spec.identitySecretRef");

        restore.identity = true;
        assertFound(restore, "CredentialsMissing", "Secret shop/shop-identity does not exist");

        restore.pod.secret("identity", "key.txt", Files.readString(other));
        assertFound(restore, "IdentityWrong", "Secret shop/shop-identity", "does not open the backup");
        assertRefused(restore, restore.copy(), "IdentityWrong", "Secret shop/shop-identity");
    }

    @Test
    void aByteThatChangedInTheBucketIsFound() throws IOException {
        Attempt backup = backup();
        Path stored = Peers.store().file(backup.path + "data.000");
        try (RandomAccessFile file = new RandomAccessFile(stored.toFile(), "rw")) {
            file.seek(file.length() - 100);
            int before = file.read();
            file.seek(file.length() - 100);
            file.write(before ^ 1);
        }
        Restore restore = new Restore(folder, backup);

        assertRefused(
                restore,
                restore.copy(),
                "VerificationFailed",
                "data.000 is not what was written",
                "The copy was dropped");
    }

    @Test
    void aSegmentThatIsGoneIsFound() {
        Attempt big = new Attempt(folder);
        big.database = Peers.BIG;
        big.partsPerSegment = 2;
        backup(big);
        assertThat(Peers.store().keys(big.path + "data.")).hasSizeGreaterThan(1);
        Restore restore = new Restore(folder, big);
        restore.pod.partsPerSegment = 2;
        assertThat(Peers.store().file(big.path + "data.001").toFile().delete()).isTrue();

        assertThat(restore.findings()).isEmpty();
        assertRefused(restore, restore.copy(), "VerificationFailed", "data.001 is missing", "The copy was dropped");
    }

    @Test
    void rowsThatDifferFromTheArchivesAreFound() {
        Attempt backup = backup();
        String proof = Peers.store().read(backup.path + "verified-fullread.json");
        Peers.store()
                .put(
                        backup.path + "verified-fullread.json",
                        proof.replaceFirst("\"public.orders\" : 1000", "\"public.orders\" : 1001"));
        Restore restore = new Restore(folder, backup);

        assertRefused(
                restore,
                restore.copy(),
                "VerificationFailed",
                "table public.orders has 1000 rows, the archive 1001",
                "The copy was dropped");
    }

    @Test
    void queriesDecide() {
        Restore restore = new Restore(folder, backup());
        restore.queries = List.of(
                query("orders", "SELECT count(*) FROM orders", ExpectationOperator.EQUALS, "1000.0"),
                query("more", "SELECT 17", ExpectationOperator.GREATER_THAN, "9"),
                query(
                        "text",
                        "SELECT note FROM orders WHERE id < 0 UNION SELECT 'a;b'",
                        ExpectationOperator.EQUALS,
                        "a;b"));
        assertThat(restore.copy().message()).isNull();

        restore.queries = List.of(query("fresh", "SELECT count(*) FROM orders", ExpectationOperator.LESS_THAN, "5"));
        assertRefused(
                restore,
                restore.copy(),
                "VerificationFailed",
                "spec.verify.queries, fresh: the copy answers 1000, and it must be less than 5");

        restore.queries = List.of(query("two", "SELECT 1; COMMIT; DROP TABLE orders", ExpectationOperator.EQUALS, "1"));
        assertRefused(restore, restore.copy(), "VerificationFailed", "two", "exactly one statement");

        restore.queries = List.of(query(
                "writes",
                "WITH gone AS (DELETE FROM orders RETURNING 1) SELECT count(*) FROM gone",
                ExpectationOperator.EQUALS,
                "1000"));
        assertRefused(restore, restore.copy(), "VerificationFailed", "writes", "read-only transaction");

        restore.queries = List.of(query("none", "SELECT 1 WHERE false", ExpectationOperator.EQUALS, "1"));
        assertRefused(restore, restore.copy(), "VerificationFailed", "none: it answered 0 rows");

        restore.queries = List.of();
        restore.minimumTables = 4;
        assertRefused(
                restore, restore.copy(), "VerificationFailed", "spec.verify.minimumTables: the copy has 3 tables");
    }

    @Test
    void whatAQueryReadsStandsInNoMessage() {
        Restore restore = new Restore(folder, backup());
        restore.queries =
                List.of(query("person", "SELECT note FROM orders WHERE id = 7", ExpectationOperator.EQUALS, "Ada"));
        TaskResult other = restore.copy();
        assertRefused(
                restore,
                other,
                "VerificationFailed",
                "spec.verify.queries, person: the copy answers a text of 10 characters, and it must be Ada.");
        assertThat(other.message()).doesNotContain("note 7");

        restore.queries =
                List.of(query("cast", "SELECT note::int FROM orders WHERE id = 7", ExpectationOperator.EQUALS, "7"));
        TaskResult cast = restore.copy();
        assertRefused(restore, cast, "VerificationFailed", "spec.verify.queries, cast: ", "SQLSTATE 22P02");
        assertThat(cast.message()).doesNotContain("note 7");
        assertThat(cast.logTail()).noneMatch(line -> line.contains("note 7"));
    }

    @Test
    void aQueryCanOnlyRead() {
        Peers.postgres()
                .execute(
                        Peers.SHOP,
                        "CREATE FUNCTION public.tries_to_write() RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                                + " PERFORM set_config('transaction_read_only', 'off', true);"
                                + " PERFORM set_config('default_transaction_read_only', 'off', false);"
                                + " DELETE FROM public.orders; RETURN 1; END $$");
        try {
            Restore restore = new Restore(folder, backup());
            restore.queries =
                    List.of(query("writes", "SELECT public.tries_to_write()", ExpectationOperator.EQUALS, "1"));
            assertRefused(restore, restore.copy(), "VerificationFailed", "writes", "read-write mode");

            restore.queries = List.of(
                    query(
                            "mode",
                            "SELECT current_setting('default_transaction_read_only')",
                            ExpectationOperator.EQUALS,
                            "on"),
                    query(
                            "time",
                            "SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'",
                            ExpectationOperator.EQUALS,
                            "600000"));
            assertThat(restore.copy().message()).isNull();
            restore.settle();
        } finally {
            Peers.postgres().execute(Peers.SHOP, "DROP FUNCTION public.tries_to_write()");
        }
    }

    @Test
    void aQueryIsOneThatReadsWhateverTheDatabaseSaysOfBackslashes() {
        Peers.postgres().execute("postgres", "ALTER DATABASE shop SET standard_conforming_strings = off");
        try {
            Restore restore = new Restore(folder, backup());
            restore.queries = List.of(query(
                    "slash",
                    "SELECT '\\''; COMMIT; BEGIN READ WRITE; CREATE ROLE slipped_out; COMMIT; SELECT 1 --'",
                    ExpectationOperator.EQUALS,
                    "1"));
            assertRefused(restore, restore.copy(), "VerificationFailed", "slash", "answers a text of");
            assertThat(Peers.postgres().query("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'slipped_out'"))
                    .isNull();
            for (String other : List.of(
                    "COPY (SELECT 1) TO PROGRAM 'true'",
                    "/* SELECT /* */ 1 */ PREPARE TRANSACTION 'left'",
                    "-- a\rEXPLAIN ANALYZE\nSELECT 1",
                    "")) {
                restore.queries = List.of(query("other", other, ExpectationOperator.EQUALS, "1"));
                assertRefused(
                        restore,
                        restore.copy(),
                        "VerificationFailed",
                        "spec.verify.queries, other: it must be one SELECT, WITH, VALUES or TABLE");
            }
            restore.queries = List.of(
                    query("values", " VALUES (1)", ExpectationOperator.EQUALS, "1"),
                    query("with", "/* a */ with a as (select 1) select * from a", ExpectationOperator.EQUALS, "1"),
                    query("union", "( (SELECT 1) UNION (SELECT 1))", ExpectationOperator.EQUALS, "1"));
            assertThat(restore.copy().message()).isNull();
            restore.settle();
        } finally {
            Peers.postgres().execute("postgres", "ALTER DATABASE shop RESET standard_conforming_strings");
        }
    }

    private static RestoreQuery query(String name, String sql, ExpectationOperator operator, String value) {
        return new RestoreQuery(name, sql, new RestoreQuery.Expectation(operator, value));
    }

    @Test
    void aDatabaseOfAnotherIsNeverTouched() {
        Restore restore = new Restore(folder, backup());
        Peers.postgres().execute("postgres", "CREATE DATABASE " + restore.copy, "CREATE DATABASE " + restore.previous);
        Peers.postgres().execute(restore.copy, "CREATE TABLE precious (id int)");

        assertFound(restore, "DatabaseExists", restore.copy, "DROP DATABASE \"" + restore.copy + "\";");
        assertFound(restore, "DatabaseExists", restore.previous);
        TaskResult result = restore.copy();
        assertThat(result.reason()).as(result.message()).isEqualTo("DatabaseExists");
        assertThat(restore.swap().reason()).isEqualTo("DatabaseExists");
        restore.fenceMayStand = true;
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(Peers.postgres().query(restore.copy, "SELECT count(*) FROM precious"))
                .isEqualTo("0");

        // With the mark of another request it is another's, too.
        Peers.postgres()
                .execute(
                        "postgres",
                        "COMMENT ON DATABASE " + restore.copy + " IS 'Mainstay restore other-uid: restored by x'");
        assertThat(restore.copy().reason()).isEqualTo("DatabaseExists");
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(Peers.postgres().query(restore.copy, "SELECT count(*) FROM precious"))
                .isEqualTo("0");
        Peers.postgres().execute("postgres", "DROP DATABASE " + restore.copy, "DROP DATABASE " + restore.previous);
    }

    @Test
    void whatAnEarlierRunMadeIsMadeAnew() {
        Restore restore = new Restore(folder, backup());
        assertThat(restore.copy().message()).isNull();
        Peers.postgres().execute(restore.copy, "DROP TABLE orders");
        String unmarked = "\"mainstay-" + restore.mark + "\"";
        Peers.postgres().execute("postgres", "CREATE DATABASE " + unmarked);

        assertThat(restore.copy().restore().copy().rows()).isEqualTo(1017);

        assertThat(exists("mainstay-" + restore.mark)).isFalse();
        assertThat(restore.settle().outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(exists(restore.copy)).isFalse();
    }

    @Test
    void anotherOriginsBackupIsOnlyRestoredWhereThatIsAskedFor() {
        Restore restore = new Restore(folder, backup());
        restore.clusterId = "cluster-2";

        assertFound(restore, "ForeignSource", "cluster cluster-1", "allowForeignSource: true");
        assertRefused(restore, restore.copy(), "ForeignSource", "cluster cluster-1");

        restore.allowForeignSource = true;
        assertThat(restore.findings()).isEmpty();

        restore.allowForeignSource = false;
        restore.clusterId = "cluster-1";
        restore.policy = "hourly";
        assertFound(restore, "ForeignSource", "policy nightly", "in this cluster");
    }

    @Test
    void withoutABackupThereIsNoPlan() {
        Attempt never = new Attempt(folder);
        Restore restore = new Restore(folder, never);
        assertRefused(restore, restore.plan(), "BackupNotFound", "manifest.json is not there");

        assertThat(never.run(TaskKind.SETTLE).outcome()).isEqualTo(Outcome.ABORTED);
        assertRefused(restore, restore.plan(), "BackupNotFound", "was aborted");
        assertRefused(restore, restore.copy(), "BackupNotFound", "was aborted");
    }

    @Test
    void aPlanTellsWhatTheServerAndTheDatabaseLack() {
        Restore restore = new Restore(folder, backup());
        restore.pod.adminDatabase = restore.database;
        assertFound(restore, "DatabaseExists", "adminDatabase", "can't be renamed from within");

        restore.pod.adminDatabase = "postgres";
        restore.copyIsKept = true;
        assertFound(restore, "DatabaseNotFound", "which was kept by an earlier restore");
    }

    @Test
    void aLateContainerTouchesNothing() {
        Restore restore = new Restore(folder, backup());
        restore.pod.startBy = java.time.Instant.EPOCH;

        assertRefused(restore, restore.copy(), "DeadlineExceeded", "Nothing was touched");
        assertRefused(restore, restore.swap(), "DeadlineExceeded", "Nothing was touched");
    }

    @Test
    void aTimeoutIsTheRequests() {
        Restore restore = new Restore(folder, backup());
        restore.pod.timeoutSeconds = 0;

        assertRefused(restore, restore.copy(), "DeadlineExceeded", "spec.timeout of the RestoreRequest");
    }

    @Test
    void aNewDatabaseBesideTheOthers() {
        Restore restore = new Restore(folder, backup());
        restore.previous = null;
        restore.copy = "beside_" + restore.id;

        assertThat(restore.findings()).isEmpty();
        assertThat(restore.copy().restore().copy().rows()).isEqualTo(1017);
        assertThat(Peers.postgres()
                        .query(
                                "postgres",
                                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                                        + restore.copy + "'"))
                .contains(restore.mark, "RestoreRequest shop/restore-" + restore.id);
        assertThat(Peers.postgres()
                        .query(
                                "postgres",
                                "SELECT has_database_privilege('backup', '" + restore.copy + "', 'CONNECT')"))
                .isEqualTo("t");
    }

    /** The name is a person's: what is in use under it must not be what they are told to drop. */
    @Test
    void aNewDatabaseOfANameInUseIsRefusedWithoutACommandThatDropsIt() {
        Restore restore = new Restore(folder, backup());
        restore.previous = null;
        restore.copy = Peers.SHOP;

        assertFound(restore, "DatabaseExists", "Choose a name that no database has");
        assertThat(restore.findings()).noneMatch(finding -> finding.message().contains("DROP"));
        assertThat(restore.copy().message()).doesNotContain("DROP");
    }

    @Test
    void aDatabaseThatIsGoneComesBack() {
        Peers.postgres().execute("postgres", "CREATE DATABASE lost");
        Peers.postgres().execute("lost", "CREATE TABLE t AS SELECT generate_series(1, 5)");
        Attempt lost = new Attempt(folder);
        lost.database = "lost";
        backup(lost);
        Peers.postgres().execute("postgres", "DROP DATABASE lost");
        Restore restore = new Restore(folder, lost);
        restore.previous = null;

        TaskResult plan = restore.plan();
        assertThat(plan.message()).isNull();
        assertThat(plan.restore().facts().databaseExists()).isFalse();
        assertThat(plan.restore().facts().findings()).isEmpty();
        assertThat(restore.copy().message()).isNull();
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.NOT_SWAPPED);
        assertThat(restore.copy().message()).isNull();
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(restore.settle().restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(Peers.postgres().query("lost", "SELECT count(*) FROM t")).isEqualTo("5");
    }
}

package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport.Facts;
import dev.mainstay.core.task.RestoreReport.Kept;
import dev.mainstay.core.task.RestoreReport.KeptDatabase;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told long before a restore is wanted, and that the very statement that is told mends it. */
@Tag("process")
class RestoreReadyProcessTest {

    private static final String ROLE = "ready_admin";
    private static final String OWNER = "ready_owner";
    private static final Pattern STATEMENT = Pattern.compile("Run(?: as one)?: ((?:GRANT|ALTER|SELECT)[^;]*;)");

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final String database = "ready_" + System.nanoTime();

    @BeforeEach
    void aDatabaseOfAnApplication() {
        server.execute(
                "postgres",
                "CREATE ROLE " + OWNER + " LOGIN PASSWORD 'owner'",
                "CREATE ROLE " + ROLE + " LOGIN PASSWORD 'admin'",
                "CREATE DATABASE " + database + " OWNER " + OWNER);
        server.execute(
                database,
                "SET ROLE " + OWNER,
                "CREATE TABLE orders AS SELECT generate_series(1, 10) AS id",
                "CREATE TYPE state AS ENUM ('paid')",
                "SELECT lo_create(7)",
                "RESET ROLE");
    }

    @AfterEach
    void clean() {
        server.execute("postgres", "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
        server.execute("postgres", "DROP OWNED BY " + OWNER + ", " + ROLE, "DROP ROLE " + OWNER + ", " + ROLE);
    }

    @Test
    void eachGapIsToldWithTheStatementThatClosesIt() throws SQLException {
        try (Connection application = connect(OWNER, "owner")) {
            assertThat(errors(look()))
                    .extracting(Finding::check)
                    .containsExactlyInAnyOrder("rights", "rights", "sessions of " + OWNER);
            for (Finding finding : errors(look())) {
                run(finding);
            }
            Facts facts = look();
            assertThat(facts.findings()).isEmpty();
            assertThat(facts.errors()).isZero();
            assertThat(facts.databaseExists()).isTrue();
            assertThat(facts.databaseBytes()).isPositive();
            assertThat(facts.sessions()).isEqualTo(1);
            assertThat(application.isValid(1)).as("it only looks").isTrue();
        }
    }

    /** Filling it takes less than replacing it: only who wants that is asked for more. */
    @Test
    void ofAnEmptyDatabaseNoRightIsAskedThatFillingItDoesNotNeed() throws SQLException {
        server.execute(database, "DROP TABLE orders", "DROP TYPE state", "SELECT lo_unlink(7)");

        Facts facts = look();

        assertThat(errors(facts)).isEmpty();
        assertThat(facts.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains(
                                "is empty, so that a restore of mode: IntoEmpty can fill it",
                                "ALTER ROLE \"" + ROLE + "\" CREATEDB; GRANT \"" + OWNER + "\" TO \"" + ROLE + "\";"));
    }

    @Test
    void aSuperusersSessionIsToldWithTheStatementThatEndsIt() throws SQLException {
        ready();
        assertThat(look().findings()).isEmpty();
        try (Connection superuser = server.connect(database)) {
            Finding finding = errors(look(1)).getFirst();
            assertThat(finding.check()).isEqualTo("sessions of postgres");
            assertThat(finding.message()).contains("can only be ended by a superuser", database);
            assertThat(superuser.isValid(1)).isTrue();
            run(finding);
            assertThat(superuser.isValid(1)).isFalse();
        }
        assertThat(look().findings()).isEmpty();
    }

    @Test
    void whatBelongsToOthersIsTold() {
        ready();
        server.execute("postgres", "CREATE ROLE ready_guest");
        server.execute(
                database,
                "CREATE SCHEMA guests AUTHORIZATION ready_guest",
                "CREATE VIEW guests.view AS SELECT 1 AS one",
                "ALTER VIEW guests.view OWNER TO ready_guest");
        assertThat(errors(look())).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains("no member of ready_guest, to whom objects of the database belong");
            run(finding);
        });
        assertThat(look().findings()).isEmpty();
        server.execute(database, "DROP OWNED BY ready_guest CASCADE");
        server.execute("postgres", "DROP ROLE ready_guest");
    }

    @Test
    void anExtensionThatOnlyASuperuserMakesIsToldIfSomethingNeedsIt() {
        ready();
        server.execute(database, "CREATE EXTENSION pg_trgm", "CREATE EXTENSION pageinspect");
        assertThat(look().errors()).isZero();
        assertThat(look().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.check()).isEqualTo("extension pageinspect"));

        server.execute(
                database,
                "CREATE VIEW pages AS SELECT * FROM page_header(get_raw_page('orders', 0))",
                "ALTER VIEW pages OWNER TO " + OWNER);
        assertThat(errors(look()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("extension pageinspect, which only a superuser may make"));
    }

    /** There is no pg_cron beside the tests' server: another extension has its name. */
    @Test
    void anExtensionOfOneDatabaseIsTold() {
        ready();
        server.execute(
                database,
                "CREATE EXTENSION pg_trgm",
                "UPDATE pg_extension SET extname = 'pg_cron' WHERE extname = 'pg_trgm'");
        assertThat(errors(look()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .startsWith("database " + database + " has the extension pg_cron, which can only be in one"));
    }

    @Test
    void whatStaysWithTheKeptDatabaseIsAWarning() {
        ready();
        server.execute(database, "CREATE PUBLICATION everything FOR ALL TABLES");
        Facts facts = look();
        assertThat(facts.errors()).isZero();
        assertThat(facts.findings()).extracting(Finding::check).containsExactly("publications");

        Restore missing = new Restore(folder, "no_such_database").as(ROLE, "admin");
        assertThat(look(missing).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("has no database no_such_database"));
    }

    /** Those of another database, copies, and what only has such a name are none. */
    @Test
    void databasesThatRestoresHaveKeptAreTold() {
        ready();
        assertThat(look().kept()).isEqualTo(new Kept(0, List.of()));
        String mine = database + "_before_1a2b3c4d";
        String big = database + "_before_0a2b3c4d";
        String others = "x" + database + "_before_1a2b3c4d";
        String namesake = database + "_before_ffffffff";
        String copy = database + "_restore_1a2b3c4d";
        List<String> all = List.of(mine, big, others, namesake, copy);
        try {
            all.forEach(name -> server.execute("postgres", "CREATE DATABASE " + name + " OWNER " + OWNER));
            List.of(mine, big, others)
                    .forEach(name -> server.execute(
                            "postgres",
                            "COMMENT ON DATABASE " + name + " IS 'Mainstay restore 4f: kept by RestoreRequest a'"));
            server.execute(
                    "postgres",
                    "COMMENT ON DATABASE " + copy + " IS 'Mainstay restore 4f: restored by RestoreRequest a'",
                    "REVOKE CONNECT ON DATABASE " + mine + " FROM PUBLIC, " + OWNER);

            Kept kept = look().kept();

            assertThat(kept.count()).isEqualTo(2);
            assertThat(kept.databases()).extracting(KeptDatabase::name).containsExactly(big, mine);
            assertThat(kept.databases().getFirst().bytes()).isPositive();
            assertThat(kept.databases().getLast().bytes())
                    .as("of which nobody may know")
                    .isNull();
        } finally {
            all.forEach(name -> server.execute("postgres", "DROP DATABASE IF EXISTS " + name));
        }
    }

    @Test
    void aSecretThatDoesNotOpenTheServerIsAGapToo() {
        ready();
        Restore wrong = new Restore(folder, database).as(ROLE, "no longer this one");
        assertThat(look(wrong).errors()).isEqualTo(1);
        assertThat(look(wrong).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("connection");
            assertThat(finding.reason()).isEqualTo("AuthenticationFailed");
        });
        wrong.pod.withoutSecret("admin", "password");
        assertThat(look(wrong).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).isEqualTo("CredentialsMissing"));
    }

    /** Whoever is told that all is well can restore: the plan of a restore finds nothing either. */
    @Test
    void whatIsReadyHasAPlanWithoutFindings() {
        ready();
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        assertThat(backup.backup().message()).isNull();
        assertThat(look().findings()).isEmpty();
        assertThat(new Restore(folder, backup).as(ROLE, "admin").findings()).isEmpty();
    }

    private void ready() {
        server.execute(
                "postgres", "ALTER ROLE " + ROLE + " CREATEDB", "GRANT pg_signal_backend, " + OWNER + " TO " + ROLE);
    }

    private void run(Finding finding) {
        Matcher statement = STATEMENT.matcher(finding.message());
        assertThat(statement.find()).as(finding.message()).isTrue();
        if (statement.group(1).startsWith("SELECT")) {
            server.query("postgres", statement.group(1));
        } else {
            server.execute("postgres", statement.group(1));
        }
    }

    private Connection connect(String role, String password) throws SQLException {
        org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        return source.getConnection(role, password);
    }

    private static List<Finding> errors(Facts facts) {
        return facts.findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    private Facts look() {
        return look(0);
    }

    /** With so many sessions of superusers: those that have prepared the database, or looked at it, need a moment to end. */
    private Facts look(int superusers) {
        await().until(
                        () -> server.query(
                                "postgres",
                                "SELECT count(*) FROM pg_stat_activity WHERE usename <> '" + OWNER + "' AND datname = '"
                                        + database + "'"),
                        Integer.toString(superusers)::equals);
        return look(new Restore(folder, database).as(ROLE, "admin"));
    }

    /** As the operator asks for it: without an order, and without a bucket. */
    private static Facts look(Restore restore) {
        Task task = restore.task(TaskKind.RESTORE_READY);
        TaskResult result = restore.pod.run(new Task(
                task.contractVersion(),
                task.kind(),
                task.origin(),
                0,
                null,
                null,
                task.database(),
                null,
                null,
                null,
                task.startBy(),
                task.timeoutSeconds(),
                null));
        assertThat(result.outcome()).as(result.message()).isEqualTo(TaskResult.Outcome.COMMITTED);
        return result.restore().facts();
    }
}

package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores by roles that are no superusers, and the roles that a backup needs. */
@Tag("process")
class RestoreRightsProcessTest {

    private static final String ADMIN = "shop_admin";
    private static final Pattern STATEMENT = Pattern.compile("Run: ((?:GRANT|ALTER ROLE)[^;]*;)");

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private String database;

    @BeforeEach
    void aDatabaseOfAnApplication() {
        database = "rights_" + System.nanoTime();
        server.execute(
                "postgres",
                role("app"),
                role("reporting"),
                "CREATE ROLE " + ADMIN + " LOGIN PASSWORD 'admin'",
                "CREATE DATABASE " + database + " OWNER app");
        server.execute(
                database,
                "CREATE EXTENSION pg_trgm",
                "SET ROLE app",
                "CREATE TABLE orders AS SELECT g AS id, 'n' || g AS note FROM generate_series(1, 100) g",
                "CREATE INDEX ON orders USING gin (note gin_trgm_ops)",
                "CREATE SCHEMA reports",
                "GRANT ALL ON SCHEMA reports TO reporting",
                "RESET ROLE",
                "ALTER SCHEMA reports OWNER TO reporting",
                "CREATE TABLE reports.sums AS SELECT 1 AS one",
                "ALTER TABLE reports.sums OWNER TO reporting",
                "GRANT SELECT ON reports.sums TO app WITH GRANT OPTION");
    }

    private static String role(String name) {
        return "DO $$ BEGIN CREATE ROLE " + name + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    }

    private Restore restore() {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = database;
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return new Restore(folder, backup);
    }

    @Test
    void aTablespaceThatTheRoleMayNotUseIsToldAndTheDefaultOneIsTaken() {
        assumeThat(Programs.major()).as("tablespaces in place").isGreaterThanOrEqualTo(15);
        for (String tablespace : List.of("apart", "aside")) {
            server.execute(
                    "postgres",
                    "SET allow_in_place_tablespaces = on",
                    "CREATE TABLESPACE " + tablespace + " LOCATION ''");
        }
        server.execute("postgres", "ALTER DATABASE " + database + " SET TABLESPACE apart");
        server.execute(database, "ALTER TABLE orders SET TABLESPACE aside");
        server.execute(
                "postgres", "ALTER ROLE " + ADMIN + " CREATEDB", "GRANT app, reporting, pg_signal_backend TO " + ADMIN);
        Restore restore = restore().as(ADMIN, "admin");

        assertThat(restore.findings())
                .allMatch(finding -> finding.severity() == Severity.WARNING)
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("GRANT CREATE ON TABLESPACE \"apart\" TO \"" + ADMIN + "\";"))
                .anyMatch(message -> message.contains(
                        "lacks the tablespaces aside of the backup, or role " + ADMIN + " may not use them"));
        TaskResult copied = restore.copy();
        assertThat(copied.message()).isNull();
        assertThat(copied.restore().copy().leftOut())
                .anyMatch(entry -> entry.startsWith("tablespace of the database: role " + ADMIN + " may not use apart"))
                .anyMatch(entry -> entry.startsWith("tablespaces: ") && entry.contains("aside"));
        assertThat(tablespaces(restore)).isEqualTo("pg_default, none");

        server.execute("postgres", "GRANT CREATE ON TABLESPACE apart, aside TO " + ADMIN);
        assertThat(restore.findings()).isEmpty();
        assertThat(restore.copy().restore().copy().leftOut()).isEmpty();
        assertThat(tablespaces(restore)).isEqualTo("apart, aside");
        server.execute("postgres", "REVOKE CREATE ON TABLESPACE apart, aside FROM " + ADMIN);
        clean(restore);
        server.execute("postgres", "DROP TABLESPACE apart", "DROP TABLESPACE aside");
    }

    private String tablespaces(Restore restore) {
        return server.query(
                restore.copy,
                "SELECT t.spcname || ', ' || coalesce(o.spcname, 'none') FROM pg_database d"
                        + " JOIN pg_tablespace t ON t.oid = d.dattablespace, pg_class c"
                        + " LEFT JOIN pg_tablespace o ON o.oid = c.reltablespace"
                        + " WHERE d.datname = current_database() AND c.relname = 'orders'");
    }

    private void clean(Restore restore) {
        for (String name : List.of(restore.copy, restore.previous, database)) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
        server.execute("postgres", "DROP OWNED BY " + ADMIN, "DROP ROLE " + ADMIN);
    }

    @Test
    void aPlanAsksForEachRightAndThatIsEnoughForTheWholeWay() throws SQLException {
        Restore restore = restore().as(ADMIN, "admin");
        Connection application = connect("app_login");
        for (int round = 0; round < 5; round++) {
            List<Finding> findings = restore.findings();
            if (findings.isEmpty()) {
                break;
            }
            assertThat(restore.copy().outcome()).isEqualTo(Outcome.FAILED);
            for (Finding finding : findings) {
                Matcher statement = STATEMENT.matcher(finding.message());
                assertThat(statement.find()).as(finding.message()).isTrue();
                server.execute("postgres", statement.group(1));
            }
        }
        assertThat(restore.findings()).isEmpty();
        assertThat(server.query("postgres", "SELECT rolcreatedb FROM pg_roles WHERE rolname = '" + ADMIN + "'"))
                .isEqualTo("t");

        TaskResult copied = restore.copy();
        assertThat(copied.message()).isNull();
        assertThat(copied.restore().copy().rows()).isEqualTo(101);
        assertThat(copied.restore().copy().leftOut()).isEmpty();
        TaskResult swapped = restore.swap();
        assertThat(swapped.message()).isNull();
        assertThat(swapped.restore().swap().endedSessions()).isEqualTo(1);
        assertThat(application.isValid(1)).isFalse();
        assertThat(server.query(database, "SELECT relowner::regrole FROM pg_class WHERE relname = 'orders'"))
                .isEqualTo("app");
        assertThat(server.query(database, "SELECT relowner::regrole FROM pg_class WHERE relname = 'sums'"))
                .isEqualTo("reporting");
        assertThat(server.query(
                        database, "SELECT has_table_privilege('app', 'reports.sums', 'SELECT WITH GRANT OPTION')"))
                .isEqualTo("t");
        clean(restore);
        server.execute("postgres", "DROP ROLE app_login");
    }

    private Connection connect(String login) throws SQLException {
        server.execute("postgres", "CREATE ROLE " + login + " LOGIN PASSWORD 'x' IN ROLE app");
        org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        return source.getConnection(login, "x");
    }

    @Test
    void aSuperusersSessionIsTold() throws SQLException {
        server.execute(
                "postgres", "ALTER ROLE " + ADMIN + " CREATEDB", "GRANT app, reporting, pg_signal_backend TO " + ADMIN);
        Restore restore = restore().as(ADMIN, "admin");
        assertThat(restore.findings()).isEmpty();
        assertThat(restore.copy().message()).isNull();
        try (Connection superuser = server.connect(database)) {
            assertThat(restore.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message())
                            .contains("1 session of postgres", "can only be ended by a superuser"));
            TaskResult swap = restore.swap();
            assertThat(swap.reason()).as(swap.message()).isEqualTo("PermissionDenied");
            assertThat(swap.message()).contains("of postgres", "was left in place and takes connections");
            assertThat(superuser.isValid(1)).isTrue();
        }
        assertThat(restore.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        clean(restore);
    }

    @Test
    void whatOnlyASuperuserMayMakeIsLeftOutOrStandsInTheWay() {
        server.execute(
                "postgres", "ALTER ROLE " + ADMIN + " CREATEDB", "GRANT app, reporting, pg_signal_backend TO " + ADMIN);
        server.execute(
                database,
                "CREATE EXTENSION pg_stat_statements",
                "CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
                "CREATE EVENT TRIGGER noticing ON ddl_command_end EXECUTE FUNCTION noticed()",
                "COMMENT ON EVENT TRIGGER noticing IS 'x'",
                "ALTER FUNCTION noticed() OWNER TO app",
                "CREATE PUBLICATION everything FOR ALL TABLES");
        Restore restore = restore().as(ADMIN, "admin");

        assertThat(restore.findings()).extracting(Finding::check).containsExactlyInAnyOrder("left out", "publications");
        TaskResult copied = restore.copy();
        assertThat(copied.message()).isNull();
        assertThat(copied.restore().copy().leftOut())
                .anyMatch(entry -> entry.startsWith("EXTENSION pg_stat_statements: only a superuser"))
                .anyMatch(entry -> entry.startsWith("EVENT TRIGGER noticing: only a superuser"))
                .anyMatch(entry -> entry.startsWith("COMMENT EVENT TRIGGER noticing: it goes with"))
                .anyMatch(entry -> entry.startsWith("PUBLICATION everything: only a superuser"));
        assertThat(copied.restore().copy().leftOutCount())
                .isEqualTo(copied.restore().copy().leftOut().size());

        Restore all = restore.again(folder);
        assertThat(all.copy().restore().copy().leftOut()).isEmpty();
        assertThat(server.query(all.copy, "SELECT evtname FROM pg_event_trigger"))
                .isEqualTo("noticing");

        server.execute(database, "CREATE EXTENSION ltree", "CREATE EXTENSION dblink", "CREATE EXTENSION pageinspect");
        server.execute(database, "CREATE VIEW pages AS SELECT * FROM page_header(get_raw_page('orders', 0))");
        Restore needed = restore().as(ADMIN, "admin");
        assertThat(needed.findings()).anySatisfy(finding -> {
            assertThat(finding.check()).isEqualTo("extension pageinspect");
            assertThat(finding.reason()).isEqualTo("PermissionDenied");
            assertThat(finding.message()).contains("only a superuser may make", "adminSecretRef");
        });
        assertThat(needed.copy().reason()).isEqualTo("PermissionDenied");
        server.execute("postgres", "DROP DATABASE " + all.copy);
        clean(restore);
    }

    @Test
    void aMissingRoleIsToldOrMappedOrMade() {
        server.execute("postgres", "CREATE ROLE \"old app\"", "CREATE ROLE \"old reader\"");
        server.execute(
                database,
                "ALTER TABLE orders OWNER TO \"old app\"",
                "GRANT SELECT ON orders TO \"old reader\" WITH GRANT OPTION",
                "SET ROLE \"old reader\"",
                "GRANT SELECT ON orders TO reporting",
                "RESET ROLE",
                "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY all_rows ON orders FOR SELECT TO \"old reader\" USING (true)",
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"old app\" GRANT SELECT ON TABLES TO \"old reader\"");
        Restore restore = restore();
        server.execute(database, "DROP OWNED BY \"old reader\" CASCADE", "REASSIGN OWNED BY \"old app\" TO app");
        server.execute(database, "DROP OWNED BY \"old app\"", "DROP ROLE \"old app\"", "DROP ROLE \"old reader\"");

        assertThat(restore.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo("RoleMissing");
            assertThat(finding.message())
                    .contains("CREATE ROLE \"old app\" NOLOGIN; CREATE ROLE \"old reader\" NOLOGIN;");
        });
        assertThat(restore.copy().reason()).isEqualTo("RoleMissing");

        restore.roleMapping = Map.of("old app", "app", "old reader", "nobody here");
        assertThat(restore.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("old reader is mapped to nobody here"));

        restore.roleMapping = Map.of("old app", "app", "old reader", ADMIN);
        assertThat(restore.findings()).isEmpty();
        assertThat(restore.copy().message()).isNull();
        assertThat(server.query(restore.copy, "SELECT relowner::regrole FROM pg_class WHERE relname = 'orders'"))
                .isEqualTo("app");
        assertThat(server.query(restore.copy, "SELECT relacl::text FROM pg_class WHERE relname = 'orders'"))
                .startsWith("{app=arwdDxt")
                .endsWith("/app," + ADMIN + "=r*/app,reporting=r/" + ADMIN + "}");
        assertThat(server.query(restore.copy, "SELECT polroles::regrole[]::text FROM pg_policy"))
                .isEqualTo("{" + ADMIN + "}");
        assertThat(server.query(restore.copy, "SELECT defaclrole::regrole || defaclacl::text FROM pg_default_acl"))
                .contains("app{", ADMIN + "=r/app");

        restore.roleMapping = Map.of();
        restore.createMissingRoles = true;
        server.execute("postgres", "ALTER ROLE " + ADMIN + " CREATEDB", "GRANT app, reporting TO " + ADMIN);
        restore.as(ADMIN, "admin");
        assertThat(restore.findings())
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("ALTER ROLE \"" + ADMIN + "\" CREATEROLE;"))
                .anyMatch(
                        message -> message.startsWith("TABLE public.orders belongs to old app, and schema public to"));
        server.execute("postgres", "ALTER ROLE " + ADMIN + " CREATEROLE");
        assertThat(restore.copy().reason()).isEqualTo("PermissionDenied");

        restore.roleMapping = Map.of("old app", "app");
        assertThat(restore.copy().message()).isNull();
        assertThat(server.query(restore.copy, "SELECT relacl::text FROM pg_class WHERE relname = 'orders'"))
                .contains("{app=arwdDxt", "old reader\\\"=r*/app", "reporting=r/\\\"old reader");
        assertThat(server.query("postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'old reader'"))
                .isEqualTo("f");

        restore.as(PostgresServer.ADMIN, PostgresServer.ADMIN_PASSWORD);
        restore.roleMapping = Map.of();
        assertThat(restore.copy().message()).isNull();
        assertThat(server.query(restore.copy, "SELECT relowner::regrole FROM pg_class WHERE relname = 'orders'"))
                .isEqualTo("\"old app\"");
        clean(restore);
        server.execute("postgres", "DROP ROLE \"old app\"", "DROP ROLE \"old reader\"");
    }
}

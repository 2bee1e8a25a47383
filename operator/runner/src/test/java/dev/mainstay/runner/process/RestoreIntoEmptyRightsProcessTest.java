package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a role needs to fill a database that somebody else has made: neither a database of its own nor to rename one. */
@Tag("process")
class RestoreIntoEmptyRightsProcessTest {

    private static final String ROLE = "filling_admin";
    private static final String OWNER = "filling_app";
    private static final Pattern STATEMENT = Pattern.compile("(Run in it|Run): (GRANT [^;]*;)");

    @TempDir
    Path folder;

    private final PostgresServer server = Peers.postgres();
    private final String source = "filling_source_" + System.nanoTime();
    private final String target = "filling_" + System.nanoTime();
    private Restore restore;

    @BeforeEach
    void aBackupOfTheApplication() {
        server.execute(
                "postgres",
                "CREATE ROLE " + OWNER + " LOGIN PASSWORD 'owner'",
                "CREATE ROLE " + ROLE + " LOGIN PASSWORD 'admin'",
                "GRANT " + OWNER + " TO " + ROLE,
                "CREATE DATABASE " + source + " OWNER " + OWNER,
                "ALTER DATABASE " + source + " SET search_path TO public",
                "CREATE DATABASE " + target);
        server.execute(
                source,
                "SET ROLE " + OWNER,
                "CREATE TABLE orders AS SELECT generate_series(1, 10) AS id",
                "RESET ROLE");
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = source;
        assertThat(backup.backup().outcome()).isEqualTo(Outcome.COMMITTED);
        restore = new Restore(folder, target).as(ROLE, "admin");
        restore.path = backup.path;
        restore.copy = target;
        restore.previous = null;
        restore.intoEmpty = true;
    }

    @AfterEach
    void clean() {
        for (String name : List.of(source, target)) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
        server.execute("postgres", "DROP OWNED BY " + OWNER + ", " + ROLE, "DROP ROLE " + OWNER + ", " + ROLE);
    }

    private Restore again() {
        Restore again = restore.again(folder).as(ROLE, "admin");
        again.intoEmpty = true;
        return again;
    }

    private List<Finding> errors() {
        return restore.findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    /** Locks are taken in another database, or in the only one that a provider lets a role into. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoOwnsTheDatabaseNeedsNothingElse(boolean onlyOne) {
        server.execute("postgres", "ALTER DATABASE " + target + " OWNER TO " + ROLE);
        server.execute(target, "GRANT CREATE ON SCHEMA public TO " + OWNER);
        restore.pod.adminDatabase = onlyOne ? target : "postgres";

        assertThat(restore.findings()).isEmpty();
        TaskResult result = restore.fill();

        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(10);
        assertThat(result.restore().copy().leftOut()).isEmpty();
        assertThat(server.query(target, "SELECT tableowner FROM pg_tables WHERE tablename = 'orders'"))
                .isEqualTo(OWNER);
        Restore again = again();
        again.pod.adminDatabase = restore.pod.adminDatabase;
        assertThat(again.settle().restore().swap().state()).isEqualTo(State.SWAPPED);
    }

    @Test
    void whoDoesNotOwnItIsToldWhatIsMissingAndWhatIsNotDone() {
        // Before version 15 everybody may make something in schema public.
        server.execute(target, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        assertThat(errors())
                .extracting(Finding::check)
                .containsExactly("rights in schema public", "rights in schema public");
        errors().forEach(finding -> {
            Matcher statement = STATEMENT.matcher(finding.message());
            assertThat(statement.find()).as(finding.message()).isTrue();
            server.execute(target, statement.group(2));
        });
        assertThat(restore.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains(
                                "does not own database " + target, "Settings and grants of the database are left out"));

        TaskResult result = restore.fill();
        assertThat(result.message()).isNull();
        assertThat(result.restore().copy().rows()).isEqualTo(10);
        assertThat(result.restore().copy().leftOut())
                .singleElement()
                .asString()
                .contains("settings and grants of the database: role " + ROLE + " does not own " + target);

        // Nothing tells a try that comes after a lost one whose these are, and it does not guess.
        Restore second = again();
        second.attempt = 2;
        assertThat(second.fill().message())
                .contains("is not empty: it has table public.orders", "may be what that one restored");
        assertThat(second.settle().restore().swap().leftOver())
                .contains("Whether that is of this restore can't be told", "it is all of the backup, and verified");
    }
}

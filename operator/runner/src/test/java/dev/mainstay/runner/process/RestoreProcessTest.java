package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup comes back as it was, beside the database and then in its place; and the database before it, too. */
@Tag("process")
class RestoreProcessTest {

    @TempDir
    Path folder;

    private RichDatabase rich;

    @BeforeEach
    void aDatabaseWithAllKindsOfThings() {
        rich = new RichDatabase("Rich = \"shop's\" " + System.nanoTime());
    }

    @AfterEach
    void dropIt() {
        rich.drop();
    }

    private Attempt backup() {
        Attempt backup = new Attempt(folder)
                .secret("db", "username", PostgresServer.ADMIN)
                .secret("db", "password", PostgresServer.ADMIN_PASSWORD);
        backup.database = rich.name;
        TaskResult result = backup.backup();
        assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.COMMITTED);
        return backup;
    }

    @Test
    void aPlanACopyASwapAndTheWayBack() {
        Restore restore = new Restore(folder, backup());
        TreeMap<String, String> before = rich.contents(rich.name);
        rich.spoil();

        TaskResult plan = restore.plan();
        assertThat(plan.outcome()).as(plan.message()).isEqualTo(Outcome.COMMITTED);
        RestoreReport.Facts facts = plan.restore().facts();
        assertThat(facts.findings()).isEmpty();
        assertThat(facts.databaseExists()).isTrue();
        assertThat(facts.databaseBytes()).isPositive();
        assertThat(facts.copyBytes()).isPositive();
        assertThat(facts.storedBytes()).isPositive();
        assertThat(facts.snapshotAt()).isNotNull();
        assertThat(facts.serverVersion()).startsWith(Programs.major() + ".");

        TaskResult copied = restore.copy();
        assertThat(copied.message()).isNull();
        RestoreReport.Copy copy = copied.restore().copy();
        assertThat(copy.leftOut()).isEmpty();
        assertThat(copy.rowsCompared()).isTrue();
        assertThat(copy.rows()).isEqualTo(RichDatabase.ROWS);
        assertThat(copy.tables()).isEqualTo(RichDatabase.TABLES);
        assertThat(copy.bytes()).isPositive();
        assertSame(before, restore.copy);

        TaskResult swapped = restore.swap();
        assertThat(swapped.message()).isNull();
        RestoreReport.Swap swap = swapped.restore().swap();
        assertThat(swap.state()).isEqualTo(State.SWAPPED);
        assertThat(swap.swappedAt()).isNotNull();
        assertThat(swap.refusedMillis()).isBetween(0L, 5_000L);
        assertThat(swap.previousBytes()).isPositive();
        assertSame(before, rich.name);
        assertThat(rich.isSpoilt(restore.previous)).isTrue();

        Restore undo = new Restore(folder, rich.name);
        undo.copy = restore.previous;
        undo.copyIsKept = true;
        assertThat(undo.plan().restore().facts().findings()).isEmpty();
        assertThat(undo.swap().restore().swap().state()).isEqualTo(State.SWAPPED);
        assertThat(rich.isSpoilt(rich.name)).isTrue();
        assertSame(before, undo.previous);
        assertThat(undo.settle().restore().swap().state()).isEqualTo(State.SWAPPED);
    }

    private void assertSame(TreeMap<String, String> before, String database) {
        assertThat(before).hasSizeGreaterThan(50);
        assertThat(RichDatabase.differences(before, rich.contents(database))).isEmpty();
    }
}

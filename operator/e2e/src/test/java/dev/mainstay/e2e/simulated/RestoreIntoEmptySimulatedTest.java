package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.runner.Behaviour;
import dev.mainstay.e2e.runner.FakeDatabases;
import dev.mainstay.e2e.runner.FakeRunner;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Restores into the database itself, whose Jobs are played. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RestoreIntoEmptySimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(3);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    /** How the tasks of a database go. */
    private static final Map<String, Function<Task, Behaviour>> SCRIPTS = new ConcurrentHashMap<>();

    @AutoClose
    private static OperatorProcess operator;

    @AutoClose
    private static FakeRunner runner;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
        runner = new FakeRunner(
                NAMESPACE.client(),
                NAMESPACE.name(),
                task -> SCRIPTS.getOrDefault(
                                task.database() == null ? "" : task.database().database(), ignored -> Behaviour.SUCCEED)
                        .apply(task));
    }

    private static RestoredShop shop(String name) {
        RestoredShop shop = new RestoredShop(NAMESPACE, runner.databases(), name).open();
        runner.databases().put(name, FakeDatabases.EMPTY);
        return shop;
    }

    @Test
    void givenAnEmptyDatabase_whenItIsRestored_thenItIsFilledAndNothingIsKeptOrMade() {
        RestoredShop shop = shop("fresh");
        shop.restore("fresh-1", ", mode: IntoEmpty");
        RestoreRequestStatus status = shop.finished("fresh-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(status.steps())
                .extracting(RestoreStep::name)
                .containsExactly(
                        RestoreStepName.PLAN,
                        RestoreStepName.ENTER_MAINTENANCE,
                        RestoreStepName.STOP_WORKLOADS,
                        RestoreStepName.RESTORE_INTO_EMPTY,
                        RestoreStepName.START_WORKLOADS,
                        RestoreStepName.CHECK_HEALTH,
                        RestoreStepName.LEAVE_MAINTENANCE);
        assertThat(runner.databases().contents())
                .containsEntry("fresh", FakeDatabases.OF_THE_BACKUP)
                .allSatisfy((name, data) -> assertThat(name).doesNotStartWith("fresh_"));
        assertThat(status.previous()).isNull();
        assertThat(status.undoCommand()).isNull();
        assertThat(status.restored().rows()).isEqualTo(1000);
        assertThat(status.conditions().getFirst().message())
                .contains("It was empty before, so that no database is kept.");
        assertThat(shop.missing()).isEmpty();

        shop.restore("fresh-2", "source: {previousOf: {name: fresh-1}}");
        RestoreRequestStatus undone = shop.finished("fresh-2", SOON);
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(undone.conditions().getFirst().message())
                .contains("it restored into one that was empty (mode: IntoEmpty)");
    }

    /** Its Pod is killed when it has committed, and before it could tell so: a look tells, and nothing is restored twice. */
    @Test
    void givenItsPodIsKilledThreeTimes_whenItHadCommitted_thenTheRestoreGoesOn() {
        RestoredShop shop = shop("killed");
        SCRIPTS.put(
                "killed",
                task -> task.kind() == TaskKind.RESTORE_INTO_EMPTY ? Behaviour.KILLED_AFTER_COMMIT : Behaviour.SUCCEED);
        shop.restore("killed-1", ", mode: IntoEmpty");
        RestoreRequestStatus status = shop.finished("killed-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(runner.databases().contents()).containsEntry("killed", FakeDatabases.OF_THE_BACKUP);
        assertThat(shop.missing()).isEmpty();
    }

    @Test
    void givenItFails_whenItEnds_thenItIsEmptyAsBeforeAndSaysSo() {
        RestoredShop shop = shop("broken");
        SCRIPTS.put("broken", task -> task.kind() == TaskKind.RESTORE_INTO_EMPTY ? Behaviour.FAIL : Behaviour.SUCCEED);
        shop.restore("broken-1", ", mode: IntoEmpty");
        RestoreRequestStatus status = shop.finished("broken-1", SOON);

        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.FAILED);
        assertThat(status.conditions().getFirst().message())
                .endsWith("Nothing was restored into database broken: it is as it was before.");
        assertThat(runner.databases().contents()).containsEntry("broken", FakeDatabases.EMPTY);
        assertThat(shop.missing()).isEmpty();
    }
}

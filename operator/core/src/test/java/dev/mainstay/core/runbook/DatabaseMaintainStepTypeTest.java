package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.restore.DatabaseNames;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.DatabaseMaintainWork.Kept;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the databases that restores have kept a step is told to drop, and what is told of that before. */
class DatabaseMaintainStepTypeTest {

    private static final DatabaseMaintainStepType TYPE = new DatabaseMaintainStepType();
    private static final String DROP = "{name: tidy, databaseMaintain: {dropPrevious: {olderThan: 20d}}}";
    private static final Instant NOW = Instant.parse("2026-03-29T03:00:00Z");
    private static final String KEPT = DatabaseNames.previous("shop", "uid-a");

    private static final String PLAN =
            "Drops databases that restores have kept for 20d; all in database shop on shop-db:5432.";

    private static final String DROPS =
            " As things stand, it drops " + KEPT + ", kept since 2026-03-01T03:00:00Z (28d) by RestoreRequest a.";

    private static final String STAYS = " As things stand, no kept database is dropped.";

    private static StepTurn turn(String step) {
        return RunnerStepsTest.step(
                RunnerStepsTest.ONE.replace("database: shop,", "database: shop, adminSecretRef: {name: owner},"), step);
    }

    /** One that has kept a database since that day. */
    private static RestoreRequest kept(String day) {
        return Serialization.unmarshal("""
                metadata: {name: a, namespace: shop, uid: uid-a}
                spec: {applicationRef: {name: shop}, source: {policyRef: {name: nightly}}}
                status:
                  phase: Finished
                  outcome: Succeeded
                  claim: {application: shop, database: main}
                  plan: {server: "shop-db:5432", database: shop}
                  previous: {database: %s, since: "2026-03-%sT03:00:00Z"}
                """.formatted(KEPT, day), RestoreRequest.class);
    }

    private static StepSeen.OfRunner seen(List<RestoreRequest> restores) {
        return new StepSeen.OfRunner(
                null, ServiceAccountObservation.NOT_NAMED, true, List.of(), null, restores, Set.of(), NOW);
    }

    private static DatabaseMaintainWork work(String step, List<RestoreRequest> restores) {
        Task task = RunnerSteps.task(
                        TYPE, turn(step), new RunnerObjects(List.of(), null, restores, Set.of(), NOW), "cluster")
                .orElseThrow();
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
        return (DatabaseMaintainWork) task.step().work();
    }

    @Test
    void givenAKeptDatabase_whenTheTaskIsMade_thenItIsNamedWithTheProofOfIt() {
        DatabaseMaintainWork work = work(DROP, List.of(kept("01")));

        assertThat(work.previous().drop())
                .containsExactly(new Kept(KEPT, "a", "uid-a", Instant.parse("2026-03-01T03:00:00Z")));
        assertThat(work.reindex()).isNull();
        assertThat(work(DROP, List.of(kept("20"))).previous().drop()).isEmpty();
        assertThat(work(DROP, List.of(kept("20"))).previous().spared()).hasSize(1);
        assertThat(work(DROP, List.of()).previous().drop()).isEmpty();
    }

    /** Who did not ask for it has nothing dropped, however old it is. */
    @Test
    void givenAStepThatDropsNothing_whenTheTaskIsMade_thenNoRestoreIsAskedFor() {
        String step = "{name: tidy, databaseMaintain: {vacuum: {}}}";

        assertThat(work(step, List.of(kept("01"))).previous()).isNull();
        assertThat(TYPE.wantsRestores(turn(step))).isFalse();
        assertThat(TYPE.wantsRestores(turn(DROP))).isTrue();
        assertThat(TYPE.plan(turn(step), seen(List.of(kept("01"))))).isEqualTo(TYPE.plan(turn(step)));
    }

    @ParameterizedTest
    @CsvSource({"01, true", "20, false"})
    void givenAKeptDatabase_whenThePlanIsTold_thenItIsNamedOrWhyItStays(String day, boolean drops) {
        assertThat(TYPE.plan(turn(DROP))).isEqualTo(PLAN);
        assertThat(TYPE.plan(turn(DROP), seen(List.of(kept(day))))).startsWith(PLAN + (drops ? DROPS : STAYS));
        assertThat(TYPE.plan(turn(DROP), new StepSeen.Nothing())).isEqualTo(PLAN);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "dropPrevious: {}, 20, true, kept by RestoreRequest a, stays: it is kept since 2026-03-20T03:00:00Z",
                "dropPrevious: {}, -, true, No RestoreRequest says that it has kept a database of main.",
                "dropPrevious: {}, 01, false, -",
                "'dropPrevious: {}, vacuum: {}', 20, false, -",
                "vacuum: {}, 20, false, -"
            })
    void givenNothingToBeDropped_thenNobodyIsAskedUnlessThereIsMoreToDo(
            String does, String day, boolean needless, String why) {
        StepTurn turn = turn("{name: tidy, databaseMaintain: {" + does + "}}");
        Optional<String> told = TYPE.needless(turn, seen(day == null ? List.of() : List.of(kept(day))), NOW);

        assertThat(told.isPresent()).isEqualTo(needless);
        assertThat(told.orElse("")).contains(why == null ? "" : why);
        assertThat(TYPE.needless(turn, new StepSeen.Nothing(), NOW)).isEmpty();
    }

    @Test
    void givenOneThatSomebodyShouldLookAt_thenTheServerIsLookedAtToo() {
        RestoreRequest odd = kept("01");
        odd.getMetadata().setUid("uid-other");

        assertThat(TYPE.needless(turn(DROP), seen(List.of(odd)), NOW)).isEmpty();
        assertThat(work(DROP, List.of(odd)).previous().spared())
                .singleElement()
                .satisfies(spared -> assertThat(spared.odd()).isTrue());
    }

    @Test
    void givenADryRun_orAPersonWhoIsAsked_thenBothAreToldWhatWouldBeDropped() {
        StepTurn turn = turn(DROP);
        RunWorld dry = new RunWorld("steps: [" + DROP + "]", "dryRun: true");
        RunObservation observation = new RunObservation(
                        dry.run,
                        turn.application(),
                        null,
                        dry.runbook,
                        null,
                        false,
                        null,
                        List.of(),
                        new StepSeen.Nothing())
                .foreseeing(Map.of("tidy", seen(List.of(kept("01")))));
        assertThat(RunDecider.decide(observation, NOW))
                .isInstanceOfSatisfying(
                        RunDecision.End.class,
                        end -> assertThat(end.steps().getFirst().message()).isEqualTo("Dry run. " + PLAN + DROPS));

        RunWorld asks = new RunWorld("steps: [" + DROP.replace("}}}", "}}, approval: {}}") + "]", "");
        asks.application = turn.application();
        asks.pass();
        asks.pass();
        RunObservation waits = new RunObservation(
                asks.run, asks.application, null, null, asks.kept, false, null, List.of(), seen(List.of(kept("01"))));
        assertThat(RunDecider.decide(waits, NOW))
                .isInstanceOfSatisfying(
                        RunDecision.AskPerson.class,
                        ask -> assertThat(ask.message()).startsWith(PLAN + DROPS + " Waits until "));
    }

    @Test
    void whenADatabaseWasDroppedTheLastTimeIsWhatTheRunsSay() {
        assertThat(DatabaseMaintainStepType.lastDrop(List.of(
                        run("finishedAt: \"2026-03-01T03:00:00Z\", measured: {droppedDatabases: 1}"),
                        run("finishedAt: \"2026-03-02T03:00:00Z\", measured: {goneDatabases: 1}"),
                        run("finishedAt: \"2026-03-03T03:00:00Z\", measured: {droppedDatabases: 0, goneDatabases: 0}"),
                        run("finishedAt: \"2026-03-04T03:00:00Z\""),
                        run("measured: {droppedDatabases: 1}"))))
                .contains(Instant.parse("2026-03-02T03:00:00Z"));
        assertThat(DatabaseMaintainStepType.lastDrop(List.of())).isEmpty();
    }

    private static MaintenanceRun run(String step) {
        return Serialization.unmarshal("status: {steps: [{name: tidy, " + step + "}]}", MaintenanceRun.class);
    }
}

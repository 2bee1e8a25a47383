package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the operator in the middle of its work, a rollback comes to what it comes to undisturbed. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class RollbackCrashTest {

    /** More than the story needs, disturbed or not. */
    private static final int MANY = 150;

    private static final Duration SOON = Duration.ofMinutes(2);

    /** For a story in which the operator dies again and again. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static RolledBackState undisturbed;
    private static int prepared;
    private static int writes;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @BeforeAll
    static void runUndisturbed() {
        TestNamespace own = new TestNamespace();
        own.beforeAll(null);
        try (DisturbedRollback run = new DisturbedRollback(own, true)) {
            run.prepare();
            run.ask();
            undisturbed = run.end();
            prepared = run.asked();
            writes = run.chaos().journal().size();
        } finally {
            own.afterAll(null);
        }
    }

    @Test
    void givenNoDisturbance_whenTheStoryEnds_thenEachTemplateWasChangedOnce() {
        assertThat(undisturbed.request().path("outcome").asText()).isEqualTo("Succeeded");
        assertThat(undisturbed.deployments().values())
                .allMatch(told -> told.startsWith("1.4.2, generation 3, ") && !told.contains("mainstay"));
        assertThat(undisturbed.releases()).hasSize(2);
        assertThat(undisturbed.releases().getFirst()).startsWith("1.5.0 ").endsWith(" left by shop-1");
        assertThat(undisturbed.releases().getLast()).startsWith("1.4.2 ").endsWith(" left by null");
        assertThat(undisturbed.plans()).isEqualTo(1);
        assertThat(writes).isBetween(12, MANY / 2);
    }

    @Test
    void givenTheOperatorDiesBeforeAndAfterItsWrites_whenItComesBackEachTime_thenTheEndIsTheSame() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            for (int number = 1; number < MANY; number += 5) {
                run.chaos().atWrite(run.asked() + number, new Fault.KillBefore());
                run.chaos().atWrite(run.asked() + number + 2, new Fault.KillAfter());
            }
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    /** The release's ControllerRevision, then the status that tells of it. */
    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenTheOperatorDiesAfterEachWriteOfItsLedger_whenItComesBackEachTime_thenEachReleaseIsThereOnce() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            IntStream.rangeClosed(2, prepared).forEach(number -> run.chaos().atWrite(number, new Fault.KillAfter()));
            run.prepare();
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    static Stream<Kill> everyWrite() {
        return IntStream.rangeClosed(1, writes)
                .boxed()
                .flatMap(number ->
                        Stream.of(new Kill(number, new Fault.KillBefore()), new Kill(number, new Fault.KillAfter())));
    }

    record Kill(int write, Fault fault) {}

    /** One run a write: it says which one is the weak point, and takes as many runs as it takes. */
    @ParameterizedTest
    @MethodSource("everyWrite")
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenTheOperatorDiesAtOneWrite_whenItComesBack_thenTheEndIsTheSame(Kill kill) {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.chaos().atWrite(kill.write(), kill.fault());
            run.prepare();
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 429, 500})
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenEachWriteIsRefusedAtEverySecondTry_whenTheStoryEnds_thenTheEndIsTheSame(int status) {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.chaos().atEverySecondTry(new Fault.Answer(status));
            run.prepare();
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenAnswersAndWritesThatComeAfterTheClientGaveUp_whenTheStoryEnds_thenTheEndIsTheSame() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.chaos().atTry("PATCH", deployment(run.shop().web()), 1, new Fault.Hang(Duration.ofSeconds(12)));
            run.chaos().atTry("PATCH", deployment(run.shop().worker()), 1, new Fault.Delay(Duration.ofSeconds(12)));
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    /** Its Pods crash, what ran before is put back, and the operator dies at each step of both ways. */
    @Test
    void givenATargetThatCrashes_whenTheOperatorDiesBetweenItsWrites_thenWhatRanBeforeIsPutBackOnce() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, false)) {
            run.prepare();
            for (String name : List.of(run.shop().web(), run.shop().worker())) {
                // Write and hand-over one way, and the same the other way.
                run.chaos().atTry("PATCH", deployment(name), 1, new Fault.KillAfter());
                run.chaos().atTry("PATCH", deployment(name), 3, new Fault.KillAfter());
            }
            run.ask();

            RolledBackState end = run.end();

            assertThat(end.request().path("outcome").asText()).isEqualTo("VerifyFailed");
            assertThat(end.request().path("conditions").toString()).contains("What ran before is put back.");
            assertThat(end.deployments().values())
                    .allMatch(told -> told.startsWith("1.5.0, generation 4, ") && !told.contains("mainstay"));
            assertThat(end.plans()).isEqualTo(1);
            assertThat(RolledBackState.eventsTwice(namespace)).isEmpty();
        }
    }

    /** Its Pods crash, and the operator dies before and after it makes the mode, and after it has told of it. */
    @Test
    void givenATargetThatCrashes_whenTheOperatorDiesAroundItsMaintenanceMode_thenThereIsOne() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, "MaintenanceMode")) {
            run.prepare();
            String modes = "/apis/mainstay.dev/v1alpha1/namespaces/" + namespace.name() + "/maintenancemodes";
            run.chaos().atTry("POST", modes, 1, new Fault.KillBefore());
            run.chaos().atTry("POST", modes, 2, new Fault.KillAfter());
            run.ask();

            RolledBackState end = run.end();

            assertThat(end.request().path("outcome").asText()).isEqualTo("VerifyFailed");
            assertThat(namespace.list(MaintenanceMode.class))
                    .singleElement()
                    .satisfies(mode -> assertThat(run.shop()
                                    .status(DisturbedRollback.REQUEST)
                                    .orElseThrow()
                                    .maintenanceMode())
                            .isEqualTo(mode.getMetadata().getName()));
            assertThat(run.chaos().journal().stream()
                            .filter(write -> write.toString().contains("POST " + modes)))
                    .hasSize(2);
            assertThat(end.deployments().values()).allMatch(told -> told.startsWith("1.4.2, generation 3, "));
            assertThat(RolledBackState.eventsTwice(namespace)).isEmpty();
        }
    }

    /** What it reads at its start is of the moment before it wrote, and what has happened since comes late. */
    @Test
    void givenListsOfThePast_whenTheOperatorIsStartedAgainAfterTheEnd_thenWhatIsFinishedNeverActsAgain() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.chaos().atTry("PATCH", deployment(run.shop().web()), 1, new Fault.KillBefore());
            run.ask();
            await().atMost(SOON).until(() -> run.phaseIs(RollbackPhase.FINISHED));
            List.of("rollbackrequests", "deployments").forEach(run.chaos()::freezeLists);
            run.endsAs(undisturbed);
            run.shop().release("1.5.0");

            run.chaos().delayEvents("rollbackrequests", Duration.ofSeconds(3));
            run.operator().restart();
            run.operator().awaitReady();

            await().during(Duration.ofSeconds(5)).atMost(SOON).untilAsserted(() -> {
                assertThat(run.shop().version(run.shop().web())).isEqualTo("1.5.0");
                assertThat(run.shop().version(run.shop().worker())).isEqualTo("1.5.0");
            });
            assertThat(run.shop().find(run.shop().web()).getMetadata().getGeneration())
                    .isEqualTo(4);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenEventsComeLate_whenTheStoryEnds_thenTheEndIsTheSame() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.chaos().delayEvents("rollbackrequests", Duration.ofMillis(700));
            run.chaos().delayEvents("deployments", Duration.ofMillis(300));
            run.chaos().delayEvents("controllerrevisions", Duration.ofMillis(700));
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenTheApiServerIsAway_whenItComesBackAfterFiveSeconds_thenTheEndIsTheSame() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.ask();
            await().atMost(SOON)
                    .until(() -> run.shop().version(run.shop().web()).equals("1.4.2"));
            run.chaos().down();
            await().atMost(SOON).pollDelay(Duration.ofSeconds(5)).until(() -> true);
            run.chaos().up();
            run.endsAs(undisturbed);
            assertThat(run.operator().isAlive()).isTrue();
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheEndIsTheSame() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = run.operator(second)) {
            other.start();
            other.awaitReady();
            run.prepare();
            run.ask();
            run.endsAs(undisturbed);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "chaos", matches = "all")
    void givenTheFieldsAreNotToBeGivenAway_whenTheStoryEnds_thenItEndsAllTheSameAndSaysSo() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            IntStream.rangeClosed(2, 20)
                    .forEach(tried ->
                            run.chaos().atTry("PATCH", deployment(run.shop().web()), tried, new Fault.Answer(403)));
            run.ask();

            RolledBackState end = run.end();

            assertThat(end.request()).isEqualTo(undisturbed.request());
            assertThat(end.deployments().get(run.shop().web())).contains("mainstay-rollback");
            assertThat(namespace.list(Event.class))
                    .extracting(Event::getNote)
                    .anyMatch(note -> note.contains("Deployment shop-web stays with the field manager"));
        }
    }

    /** With the request goes its plan, before the operator is back that wrote and had not given the fields away yet. */
    @Test
    void givenTheOperatorDiedAfterAWrite_whenTheRequestIsDeletedWithItsPlan_thenTheFieldsAreGivenAwayAndItIsGone() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.chaos().onKill(run.operator()::kill);
            run.chaos().atTry("PATCH", deployment(run.shop().web()), 1, new Fault.KillAfter());
            run.ask();
            await().atMost(SOON).until(() -> !run.operator().isAlive());
            assertThat(run.managers()).contains("mainstay-rollback");

            namespace
                    .all(RollbackRequest.class)
                    .withName(DisturbedRollback.REQUEST)
                    .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                    .delete();
            await().atMost(SOON).until(() -> RolledBackState.of(namespace).plans() == 0);
            run.operator().start();

            await().atMost(SOON)
                    .until(() -> namespace.list(RollbackRequest.class).isEmpty());
            assertThat(run.managers()).doesNotContain("mainstay-rollback");
            await().atMost(SOON).until(() -> RolledBackState.claims(namespace).isEmpty());
        }
    }

    /** Flux is held from the write of the target on, and let go when the request is deleted: however often the operator dies. */
    @Test
    void givenDeploymentsOfFlux_whenTheOperatorDiesBetweenItsWrites_thenTheyAreHeldAndGivenBack() {
        try (DisturbedRollback run = new DisturbedRollback(namespace, true)) {
            run.prepare();
            run.shop().markAsFlux();
            int before = run.chaos().journal().size();
            for (int number = 1; number < MANY; number += 3) {
                run.chaos().atWrite(before + number, new Fault.KillAfter());
            }
            run.ask();
            await().atMost(LONG).until(() -> run.phaseIs(RollbackPhase.HOLDING));
            List<String> deployments = List.of(run.shop().web(), run.shop().worker());
            assertThat(deployments)
                    .allMatch(run.shop()::isHeld)
                    .allMatch(name -> run.shop().version(name).equals("1.4.2"));

            namespace
                    .all(RollbackRequest.class)
                    .withName(DisturbedRollback.REQUEST)
                    .delete();

            await().atMost(LONG)
                    .until(() -> namespace.list(RollbackRequest.class).isEmpty());
            assertThat(deployments).noneMatch(run.shop()::isHeld);
            assertThat(deployments)
                    .noneMatch(name -> run.shop().annotations(name).containsKey(Annotations.HELD_BY));
            assertThat(RolledBackState.eventsTwice(namespace)).isEmpty();
        }
    }

    private String deployment(String name) {
        return "/apis/apps/v1/namespaces/" + namespace.name() + "/deployments/" + name;
    }
}

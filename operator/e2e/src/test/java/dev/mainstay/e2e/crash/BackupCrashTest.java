package dev.mainstay.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.e2e.chaos.ChaosProxy;
import dev.mainstay.e2e.chaos.Fault;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.runner.FakeBucket.Mark;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** Whatever happens to the operator in the middle of its work, a backup comes to what it comes to undisturbed. */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
class BackupCrashTest {

    /** More than the story needs, disturbed or not. */
    private static final int MANY = 200;

    private static final Duration SOON = Duration.ofMinutes(2);

    private static EndState undisturbed;
    private static int writes;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @BeforeAll
    static void runUndisturbed() {
        TestNamespace own = new TestNamespace();
        own.beforeAll(null);
        try (DisturbedRun run = new DisturbedRun(own)) {
            run.begin();
            undisturbed = run.end();
            writes = run.chaos().journal().size();
        } finally {
            own.afterAll(null);
        }
    }

    @Test
    void givenNoDisturbance_whenTheStoryEnds_thenEachTaskHadOneJob() {
        assertThat(undisturbed.tasks()).containsExactly("backup 1", "backup 2", "settle 1");
        assertThat(undisturbed.bucket())
                .containsOnly(
                        Map.entry("s3://backups/attempt-1/", Mark.ABORTED),
                        Map.entry("s3://backups/attempt-2/", Mark.MANIFEST),
                        Map.entry("s3://backups/attempt-8/", Mark.REMOVED),
                        Map.entry("s3://backups/attempt-9/", Mark.REMOVED));
        assertThat(undisturbed.statuses()).hasSize(3);
        assertThat(undisturbed
                        .statuses()
                        .get("DatabaseBackup/old-by-hand")
                        .path("phase")
                        .asText())
                .isEqualTo("Expired");
        assertThat(writes).isBetween(8, MANY / 2);
    }

    @Test
    void givenTheOperatorDiesAfterEachOfItsWrites_whenItComesBackEachTime_thenTheEndIsTheSame() {
        disturbed(IntStream.rangeClosed(1, MANY), new Fault.KillAfter());
    }

    @Test
    void givenTheOperatorDiesBeforeEverySecondOfItsWrites_whenItComesBackEachTime_thenTheEndIsTheSame() {
        disturbed(IntStream.rangeClosed(1, MANY).filter(number -> number % 2 == 1), new Fault.KillBefore());
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
        disturbed(IntStream.of(kill.write()), kill.fault());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void givenEachWriteIsRefusedAtEverySecondTry_whenTheStoryEnds_thenTheEndIsTheSame(int status) {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            run.chaos().atEverySecondTry(new Fault.Answer(status));
            run.begin();
            run.endsAs(undisturbed);
        }
    }

    static List<Integer> answers() {
        return List.of(409, 429, 500);
    }

    @Test
    void givenAnswersThatComeAfterTheClientGaveUp_whenTheStoryEnds_thenTheEndIsTheSame() {
        disturbed(IntStream.of(2, 5), new Fault.Hang(Duration.ofSeconds(12)));
    }

    @Test
    void givenWritesThatArriveAfterTheClientGaveUp_whenTheStoryEnds_thenTheEndIsTheSame() {
        disturbed(IntStream.of(3, 6), new Fault.Delay(Duration.ofSeconds(12)));
    }

    private void disturbed(IntStream numbers, Fault fault) {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            numbers.forEach(number -> run.chaos().atWrite(number, fault));
            run.begin();
            run.endsAs(undisturbed);
        }
    }

    @Test
    void givenListsOfThePast_whenTheOperatorIsStartedAgainWithThem_thenTheEndIsTheSame() {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            run.begin();
            List.of("jobs", "pods", "databasebackups").forEach(run.chaos()::freezeLists);
            await().atMost(SOON).until(() -> !attemptPods("1").isEmpty());
            run.operator().restart();

            run.endsAs(undisturbed);
        }
    }

    @Test
    void givenEventsOfJobsAndPodsAreMissed_whenTheyAreListedAnew_thenTheEndIsTheSame() {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            List.of("jobs", "pods").forEach(run.chaos()::dropEvents);
            run.begin();
            await().atMost(SOON).until(() -> run.chaos().droppedEvents() >= 4);
            List.of("jobs", "pods").forEach(run.chaos()::passEvents);

            run.endsAs(undisturbed);
        }
    }

    @Test
    void givenEventsComeLate_whenTheStoryEnds_thenTheEndIsTheSame() {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            // Longer than any pass waits that follows a write of its own: the policy learns of the end all the same.
            run.chaos().delayEvents("databasebackups", Duration.ofSeconds(2));
            run.chaos().delayEvents("jobs", Duration.ofMillis(300));
            run.begin();

            run.endsAs(undisturbed);
        }
    }

    @Test
    void givenTheApiServerIsAway_whenItComesBackAfterTenSeconds_thenTheEndIsTheSame() {
        try (DisturbedRun run = new DisturbedRun(namespace)) {
            run.begin();
            await().atMost(SOON).until(() -> !attemptPods("1").isEmpty());
            run.chaos().down();
            await().atMost(SOON).pollDelay(Duration.ofSeconds(10)).until(() -> true);
            run.chaos().up();

            run.endsAs(undisturbed);
            assertThat(run.operator().isAlive()).isTrue();
        }
    }

    @Test
    void givenTwoOperatorsAtOnce_whenBothWork_thenTheEndIsTheSame() {
        try (DisturbedRun run = new DisturbedRun(namespace);
                ChaosProxy second = DisturbedRun.proxy();
                OperatorProcess other = run.operator(second)) {
            run.begin(other);

            run.endsAs(undisturbed);
        }
    }

    private List<Pod> attemptPods(String attempt) {
        return namespace
                .all(Pod.class)
                .withLabel(Annotations.ATTEMPT, attempt)
                .list()
                .getItems();
    }
}

package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Job of an attempt that the runner does: what it is told, and what its end means. */
class RunnerStepsTest {

    static final Instant NOW = RunWorld.START;
    static final RunnerStepType REVIEW = new DatabaseReviewStepType();
    static final String ONE = "[{name: main, postgres: {host: shop-db, database: shop,"
            + " credentialsSecretRef: {name: reader}, caSecretRef: {name: shop-ca, key: ca.crt}}}]";
    static final String TWO = "[{name: main, postgres: {host: a, database: shop, credentialsSecretRef: {name: r}}},"
            + " {name: other, postgres: {host: b, port: 6432, database: other, credentialsSecretRef: {name: o}}}]";

    private record Case(
            String name, JobObservation job, Class<? extends StepProgress> progress, Object outcome, String message) {}

    static List<Arguments> jobs() {
        return List.of(
                        of("made", job(null), StepProgress.Wait.class, null, "has not started yet"),
                        of("at work", job(pod(NOW, false, null)), StepProgress.Wait.class, null, "is at work"),
                        of(
                                "no node",
                                job(new PodObservation(
                                        "p", null, null, null, false, null, null, "0/3 nodes.", null, null)),
                                StepProgress.Wait.class,
                                null,
                                "No node takes Pod p: 0/3 nodes."),
                        of(
                                "its image can't be pulled, and it is late",
                                late(new PodObservation(
                                        "p",
                                        null,
                                        "n",
                                        null,
                                        false,
                                        null,
                                        null,
                                        null,
                                        "ErrImagePull",
                                        "no such image")),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.IMAGE_PULL_FAILED, ""), true),
                                "can't be pulled: ErrImagePull, no such image."),
                        of(
                                "no Pod, and it is late",
                                late(null),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.QUOTA_EXCEEDED, ""), true),
                                "has no Pod"),
                        of(
                                "killed",
                                job(pod(NOW, true, null)),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.POD_FAILED, ""), true),
                                "ended without a result: OOMKilled (exit code 137)."),
                        of(
                                "evicted",
                                job(new PodObservation(
                                        "p",
                                        null,
                                        "n",
                                        NOW,
                                        true,
                                        null,
                                        "Evicted",
                                        null,
                                        null,
                                        null,
                                        "low on memory.")),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.POD_FAILED, ""), true),
                                "The kubelet says: low on memory."),
                        of(
                                "its Pod is gone",
                                new JobObservation(
                                        "shop", "j", true, false, false, NOW, null, true, null, true, List.of(), null),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.POD_FAILED, ""), false),
                                "is gone and left no result"),
                        of(
                                "its node is lost",
                                job(new PodObservation(
                                        "p",
                                        NOW.minus(Duration.ofMinutes(5)),
                                        "node-3",
                                        NOW,
                                        false,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null)),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.POD_FAILED, ""), true),
                                "node node-3 does not answer"),
                        of(
                                "drained",
                                told(failed(Reason.CANCELLED, "the task was told to stop")),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.POD_FAILED, "")),
                                "was ended by somebody else"),
                        of(
                                "could not do it",
                                told(failed(Reason.CONNECTION_FAILED, "nothing listens")),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.CONNECTION_FAILED, "")),
                                "nothing listens"),
                        of(
                                "passed",
                                told(TaskResult.of(StepReport.passed("All well.", Map.of("a", 1L)))),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.passed("").measured(Map.of("a", 1L))),
                                "All well."),
                        of(
                                "found something",
                                told(TaskResult.of(StepReport.findings("Look.", Map.of()))),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.findings("")),
                                "Look."),
                        of(
                                "lacks a right",
                                told(TaskResult.of(StepReport.couldNotCheck(
                                        Reason.PERMISSION_DENIED, "GRANT pg_monitor.", Map.of()))),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.PERMISSION_DENIED, "")),
                                "GRANT pg_monitor."),
                        of(
                                "failed",
                                told(TaskResult.of(StepReport.failed(Reason.LOCK_TIMEOUT, "Locked.", Map.of()))),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.failed(Reason.LOCK_TIMEOUT, "")),
                                "Locked."),
                        of(
                                "had nothing to do",
                                told(TaskResult.of(StepReport.skipped("Nothing is bloated."))),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.skipped("")),
                                "Nothing is bloated."),
                        of(
                                "another one's",
                                new JobObservation(
                                        "shop", "j", false, false, false, NOW, null, false, null, true, List.of(),
                                        null),
                                StepProgress.Ended.class,
                                new StepProgress.Ended(StepResult.couldNotCheck(Reason.FOREIGN_JOB, "")),
                                "does not belong to this object"))
                .stream()
                .map(Arguments::of)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void givenAJob_whenItIsLookedAt_thenItsEndIsTold(Case given) {
        StepProgress progress = RunnerSteps.judge(REVIEW, turn(ONE, "{}"), seen(given.job()));

        assertThat(progress).isInstanceOf(given.progress());
        switch (progress) {
            case StepProgress.Change change -> throw new AssertionError(change);
            case StepProgress.Save save -> throw new AssertionError(save);
            case StepProgress.Remember remember -> throw new AssertionError(remember);
            case StepProgress.Wait(String message) -> assertThat(message).contains(given.message());
            case StepProgress.Ended(StepResult result, boolean left) -> {
                assertThat(result.message()).contains(given.message());
                assertThat(new StepProgress.Ended(
                                new StepResult(result.outcome(), result.reason(), "", result.measured()), left))
                        .isEqualTo(given.outcome());
            }
            case StepProgress.Act ignored -> throw new AssertionError("there is a Job");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one  | {}                | NOT_NAMED   | true  | Act   |",
                "one  | {}                | ALLOWED     | true  | Act   |",
                "two  | {database: other} | NOT_NAMED   | true  | Act   |",
                "one  | {}                | NOT_NAMED   | false | Wait  | waits for a place",
                "one  | {}                | NOT_ALLOWED | true  | Ended | mainstay.dev/allow-jobs=true",
                "two  | {}                | NOT_NAMED   | true  | Ended | databaseReview.database of the step is left out",
                "two  | {database: third} | NOT_NAMED   | true  | Ended | has no database of that name (found: main, other)",
                "none | {}                | NOT_NAMED   | true  | Ended | has no database in spec.databases",
                "gone | {}                | NOT_NAMED   | true  | Ended | ManagedApplication shop is gone"
            })
    void givenNoJob_whenTheAttemptIsUnderWay_thenItIsMadeOrToldWhyNot(
            String databases,
            String step,
            ServiceAccountObservation account,
            boolean place,
            String progress,
            String message) {
        StepTurn turn =
                switch (databases) {
                    case "one" -> turn(ONE, step);
                    case "two" -> turn(TWO, step);
                    case "none" -> turn("[]", step);
                    default ->
                        new StepTurn(
                                turn(ONE, step).run(), null, turn(ONE, step).step(), 1);
                };

        StepProgress found =
                RunnerSteps.judge(REVIEW, turn, new StepSeen.OfRunner(null, account, place, List.of(), NOW));

        assertThat(found.getClass().getSimpleName()).isEqualTo(progress);
        if (found instanceof StepProgress.Ended(StepResult result, boolean left)) {
            assertThat(result.outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(left).isFalse();
        }
        assertThat(String.valueOf(found)).contains(message == null ? "" : message);
    }

    /** What changes a database needs the role that owns it, and a Job that ends without a word has failed. */
    @Test
    void givenAStepThatChanges_whenItsTaskIsMade_thenItHasTheRoleOfRestoresOrIsNotMade() {
        RunnerStepType maintain = new DatabaseMaintainStepType();
        String step = "{name: tidy, databaseMaintain: {vacuum: {}, reindex: {indexes: [public.a], maxSize: 2Gi},"
                + " endIdleSessions: {users: [app], idleFor: 2h}}}";
        StepTurn without = step(ONE, step);
        StepTurn with = step(ONE.replace("database: shop,", "database: shop, adminSecretRef: {name: owner},"), step);

        assertThat(RunnerSteps.judge(maintain, without, seen(null)))
                .isInstanceOfSatisfying(StepProgress.Ended.class, ended -> {
                    assertThat(ended.result().reason()).isEqualTo(Reason.CREDENTIALS_MISSING);
                    assertThat(ended.result().message())
                            .contains("spec.databases[main].postgres.adminSecretRef is not set");
                });
        assertThat(RunnerSteps.task(maintain, without, List.of(), "cluster", NOW))
                .isEmpty();

        Task task = RunnerSteps.task(maintain, with, List.of(), "cluster", NOW).orElseThrow();
        assertThat(task.timeoutSeconds()).isEqualTo(7200);
        assertThat(task.secrets()).extracting(Task.MountedSecret::name).containsExactly("owner", "shop-ca");
        DatabaseMaintainWork work = (DatabaseMaintainWork) task.step().work();
        assertThat(work.sessions()).isEqualTo(new DatabaseMaintainWork.Sessions(List.of("app"), 7200, 3600));
        assertThat(work.reindex()).isEqualTo(new DatabaseMaintainWork.Indexes(true, List.of("public.a"), 2L << 30));
        assertThat(work.vacuum()).isEmpty();
        assertThat(work.analyze()).isNull();
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
        assertThat(maintain.plan(with))
                .isEqualTo(
                        "Ends idle sessions of app, reindexes public.a, those that are invalid, vacuums all tables; all in"
                                + " database shop on shop-db:5432.");

        assertThat(RunnerSteps.judge(maintain, with, seen(job(pod(NOW, true, null)))))
                .isInstanceOfSatisfying(
                        StepProgress.Ended.class,
                        ended -> assertThat(ended.result().outcome()).isEqualTo(StepOutcome.FAILED));
    }

    /** What goes on without anybody who waits is ended: the attempt is left with the result, and the next one is not mixed up with it. */
    @Test
    void givenAJobThatIsLost_whenTheRunDecides_thenItIsLeft() {
        RunWorld world = new RunWorld("steps:\n- {name: look, databaseReview: {}, retries: 1}", "");
        world.application = turn(ONE, "{}").application();
        world.pass();
        world.pass();
        world.pass();
        RunObservation observation = new RunObservation(
                world.run,
                world.application,
                null,
                null,
                world.kept,
                false,
                null,
                List.of(),
                seen(job(pod(NOW, true, null))));

        assertThat(RunDecider.decide(observation, NOW)).isInstanceOfSatisfying(RunDecision.Retry.class, retry -> {
            assertThat(retry.left()).isNotNull();
            assertThat(retry.result().outcome()).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        });
    }

    static StepTurn turn(String databases, String step) {
        return step(databases, "{name: look, databaseReview: " + step + "}");
    }

    static StepTurn step(String databases, String step) {
        RunWorld world = new RunWorld("steps:\n- " + step, "");
        RunbookStep only = world.runbook.getSpec().steps().getFirst();
        return new StepTurn(
                world.run,
                Serialization.unmarshal(
                        "metadata: {name: shop, namespace: shop, uid: uid-shop}\nspec: {databases: " + databases + "}",
                        ManagedApplication.class),
                only,
                1);
    }

    private static Case of(
            String name, JobObservation job, Class<? extends StepProgress> progress, Object outcome, String message) {
        return new Case(name, job, progress, outcome, message);
    }

    private static StepSeen seen(JobObservation job) {
        return new StepSeen.OfRunner(job, ServiceAccountObservation.NOT_NAMED, true, List.of(), NOW);
    }

    private static JobObservation job(PodObservation pod) {
        return new JobObservation(
                "shop", "j", true, false, false, NOW.plusSeconds(60), null, false, null, true, List.of(), pod);
    }

    private static JobObservation late(PodObservation pod) {
        return new JobObservation(
                "shop", "j", true, false, false, NOW.minusSeconds(60), null, false, null, true, List.of(), pod);
    }

    private static JobObservation told(TaskResult result) {
        return job(pod(NOW, true, TaskJson.write(result)));
    }

    private static PodObservation pod(Instant startedAt, boolean ended, String message) {
        return new PodObservation(
                "p",
                null,
                "n",
                startedAt,
                ended,
                message,
                ended ? "OOMKilled (exit code 137)" : null,
                null,
                null,
                null);
    }

    private static TaskResult failed(Reason reason, String message) {
        return new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.STEP,
                TaskResult.Outcome.FAILED,
                reason.text(),
                message,
                List.of(),
                null);
    }
}

package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.SimulatedJob.Manifest;
import dev.mainstay.core.backup.Simulation.Pass;
import dev.mainstay.core.status.Conditions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every status, whatever happened. {@code -Dinvariants.seed=…} begins with another seed. */
class StatusInvariantsTest {

    private static final long FIRST_SEED = Long.getLong("invariants.seed", 1);
    private static final int SEEDS = 150;
    private static final int STEPS = 100;
    private static final int PEACEFUL_STEPS = 80;

    /** Name of each Job that was made, by attempt, kind and sequence. */
    private final Map<String, String> names = new HashMap<>();

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givenAnyHistory_whenTheOperatorPasses_thenTheInvariantsHold(long seed) {
        run(seed, this::check);
    }

    @Test
    void givenAllSeeds_whenTheyAreCounted_thenEveryDecisionAndBothEndsOccur() {
        Set<String> decisions = new TreeSet<>();
        Set<BackupPhase> ends = new TreeSet<>();
        seeds().forEach(seed -> run(seed, pass -> {
            decisions.add(pass.decision().getClass().getSimpleName());
            ends.add(pass.after().phase());
        }));

        assertThat(decisions)
                .containsExactlyInAnyOrder(
                        "Finished",
                        "AwaitClaim",
                        "Begin",
                        "LookAgain",
                        "Stuck",
                        "Wait",
                        "Intend",
                        "MakeJob",
                        "Watch",
                        "Commit",
                        "GiveUpAttempt",
                        "EndJob",
                        "Succeed",
                        "Fail");
        assertThat(ends).contains(BackupPhase.SUCCEEDED, BackupPhase.FAILED);
    }

    private static void run(long seed, Consumer<Pass> check) {
        Simulation simulation = new Simulation(seed);
        for (int step = 0; step < STEPS; step++) {
            check.accept(simulation.step());
        }
        simulation.makePeace();
        Pass last = null;
        for (int step = 0; step < PEACEFUL_STEPS; step++) {
            last = simulation.step();
            check.accept(last);
        }
        assertThat(last.after().phase().terminal())
                .as("1. left in peace, every backup comes to an end")
                .isTrue();
    }

    private void check(Pass pass) {
        attempts(pass);
        conditions(pass);
        job(pass);
        end(pass);
        truth(pass);
    }

    private static void attempts(Pass pass) {
        List<Attempt> before = attemptsOf(pass.before());
        List<Attempt> after = attemptsOf(pass.after());
        assertThat(after).as("2. attempts never become fewer, and at most 16").hasSizeBetween(before.size(), 16);
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).number())
                    .as("3. attempts are numbered from 1")
                    .isEqualTo(i + 1);
        }
        for (int i = 0; i < before.size(); i++) {
            Attempt was = before.get(i);
            Attempt is = after.get(i);
            assertThat(is.path()).as("4. a path never changes").isEqualTo(was.path());
            assertThat(is.plannedAt()).as("5. a plan's time never changes").isEqualTo(was.plannedAt());
            kept("6. a Job once seen stays noted", was, is, Attempt::job);
            kept("7. a start once seen stays noted", was, is, Attempt::startedAt);
            kept("8. an end stays noted", was, is, Attempt::endedAt);
            if (was.state().terminal()) {
                assertThat(is).as("9. an attempt that is over never changes").isEqualTo(was);
            }
        }
        assertThat(after.stream().filter(attempt -> !attempt.state().terminal()))
                .as("10. never two attempts at once")
                .hasSizeLessThan(2);
    }

    private static void kept(String invariant, Attempt was, Attempt is, Function<Attempt, Object> fact) {
        if (fact.apply(was) != null) {
            assertThat(fact.apply(is)).as(invariant).isEqualTo(fact.apply(was));
        }
    }

    private static void conditions(Pass pass) {
        List<Condition> conditions = pass.after().conditions();
        assertThat(conditions)
                .as("11. Ready is always there, each condition once")
                .extracting(Condition::type)
                .contains("Ready")
                .doesNotHaveDuplicates();
        assertThat(conditions.stream()
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .filter(condition ->
                                Set.of("Ready", "Reconciling", "Stalled").contains(condition.type())))
                .as("12. exactly one of done, at work and stuck")
                .hasSize(1);
        assertThat(pass.after().observedGeneration())
                .as("13. the generation is told")
                .isEqualTo(1);
        assertThat(messages(pass.after()))
                .as("14. messages are there and fit")
                .allSatisfy(message ->
                        assertThat(message).isNotBlank().hasSizeLessThanOrEqualTo(Conditions.MESSAGE_LENGTH));
    }

    private static Stream<String> messages(DatabaseBackupStatus status) {
        Stream<String> attempts = status.attempts().stream()
                .filter(attempt -> attempt.reason() != null)
                .map(Attempt::message);
        Stream<String> failure = Stream.ofNullable(status.failure()).map(told -> told.message());
        return Stream.of(status.conditions().stream().map(Condition::message), attempts, failure)
                .flatMap(messages -> messages);
    }

    private void job(Pass pass) {
        if (pass.decision() instanceof MakeJob make) {
            assertThat(attemptsOf(pass.before()))
                    .as("15. no Job for what does not stand in the status that was seen")
                    .contains(make.attempt());
            assertThat(make.attempt().state().terminal())
                    .as("16. no Job for an attempt that is over")
                    .isFalse();
            assertThat(make.attempt().path())
                    .as("17. a Job works where its attempt was planned")
                    .isEqualTo("s3://" + make.task().storage().bucket() + "/"
                            + make.task().path());
            String key = make.attempt().number() + " " + make.task().kind() + " "
                    + switch (make.task().kind()) {
                        case BACKUP -> 1;
                        case SETTLE -> make.attempt().followUps().settles();
                        case VERIFY -> make.attempt().followUps().verifications();
                        case REMOVE,
                                PREFLIGHT,
                                RESTORE_READY,
                                RESTORE_PLAN,
                                RESTORE_COPY,
                                RESTORE_SWAP,
                                RESTORE_INTO_EMPTY,
                                RESTORE_SETTLE,
                                RESTORE_TEST,
                                STEP -> throw new AssertionError("no backup is removed here");
                    };
            assertThat(make.name())
                    .as("18. one name for one task: %s", key)
                    .isEqualTo(names.getOrDefault(key, make.name()));
            names.put(key, make.name());
            assertThat(names.values()).as("19. one task for one name").doesNotHaveDuplicates();
        }
    }

    private static void end(Pass pass) {
        if (pass.before() != null
                && pass.before().phase() != null
                && pass.before().phase().terminal()) {
            assertThat(pass.after()).as("20. what is finished never changes").isEqualTo(pass.before());
            assertThat(pass.decision())
                    .as("21. what is finished never acts, but for a Job that waits in vain")
                    .isInstanceOfAny(BackupDecision.Finished.class, BackupDecision.EndJob.class);
        }
        if (pass.after().phase().terminal()) {
            assertThat(pass.after().completedAt()).as("22. an end has its time").isNotNull();
            assertThat(attemptsOf(pass.after()))
                    .as("23. no attempt outlives its backup")
                    .allMatch(attempt -> attempt.state().terminal());
        }
    }

    /** What the status says is what the bucket holds. */
    private static void truth(Pass pass) {
        DatabaseBackupStatus status = pass.after();
        if (status.phase() == BackupPhase.SUCCEEDED) {
            assertThat(manifest(pass, status.location()))
                    .as("24. a backup that succeeded is in the bucket")
                    .isEqualTo(Manifest.COMMITTED);
        }
        status.attempts().stream()
                .filter(attempt -> attempt.state() == AttemptState.FAILED)
                .filter(attempt -> !attempt.message().contains("could not be settled"))
                .forEach(attempt -> assertThat(manifest(pass, attempt.path()))
                        .as("25. an attempt that failed left no backup: %s", attempt)
                        .isNotEqualTo(Manifest.COMMITTED));
        if (pass.before() != null && pass.before().sha256() != null && status.sha256() == null) {
            assertThat(pass.decision())
                    .as("26. a committed backup is forgotten only when it is damaged")
                    .isInstanceOf(BackupDecision.GiveUpAttempt.class);
        }
    }

    private static Manifest manifest(Pass pass, String location) {
        return pass.bucket().get(location.replaceFirst("^s3://[^/]+/", ""));
    }

    private static List<Attempt> attemptsOf(DatabaseBackupStatus status) {
        return status == null ? List.of() : status.attempts();
    }
}

package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.application.ProbeAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wherever the operator dies and however old what it sees is: no step is done twice at once, none before its turn, all end. */
class RunInvariantsTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 160;

    private static final String RUNBOOK = """
            steps:
            - {name: before, httpCheck: {}, retries: 1, onFailure: Continue}
            - {name: save, backup: {policyRef: {name: nightly}}, retries: 2, timeout: 1h}
            - {name: again, backup: {policyRef: {name: nightly}}, approval: {expiresAfter: 2h}, when: Always}
            - {name: confirm, manual: {text: Look.}}
            finally:
            - {name: last, httpCheck: {}}
            - {name: final, backup: {policyRef: {name: nightly}}}
            """;

    @Test
    void givenTrouble_whenItSettles_thenEveryStepHasEndedInItsOrderAndEachBackupWasAskedForByItsName() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            RunWorld world = new RunWorld(RUNBOOK, "");
            boolean cancelled = random.nextInt(4) == 0;
            int when = random.nextInt(STEPS);
            for (int number = 0; number < STEPS; number++) {
                if (cancelled && number == when) {
                    world.annotate(Annotations.CANCEL, "never mind");
                }
                step(world, random);
                inOrder(world, seed);
            }
            settle(world);
            String status = "seed %d: %s".formatted(seed, world.run.getStatus());
            assertThat(world.run.getStatus().phase()).as(status).isEqualTo(RunPhase.FINISHED);
            assertThat(world.outcomes()).as(status).doesNotContainNull();
            assertThat(world.rest().report).as(status).isEqualTo(RunReportText.files(world.run, null));
            assertThat(world.run.getStatus().report().configMap()).as(status).isNotNull();
            assertThat(world.step("last").outcome()).as(status).isNotEqualTo(StepOutcome.SKIPPED);
            assertThat(world.made.size())
                    .as(status)
                    .isLessThanOrEqualTo(world.run.getStatus().steps().stream()
                            .filter(line -> line.type().equals("backup"))
                            .mapToInt(RunStep::attempts)
                            .sum());
            if (world.run.getStatus().outcome() != RunOutcome.CANCELLED) {
                assertThat(world.run.getStatus().outcome())
                        .as(status)
                        .isEqualTo(RunLines.worst(world.run.getStatus().steps()));
            }
        }
    }

    /** Killed between an effect and what is told of it, at each place in turn: the end is that of an undisturbed run. */
    @Test
    void givenAKillAfterEachEffect_whenTheOperatorComesBack_thenTheEndIsTheSame() {
        RunWorld undisturbed = new RunWorld(RUNBOOK, "");
        finish(undisturbed, 0);
        for (int every = 2; every < 6; every++) {
            RunWorld disturbed = new RunWorld(RUNBOOK, "");
            finish(disturbed, every);
            assertThat(disturbed.outcomes()).isEqualTo(undisturbed.outcomes());
            assertThat(disturbed.backups.keySet()).isEqualTo(undisturbed.backups.keySet());
            assertThat(disturbed.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
            assertThat(disturbed.run.getStatus().report())
                    .isEqualTo(undisturbed.run.getStatus().report());
            assertThat(disturbed.report).isEqualTo(RunReportText.files(disturbed.run, null));
        }
    }

    private static void finish(RunWorld world, int killedEvery) {
        for (int number = 1; number < 400; number++) {
            world.approve(number / 7 % 2 == 0 ? "again@alice" : "confirm@alice");
            world.cached = world.run;
            world.pass(killedEvery > 0 && number % killedEvery == 0);
            if (number % 3 == 0) {
                world.backupsEnd(BackupPhase.SUCCEEDED);
            }
        }
    }

    private static void step(RunWorld world, Random random) {
        switch (random.nextInt(12)) {
            case 0 -> world.now = world.now.plusSeconds(random.nextInt(40));
            case 1 -> world.now = world.now.plus(Duration.ofMinutes(random.nextInt(30)));
            case 2 -> world.backupsEnd(random.nextInt(3) == 0 ? BackupPhase.FAILED : BackupPhase.SUCCEEDED);
            case 3 ->
                world.answers = random.nextBoolean()
                        ? List.of(new ProbeAnswer.Answered(200))
                        : List.of(new ProbeAnswer.Answered(503), new ProbeAnswer.Silent("no answer"));
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    world.approve((random.nextBoolean() ? "again" : "confirm") + "@alice");
                } else if (random.nextInt(8) == 0) {
                    world.reject((random.nextBoolean() ? "again" : "confirm") + "@carol");
                }
            }
            case 5, 6 -> world.cached = world.run;
            default -> world.pass(random.nextInt(4) == 0);
        }
    }

    /** A step that has begun has none before it that has not ended. */
    private static void inOrder(RunWorld world, long seed) {
        if (world.run.getStatus() == null) {
            return;
        }
        List<RunStep> steps = world.run.getStatus().steps();
        for (int number = 1; number < steps.size(); number++) {
            RunStep line = steps.get(number);
            if (line.ended() || line.startedAt() != null) {
                assertThat(steps.get(number - 1).ended())
                        .as("seed %d: %s before %s", seed, steps.get(number - 1), line)
                        .isTrue();
            }
        }
    }

    private static void settle(RunWorld world) {
        for (int number = 0; number < 200 && !RunLines.ended(world.run); number++) {
            world.backupsEnd(BackupPhase.SUCCEEDED);
            world.later(Duration.ofMinutes(30));
        }
    }
}

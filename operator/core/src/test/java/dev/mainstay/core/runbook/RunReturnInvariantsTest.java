package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.core.application.ProbeAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever fails, and wherever the operator is killed or behind: what a run has changed is written down, and is given back. */
class RunReturnInvariantsTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 140;

    private static final String RUNBOOK = """
            steps:
            - {name: page, maintenanceMode: {enabled: true}, timeout: 10m, onFailure: %1$s}
            - {name: look, httpCheck: {}, onFailure: Continue}
            - {name: more, scale: {workload: web, by: 2, ceiling: 10}, timeout: 10m, retries: 1, onFailure: %1$s}
            - {name: confirm, manual: {text: Look.}, onFailure: %1$s}
            - {name: most, scale: {workload: web, to: 8}, approval: {expiresAfter: 2h}, timeout: 10m, onFailure: %1$s}
            - {name: check, httpCheck: {}, onFailure: %1$s}
            - {name: rescue, scale: {workload: web, to: 6}, timeout: 10m, when: OnFailure}
            %2$s
            - {name: front, maintenanceMode: {enabled: false}, timeout: 10m}
            finally:
            - {name: last, httpCheck: {}}
            %3$s
            """;

    private static final String LESS = "- {name: less, scale: {workload: web, restore: true}}";

    @Test
    void givenTrouble_whenItSettles_thenAllIsAsItWas() {
        int gone = 0;
        int undone = 0;
        int preempted = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            RunWorld world = world(random);
            boolean cancelled = random.nextInt(5) == 0;
            boolean deleted = random.nextInt(5) == 0;
            int when = random.nextInt(STEPS);
            for (int number = 0; number < STEPS && !world.gone(); number++) {
                if (cancelled && number == when) {
                    world.annotate(Annotations.CANCEL, "never mind");
                }
                if (deleted && number == when) {
                    world.delete();
                }
                step(world, random);
                isWrittenDown(world, seed);
            }
            settle(world);
            String status = "seed %d: %s, %s".formatted(seed, world.changed.writes, world.run.getStatus());
            assertThat(world.gone() || RunLines.ended(world.run)).as(status).isTrue();
            assertThat(world.changed.replicas).as(status).isEqualTo(3);
            assertThat(world.changed.modes).as(status).isEmpty();
            assertThat(world.changed.minReplicas).as(status).isIn(null, 2);
            assertThat(world.run.getMetadata().getFinalizers()).as(status).isEmpty();
            // The line of one that is gone is taken away by whoever keeps the record.
            assertThat(world.gone()
                            || world.changed
                                    .claims
                                    .of(RunClaims.holder(world.run))
                                    .isEmpty())
                    .as(status)
                    .isTrue();
            gone += world.gone() ? 1 : 0;
            undone += world.changed.writes.size() > 1 ? 1 : 0;
            preempted += status.contains("reason=Preempted") ? 1 : 0;
        }
        assertThat(gone).as("deleted in the middle").isPositive();
        assertThat(undone).as("runs that changed something").isGreaterThan(SEEDS / 3);
        assertThat(preempted).as("runs that made room").isPositive();
    }

    private static RunWorld world(Random random) {
        // Each Runbook gives back what it changes: by a step, at its end, or since the step that fails undoes.
        boolean atTheEnd = random.nextBoolean();
        RunWorld world = new RunWorld(
                RUNBOOK.formatted(random.nextBoolean() ? "Undo" : "Stop", atTheEnd ? "" : LESS, atTheEnd ? LESS : ""),
                "");
        world.changed.minReplicas = random.nextInt(3) == 0 ? 2 : null;
        return world;
    }

    private static void step(RunWorld world, Random random) {
        switch (random.nextInt(16)) {
            case 0 -> world.now = world.now.plusSeconds(random.nextInt(40));
            case 1 -> world.now = world.now.plus(Duration.ofMinutes(random.nextInt(12)));
            case 2 ->
                world.answers =
                        List.of(random.nextInt(3) > 0 ? new ProbeAnswer.Answered(200) : new ProbeAnswer.Answered(503));
            case 3 -> {
                if (random.nextInt(6) == 0) {
                    world.reject("confirm@carol");
                } else {
                    world.approve((random.nextBoolean() ? "confirm" : "most") + "@alice");
                }
            }
            case 9 -> world.changed.pagesWork = random.nextInt(3) > 0;
            case 4 -> world.changed.podsComeUp = random.nextInt(3) > 0;
            case 5 -> world.changed.rejection = random.nextInt(4) == 0 ? "no" : null;
            case 6 -> {
                if (random.nextInt(4) == 0) {
                    world.changed.emergencyBegins(world.now);
                } else {
                    world.changed.emergencyEnds();
                }
            }
            case 7, 8 -> world.cached = world.run;
            default -> world.pass(random.nextInt(4) == 0);
        }
    }

    /** At each moment at which something is not as it was, the status has the command that gives it back. */
    private static void isWrittenDown(RunWorld world, long seed) {
        String command =
                world.run.getStatus() == null ? null : world.run.getStatus().undoCommand();
        boolean autoscaled = world.changed.minReplicas != null;
        boolean changed = autoscaled ? world.changed.minReplicas != 2 : world.changed.replicas != 3;
        if (!world.changed.modes.isEmpty()) {
            assertThat(command)
                    .as("seed %d: %s", seed, world.run.getStatus())
                    .contains("kubectl delete maintenancemode "
                            + world.changed.modes.keySet().iterator().next());
        }
        if (changed && !world.gone()) {
            assertThat(command)
                    .as("seed %d: %s", seed, world.run.getStatus())
                    .isNotNull()
                    .contains(
                            autoscaled
                                    ? "{\"minReplicas\":2}}' --namespace shop"
                                    : "deployment web --replicas 3 --namespace shop");
        }
    }

    private static void settle(RunWorld world) {
        world.changed.rejection = null;
        world.changed.podsComeUp = true;
        world.changed.pagesWork = true;
        world.changed.emergencyEnds();
        for (int number = 0; number < 200 && !RunLines.ended(world.run) && !world.gone(); number++) {
            world.later(Duration.ofMinutes(30));
        }
        if (world.changed.minReplicas != null) {
            // Nothing keeps them up any more, and the autoscaler scales down.
            world.changed.replicas = 3;
        }
    }
}

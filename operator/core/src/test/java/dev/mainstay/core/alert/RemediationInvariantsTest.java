package dev.mainstay.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.runbook.MaintenanceRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wherever the operator dies, whoever leads, and however old what it sees is: an attempt has one run at most, and limits hold. */
class RemediationInvariantsTest {

    private static final int SEEDS = 400;
    private static final int STEPS = 250;
    private static final Duration COOLDOWN = Duration.ofMinutes(10);
    private static final Duration PER = Duration.ofHours(1);

    @Test
    void givenTrouble_whenAnOperatorLooksAgainAndAgain_thenNoAttemptHasTwoRunsAndTheLimitsHold() {
        int runs = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            RemediationWorld world =
                    new RemediationWorld("dryRun: false, approval: " + (random.nextBoolean() ? "None" : "Required"));
            Disturbed operator = new Disturbed(world, random);
            for (int number = 0; number < STEPS; number++) {
                operator.step();
                limits(world, "seed %d step %d: %s".formatted(seed, number, world.status()));
            }
            runs += world.made.size();
        }
        assertThat(runs).as("it does something at all").isGreaterThan(SEEDS);
    }

    /** What is true of all that was ever made, not of what the status remembers. */
    private static void limits(RemediationWorld world, String told) {
        assertThat(world.made.values()).as(told).allMatch(times -> times == 1);
        List<Instant> times = world.madeAt.values().stream().sorted().toList();
        for (int index = 3; index < times.size(); index++) {
            // The span counts from when an attempt is decided on, which is up to so much before its run is made.
            assertThat(Duration.between(times.get(index - 3), times.get(index)))
                    .as(told)
                    .isGreaterThanOrEqualTo(PER.minus(RemediationRuns.BEGIN_WITHIN));
        }
        assertThat(world.runs.values().stream().filter(run -> !RemediationRuns.ended(run)))
                .as(told)
                .hasSizeLessThanOrEqualTo(1);
        assertThat(world.status().attempts()).as(told).hasSizeLessThanOrEqualTo(10);
        assertThat(world.status().attempts().stream().filter(RemediationAttempt::open))
                .as(told)
                .hasSizeLessThanOrEqualTo(1);
        for (long episode = 1; episode <= world.episode; episode++) {
            String prefix = "slow-" + episode + "-";
            assertThat(world.made.keySet().stream().filter(name -> name.startsWith(prefix)))
                    .as(told)
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    /** Killed between deciding and doing, and between doing and telling, at each pass in turn: as many runs as without. */
    @Test
    void givenAKillAtEachPlace_whenTheOperatorComesBack_thenTheRunsAreTheSame() {
        RemediationWorld undisturbed = heal(0, RemediationWorld.Death.NONE);
        assertThat(undisturbed.made).hasSize(3);
        for (int every = 2; every < 7; every++) {
            for (RemediationWorld.Death death : RemediationWorld.Death.values()) {
                RemediationWorld world = heal(every, death);
                assertThat(world.made).as("%s at each %d. pass", death, every).isEqualTo(undisturbed.made);
            }
        }
    }

    private static RemediationWorld heal(int every, RemediationWorld.Death death) {
        RemediationWorld world = RemediationWorld.acting();
        for (int number = 1; number < 300; number++) {
            boolean killed = every > 0 && number % every == 0;
            world.pass(world.rule, Map.copyOf(world.runs), killed ? death : RemediationWorld.Death.NONE);
            world.later(Duration.ofSeconds(30));
            advance(world, "Passed");
        }
        return world;
    }

    /** A run that is there gets on. */
    private static void advance(RemediationWorld world, String outcome) {
        world.runs.values().stream()
                .filter(run -> !RemediationRuns.ended(run))
                .map(run -> run.getMetadata().getName())
                .findFirst()
                .ifPresent(name -> {
                    boolean begun = RemediationRuns.begun(world.runs.get(name));
                    world.run(
                            name,
                            begun
                                    ? "{phase: Finished, outcome: %s, completedAt: NOW, runbook: {revision: r, hash: h}}"
                                            .formatted(outcome)
                                    : "{phase: Running, startedAt: NOW, runbook: {revision: r, hash: h},"
                                            + " steps: [{name: again}]}");
                });
    }

    /** Two operators with caches of their own, of which each may be old; what happens meanwhile is up to the dice. */
    private static final class Disturbed {

        private final RemediationWorld world;
        private final Random random;
        private final AlertRule[] rules;
        private final List<Map<String, MaintenanceRun>> runs;

        Disturbed(RemediationWorld world, Random random) {
            this.world = world;
            this.random = random;
            this.rules = new AlertRule[] {world.rule, world.rule};
            this.runs = new ArrayList<>(List.of(Map.of(), Map.of()));
        }

        void step() {
            world.later(Duration.ofSeconds(random.nextInt(90)));
            int who = random.nextInt(2);
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> rules[who] = world.rule;
                case 3, 4 -> runs.set(who, Map.copyOf(world.runs));
                case 5, 6, 7, 8 -> world.pass(rules[who], runs.get(who), death());
                case 9 -> {
                    // A new process reads all before it looks at anything.
                    rules[who] = world.rule;
                    runs.set(who, Map.copyOf(world.runs));
                    world.watchedSince = random.nextBoolean() ? world.now : world.now.minusSeconds(400);
                }
                case 10, 11 -> advance(world, random.nextBoolean() ? "Passed" : "Failed");
                case 12 -> alert();
                default -> world.killSwitch = random.nextInt(4) == 0 ? new KillSwitch.On("x") : new KillSwitch.Off();
            }
        }

        private RemediationWorld.Death death() {
            return random.nextInt(3) > 0
                    ? RemediationWorld.Death.NONE
                    : random.nextBoolean() ? RemediationWorld.Death.BEFORE_EFFECT : RemediationWorld.Death.AFTER_EFFECT;
        }

        private void alert() {
            if (world.state == AlertState.FIRING && random.nextInt(3) == 0) {
                world.ends(random.nextBoolean() ? ResolveReason.RECOVERED : ResolveReason.SERIES_GONE);
            } else if (world.state == AlertState.FIRING && random.nextInt(3) == 0) {
                world.state = AlertState.UNKNOWN;
            } else if (world.state == AlertState.UNKNOWN) {
                world.state = AlertState.FIRING;
            } else if (world.state == AlertState.INACTIVE) {
                world.firesAgain();
            }
        }
    }
}

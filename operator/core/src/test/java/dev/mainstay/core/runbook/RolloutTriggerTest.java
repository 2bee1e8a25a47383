package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.schedule.KnownDeployment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A schedule that follows rollouts: which of them have a run, and what it says of the others. */
class RolloutTriggerTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            created              | trigger: {} | done web | - | -
            a rollout            | trigger: {} | deploy web 2; seen web; done web; done web | web (2) | -
            not complete         | trigger: {} | deploy web 2; seen web | - | -
            both together        | trigger: {} | deploy web 2; deploy worker 2; seen web; done web; seen worker; done worker | web (2), worker (2) | -
            one after the other  | trigger: {} | deploy web 2; done web; deploy worker 2; done worker | web (2); worker (2) | -
            the other not seen   | trigger: {} | deploy web 2; seen web; deploy worker 2; done web; done worker | web (2), worker (2) | -
            one is named         | trigger: {workloads: [worker]} | deploy web 2; done web; deploy worker 3; done worker | worker (3) | -
            there and back       | trigger: {} | deploy web 2; done web; deploy web 1; done web; deploy web 2; done web | web (2); web (1); web (2) | -
            overtaken            | trigger: {} | deploy web 2; seen web; deploy web 3; done web | web (3) | -
            undone in the middle | trigger: {} | deploy web 2; seen web; deploy web 1; done web | web (1) | -
            restart              | trigger: {} | restart web; seen web; done web; restart web; done web | - | -
            restart after one    | trigger: {} | deploy web 2; done web; restart web; done web; restart web; done web | web (2) | -
            restart within one   | trigger: {} | deploy web 2; seen web; restart web; done web | web (2) | -
            restart, no history  | trigger: {} | keep web 0; deploy web 2; done web; restart web; seen web; done web; restart web; done web | web (2) | -
            many restarts        | trigger: {} | keep web 1; restart web; done web; restart web; done web; restart web; done web; restart web; done web | - | -
            scaled               | trigger: {} | scale web 5; seen web; done web; scale web 0; seen web; done web; scale web 2; seen web; done web | - | -
            while scaled to zero | trigger: {} | scale web 0; done web; deploy web 2; done web; scale web 2; done web | web (2) | -
            rolled out to none   | trigger: {} | scale web 0; done web; deploy web 2; done web | - | -
            paused               | trigger: {} | pause web; deploy web 2; seen web; done worker | - | -
            resumed              | trigger: {} | pause web; deploy web 2; seen web; resume web; done web | web (2) | -
            paused at rest       | trigger: {} | deploy web 2; done web; pause web; seen web; done web; resume web; done web | web (2) | -
            deleted              | trigger: {} | delete web; done worker | - | -
            made again           | trigger: {} | delete web; recreate web 1 | web (1) | -
            made again at once   | trigger: {} | recreate web 1 | web (1) | -
            made paused          | trigger: {} | unborn worker; deploy web 2; done web; resume worker; done worker | web (2); worker (1) | -
            rolled back          | trigger: {} | deploy web 2; done web; roll web 1 r-1; seen web; done web | web (2) | -
            rolled back, put back | trigger: {} | deploy web 2; done web; roll web 1 r-1; done web; roll web 2 r-1; done web | web (2) | -
            deployed after it    | trigger: {} | deploy web 2; done web; roll web 1 r-1; done web; deploy web 2; done web; deploy web 1; done web | web (2); web (2); web (1) | -
            deployed into it     | trigger: {} | deploy web 2; done web; roll web 1 r-1; seen web; deploy web 3; done web | web (2); web (3) | -
            away, deployed on it | trigger: {} | deploy web 2; done web; away; roll web 1 r-1; seen web; deploy web 3; done web; back | web (2); web (3) | -
            rolled back twice    | trigger: {} | deploy web 2; done web; roll web 1 r-1; done web; deploy web 3; done web; roll web 1 r-2; done web | web (2); web (3) | -
            one rolled back      | trigger: {} | deploy worker 2; seen worker; roll web 0 r-1; done web; done worker | worker (2) | -
            away, one            | trigger: {} | away; deploy web 2; done web; back | web (2) | -
            away, the latest     | trigger: {} | away; deploy web 2; done web; deploy web 3; done web; back | web (3) | -
            away, there and back | trigger: {} | away; deploy web 2; done web; deploy web 1; done web; back | web (1) | -
            away, restarted      | trigger: {} | away; restart web; done web; restart web; done web; back | - | -
            away, and restarted  | trigger: {} | away; deploy web 2; done web; restart web; done web; back | web (2) | -
            away, no history     | trigger: {} | keep web 0; restart web; done web; away; restart web; done web; back | - | -
            away too long        | trigger: {} , startingDeadline: 1m | away; deploy web 2; done web; done worker; done worker; done worker; done worker; done worker; done worker; done worker; back | - | missed 1
            no catching up       | trigger: {} , missedRunPolicy: Skip | away; deploy web 2; done web; done worker; done worker; done worker; done worker; done worker; done worker; done worker; back | - | missed 1
            back at once         | trigger: {} , missedRunPolicy: Skip | away; deploy web 2; done web; back | web (2) | -
            suspended            | trigger: {} , suspend: true | deploy web 2; done web; edit trigger: {}; done worker; deploy web 3; done web | web (3) | Suspended=1
            resumed within one   | trigger: {} , suspend: true | deploy web 2; seen web; edit trigger: {}; done web | - | -
            resumed, was away    | trigger: {} , suspend: true | away; deploy web 2; done web; edit trigger: {}; back | - | -
            edited within one    | trigger: {} | deploy web 2; seen web; edit trigger: {rollout: Completed, workloads: [web]}; done web | - | -
            from cron            | schedule: '@yearly' | deploy web 2; seen web; edit trigger: {}; done web; deploy web 3; done web | web (3) | -
            another parameter    | trigger: {} | deploy web 2; seen web; edit trigger: {}, parameters: {a: b}; done web | web (2) | -
            one more workload    | trigger: {} | names web; deploy worker 2; done worker; names web, worker; deploy worker 3; done worker | worker (3) | -
            forbidden beside one | trigger: {} | hang; deploy web 2; done web; deploy web 3; done web; end; done web | web (2) | StillRunning=1
            queued beside one    | trigger: {} , concurrencyPolicy: Queue | hang; deploy web 2; done web; deploy web 3; done web; deploy web 4; done web; end; done web | web (2); web (4) | StillRunning=1
            queued, rolled back  | trigger: {} , concurrencyPolicy: Queue | hang; deploy web 2; done web; deploy web 3; done web; roll web 2 r-1; done web; end; done web | web (2) | StillRunning=1
            queued, restarted    | trigger: {} , concurrencyPolicy: Queue | hang; deploy web 2; done web; deploy web 3; done web; restart web; done web; end; done web | web (2); web (3) | -
            queued, suspended    | trigger: {} , concurrencyPolicy: Queue | hang; deploy web 2; done web; deploy web 3; done web; edit trigger: {}, concurrencyPolicy: Queue, suspend: true; end; done web | web (2) | Suspended=1
            frozen               | trigger: {} , freezes: [{name: now, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z'}] | deploy web 2; done web; until 2026-01-05T03:00Z | - | Frozen=1
            a window opens       | trigger: {} , windows: [{name: early, cron: '30 0 * * *', duration: 1h}] | deploy web 2; done web; until 2026-01-05T00:29Z; until 2026-01-05T00:30Z | web (2) | -
            dies after the run   | trigger: {} | away; deploy web 2; done web; crash; back | web (2) | -
            dies, then restarts  | trigger: {} | hang; away; deploy web 2; done web; crash; restart web; done web; back | web (2) | -
            dies, then goes on   | trigger: {} | away; deploy web 2; done web; crash; deploy web 3; done web; back | web (2); web (3) | -
            started              | trigger: {rollout: Started} | deploy web 2; seen web; done web | web (2) | -
            started, not seen    | trigger: {rollout: Started} | deploy web 2 | - | -
            started, two at once | trigger: {rollout: Started} | away; deploy web 2; deploy worker 2; seen web; seen worker; back; done web | web (2), worker (2) | -
            started, overtaken   | trigger: {rollout: Started} | deploy web 2; seen web; deploy web 3; seen web; done web | web (2); web (3) | -
            started, paused      | trigger: {rollout: Started} | deploy web 2; done web; pause web; seen web; deploy web 1; seen web; resume web; seen web | web (2); web (1) | -
            started, held        | trigger: {rollout: Started} | deploy web 2; done web; pause web; seen web; deploy web 1; seen web | web (2) | -
            started, restarted   | trigger: {rollout: Started} | restart web; seen web; done web | - | -
            """)
    void givenASchedule_whenDeploymentsChange_thenEachRolloutHasOneRun(
            String id, String spec, String script, String made, String skips) {
        RolloutWorld rollouts = new RolloutWorld(spec).play(script);

        assertThat(rollouts.made()).isEqualTo(made.equals("-") ? "" : made);
        String missed = rollouts.world.status().missedRuns() == 0
                ? ""
                : "missed " + rollouts.world.status().missedRuns();
        assertThat(String.join(",", rollouts.world.skips()) + missed).isEqualTo(skips.equals("-") ? "" : skips);
        assertThat(rollouts.world.names()).doesNotHaveDuplicates();
    }

    @Test
    void givenARollout_whenItsRunIsMade_thenItIsNamedAndHeldAsThoseOfSlotsAre() {
        RolloutWorld rollouts = new RolloutWorld("trigger: {}, parameters: {day: Monday}, estimatedDuration: 10m,"
                        + " windows: [{name: night, cron: '0 0 * * *', duration: 2h}], onWindowEnd: StopAtSafePoint,"
                        + " startingDeadline: 4h, successfulHistoryLimit: 1")
                .play("deploy web 2; done web");

        assertThat(rollouts.world.runs.values()).singleElement().satisfies(run -> {
            assertThat(run.getMetadata().getName()).matches("tidy-rollout-[0-9a-f]{8}");
            assertThat(run.getMetadata().getLabels()).containsEntry("mainstay.dev/schedule", "tidy");
            assertThat(run.getMetadata().getAnnotations())
                    .containsEntry(
                            "mainstay.dev/rollout", run.getMetadata().getName().substring("tidy-rollout-".length()))
                    .containsEntry("mainstay.dev/stop-after", "2026-01-05T02:00:00Z")
                    .doesNotContainKey("mainstay.dev/slot");
            assertThat(run.getSpec().parameters()).containsEntry("day", "Monday");
            assertThat(run.getSpec().reason())
                    .isEqualTo("Rollout of Deployment web (2), followed by MaintenanceSchedule tidy");
            assertThat(run.getSpec().notAfter()).isEqualTo("2026-01-05T01:49:59Z");
        });
        assertThat(rollouts.world.status().nextRuns()).isNull();
        assertThat(rollouts.world.condition("Ready").message())
                .startsWith(
                        "Runbook release is run for ManagedApplication shop after each rollout of its Deployments.");

        rollouts.play("deploy web 3; done web; done web");
        assertThat(rollouts.world.runs).hasSize(1);
        assertThat(rollouts.world.status().lastSuccess().name())
                .isEqualTo(rollouts.world.made.getLast().name());
        assertThat(rollouts.world.status().lastRollout().changed()).containsExactly("web");
        assertThat(rollouts.world.status().lastRollout().at()).isEqualTo("2026-01-05T00:00:40Z");
        assertThat(rollouts.world.status().lastRollout().workloads())
                .extracting(KnownDeployment::name, KnownDeployment::revision, KnownDeployment::version)
                .containsExactly(tuple("web", 3L, "3"), tuple("worker", 1L, "1"));
    }

    @Test
    void givenARolloutThatWaits_whenItsRunIsMade_thenItHasTheNameThatItWouldHaveHadAtOnce() {
        RolloutWorld atOnce = new RolloutWorld("trigger: {}").play("deploy web 2; done web");
        RolloutWorld waits = new RolloutWorld("trigger: {}, concurrencyPolicy: Queue, startingDeadline: 10m")
                .play("hang; deploy web 1; edit trigger: {}, concurrencyPolicy: Queue, startingDeadline: 10m");
        waits.world.annotate("mainstay.dev/run-now", "x");
        waits.play("deploy web 2; done web");
        assertThat(waits.world.status().waiting().reason()).isEqualTo("StillRunning");
        assertThat(waits.world.status().waiting().message())
                .contains("was not finished when this rollout came (spec.concurrencyPolicy: Queue).");
        assertThat(waits.world.status().waiting().slot()).isEqualTo("2026-01-05T00:00:50Z");

        waits.play("end");
        assertThat(waits.world.made.getLast().name())
                .isEqualTo(atOnce.world.made.getFirst().name());
        assertThat(waits.world.made.getLast().notAfter()).isEqualTo("2026-01-05T00:10:50Z");
        assertThat(waits.world.status().waiting()).isNull();
    }

    @Test
    void givenNoApplication_whenItIsThereAgain_thenWhatWasRolledOutMeanwhileHasItsRun() {
        RolloutWorld rollouts = new RolloutWorld("trigger: {}");
        var application = rollouts.world.application;
        rollouts.world.application = null;
        rollouts.play("deploy web 2; done web");
        assertThat(rollouts.world.condition("Stalled").reason()).isEqualTo("ApplicationNotFound");

        rollouts.world.application = application;
        assertThat(rollouts.play("done worker").made()).isEqualTo("web (2)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trigger: {workloads: [web, nobody]} | web | WorkloadNotFound | spec.trigger.workloads names nobody, which is no Deployment among spec.workloads of ManagedApplication shop.
            trigger: {} | - | WorkloadNotFound | spec.trigger follows the Deployments of ManagedApplication shop, which names none. Add them to its spec.workloads.
            trigger: {}, timeZone: Mars/Base | web | InvalidSpec | MaintenanceSchedule tidy, spec.timeZone: "Mars/Base" is not in the zone data
            trigger: {rollout: Unrecognized} | web | InvalidSpec | trigger.rollout has a value that this version of Mainstay does not know
            """)
    void givenAMistake_whenItIsLookedAt_thenItIsToldAndNothingIsMade(
            String spec, String workloads, String reason, String message) {
        RolloutWorld rollouts = new RolloutWorld(spec);
        rollouts.play("names " + workloads.replace("-", "") + "; deploy web 2; done web");

        assertThat(rollouts.world.condition("Stalled").reason()).isEqualTo(reason);
        assertThat(rollouts.world.condition("Stalled").message()).contains(message);
        assertThat(rollouts.world.made).isEmpty();
    }

    @Test
    void givenRunsOfRollouts_whenAPersonHasAskedForOne_thenThatOneStays() {
        RolloutWorld rollouts = new RolloutWorld("trigger: {}, successfulHistoryLimit: 1");
        rollouts.world.annotate("mainstay.dev/run-now", "x");
        rollouts.play("done web; deploy web 2; done web; deploy web 3; done web; done web");

        assertThat(rollouts.world.runs.keySet())
                .containsExactlyInAnyOrderElementsOf(List.of(
                        rollouts.world.names().getFirst(),
                        rollouts.world.names().getLast()));
    }
}

package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.runbook.FormerPod;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.runbook.EvictionRefusal.Cause;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which Pod is evicted when, by which Pods there are; names of the Pods say what they are. */
class RestartEvictionsTest {

    private static final String STEP = "restart: {method: Eviction}";
    private static final Instant AT = Instant.parse("2026-03-29T03:05:00Z");
    private static final String NEEDS = "The disruption budget web needs 2 healthy pods and has 2 currently";

    private final RestartStepType type = new RestartStepType();

    /** A Pod is {@code name} or {@code name:state}, and was there at the beginning when its name begins with {@code old}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // All are well: the first one goes.
                "2 | old-a old-b                    | old-a",
                // Its place is empty, or is not filled yet.
                "2 | old-b                          | Wait",
                "2 | old-b new-a:unready            | Wait",
                "2 | old-b new-a:pending            | Wait",
                "2 | old-a:leaving old-b            | Wait",
                // It is filled: the next one goes.
                "2 | old-b new-a                    | old-b",
                "2 | old-a:leaving old-b new-a      | old-b",
                // None is left.
                "2 | new-a new-b                    | Passed",
                "2 | old-a:leaving new-a new-b      | Passed",
                "2 | old-a:failed new-a new-b       | Passed",
                "2 | new-a new-b:unready            | Wait",
                "2 | new-a                          | Wait",
                // One that does not work goes first, and is missed by nobody; but not while another one is to come.
                "2 | old-a old-b:unready            | old-b",
                "2 | old-a:unready old-b:unready    | old-a",
                "2 | old-b:unready new-a:unready    | Wait",
                "3 | old-a old-b:unready            | Wait",
                // There are more than it wants, by a rollout of somebody's or an autoscaler.
                "2 | old-a old-b new-c:pending      | Wait",
                "2 | old-a old-b new-c              | old-a",
                "1 | old-a                          | old-a",
                "1 | new-a                          | Passed"
            })
    void givenPods_whenTheyAreLookedAt_thenOneIsEvictedOnceNoOtherOneIsAway(int wanted, String pods, String expected) {
        StepSeen.OfEviction seen = seen(deployment("replicas: " + wanted, pods.split(" +")));
        StepTurn turn = remembering("old-a", "old-b");

        assertThat(outcome(turn, seen)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"60, Wait", "59, old-b", "0, old-b"})
    void givenAReplacementThatIsReady_whenItIsNotSoForLongEnough_thenItIsWaitedFor(int seconds, String expected) {
        Pod fresh = pod("new-a", "Running", true, AT.minusSeconds(59), false);
        EvictedWorkload web = new EvictedWorkload(
                deployment("replicas: 2, minReadySeconds: " + seconds).workload(), List.of(fresh, pod("old-b")), null);

        assertThat(outcome(remembering("old-a", "old-b"), seen(web))).isEqualTo(expected);
    }

    @Test
    void givenSeveralWorkloads_whenTheirPodsAreEvicted_thenOneWorkloadIsDoneBeforeTheNext() {
        StepTurn turn = remembering("old-a", "old-0", "old-9", "old-10");
        EvictedWorkload web = deployment("replicas: 1", "old-a");
        EvictedWorkload cache = statefulSet("replicas: 3", "old-0", "old-10", "old-9");

        assertThat(outcome(turn, seen(web, cache))).isEqualTo("old-a");
        assertThat(outcome(turn, seen(deployment("replicas: 1", "new-a:unready"), cache)))
                .isEqualTo("Wait");
        // As its own rolling update does, from the highest number on.
        assertThat(outcome(turn, seen(deployment("replicas: 1", "new-a"), cache)))
                .isEqualTo("old-10");
    }

    /** A Pod of a StatefulSet comes back under its name. */
    @Test
    void givenAReplacementOfTheSameName_whenItHasAnotherUid_thenItIsNotEvicted() {
        Pod again = pod("old-0");
        again.getMetadata().setUid("uid-of-the-second");
        EvictedWorkload cache = new EvictedWorkload(statefulSet("replicas: 1").workload(), List.of(again), null);

        assertThat(outcome(remembering("old-0"), seen(cache))).isEqualTo("Passed");
    }

    @Test
    void givenNothingIsWrittenDown_whenTheStepBegins_thenThePodsThatStayAreWrittenDownFirst() {
        StepTurn turn = StepTurns.of(STEP);
        StepSeen.OfEviction seen = seen(
                deployment("replicas: 2", "a", "b:leaving", "c:failed", "d:unready"),
                statefulSet("replicas: 0", "e"),
                new EvictedWorkload(workload(WorkloadKind.STATEFUL_SET, "last", "replicas: 1"), List.of(), null));

        assertThat(type.judge(turn, seen))
                .isEqualTo(
                        new StepProgress.Remember(List.of(new FormerPod("a", "uid-a"), new FormerPod("d", "uid-d"))));
        assertThat(RestartEvictions.next(turn, seen)).isEmpty();
        assertThat(wait(turn, seen(deployment("replicas: 2"))))
                .startsWith(
                        "There is no Pod to evict. Deployment web wants 2 and has none: kubectl describe deployment web");
    }

    @ParameterizedTest
    @CsvSource({"100, Remember", "101, WorkloadUnsuitable"})
    void givenMorePodsThanAStatusHolds_whenTheStepBegins_thenItHasFailed(int pods, String expected) {
        EvictedWorkload web = deployment(
                "replicas: " + pods,
                IntStream.range(0, pods).mapToObj(number -> "p" + number).toArray(String[]::new));

        assertThat(outcome(StepTurns.of(STEP), seen(web))).isEqualTo(expected);
        assertThat(type.foreseen(before(), seen(web)).orElseThrow().outcome())
                .isEqualTo(pods > 100 ? StepOutcome.FAILED : StepOutcome.PASSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BUDGET          | The disruption budget web needs 2 healthy pods and has 2 currently | Pod old-a of Deployment web can't be evicted now: The disruption budget web needs 2 healthy pods and has 2 currently. It is tried again. If that stays so, have more Pods than the budget needs",
                "BUSY            | Too many requests                     | The API server is too busy to evict Pod old-a of Deployment web: Too many requests. It is tried again.",
                "FORBIDDEN       | no right                              | does not evict Pod old-a of Deployment web: no right. Give the operator the rights of its chart back",
                "SEVERAL_BUDGETS | more than one PodDisruptionBudget     | Pod old-a of Deployment web has several PodDisruptionBudgets, and the API server evicts no such Pod: more than one PodDisruptionBudget. Let one of them alone select it (kubectl get poddisruptionbudgets --namespace shop), or use method: Rollout.",
                "RULE            | 'no.'                                 | The API server does not evict Pod old-a of Deployment web: no. Mend what it names"
            })
    void givenAnEvictionThatIsRefused_whenThatMayChange_thenItIsWaitedFor_andElseItHasFailed(
            Cause cause, String said, String message) {
        EvictionRefusal refusal = new EvictionRefusal(cause, "old-a", said);
        StepSeen.OfEviction seen =
                seen(deployment("replicas: 2", "old-a", "new-b").refused(refusal));
        StepTurn turn = remembering("old-a", "old-b");
        boolean never = cause == Cause.SEVERAL_BUDGETS || cause == Cause.RULE;

        String told = never ? ended(turn, seen).message() : wait(turn, seen);
        assertThat(told).contains(message).endsWith(" Of the 2 Pods that were there, 1 is gone.");
        if (never) {
            assertThat(ended(turn, seen).reason()).isEqualTo(Reason.REJECTED);
        }
        StepResult foreseen = type.foreseen(before(), seen).orElseThrow();
        assertThat(foreseen.outcome()).isEqualTo(never ? StepOutcome.FAILED : StepOutcome.FINDINGS);
        assertThat(foreseen.message()).contains(message);
    }

    @Test
    void givenAPodThatIsNotReady_whenABudgetHoldsItUp_thenThePolicyForSuchPodsIsNamed() {
        EvictionRefusal refusal = new EvictionRefusal(Cause.BUDGET, "old-a", NEEDS);

        assertThat(wait(
                        remembering("old-a", "old-b"),
                        seen(deployment("replicas: 2", "old-a:unready", "old-b").refused(refusal))))
                .contains("If that stays so, set spec.unhealthyPodEvictionPolicy: AlwaysAllow there");
    }

    @Test
    void givenAllAreReplaced_whenOneHadOnePod_thenTheResultSaysThatItWasAway() {
        assertThat(ended(
                                remembering("old-a", "old-b", "old-0"),
                                seen(deployment("replicas: 2", "new-a", "new-b"), statefulSet("replicas: 1", "new-0")))
                        .message())
                .isEqualTo(
                        "All Pods of Deployment web, StatefulSet cache are new and available; the 3 that were there are gone."
                                + " With one Pod, StatefulSet cache was away until the new one was ready.");
        assertThat(ended(remembering("old-a"), seen(deployment("replicas: 1", "new-a"), statefulSet("replicas: 0")))
                        .message())
                .endsWith(
                        "the one that was there is gone. With one Pod, Deployment web was away until the new one was ready."
                                + " StatefulSet cache is scaled to 0, so there is no Pod to replace.");
    }

    @Test
    void givenADryRun_whenNothingStandsAgainstIt_thenItTellsWhatItWouldDoAndWhatSomebodyShouldKnow() {
        assertThat(type.plan(before()))
                .isEqualTo("Evicts the Pods of Deployment web, StatefulSet cache one after the other, as far as"
                        + " PodDisruptionBudgets allow, and waits each time until the new one is available.");
        assertThat(type.foreseen(before(), seen(deployment("replicas: 2", "a", "b"))))
                .hasValueSatisfying(result -> {
                    assertThat(result.outcome()).isEqualTo(StepOutcome.PASSED);
                    assertThat(result.message()).isEqualTo("There are 2 now.");
                });
        assertThat(type.foreseen(before(), seen(deployment("replicas: 1", "a"))))
                .hasValueSatisfying(result -> {
                    assertThat(result.outcome()).isEqualTo(StepOutcome.FINDINGS);
                    assertThat(result.message()).startsWith("Deployment web wants one Pod, so it is away from when");
                });
        EvictedWorkload pending = new EvictedWorkload(
                workload(
                        WorkloadKind.STATEFUL_SET,
                        "cache",
                        "replicas: 3, updateStrategy: {type: OnDelete}",
                        "{updatedReplicas: 1}"),
                List.of(pod("a")),
                null);
        assertThat(type.foreseen(before(), seen(pending)).orElseThrow().message())
                .startsWith(
                        "2 of 3 Pods of StatefulSet cache are of an older template, and come back by the newest one");
    }

    /** Unlike a rollout it changes no template, so that nothing hinders it which keeps a template from being rolled out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DEPLOYMENT   | 'replicas: 1, paused: true'",
                "STATEFUL_SET | 'replicas: 1, updateStrategy: {type: OnDelete}'",
                "STATEFUL_SET | 'replicas: 1, updateStrategy: {rollingUpdate: {partition: 1}}'"
            })
    void givenAWorkloadThatWouldNotBeRolledOut_whenItsPodsAreEvicted_thenTheyAre(WorkloadKind kind, String spec) {
        EvictedWorkload workload = new EvictedWorkload(workload(kind, "it", spec), List.of(pod("old-a")), null);

        assertThat(outcome(remembering("old-a"), seen(workload))).isEqualTo("old-a");
    }

    @Test
    void givenAWorkloadThatIsGoneOrAtZero_whenTheStepIsThere_thenItHasFailedOrIsNeedless() {
        EvictedWorkload gone =
                new EvictedWorkload(new RestartedWorkload(WorkloadKind.DEPLOYMENT, "web", null, null), List.of(), null);
        assertThat(outcome(StepTurns.of(STEP), seen(gone))).isEqualTo("WorkloadNotFound");
        assertThat(type.foreseen(before(), seen(gone)).orElseThrow().reason()).isEqualTo(Reason.WORKLOAD_NOT_FOUND);
        assertThat(type.needless(before(), seen(gone), AT)).isEmpty();

        StepSeen.OfEviction zero = seen(deployment("replicas: 0"));
        assertThat(type.needless(before(), zero, AT))
                .contains("Deployment web is scaled to 0, so there is no Pod to replace.");
        assertThat(outcome(remembering("old-a"), zero)).isEqualTo("Skipped");
    }

    @ParameterizedTest
    @EnumSource(WorkloadKind.class)
    void givenAMethodOfANewerVersion_whenItIsRead_thenNothingIsRestarted(WorkloadKind kind) {
        StepTurn turn = StepTurns.of("restart: {method: Unrecognized}");
        RestartedWorkload workload = workload(kind, "it", "replicas: 1");
        StepSeen seen = new StepSeen.OfRestart(List.of(workload));

        assertThat(ended(turn, seen).reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(type.foreseen(turn, seen).orElseThrow().reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(RestartStepType.due(turn, List.of(workload))).isEmpty();
    }

    /**
     * Whenever the operator dies, between the eviction and the next look or before what it found is written: each Pod of the
     * beginning is evicted once, none that came later is, and no more than one is away.
     */
    @Test
    void givenAnOperatorThatDiesAnywhere_whenItGoesOn_thenEachPodIsEvictedOnceAndNoneInTheirPlace() {
        for (int seed = 0; seed < 300; seed++) {
            World world = new World(new Random(seed));
            for (int pass = 0; pass < 400 && world.result == null; pass++) {
                world.pass();
            }
            assertThat(world.result).as("seed %d", seed).isNotNull();
            assertThat(world.result.outcome()).as("seed %d", seed).isEqualTo(StepOutcome.PASSED);
            assertThat(world.evicted).as("seed %d", seed).containsExactlyInAnyOrder("uid-p0", "uid-p1", "uid-p2");
        }
    }

    /** A Deployment of three Pods, its controller, and an operator that is killed at any moment. */
    private static final class World {

        private final RestartStepType type = new RestartStepType();
        private final Random random;
        private final List<Pod> pods = new ArrayList<>(List.of(pod("p0"), pod("p1"), pod("p2")));
        private final List<String> evicted = new ArrayList<>();
        private MaintenanceRun run = StepTurns.of(STEP).run();
        private StepResult result;
        private int made = 3;

        World(Random random) {
            this.random = random;
        }

        void pass() {
            switch (random.nextInt(4)) {
                case 0 -> controller();
                case 1 -> kubelet();
                default -> operator();
            }
        }

        private void controller() {
            if (stay() < 3) {
                pods.add(pod("p" + made++ + ":unready"));
            }
        }

        private void kubelet() {
            pods.removeIf(pod -> pod.getMetadata().getDeletionTimestamp() != null);
            pods.replaceAll(pod -> EvictedWorkload.isReady(pod) || random.nextBoolean()
                    ? pod
                    : pod(pod.getMetadata().getName()));
        }

        private void operator() {
            StepTurn turn = StepTurns.turn(run, STEP);
            StepSeen.OfEviction seen =
                    seen(new EvictedWorkload(workload(WorkloadKind.DEPLOYMENT, "web", "replicas: 3"), pods, null));
            RunDecision decision =
                    switch (type.judge(turn, seen)) {
                        case StepProgress.Act _ -> {
                            evict(RestartEvictions.next(turn, seen)
                                    .orElseThrow()
                                    .pod());
                            yield new RunDecision.Act(turn);
                        }
                        case StepProgress.Remember(List<FormerPod> there) -> new RunDecision.Remember("it", there);
                        case StepProgress.Wait(String message) -> new RunDecision.Watch("it", message);
                        case StepProgress.Ended(StepResult end, boolean _) -> {
                            result = end;
                            yield new RunDecision.Finish("it", end, false, null);
                        }
                        case StepProgress other -> throw new AssertionError(other);
                    };
            boolean dies = random.nextInt(3) == 0;
            if (!dies) {
                run.setStatus(RunStatusReport.of(run, decision, AT));
            }
        }

        private void evict(Pod pod) {
            assertThat(stay()).as("Pods, none of which is away").isEqualTo(3);
            evicted.add(pod.getMetadata().getUid());
            pod.getMetadata().setDeletionTimestamp(AT.toString());
        }

        private long stay() {
            return pods.stream()
                    .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                    .count();
        }
    }

    @Test
    void givenWhatIsWrittenDown_whenTheStepIsTriedAgain_thenItStays_andWhenItEndsItGoes() {
        MaintenanceRun run = remembering("old-a").run();
        StepResult failed = StepResult.failed(Reason.REJECTED, "no.");

        run.setStatus(RunStatusReport.of(run, new RunDecision.Retry("it", failed, AT, null), AT));
        assertThat(run.getStatus().steps().getFirst().pods()).containsExactly(new FormerPod("old-a", "uid-old-a"));
        run.setStatus(RunStatusReport.of(run, new RunDecision.Try("it"), AT));
        assertThat(run.getStatus().steps().getFirst().pods()).hasSize(1);
        run.setStatus(RunStatusReport.of(run, new RunDecision.Finish("it", failed, true, null), AT));
        assertThat(run.getStatus().steps().getFirst().pods()).isNull();
    }

    private String outcome(StepTurn turn, StepSeen.OfEviction seen) {
        Optional<String> next = RestartEvictions.next(turn, seen)
                .map(chosen -> chosen.pod().getMetadata().getName());
        String judged =
                switch (type.judge(turn, seen)) {
                    case StepProgress.Act _ -> next.orElseThrow();
                    case StepProgress.Remember _ -> "Remember";
                    case StepProgress.Wait _ -> "Wait";
                    case StepProgress.Ended(StepResult result, boolean _) ->
                        result.outcome() == StepOutcome.FAILED
                                ? result.reason().text()
                                : result.outcome().text();
                    case StepProgress other -> throw new AssertionError(other);
                };
        if (!judged.equals("Skipped")) {
            assertThat(next).isEqualTo(Optional.of(judged).filter(name -> name.startsWith("old")));
        }
        return judged;
    }

    private String wait(StepTurn turn, StepSeen seen) {
        StepProgress progress = type.judge(turn, seen);
        assertThat(progress).isInstanceOf(StepProgress.Wait.class);
        return ((StepProgress.Wait) progress).message();
    }

    private StepResult ended(StepTurn turn, StepSeen seen) {
        StepProgress progress = type.judge(turn, seen);
        assertThat(progress).isInstanceOf(StepProgress.Ended.class);
        return ((StepProgress.Ended) progress).result();
    }

    private static StepTurn before() {
        StepTurn turn = StepTurns.of(STEP);
        return new StepTurn(turn.run(), turn.application(), turn.step(), 0);
    }

    /** An attempt whose Pods are written down. */
    private static StepTurn remembering(String... names) {
        MaintenanceRun run = StepTurns.of(STEP).run();
        List<FormerPod> pods =
                Stream.of(names).map(name -> new FormerPod(name, "uid-" + name)).toList();
        run.setStatus(RunStatusReport.of(run, new RunDecision.Remember("it", pods), AT));
        return StepTurns.turn(run, STEP);
    }

    private static StepSeen.OfEviction seen(EvictedWorkload... workloads) {
        return new StepSeen.OfEviction(List.of(workloads), AT);
    }

    private static EvictedWorkload deployment(String spec, String... pods) {
        return new EvictedWorkload(
                workload(WorkloadKind.DEPLOYMENT, "web", spec),
                Stream.of(pods).map(RestartEvictionsTest::pod).toList(),
                null);
    }

    private static EvictedWorkload statefulSet(String spec, String... pods) {
        return new EvictedWorkload(
                workload(WorkloadKind.STATEFUL_SET, "cache", spec),
                Stream.of(pods).map(RestartEvictionsTest::pod).toList(),
                null);
    }

    /** A Pod whose name says what it is, as {@code web-1:unready}; ready for an hour when it says nothing. */
    private static Pod pod(String told) {
        String[] parts = told.split(":");
        String state = parts.length > 1 ? parts[1] : "";
        String phase =
                switch (state) {
                    case "pending" -> "Pending";
                    case "failed" -> "Failed";
                    default -> "Running";
                };
        boolean ready = phase.equals("Running") && !state.equals("unready");
        return pod(parts[0], phase, ready, AT.minus(Duration.ofHours(1)), state.equals("leaving"));
    }

    private static Pod pod(String name, String phase, boolean ready, Instant since, boolean leaving) {
        return Serialization.unmarshal(
                """
                metadata: {name: %1$s, namespace: shop, uid: uid-%1$s%2$s}
                status: {phase: %3$s, conditions: [{type: Ready, status: "%4$s", lastTransitionTime: "%5$s"}]}
                """.formatted(
                                name,
                                leaving ? ", deletionTimestamp: \"" + AT + "\"" : "",
                                phase,
                                ready ? "True" : "False",
                                since),
                Pod.class);
    }

    private static RestartedWorkload workload(WorkloadKind kind, String name, String spec) {
        return workload(kind, name, spec, "{}");
    }

    private static RestartedWorkload workload(WorkloadKind kind, String name, String spec, String status) {
        return new RestartedWorkload(
                kind, name, Serialization.unmarshal("""
                        metadata: {name: %1$s, uid: uid-%1$s}
                        spec: {%2$s, selector: {matchLabels: {app: %1$s}}}
                        status: %3$s
                        """.formatted(name, spec, status), JsonNode.class), null);
    }
}

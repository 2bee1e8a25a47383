package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.FormerPod;
import dev.mainstay.api.runbook.RestartMethod;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * New Pods in the place of those that were there when the step began: one after the other, by eviction, which honours
 * PodDisruptionBudgets. Which Pods those were stands in the run's status before the first one is evicted, so that nobody who
 * goes on later evicts one that has come in the place of another.
 */
public final class RestartEvictions {

    private RestartEvictions() {}

    /** Whether a restart evicts. */
    public static boolean by(StepTurn turn) {
        return turn.step().restart().method() == RestartMethod.EVICTION;
    }

    /** The Pods that were there when the step began; empty until they are written down. */
    private static Optional<List<FormerPod>> remembered(StepTurn turn) {
        return RunLines.of(turn).map(RunStep::pods).filter(pods -> !pods.isEmpty());
    }

    /** A Pod of a workload. */
    public record Chosen(EvictedWorkload workload, Pod pod) {}

    /** The Pod that the attempt evicts next; empty while it waits for something, or has evicted all. */
    public static Optional<Chosen> next(StepTurn turn, StepSeen.OfEviction seen) {
        Optional<List<FormerPod>> remembered = remembered(turn);
        Optional<EvictedWorkload> turns = remembered.flatMap(pods -> unfinished(seen, pods));
        return turns.flatMap(
                workload -> workload.next(remembered.get(), seen.at()).map(pod -> new Chosen(workload, pod)));
    }

    /** For a dry run: a Pod of each workload, which the API server is asked about. */
    public static List<Chosen> samples(StepSeen.OfEviction seen) {
        return seen.workloads().stream()
                .filter(EvictedWorkload::wantsPods)
                .flatMap(workload -> workload.former(all(workload), seen.at()).stream()
                        .limit(1)
                        .map(pod -> new Chosen(workload, pod)))
                .toList();
    }

    private static List<FormerPod> all(EvictedWorkload workload) {
        return workload.pods().stream()
                .map(pod -> new FormerPod(
                        pod.getMetadata().getName(), pod.getMetadata().getUid()))
                .toList();
    }

    private static List<FormerPod> all(StepSeen.OfEviction seen) {
        return seen.workloads().stream()
                .filter(EvictedWorkload::wantsPods)
                .flatMap(workload -> all(workload).stream())
                .toList();
    }

    /** The first workload of which a former Pod is still there, or a new one is not available. */
    private static Optional<EvictedWorkload> unfinished(StepSeen.OfEviction seen, List<FormerPod> remembered) {
        return seen.workloads().stream()
                .filter(EvictedWorkload::wantsPods)
                .filter(workload -> !workload.former(remembered, seen.at()).isEmpty() || !workload.complete(seen.at()))
                .findFirst();
    }

    /** How far the attempt is; the workloads exist, and one of them wants Pods. */
    static StepProgress judge(StepTurn turn, StepSeen.OfEviction seen) {
        Optional<List<FormerPod>> remembered = remembered(turn);
        if (remembered.isEmpty()) {
            return beginning(turn, seen);
        }
        Optional<EvictedWorkload> workload = unfinished(seen, remembered.get());
        if (workload.isEmpty()) {
            return new StepProgress.Ended(done(seen, remembered.get()));
        }
        String far = far(seen, remembered.get());
        EvictionRefusal refusal = workload.get().refusal();
        if (refusal != null) {
            return refused(turn, workload.get(), refusal)
                    .map(why -> failed(Reason.REJECTED, why + " " + far))
                    .orElseGet(() -> new StepProgress.Wait(waits(turn, workload.get(), refusal) + " " + far));
        }
        return next(turn, seen).isPresent()
                ? new StepProgress.Act()
                : new StepProgress.Wait(awaits(turn, workload.get(), seen.at()) + " " + far);
    }

    private static StepProgress beginning(StepTurn turn, StepSeen.OfEviction seen) {
        List<FormerPod> there = all(seen);
        if (there.isEmpty()) {
            return new StepProgress.Wait("There is no Pod to evict. "
                    + seen.workloads().stream()
                            .filter(EvictedWorkload::wantsPods)
                            .map(workload -> workload.workload().text() + " wants "
                                    + workload.workload().wanted() + " and has none: kubectl describe "
                                    + workload.workload().kind().text().toLowerCase(Locale.ROOT) + " "
                                    + workload.workload().name() + " --namespace " + namespace(turn))
                            .collect(Collectors.joining("; ")));
        }
        return tooMany(there)
                .<StepProgress>map(why -> failed(Reason.WORKLOAD_UNSUITABLE, why))
                .orElseGet(() -> new StepProgress.Remember(there));
    }

    private static Optional<String> tooMany(List<FormerPod> there) {
        return there.size() <= RunStep.MOST_PODS
                ? Optional.empty()
                : Optional.of("The workloads have " + there.size() + " Pods, and a step evicts " + RunStep.MOST_PODS
                        + " at most. Name fewer in restart.workloads, or use method: Rollout.");
    }

    /** Why a Pod is never evicted; empty when that may change. */
    private static Optional<String> refused(StepTurn turn, EvictedWorkload workload, EvictionRefusal refusal) {
        String self = pod(workload, refusal);
        return switch (refusal.cause()) {
            case SEVERAL_BUDGETS ->
                Optional.of(self + " has several PodDisruptionBudgets, and the API server evicts no such Pod: "
                        + sentence(refusal.message())
                        + " Let one of them alone select it (kubectl get poddisruptionbudgets --namespace "
                        + namespace(turn) + "), or use method: Rollout.");
            case RULE ->
                Optional.of("The API server does not evict " + self + ": " + sentence(refusal.message())
                        + " Mend what it names, and make another run.");
            case BUDGET, BUSY, FORBIDDEN -> Optional.empty();
        };
    }

    /** What an eviction waits for, and what to do. */
    private static String waits(StepTurn turn, EvictedWorkload workload, EvictionRefusal refusal) {
        String self = pod(workload, refusal);
        return switch (refusal.cause()) {
            case BUDGET ->
                self + " can't be evicted now: " + sentence(refusal.message()) + " It is tried again. If that stays so,"
                        + (workload.pods().stream()
                                        .filter(pod ->
                                                pod.getMetadata().getName().equals(refusal.pod()))
                                        .allMatch(EvictedWorkload::isReady)
                                ? ""
                                : " set spec.unhealthyPodEvictionPolicy: AlwaysAllow there, since that Pod is not ready"
                                        + " itself,")
                        + " have more Pods than the budget needs (a scale step before this one), let it need fewer"
                        + " (kubectl get poddisruptionbudgets --namespace "
                        + namespace(turn) + "), or use method: Rollout, which no budget holds up.";
            case BUSY ->
                "The API server is too busy to evict " + self + ": " + sentence(refusal.message())
                        + " It is tried again.";
            case FORBIDDEN, SEVERAL_BUDGETS, RULE ->
                "The API server does not evict " + self + ": " + sentence(refusal.message())
                        + " Give the operator the rights of its chart back (docs/security.md), or mend the policy that"
                        + " refuses; it goes on by itself.";
        };
    }

    /** Some of what the API server says ends with a full stop. */
    private static String sentence(String said) {
        return said.endsWith(".") ? said : said + ".";
    }

    private static String pod(EvictedWorkload workload, EvictionRefusal refusal) {
        return "Pod " + refusal.pod() + " of " + workload.workload().text();
    }

    /** Which Pods are waited for. */
    private static String awaits(StepTurn turn, EvictedWorkload workload, Instant at) {
        return "Waits for " + workload.workload().text() + ": " + workload.available(at) + " of "
                + workload.workload().wanted()
                + " Pods are available. If that stays so: kubectl describe pods --namespace "
                + namespace(turn) + " --selector " + workload.workload().selector();
    }

    private static String far(StepSeen.OfEviction seen, List<FormerPod> remembered) {
        long left = seen.workloads().stream()
                .filter(EvictedWorkload::wantsPods)
                .mapToLong(workload -> workload.former(remembered, seen.at()).size())
                .sum();
        long gone = remembered.size() - left;
        return "Of the " + remembered.size() + " Pods that were there, " + gone + (gone == 1 ? " is" : " are")
                + " gone.";
    }

    private static StepResult done(StepSeen.OfEviction seen, List<FormerPod> remembered) {
        List<EvictedWorkload> running =
                seen.workloads().stream().filter(EvictedWorkload::wantsPods).toList();
        List<RestartedWorkload> stopped = seen.workloads().stream()
                .map(EvictedWorkload::workload)
                .filter(RestartedWorkload::atZero)
                .toList();
        String single = running.stream()
                .map(EvictedWorkload::workload)
                .filter(workload -> workload.wanted() == 1)
                .map(RestartedWorkload::text)
                .collect(Collectors.joining(", "));
        return StepResult.passed("All Pods of "
                + RestartStepType.names(
                        running.stream().map(EvictedWorkload::workload).toList())
                + " are new and available; "
                + (remembered.size() == 1
                        ? "the one that was there is gone."
                        : "the " + remembered.size() + " that were there are gone.")
                + (single.isEmpty() ? "" : " With one Pod, " + single + " was away until the new one was ready.")
                + (stopped.isEmpty() ? "" : " " + RestartStepType.atZero(stopped)));
    }

    /** What stands against it as things are, and what somebody should know before; the workloads exist. */
    static Optional<StepResult> foreseen(StepTurn turn, StepSeen.OfEviction seen) {
        List<FormerPod> there = all(seen);
        Optional<String> tooMany = tooMany(there);
        if (tooMany.isPresent()) {
            return Optional.of(StepResult.failed(Reason.WORKLOAD_UNSUITABLE, tooMany.get()));
        }
        List<String> findings = new ArrayList<>();
        for (EvictedWorkload workload : seen.workloads()) {
            if (!workload.wantsPods()) {
                continue;
            }
            EvictionRefusal refusal = workload.refusal();
            if (refusal != null) {
                Optional<String> never = refused(turn, workload, refusal);
                if (never.isPresent()) {
                    return Optional.of(StepResult.failed(Reason.REJECTED, never.get()));
                }
                findings.add(waits(turn, workload, refusal));
            }
            findings.addAll(toKnow(workload));
        }
        return Optional.of(
                findings.isEmpty()
                        ? StepResult.passed("There are " + there.size() + " now.")
                        : StepResult.findings(String.join(" ", findings)));
    }

    private static List<String> toKnow(EvictedWorkload workload) {
        String self = workload.workload().text();
        List<String> known = new ArrayList<>();
        if (workload.workload().wanted() == 1) {
            known.add(
                    self + " wants one Pod, so it is away from when that is evicted until the new one is ready. With a"
                            + " scale step before, one stays.");
        }
        if (workload.olderTemplate() > 0) {
            known.add(workload.olderTemplate() + " of " + workload.workload().wanted() + " Pods of " + self
                    + " are of an older template, and come back by the newest one"
                    + " (spec.updateStrategy.type is OnDelete).");
        }
        return known;
    }

    private static String namespace(StepTurn turn) {
        return turn.run().getMetadata().getNamespace();
    }

    private static StepProgress failed(Reason reason, String message) {
        return new StepProgress.Ended(StepResult.failed(reason, message));
    }
}

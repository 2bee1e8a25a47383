package dev.mainstay.core.runbook;

import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.api.runbook.FormerPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A workload whose Pods are evicted.
 *
 * @param workload the workload itself
 * @param pods those of its own that stay: none that has ended, or is being deleted
 * @param refusal why the API server does not evict the next one; null when it would, or that was not asked
 */
public record EvictedWorkload(RestartedWorkload workload, List<Pod> pods, EvictionRefusal refusal) {

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    /** Leaves out what no eviction changes: a deletion that has begun is not taken back. */
    public EvictedWorkload {
        pods = pods.stream().filter(EvictedWorkload::stays).toList();
    }

    private static boolean stays(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && (pod.getStatus() == null || !ENDED.contains(pod.getStatus().getPhase()));
    }

    /** The same, of which the API server would not evict a Pod. */
    public EvictedWorkload refused(EvictionRefusal why) {
        return new EvictedWorkload(workload, pods, why);
    }

    /** Whether it has Pods to be replaced, as far as it alone says. */
    boolean wantsPods() {
        return workload.exists() && !workload.atZero();
    }

    /** The Pods that were there at the beginning and still are: what works least first, and a StatefulSet's highest number. */
    List<Pod> former(List<FormerPod> remembered, Instant at) {
        Comparator<Pod> names = Comparator.<Pod>comparingInt(
                        pod -> pod.getMetadata().getName().length())
                .thenComparing(pod -> pod.getMetadata().getName());
        return pods.stream()
                .filter(pod -> isIn(pod, remembered))
                .sorted(Comparator.<Pod, Boolean>comparing(pod -> isAvailable(pod, at))
                        .thenComparing(workload.kind() == WorkloadKind.STATEFUL_SET ? names.reversed() : names))
                .toList();
    }

    private static boolean isIn(Pod pod, List<FormerPod> remembered) {
        return remembered.stream()
                .anyMatch(former -> former.uid().equals(pod.getMetadata().getUid()));
    }

    /** The Pod to be evicted now, if the API server takes it; empty while another one is waited for, or none is left. */
    Optional<Pod> next(List<FormerPod> remembered, Instant at) {
        if (!wantsPods()) {
            return Optional.empty();
        }
        boolean replaced = pods.size() >= workload.wanted()
                && pods.stream().filter(pod -> !isIn(pod, remembered)).allMatch(pod -> isAvailable(pod, at));
        // One that does not work is missed by nobody, and may be why the step is there.
        return former(remembered, at).stream()
                .findFirst()
                .filter(pod -> replaced && (available(at) >= workload.wanted() || !isAvailable(pod, at)));
    }

    /** Whether it has all the Pods that it wants, and they are available. */
    boolean complete(Instant at) {
        return available(at) >= workload.wanted();
    }

    /** How many Pods are available. */
    long available(Instant at) {
        return pods.stream().filter(pod -> isAvailable(pod, at)).count();
    }

    /** As its controller counts: ready, and for as long as the workload says. */
    private boolean isAvailable(Pod pod, Instant at) {
        long seconds = workload.json().path("spec").path("minReadySeconds").asLong(0);
        return ready(pod).stream()
                .anyMatch(condition ->
                        seconds == 0 || !since(condition).plusSeconds(seconds).isAfter(at));
    }

    /** Whether a Pod is ready. */
    static boolean isReady(Pod pod) {
        return !ready(pod).isEmpty();
    }

    private static List<PodCondition> ready(Pod pod) {
        return pod.getStatus() == null
                ? List.of()
                : pod.getStatus().getConditions().stream()
                        .filter(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .toList();
    }

    private static Instant since(PodCondition condition) {
        try {
            return Instant.parse(String.valueOf(condition.getLastTransitionTime()));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** How many Pods of a StatefulSet come back by another template than theirs, which nothing has rolled out; else 0. */
    int olderTemplate() {
        boolean onDelete = workload.json()
                .path("spec")
                .path("updateStrategy")
                .path("type")
                .asText()
                .equals("OnDelete");
        return onDelete
                ? Math.max(
                        0,
                        workload.wanted()
                                - workload.json()
                                        .path("status")
                                        .path("updatedReplicas")
                                        .asInt(workload.wanted()))
                : 0;
    }
}

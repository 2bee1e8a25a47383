package dev.mainstay.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.rollback.Managers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A workload as the API server has it, as far as stopping and giving back look at it.
 *
 * @param kind its kind
 * @param name its name
 * @param json the whole object; null when there is none, or it can't be read
 * @param replicaSets those that the selector of a Deployment fits
 * @param pods those that its selector fits; some of them may be another one's
 * @param refusal what the API server said when it did not let this be read; else null
 * @param passes whether that may pass by itself: nobody has refused it, it could not be answered
 */
public record WorkloadSeen(
        StoppableKind kind,
        String name,
        JsonNode json,
        List<JsonNode> replicaSets,
        List<JsonNode> pods,
        String refusal,
        boolean passes) {

    public WorkloadSeen(
            StoppableKind kind,
            String name,
            JsonNode json,
            List<JsonNode> replicaSets,
            List<JsonNode> pods,
            String refusal) {
        this(kind, name, json, replicaSets, pods, refusal, false);
    }

    /** One that does not exist. */
    public static WorkloadSeen missing(StoppableKind kind, String name) {
        return new WorkloadSeen(kind, name, null, List.of(), List.of(), null);
    }

    /** One that can't be read. */
    public static WorkloadSeen unreadable(StoppableKind kind, String name, String refusal) {
        return new WorkloadSeen(kind, name, null, List.of(), List.of(), refusal);
    }

    /** One that could not be read just now. */
    public static WorkloadSeen unanswered(StoppableKind kind, String name, String failure) {
        return new WorkloadSeen(kind, name, null, List.of(), List.of(), failure, true);
    }

    /** Whether it is there. */
    public boolean exists() {
        return json != null;
    }

    /** Its uid: one made again under the same name has another. */
    public String uid() {
        return json.path("metadata").path("uid").asText();
    }

    /** How many replicas are wanted. */
    public int replicas() {
        return json.path("spec").path("replicas").asInt(1);
    }

    /** Whether a CronJob is suspended. */
    public boolean suspended() {
        return json.path("spec").path("suspend").asBoolean(false);
    }

    /** Whether it was told to stop; Pods of it may still run. */
    public boolean toldToStop() {
        return kind == StoppableKind.CRON_JOB ? suspended() : replicas() == 0;
    }

    /** What is still to come before nothing of it runs, in words; empty when nothing runs, nor comes any more. */
    Optional<String> leftovers() {
        if (kind == StoppableKind.CRON_JOB) {
            return Optional.empty();
        }
        List<String> running = runningPods();
        if (!running.isEmpty()) {
            return Optional.of(
                    "Pod " + some(running) + " of " + text() + " still " + (running.size() == 1 ? "exists" : "exist"));
        }
        // Who makes its Pods may still be at what it was told before.
        return settled() ? Optional.empty() : Optional.of("the controller of " + text() + " has not seen that yet");
    }

    private boolean settled() {
        return observed(json)
                && ownReplicaSets()
                        .allMatch(replicaSet ->
                                replicaSet.path("spec").path("replicas").asInt(1) == 0 && observed(replicaSet));
    }

    private static boolean observed(JsonNode object) {
        return object.path("status").path("observedGeneration").asLong()
                >= object.path("metadata").path("generation").asLong();
    }

    /** How long its Pods may take to end, as they themselves say. */
    Duration grace() {
        return Duration.ofSeconds(pods.stream()
                .filter(this::isOwn)
                .mapToLong(pod ->
                        pod.path("spec").path("terminationGracePeriodSeconds").asLong())
                .max()
                .orElse(0));
    }

    /** Pods of it whose containers run or may still run, those that are being deleted too: one that was evicted stays for long. */
    List<String> runningPods() {
        return pods.stream()
                .filter(this::isOwn)
                .filter(pod -> !Set.of("Succeeded", "Failed")
                        .contains(pod.path("status").path("phase").asText()))
                .map(pod -> pod.path("metadata").path("name").asText())
                .sorted()
                .toList();
    }

    /** A Pod whose ReplicaSet is gone already may run still, and may be this one's. */
    private boolean isOwn(JsonNode pod) {
        JsonNode owner = controller(pod);
        if (kind == StoppableKind.STATEFUL_SET) {
            return uid().equals(owner.path("uid").asText());
        }
        if (!"ReplicaSet".equals(owner.path("kind").asText())) {
            return false;
        }
        String replicaSet = owner.path("uid").asText();
        Set<String> others = replicaSets.stream()
                .filter(other -> !uid().equals(controller(other).path("uid").asText()))
                .map(other -> other.path("metadata").path("uid").asText())
                .collect(Collectors.toSet());
        return !others.contains(replicaSet);
    }

    private Stream<JsonNode> ownReplicaSets() {
        return replicaSets.stream()
                .filter(replicaSet ->
                        uid().equals(controller(replicaSet).path("uid").asText()));
    }

    private static JsonNode controller(JsonNode object) {
        return StreamSupport.stream(
                        object.path("metadata").path("ownerReferences").spliterator(), false)
                .filter(owner -> owner.path("controller").asBoolean())
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    /** Whether its volumes go with the Pods that it has fewer. */
    public boolean losesVolumes() {
        return kind == StoppableKind.STATEFUL_SET
                && "Delete"
                        .equals(json.path("spec")
                                .path("persistentVolumeClaimRetentionPolicy")
                                .path("whenScaled")
                                .asText());
    }

    /** Whether it has no more Pods than these, by a controller that has seen what is wanted now. */
    public boolean hasAtMost(int pods) {
        return observed(json) && json.path("status").path("replicas").asInt(0) <= pods;
    }

    /** Whether so many of its Pods are ready, by a controller that has seen what is wanted now. */
    public boolean hasReady(int pods) {
        return observed(json) && ready() >= pods;
    }

    /** Jobs that a CronJob has begun and that have not ended: suspending it does not stop them. */
    List<String> runningJobs() {
        return StreamSupport.stream(json.path("status").path("active").spliterator(), false)
                .map(job -> job.path("name").asText())
                .sorted()
                .toList();
    }

    /** How many of its Pods are ready. */
    public int ready() {
        return json.path("status").path("readyReplicas").asInt(0);
    }

    /** What says whether it is to run. */
    public String field() {
        return kind == StoppableKind.CRON_JOB ? "suspend" : "replicas";
    }

    /** What says whether it is to run, for people: {@code 3 replicas}. */
    public String state() {
        if (kind == StoppableKind.CRON_JOB) {
            return suspended() ? "is suspended" : "is not suspended";
        }
        return "has " + replicas() + (replicas() == 1 ? " replica" : " replicas");
    }

    /** Who wrote that last. */
    public String writer() {
        return Managers.of(json, field());
    }

    /** For people: {@code Deployment web}. */
    public String text() {
        return kind.text() + " " + name;
    }

    private static String some(List<String> names) {
        return names.size() <= 3
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 3)) + " and " + (names.size() - 3) + " more";
    }
}

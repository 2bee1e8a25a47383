package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Pod that runs the target of a rollback.
 *
 * @param name its name
 * @param trouble why it will not come up by itself; null when nothing speaks against it
 * @param digests digests of the images that its containers run, as far as the runtime tells
 */
public record TargetPod(String name, String trouble, Map<String, String> digests) {

    private static final String CRASHES = "CrashLoopBackOff";
    private static final int SAID = 250;

    /** Waiting for these to pass is what hangs a rollout until its deadline (kubectl issue 738). */
    private static final Set<String> HOPELESS = Set.of(
            CRASHES,
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    /** In the first moments the Pod that is to go still takes the room of the one that comes. */
    private static final Duration SCHEDULING = Duration.ofSeconds(10);

    /** Longer than this nobody waits for a Pod that is going. */
    private static final Duration LONGEST_GOING = Duration.ofMinutes(1);

    /** What is seen of a Pod. */
    public static TargetPod of(Pod pod, Instant now) {
        List<ContainerStatus> statuses = pod.getStatus() == null
                ? List.of()
                : Stream.concat(
                                pod.getStatus().getInitContainerStatuses().stream(),
                                pod.getStatus().getContainerStatuses().stream())
                        .toList();
        Map<String, String> digests = new HashMap<>();
        statuses.forEach(status -> Optional.ofNullable(Images.digest(status.getImageID()))
                .ifPresent(digest -> digests.put(status.getName(), digest)));
        String name = pod.getMetadata().getName();
        String namespace = pod.getMetadata().getNamespace();
        String trouble = statuses.stream()
                .flatMap(status -> hopeless(status).map(why -> why + ". " + lookAt(status, name, namespace)).stream())
                .findFirst()
                .or(() -> unschedulable(pod, now).map(why -> why + ". " + describe("pod", name, namespace)))
                .map(why -> "Pod " + name + why)
                .orElse(null);
        return new TargetPod(name, trouble, digests);
    }

    /**
     * What stands in the place of a Pod that a ReplicaSet can't make: a quota, a policy; empty when it makes all, or may soon. A
     * Pod that is going counts in a quota until it is gone.
     */
    public static Optional<TargetPod> missing(JsonNode replicaSet, Instant now) {
        String name = replicaSet.path("metadata").path("name").asText();
        for (JsonNode condition : replicaSet.path("status").path("conditions")) {
            if ("ReplicaFailure".equals(condition.path("type").asText())
                    && "True".equals(condition.path("status").asText())
                    && !mayPass(condition, replicaSet, now)) {
                return Optional.of(new TargetPod(
                        name,
                        "ReplicaSet " + name + " can't make its Pods: "
                                + said(condition.path("message").asText()) + ". "
                                + describe(
                                        "replicaset",
                                        name,
                                        replicaSet
                                                .path("metadata")
                                                .path("namespace")
                                                .asText()),
                        Map.of()));
            }
        }
        return Optional.empty();
    }

    private static boolean mayPass(JsonNode condition, JsonNode replicaSet, Instant now) {
        if (!condition.path("message").asText().contains("exceeded quota")) {
            return false;
        }
        Duration going = Duration.ofSeconds(replicaSet
                .path("spec")
                .path("template")
                .path("spec")
                .path("terminationGracePeriodSeconds")
                .asLong(0));
        Duration patience = going.compareTo(LONGEST_GOING) > 0 ? LONGEST_GOING : going;
        return Instant.parse(condition.path("lastTransitionTime").asText("1970-01-01T00:00:00Z"))
                .plus(patience)
                .plus(SCHEDULING)
                .isAfter(now);
    }

    private static Optional<String> hopeless(ContainerStatus status) {
        ContainerState state = status.getState();
        if (state == null
                || state.getWaiting() == null
                || state.getWaiting().getReason() == null
                || !HOPELESS.contains(state.getWaiting().getReason())) {
            return Optional.empty();
        }
        String message = state.getWaiting().getMessage();
        ContainerState last = status.getLastState();
        String exit = last == null || last.getTerminated() == null
                ? ""
                : ", last exit code " + last.getTerminated().getExitCode();
        return Optional.of(", container " + status.getName() + ": "
                + state.getWaiting().getReason()
                + (message == null || message.isBlank() ? "" : " (" + said(message) + ")") + exit);
    }

    private static Optional<String> unschedulable(Pod pod, Instant now) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> "PodScheduled".equals(condition.getType())
                                && "False".equals(condition.getStatus())
                                && "Unschedulable".equals(condition.getReason()))
                        .filter(condition -> since(condition).plus(SCHEDULING).isBefore(now))
                        .findFirst()
                        .map(condition -> " is taken by no node: " + said(condition.getMessage()));
    }

    /** Of a container that ended its last words tell; one that never began has none. */
    private static String lookAt(ContainerStatus status, String pod, String namespace) {
        return CRASHES.equals(status.getState().getWaiting().getReason())
                ? "Its last words: kubectl logs " + pod + " --container " + status.getName()
                        + " --previous --namespace " + namespace
                : describe("pod", pod, namespace);
    }

    private static String describe(String kind, String name, String namespace) {
        return "What is known: kubectl describe " + kind + " " + name + " --namespace " + namespace;
    }

    /** So short that what comes after it is still read. */
    private static String said(String message) {
        return message == null ? "" : StatusRoom.cut(message.strip().replaceFirst("[.]$", ""), SAID);
    }

    private static Instant since(PodCondition condition) {
        return condition.getLastTransitionTime() == null
                ? Instant.EPOCH
                : Instant.parse(condition.getLastTransitionTime());
    }
}

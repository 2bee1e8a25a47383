package dev.mainstay.controller.backup;

import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.task.RunnerPods;
import dev.mainstay.core.Texts;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is seen of Jobs and Pods, out of the objects. */
public final class JobObservations {

    private static final Duration TIME_TO_END = Duration.ofMinutes(1);

    /** Most characters of what is told of a container that could not be started. */
    private static final int MOST_SAID = 300;

    private JobObservations() {}

    /** A Job and its Pods as the cache has them. */
    public static JobObservation of(Job job, List<Pod> pods, String ownerUid) {
        Optional<JobCondition> end = end(job);
        Pod newest = pods.stream()
                .max(Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .orElse(null);
        String startBy = job.getMetadata().getAnnotations() == null
                ? null
                : job.getMetadata().getAnnotations().get(BackupJobs.START_BY);
        return new JobObservation(
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getMetadata().getOwnerReferences().stream()
                        .anyMatch(
                                owner -> Boolean.TRUE.equals(owner.getController()) && ownerUid.equals(owner.getUid())),
                job.getMetadata().getDeletionTimestamp() != null,
                endedAt(job).isPresent(),
                startBy == null ? null : Instant.parse(startBy),
                endBy(job),
                end.isPresent(),
                end.filter(condition -> "Failed".equals(condition.getType()))
                        .map(condition -> condition.getReason() + ", " + condition.getMessage())
                        .orElse(null),
                hadPod(job.getStatus()),
                newest == null ? List.of() : finishedBackups(job, pod(newest)),
                newest == null ? null : pod(newest));
    }

    /**
     * A Job as the API server has it now; empty when it is gone. The Job first: of one that has ended, no Pod can be missed
     * then that was still to end.
     */
    public static Optional<JobObservation> fresh(JobClient client, String namespace, String name, String ownerUid) {
        return client.fresh(namespace, name).map(job -> of(job, client.freshPods(namespace, name), ownerUid));
    }

    /**
     * A Job and its Pods as the cache has them, or as the API server has them now: that it has ended without a result may not
     * rest on caches that are filled by two watches.
     */
    public static JobObservation certain(JobClient client, Job job, List<Pod> pods, String ownerUid, Instant now) {
        JobObservation observed = of(job, pods, ownerUid);
        boolean silent = observed.pod() == null
                || TaskJson.readResult(observed.pod().terminationMessage()).isEmpty();
        return silent && observed.dead(now)
                ? fresh(
                                client,
                                job.getMetadata().getNamespace(),
                                job.getMetadata().getName(),
                                ownerUid)
                        .orElse(observed)
                : observed;
    }

    /** What its task says is of use beside the answer only. */
    private static List<String> finishedBackups(Job job, PodObservation pod) {
        if (!pod.ended() || job.getSpec() == null) {
            return List.of();
        }
        return job.getSpec().getTemplate().getSpec().getContainers().stream()
                .filter(container -> RunnerPods.CONTAINER.equals(container.getName()))
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> Task.ENVIRONMENT_VARIABLE.equals(variable.getName()))
                .findFirst()
                .flatMap(variable -> task(variable.getValue()))
                .map(Task::retention)
                .map(Task.Retention::finished)
                .orElse(List.of());
    }

    /** A Job of another version is read as far as possible, and waited for all the same. */
    private static Optional<Task> task(String json) {
        try {
            return Optional.of(TaskJson.readTask(json));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** When the operator told it to end, which its deadline says no more than that it did. */
    private static Optional<Instant> endedAt(Job job) {
        return Optional.ofNullable(job.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(JobClient.ENDED_AT))
                .map(Instant::parse);
    }

    /** The Job's own deadline, and the time that a Pod has to end after it. */
    private static Instant endBy(Job job) {
        Optional<Instant> endedAt = endedAt(job);
        if (endedAt.isPresent()) {
            return endedAt.get().plus(TIME_TO_END);
        }
        JobStatus status = job.getStatus();
        if (status == null
                || status.getStartTime() == null
                || job.getSpec() == null
                || job.getSpec().getActiveDeadlineSeconds() == null) {
            return null;
        }
        return Instant.parse(status.getStartTime())
                .plusSeconds(job.getSpec().getActiveDeadlineSeconds())
                .plus(TIME_TO_END);
    }

    /** The Job controller counts a Pod before it lets go of it. */
    private static boolean hadPod(JobStatus status) {
        return status != null
                && (counts(status.getActive())
                        || counts(status.getTerminating())
                        || counts(status.getFailed())
                        || counts(status.getSucceeded())
                        || status.getUncountedTerminatedPods() != null
                                && (!status.getUncountedTerminatedPods()
                                                .getFailed()
                                                .isEmpty()
                                        || !status.getUncountedTerminatedPods()
                                                .getSucceeded()
                                                .isEmpty()));
    }

    private static boolean counts(Integer number) {
        return number != null && number > 0;
    }

    private static Optional<JobCondition> end(Job job) {
        if (job.getStatus() == null) {
            return Optional.empty();
        }
        return job.getStatus().getConditions().stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .filter(condition -> "Failed".equals(condition.getType()) || "Complete".equals(condition.getType()))
                .findFirst();
    }

    static PodObservation pod(Pod pod) {
        ContainerState state = pod.getStatus() == null
                ? null
                : pod.getStatus().getContainerStatuses().stream()
                        .filter(status -> RunnerPods.CONTAINER.equals(status.getName()))
                        .map(ContainerStatus::getState)
                        .findFirst()
                        .orElse(null);
        ContainerStateTerminated terminated = state == null ? null : state.getTerminated();
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        boolean ended = terminated != null || "Failed".equals(phase) || "Succeeded".equals(phase);
        Optional<ContainerStateWaiting> waiting = waiting(pod, state);
        return new PodObservation(
                pod.getMetadata().getName(),
                pod.getMetadata().getDeletionTimestamp() == null
                        ? null
                        : Instant.parse(pod.getMetadata().getDeletionTimestamp()),
                pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
                startedAt(state),
                ended,
                terminated == null ? null : terminated.getMessage(),
                ended ? exit(pod, terminated) : null,
                unschedulable(pod),
                waiting.map(ContainerStateWaiting::getReason).orElse(null),
                waiting.map(ContainerStateWaiting::getMessage).orElse(null),
                eviction(pod));
    }

    /** A container that waits for one before it says nothing but that; the one before says why. */
    private static Optional<ContainerStateWaiting> waiting(Pod pod, ContainerState state) {
        Optional<ContainerStateWaiting> own = Optional.ofNullable(state).map(ContainerState::getWaiting);
        return own.isEmpty()
                ? own
                : pod.getStatus().getInitContainerStatuses().stream()
                        .map(ContainerStatus::getState)
                        .filter(before -> before != null && before.getWaiting() != null)
                        .map(ContainerState::getWaiting)
                        .findFirst()
                        .or(() -> own);
    }

    private static String eviction(Pod pod) {
        return pod.getStatus() != null && "Evicted".equals(pod.getStatus().getReason())
                ? pod.getStatus().getMessage()
                : null;
    }

    private static Instant startedAt(ContainerState state) {
        String started = null;
        if (state != null && state.getRunning() != null) {
            started = state.getRunning().getStartedAt();
        } else if (state != null && state.getTerminated() != null) {
            started = state.getTerminated().getStartedAt();
        }
        // A container that could not even be made "started" at the beginning of the epoch.
        return started == null || !Instant.parse(started).isAfter(Instant.EPOCH) ? null : Instant.parse(started);
    }

    private static String exit(Pod pod, ContainerStateTerminated terminated) {
        if (terminated == null) {
            String reason = pod.getStatus().getReason();
            return reason != null
                    ? reason
                    : endedBefore(pod).orElse("phase " + pod.getStatus().getPhase());
        }
        String reason = pod.getStatus().getReason() != null ? pod.getStatus().getReason() : terminated.getReason();
        return (reason == null ? "ended" : reason) + " (exit code " + terminated.getExitCode() + ")";
    }

    /** A container that runs before the runner's, and without whose success that one does not begin. */
    private static Optional<String> endedBefore(Pod pod) {
        return pod.getStatus().getInitContainerStatuses().stream()
                .filter(status -> status.getState() != null && status.getState().getTerminated() != null)
                .filter(status -> status.getState().getTerminated().getExitCode() != 0)
                .map(status -> "its container " + status.getName() + " did not do its part, "
                        + exit(status.getState().getTerminated()))
                .findFirst();
    }

    private static String exit(ContainerStateTerminated terminated) {
        return terminated.getReason() + " (exit code " + terminated.getExitCode() + ")"
                + (terminated.getMessage() == null
                        ? ""
                        : ", "
                                + Texts.cut(terminated.getMessage(), MOST_SAID, "…")
                                        .strip());
    }

    private static String unschedulable(Pod pod) {
        if (pod.getStatus() == null) {
            return null;
        }
        return pod.getStatus().getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                .map(PodCondition::getMessage)
                .findFirst()
                .orElse(null);
    }
}

package dev.mainstay.controller.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.controller.backup.BackupJobs;
import dev.mainstay.core.runbook.CustomJobSeen;
import dev.mainstay.core.runbook.CustomJobSeen.Exit;
import dev.mainstay.core.runbook.JobStepType;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Jobs of steps' own templates: how they are made, and what is seen of them. */
final class CustomJobs {

    private CustomJobs() {}

    /**
     * The Job of an attempt.
     *
     * @throws IllegalArgumentException when the template is none
     */
    static Job job(StepTurn turn, ObjectNode template) {
        PodTemplateSpec pods = TaskJson.mapper().convertValue(template, PodTemplateSpec.class);
        Map<String, String> labels = Map.of(
                Annotations.OWNER_UID,
                turn.run().getMetadata().getUid(),
                Annotations.TASK,
                TaskKind.STEP.text(),
                Annotations.ATTEMPT,
                String.valueOf(turn.attempt()));
        Map<String, String> owner =
                Map.of(BackupJobs.OWNER_NAME, turn.run().getMetadata().getName());
        return new JobBuilder()
                .withNewMetadata()
                .withName(JobStepType.jobName(turn))
                .withNamespace(turn.run().getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(owner)
                .addNewOwnerReference()
                .withApiVersion(turn.run().getApiVersion())
                .withKind(turn.run().getKind())
                .withName(turn.run().getMetadata().getName())
                .withUid(turn.run().getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withPodReplacementPolicy("Failed")
                .withActiveDeadlineSeconds(JobStepType.limit(turn).toSeconds())
                .withTemplate(new PodTemplateSpecBuilder(pods)
                        .editOrNewMetadata()
                        .addToLabels(labels)
                        .addToAnnotations(owner)
                        .endMetadata()
                        .build())
                .endSpec()
                .build();
    }

    /** Whether the run of that uid is its controller. */
    static boolean ours(Job job, String uid) {
        return job.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()) && uid.equals(owner.getUid()));
    }

    /** What is seen of a Job and its Pods. */
    static CustomJobSeen.Made seen(Job job, List<Pod> pods, String uid) {
        return new CustomJobSeen.Made(
                job.getMetadata().getName(),
                Instant.parse(job.getMetadata().getCreationTimestamp()),
                ours(job, uid),
                condition(job, "Complete").isPresent(),
                condition(job, "Failed")
                        .map(condition -> condition.getReason() + ": " + condition.getMessage())
                        .orElse(null),
                pods.stream()
                        .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                        .map(CustomJobs::pod)
                        .orElse(null));
    }

    private static Optional<JobCondition> condition(Job job, String type) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .findFirst();
    }

    private static CustomJobSeen.Pod pod(Pod pod) {
        List<ContainerStatus> containers = pod.getStatus() == null
                ? List.of()
                : Stream.concat(
                                pod.getStatus().getInitContainerStatuses().stream(),
                                pod.getStatus().getContainerStatuses().stream())
                        .filter(status -> status.getState() != null)
                        .toList();
        Optional<String> waiting = containers.stream()
                .map(status -> status.getState().getWaiting())
                .filter(state -> state != null && state.getMessage() != null)
                .map(state -> state.getReason() + ": " + state.getMessage())
                .findFirst()
                .or(() -> unscheduled(pod));
        return new CustomJobSeen.Pod(
                pod.getMetadata().getName(),
                waiting.orElse(null),
                containers.stream()
                        .filter(status -> status.getState().getTerminated() != null)
                        .filter(status -> status.getState().getTerminated().getExitCode() != 0)
                        .map(status -> new Exit(
                                status.getName(),
                                status.getState().getTerminated().getExitCode(),
                                status.getState().getTerminated().getReason()))
                        .toList());
    }

    private static Optional<String> unscheduled(Pod pod) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> "PodScheduled".equals(condition.getType())
                                && "False".equals(condition.getStatus())
                                && condition.getMessage() != null)
                        .map(condition -> condition.getReason() + ": " + condition.getMessage())
                        .findFirst();
    }
}

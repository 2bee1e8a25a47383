package dev.mainstay.core.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.core.rollback.DeploymentState;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A workload that a step restarts, as the API server has it.
 *
 * @param kind its kind
 * @param name its name
 * @param json the whole object; null when there is none
 * @param refusal why the API server would not take the restart; null when it would, or that was not asked
 */
public record RestartedWorkload(WorkloadKind kind, String name, JsonNode json, Refusal refusal) {

    /**
     * What the API server said.
     *
     * @param forbidden whether a right or a policy stands against it
     */
    public record Refusal(boolean forbidden, String message) {}

    /** The same, which the API server would not take. */
    public RestartedWorkload refused(boolean forbidden, String message) {
        return new RestartedWorkload(kind, name, json, new Refusal(forbidden, message));
    }

    /** Whether it is the same object, be it changed, as another look has found. */
    public boolean sameAs(RestartedWorkload other) {
        return json != null
                && json.path("metadata")
                        .path("uid")
                        .equals(other.json.path("metadata").path("uid"));
    }

    /** Whether it is there, and stays. */
    boolean exists() {
        return json != null && !json.path("metadata").hasNonNull("deletionTimestamp");
    }

    /** Whether it wants no Pods. */
    boolean atZero() {
        return wanted() == 0;
    }

    /**
     * Whether it was restarted since an attempt began, by whomever: of two attempts at one time the later one's mark holds for
     * both, and none writes over the other for ever.
     */
    boolean restartedSince(Instant attemptedAt) {
        String mark = json.path("spec")
                .path("template")
                .path("metadata")
                .path("annotations")
                .path(Annotations.RESTARTED_AT)
                .asText("");
        try {
            return !Instant.parse(mark).isBefore(attemptedAt);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Whether the attempt of that name has restarted it. */
    boolean markedBy(String attempt) {
        return attempt.equals(json.path("metadata")
                .path("annotations")
                .path(Annotations.RESTARTED_BY)
                .asText());
    }

    /** Whether a change of its template makes no new Pods until somebody resumes it. */
    boolean paused() {
        return json.path("spec").path("paused").asBoolean(false);
    }

    /** Why no change of its template ever replaces its Pods; empty when one does. */
    Optional<String> unsuitable() {
        if (kind != WorkloadKind.STATEFUL_SET) {
            return Optional.empty();
        }
        if (json.path("spec").path("updateStrategy").path("type").asText().equals("OnDelete")) {
            return Optional.of(
                    "spec.updateStrategy.type is OnDelete, so its Pods are replaced only when somebody deletes them."
                            + " Set RollingUpdate, or use method: Eviction, which replaces them one after the other.");
        }
        return kept() >= wanted() && wanted() > 0
                ? Optional.of("spec.updateStrategy.rollingUpdate.partition is " + kept() + ", so none of its "
                        + wanted() + " Pods would be replaced. Set it to 0.")
                : Optional.empty();
    }

    /** How many Pods of a StatefulSet its partition keeps from being replaced. */
    int kept() {
        return json.path("spec")
                .path("updateStrategy")
                .path("rollingUpdate")
                .path("partition")
                .asInt(0);
    }

    /** What its controller says of a rollout that stands still since the restart; empty when it does not. */
    Optional<String> standsStill(Instant attemptedAt) {
        return kind == WorkloadKind.DEPLOYMENT
                ? new DeploymentState(json).deadlineExceeded(attemptedAt)
                : Optional.empty();
    }

    /** What is still to come, in words; empty when all Pods are new and available. */
    Optional<String> toCome() {
        if (kind == WorkloadKind.DEPLOYMENT) {
            DeploymentState deployment = new DeploymentState(json);
            return deployment.rolledOut() ? Optional.empty() : Optional.of(deployment.progress());
        }
        if (status("observedGeneration")
                < json.path("metadata").path("generation").asLong()) {
            return Optional.of("its controller has not seen the change yet");
        }
        int replaced = wanted() - kept();
        if (status("updatedReplicas") < replaced) {
            return Optional.of(status("updatedReplicas") + " of " + replaced + " Pods are updated");
        }
        return status("availableReplicas") < wanted()
                ? Optional.of(status("availableReplicas") + " of " + wanted() + " Pods are available")
                : Optional.empty();
    }

    /** How many Pods it wants. */
    int wanted() {
        return json.path("spec").path("replicas").asInt(1);
    }

    /** Its Pods, as kubectl selects them. */
    String selector() {
        return new DeploymentState(json).selector();
    }

    private long status(String field) {
        return json.path("status").path(field).asLong();
    }

    /** As people name it. */
    String text() {
        return kind.text() + " " + name;
    }
}

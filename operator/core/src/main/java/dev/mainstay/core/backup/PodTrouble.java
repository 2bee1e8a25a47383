package dev.mainstay.core.backup;

import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Set;

/** Why a Job's Pod does not start, or ended without a result: in the words that a person can act on. */
public final class PodTrouble {

    private static final Set<String> IMAGE_REASONS = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    private PodTrouble() {}

    /** Why the Job's container has not started. */
    public static Failure notStarted(JobObservation job) {
        PodObservation pod = job.pod();
        if (pod == null) {
            String said = job.finishedMessage() == null ? "" : " The Job says: " + job.finishedMessage() + ".";
            return failure(
                    Reason.QUOTA_EXCEEDED,
                    "Job " + job.name() + " has no Pod: a quota or an admission policy of the namespace refuses it, or"
                            + " spec.jobTemplate of the ManagedApplication names a class that does not exist." + said
                            + " " + describe("job", job.name(), job) + " tells which.");
        }
        if (pod.unschedulable() != null) {
            return failure(
                    Reason.UNSCHEDULABLE,
                    "No node takes Pod " + pod.name() + ": " + pod.unschedulable()
                            + " Make room, or correct spec.jobTemplate of the ManagedApplication.");
        }
        if (pod.waitingReason() != null && IMAGE_REASONS.contains(pod.waitingReason())) {
            return failure(
                    Reason.IMAGE_PULL_FAILED,
                    "The image of Pod " + pod.name() + " can't be pulled: " + waiting(pod)
                            + " Check runner.image in the chart's values (of a restore test in its own Pod:"
                            + " runner.postgresImage; of a dependencyAudit's container npm: the workload's image) and spec.jobTemplate.imagePullSecrets of the"
                            + " ManagedApplication.");
        }
        String why = pod.waitingReason() == null ? "nothing says why." : waiting(pod);
        if (why.contains("runAsNonRoot")) {
            why +=
                    " Set spec.jobTemplate.runAsUser of the ManagedApplication to a user that may read the image's files.";
        }
        return failure(
                Reason.POD_FAILED,
                "The container of Pod " + pod.name() + " does not start: " + why + " "
                        + describe("pod", pod.name(), job) + " tells more.");
    }

    /** How a task ended that told no result. */
    public static Failure withoutResult(String what, JobObservation job) {
        if (job == null) {
            return failure(
                    Reason.POD_FAILED,
                    "The Job of " + what + " is gone and left no result: somebody deleted it, or its node was lost.");
        }
        PodObservation pod = job.pod();
        if (pod == null) {
            String said = job.finishedMessage() == null ? "." : ": " + job.finishedMessage() + ".";
            return failure(
                    Reason.POD_FAILED,
                    "The Pod of Job " + job.name() + " is gone and left no result" + said
                            + " It was deleted or evicted, or its node was lost.");
        }
        if (!pod.ended() && pod.goneBy() != null) {
            String node = pod.node() == null ? "its node" : "node " + pod.node();
            return failure(
                    Reason.POD_FAILED,
                    "Pod " + pod.name() + " was to be gone by " + pod.goneBy() + " and is still there: " + node
                            + " does not answer. `kubectl get nodes` tells; if it does not come back, take it out of the"
                            + " cluster.");
        }
        if (!pod.ended()) {
            return failure(
                    Reason.POD_FAILED,
                    "Pod " + pod.name() + " should have ended by " + job.endBy()
                            + " and did not. Its node may be lost: `kubectl get nodes` tells.");
        }
        String exit = pod.exit() == null ? "without a word" : pod.exit();
        return failure(
                Reason.POD_FAILED,
                "Pod " + pod.name() + " ended without a result: " + exit + "." + PodEviction.words(pod)
                        + " Look at the node and at the limits in spec.jobTemplate.resources.");
    }

    /** Why a Job has no Pod is told by its Events alone, which the operator may not read. */
    static String withoutPod(JobObservation job) {
        return "Job " + job.name()
                + " was made and has no Pod yet. If it stays so, a quota or an admission policy of the"
                + " namespace refuses it, or spec.jobTemplate of the ManagedApplication names a class that does not exist: "
                + describe("job", job.name(), job) + " tells which.";
    }

    private static String describe(String kind, String name, JobObservation job) {
        return "`kubectl describe " + kind + " " + name + " --namespace " + job.namespace() + "`";
    }

    private static String waiting(PodObservation pod) {
        return pod.waitingMessage() == null
                ? pod.waitingReason() + "."
                : pod.waitingReason() + ", " + pod.waitingMessage() + ".";
    }

    private static Failure failure(Reason reason, String message) {
        return new Failure(reason.text(), message, List.of());
    }
}

package dev.mainstay.core.workload;

import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Why a workload can't be stopped.
 *
 * @param reason what is wrong
 * @param message what was found, and what to do
 */
public record StopRefusal(Reason reason, String message) {

    /**
     * What stands against stopping a workload; empty when nothing does. An ordinary HorizontalPodAutoscaler does not: it does
     * nothing at zero replicas, and goes on when there are some again.
     *
     * @param autoscalers those of the namespace
     */
    public static Optional<StopRefusal> of(WorkloadSeen seen, String namespace, List<AutoscalerState> autoscalers) {
        if (seen.refusal() != null) {
            return Optional.of(new StopRefusal(
                    seen.passes() ? Reason.REJECTED : Reason.FORBIDDEN,
                    seen.text() + " can't be read, so that it can't be stopped: " + seen.refusal()));
        }
        if (!seen.exists()) {
            return Optional.of(new StopRefusal(
                    Reason.WORKLOAD_NOT_FOUND,
                    seen.text() + " is to be stopped and does not exist. Create it, or take it out of spec."
                            + (seen.kind() == StoppableKind.CRON_JOB ? "cronJobs" : "workloads")
                            + " of the ManagedApplication."));
        }
        return deletesData(seen).or(() -> scaledByKeda(seen, namespace, autoscalers));
    }

    /** At zero replicas such a StatefulSet would lose what its Pods have stored. */
    private static Optional<StopRefusal> deletesData(WorkloadSeen seen) {
        return seen.losesVolumes()
                ? Optional.of(new StopRefusal(
                        Reason.WORKLOAD_UNSUITABLE,
                        seen.text()
                                + " has spec.persistentVolumeClaimRetentionPolicy.whenScaled: Delete, so that stopping it"
                                + " would delete its volumes. Set that to Retain, or leave the workload running."))
                : Optional.empty();
    }

    /** KEDA starts what it scales when there is work, at zero replicas too; the autoscaler that it makes goes when it is paused. */
    private static Optional<StopRefusal> scaledByKeda(
            WorkloadSeen seen, String namespace, List<AutoscalerState> autoscalers) {
        return ScaledBy.keda(seen, autoscalers)
                .map(scaledObject -> new StopRefusal(
                        Reason.WORKLOAD_UNSUITABLE,
                        seen.text() + " is scaled by KEDA's ScaledObject " + scaledObject
                                + ", which would start it again. Have KEDA stop it: kubectl annotate scaledobject "
                                + scaledObject
                                + " --namespace " + namespace
                                + " autoscaling.keda.sh/paused-replicas=0, and take the annotation away afterwards."));
    }
}

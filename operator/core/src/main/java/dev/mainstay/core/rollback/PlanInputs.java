package dev.mainstay.core.rollback;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is made of, read at one moment.
 *
 * @param deployments the application's Deployments that exist, in the order of its spec
 * @param releases the ledger, the newest first
 * @param revisions the ReplicaSets that each Deployment controls, by its name
 * @param autoscalers the HorizontalPodAutoscalers of the namespace
 * @param argoApplications the Argo CD Applications that apply them, by the Deployment's name; one that can't be read is missing
 * @param configMaps hashes of the ConfigMaps that the releases name, as they are now; one that is missing is missing
 * @param left hashes of the pod templates that other rollbacks of the application went away from
 * @param quotas the ResourceQuotas of the namespace, as far as they may be read
 * @param services the application's Services, for a dry run, which may take the time to tell more; else empty
 */
public record PlanInputs(
        List<DeploymentState> deployments,
        List<StoredRelease> releases,
        Map<String, List<RevisionState>> revisions,
        List<AutoscalerState> autoscalers,
        Map<String, ArgoApplication> argoApplications,
        Map<String, String> configMaps,
        Set<String> left,
        List<QuotaState> quotas,
        List<ServiceState> services) {

    /** The Deployment of a name; empty when it does not exist. */
    public Optional<DeploymentState> deployment(String name) {
        return deployments.stream()
                .filter(deployment -> deployment.name().equals(name))
                .findFirst();
    }
}

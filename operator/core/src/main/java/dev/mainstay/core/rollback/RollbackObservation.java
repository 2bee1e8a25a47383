package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ExecutedRequests;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known when a RollbackRequest is decided on.
 *
 * @param request the object
 * @param application the application that it names; null when there is none
 * @param otherRelease the release of Mainstay that works on the application, if it is another one; else null
 * @param executed the requests that were carried out for the application
 * @param others the other requests for the same application
 * @param inputs what a plan is made of; null when no plan is to be made now
 * @param plan the plan that was stored for this request; null when there is none
 * @param deployments the Deployments of the plan that exist, as the API server has them now; empty without a plan
 * @param pods the Pods of the target by Deployment; empty before anything was written
 * @param services the application's Services while it is verified; empty before
 * @param sampled what was learnt by asking the application and its metrics
 * @param pages the application's maintenance modes when a page is to be shown; empty before
 */
public record RollbackObservation(
        RollbackRequest request,
        ManagedApplication application,
        String otherRelease,
        ExecutedRequests executed,
        List<RollbackRequest> others,
        PlanInputs inputs,
        RollbackPlan plan,
        List<DeploymentState> deployments,
        Map<String, List<TargetPod>> pods,
        List<ServiceState> services,
        Sampled sampled,
        List<PageState> pages) {

    /** A Deployment of the plan as it is now; empty when it is gone, or is another one under its name. */
    Optional<DeploymentState> deployment(RollbackPlan.PlannedWorkload workload) {
        return deployments.stream()
                .filter(deployment -> deployment.name().equals(workload.name())
                        && deployment.uid().equals(workload.uid()))
                .findFirst();
    }
}

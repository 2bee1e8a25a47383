package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.release;
import static dev.mainstay.core.rollback.Deploys.request;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ExecutedRequests;
import java.util.List;
import java.util.Map;

/** What is seen; by default an application and nothing else. */
record Seen(
        RollbackRequest request,
        ManagedApplication application,
        String otherRelease,
        ExecutedRequests executed,
        List<RollbackRequest> others,
        PlanInputs inputs,
        RollbackPlan plan,
        List<DeploymentState> deployments,
        Map<String, List<TargetPod>> pods) {

    Seen(RollbackRequest request) {
        this(request, Deploys.application(), null, ExecutedRequests.NONE, List.of(), null, null, List.of(), Map.of());
    }

    Seen application(ManagedApplication other) {
        return new Seen(request, other, otherRelease, executed, others, inputs, plan, deployments, pods);
    }

    Seen otherRelease(String release) {
        return new Seen(request, application, release, executed, others, inputs, plan, deployments, pods);
    }

    Seen executed(RollbackRequest earlier) {
        return new Seen(
                request,
                application,
                otherRelease,
                executed.with(RollbackClaims.executed(earlier)),
                others,
                inputs,
                plan,
                deployments,
                pods);
    }

    Seen others(List<RollbackRequest> requests) {
        return new Seen(request, application, otherRelease, executed, requests, inputs, plan, deployments, pods);
    }

    Seen inputs(DeploymentState... running) {
        return new Seen(
                request,
                application,
                otherRelease,
                executed,
                others,
                Deploys.inputs(List.of(running), release(6, "1.4.2", null)),
                plan,
                deployments,
                pods);
    }

    Seen plan(RollbackPlan stored, DeploymentState... running) {
        return new Seen(request, application, otherRelease, executed, others, inputs, stored, List.of(running), pods);
    }

    Seen pods(Map<String, List<TargetPod>> running) {
        return new Seen(request, application, otherRelease, executed, others, inputs, plan, deployments, running);
    }

    RollbackObservation observation() {
        return observation(List.of());
    }

    RollbackObservation observation(List<PageState> pages) {
        return new RollbackObservation(
                request,
                application,
                otherRelease,
                executed,
                others,
                inputs,
                plan,
                deployments,
                pods,
                List.of(),
                Sampled.NOTHING,
                pages);
    }
}

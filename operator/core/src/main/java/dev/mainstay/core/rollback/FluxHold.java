package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a Flux Kustomization from putting a Deployment back, by the narrowest means that Flux has: an annotation on that one
 * object, which it then neither applies nor prunes. Suspending the Kustomization would stop everything else in it too, and a
 * repository that says {@code suspend: false} undoes that within minutes (flux2 issue 3462).
 */
public final class FluxHold {

    private static final String RECONCILE = "kustomize.toolkit.fluxcd.io/reconcile";
    private static final String SERVER_SIDE_APPLY = "kustomize.toolkit.fluxcd.io/ssa";
    private static final String DISABLED = "disabled";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private FluxHold() {}

    /** What is written on a Deployment together with the template of the target. */
    static Map<String, String> annotations(RollbackRequest request) {
        return Map.of(
                RECONCILE, DISABLED, Annotations.HELD_BY, request.getMetadata().getUid());
    }

    /** Whether this request holds the Deployment. A later one that writes it takes the hold over. */
    public static boolean isBy(DeploymentState deployment, RollbackRequest request) {
        return request.getMetadata().getUid().equals(deployment.annotations().get(Annotations.HELD_BY))
                && DISABLED.equals(deployment.annotations().get(RECONCILE));
    }

    /** Whether any request holds the Deployment. */
    static boolean isByRequest(DeploymentState deployment) {
        return deployment.annotations().containsKey(Annotations.HELD_BY);
    }

    /** Whether a person has Flux leave it alone. */
    static boolean isByHand(DeploymentState deployment) {
        boolean off = DISABLED.equals(deployment.annotations().get(RECONCILE))
                || DISABLED.equals(deployment.labels().get(RECONCILE));
        return off && !isByRequest(deployment)
                || "Ignore".equals(deployment.annotations().get(SERVER_SIDE_APPLY));
    }

    /**
     * The Deployments whose hold outlives the rollback, until the time for holding is over: those that run the target, or what an
     * earlier rollback had put in the place of what the repository says.
     */
    public static List<DeploymentState> lasting(
            RollbackRequest request, RollbackPlan plan, List<DeploymentState> deployments, Instant now) {
        return deployments.stream()
                .filter(deployment -> isBy(deployment, request) && !isOver(request, now))
                .filter(deployment -> plan.workload(deployment.name())
                        .filter(workload -> deployment.template().runsLike(workload.to())
                                || workload.heldBefore()
                                        && deployment.template().runsLike(workload.from()))
                        .isPresent())
                .toList();
    }

    /** What is to be done about the holds of a request that is over otherwise. */
    static RollbackDecision decide(RollbackRequest request, List<DeploymentState> deployments, Instant now) {
        if (deployments.stream().noneMatch(deployment -> isBy(deployment, request))) {
            return new RollbackDecision.EndHold("Flux is not kept from anything any more: the annotation " + RECONCILE
                    + " was taken away, another RollbackRequest took it over, or the Deployment is gone.");
        }
        if (isOver(request, now)) {
            return new RollbackDecision.EndHold(
                    "Since " + request.getSpec().holdUntil() + " (spec.holdUntil) Flux may apply it again.");
        }
        Instant until = request.getSpec().holdUntil();
        Duration left = until == null ? LOOK_AGAIN : Duration.between(now, until);
        return new RollbackDecision.Hold(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
    }

    /** What is told of Deployments that are held. */
    static String told(RollbackRequest request, List<String> names) {
        return "Flux leaves Deployment " + String.join(", ", names) + " alone until "
                + (request.getSpec().holdUntil() == null
                        ? "this request is deleted"
                        : request.getSpec().holdUntil() + ", or until this request is deleted")
                + ": change its repository before that.";
    }

    /** Whether the time for holding is over. */
    static boolean isOver(RollbackRequest request, Instant now) {
        Instant until = request.getSpec().holdUntil();
        return until != null && !now.isBefore(until);
    }

    /** The JSON Patch that ends it, which fails if it is another request's by then; empty when it is not this request's. */
    public static Optional<JsonNode> end(DeploymentState deployment, RollbackRequest request) {
        if (!isBy(deployment, request)) {
            return Optional.empty();
        }
        JsonNodeFactory json = JsonNodeFactory.instance;
        ArrayNode patch = json.arrayNode();
        patch.add(JsonPatch.operation("test", "/metadata/uid", json.textNode(deployment.uid())));
        patch.add(JsonPatch.operation(
                "test",
                JsonPatch.annotation(Annotations.HELD_BY),
                json.textNode(request.getMetadata().getUid())));
        patch.add(JsonPatch.operation("test", JsonPatch.annotation(RECONCILE), json.textNode(DISABLED)));
        patch.add(JsonPatch.operation("remove", JsonPatch.annotation(RECONCILE), null));
        patch.add(JsonPatch.operation("remove", JsonPatch.annotation(Annotations.HELD_BY), null));
        return Optional.of(patch);
    }
}

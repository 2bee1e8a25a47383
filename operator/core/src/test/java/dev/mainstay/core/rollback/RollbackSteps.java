package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.request;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.claims.ClaimAnswer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The steps of a request, as tests take them. */
final class RollbackSteps {

    static final DeploymentState BAD_WEB = deployment("web", "1.5.0");
    static final DeploymentState BAD_WORKER = deployment("worker", "1.5.0");
    static final DeploymentState GOOD_WEB = deployment("web", "1.4.2");
    static final DeploymentState GOOD_WORKER = deployment("worker", "1.4.2");

    private RollbackSteps() {}

    /** A request whose plan is stored and told. */
    static RollbackPlan stored(RollbackRequest request) {
        mark(request);
        report(request, RollbackClaims.answered(request, new ClaimAnswer.Granted(NOW), NOW), NOW);
        RollbackDecision.Store store = (RollbackDecision.Store)
                decide(new Seen(request).inputs(BAD_WEB, BAD_WORKER).observation(), NOW);
        report(request, store, NOW);
        return store.plan();
    }

    /** A request whose target is written and told. */
    static RollbackPlan written(RollbackRequest request) {
        RollbackPlan plan = stored(request);
        report(request, decide(new Seen(request).plan(plan, BAD_WEB, BAD_WORKER).observation(), NOW), NOW);
        return plan;
    }

    static void mark(RollbackRequest request) {
        request.getMetadata()
                .setAnnotations(new HashMap<>(
                        Map.of(Annotations.EXECUTED_BY, request.getMetadata().getUid())));
        request.getMetadata().setFinalizers(List.of(Annotations.ROLLBACK_FINALIZER));
    }

    static RollbackDecision decide(RollbackRequest request, Instant now) {
        return decide(new Seen(request).observation(), now);
    }

    static RollbackDecision decide(RollbackObservation observation, Instant now) {
        return RollbackDecider.decide(observation, now);
    }

    static void report(RollbackRequest request, RollbackDecision decision, Instant now) {
        request.setStatus(RollbackReport.of(request, decision, now));
    }

    static String condition(RollbackRequest request, String type) {
        return request.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> condition.reason())
                .findFirst()
                .orElse("");
    }

    static String message(RollbackRequest request) {
        return request.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.message())
                .findFirst()
                .orElse("");
    }
}

package dev.mainstay.core.alert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.DeploymentState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Whether a Deployment is being rolled out, or is paused: nothing is done beside that. One whose Pods crash after it was rolled
 * out is not, and neither is one whose rollout stands still, which is what something may have to be done about.
 */
public final class RolloutUnderWay {

    private static final Set<String> OVER = Set.of("NewReplicaSetAvailable", "ProgressDeadlineExceeded");

    private RolloutUnderWay() {}

    /** The first of them that is, in a sentence; empty when none is. */
    public static Optional<String> of(List<DeploymentState> deployments) {
        return deployments.stream()
                .flatMap(deployment -> of(deployment).stream())
                .findFirst();
    }

    private static Optional<String> of(DeploymentState deployment) {
        String self = "Deployment " + deployment.name();
        if (deployment.paused()) {
            return Optional.of(self + " is paused (spec.paused).");
        }
        return underWay(deployment) ? Optional.of(self + " is being rolled out.") : Optional.empty();
    }

    private static boolean underWay(DeploymentState deployment) {
        if (!deployment.observed()) {
            return true;
        }
        Optional<String> progress = StreamSupport.stream(
                        deployment.json().path("status").path("conditions").spliterator(), false)
                .filter(condition -> "Progressing".equals(condition.path("type").asText()))
                .map(RolloutUnderWay::reason)
                .findFirst();
        // Without a deadline its controller keeps no such condition.
        return progress.map(reason -> !OVER.contains(reason))
                .orElseGet(() ->
                        deployment.updated() < deployment.wanted() || deployment.existing() > deployment.updated());
    }

    private static String reason(JsonNode condition) {
        return condition.path("reason").asText();
    }
}

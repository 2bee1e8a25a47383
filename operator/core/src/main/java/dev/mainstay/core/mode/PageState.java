package dev.mainstay.core.mode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.ServiceState;
import java.util.List;
import java.util.Optional;

/**
 * The page as the API server has it.
 *
 * @param deployment its Deployment; null when there is none
 * @param probe its own Service, with its EndpointSlices
 */
public record PageState(JsonNode deployment, ServiceState probe) {

    /** Whether there is one that is not being deleted. */
    boolean exists() {
        return deployment != null
                && deployment.path("metadata").path("deletionTimestamp").isMissingNode();
    }

    /** Whether a Deployment of its name is somebody else's. */
    boolean foreign(String application) {
        return deployment != null
                && !Names.label(application)
                        .equals(deployment
                                .path("metadata")
                                .path("labels")
                                .path(Annotations.PAGE)
                                .asText());
    }

    /** Whether it is what is wanted, and its Service is there. */
    boolean is(PageSpec wanted) {
        return exists()
                && probe.exists()
                && wanted.hash()
                        .equals(deployment
                                .path("metadata")
                                .path("annotations")
                                .path(Annotations.PAGE_HASH)
                                .asText())
                && deployment.path("spec").path("replicas").asInt(1) == PageSpec.REPLICAS;
    }

    /** Pods of it that serve. */
    List<String> readyPods() {
        return probe.readyPods();
    }

    /** Whether the newest of what was written into it is served. */
    boolean rolledOut() {
        JsonNode status = deployment.path("status");
        return exists()
                && status.path("observedGeneration").asLong()
                        >= deployment.path("metadata").path("generation").asLong()
                && status.path("updatedReplicas").asInt() >= 1
                && status.path("updatedReplicas").asInt()
                        == status.path("readyReplicas").asInt()
                && !readyPods().isEmpty();
    }

    /** Whether a Pod of this name is one of its own: they are called as the Deployment, which has a hash in its name. */
    boolean isPod(String pod) {
        return deployment != null
                && pod.startsWith(deployment.path("metadata").path("name").asText() + "-");
    }

    /** Its uid. */
    public String uid() {
        return deployment.path("metadata").path("uid").asText();
    }

    /** What its controller says of why it does not come to serve; empty while it may still. */
    Optional<String> trouble() {
        if (deployment == null) {
            return Optional.empty();
        }
        for (JsonNode condition : deployment.path("status").path("conditions")) {
            String type = condition.path("type").asText();
            String status = condition.path("status").asText();
            if (type.equals("ReplicaFailure") && status.equals("True")
                    || type.equals("Progressing") && status.equals("False")) {
                return Optional.of(condition.path("message").asText());
            }
        }
        return Optional.empty();
    }
}

package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A HorizontalPodAutoscaler as the API server has it.
 *
 * @param json the whole object
 */
public record AutoscalerState(JsonNode json) {

    /** Its name. */
    public String name() {
        return json.path("metadata").path("name").asText();
    }

    /** Its uid. */
    public String uid() {
        return json.path("metadata").path("uid").asText();
    }

    /** Below this many it does not scale. */
    public int minReplicas() {
        return json.path("spec").path("minReplicas").asInt(1);
    }

    /** Above this many it does not scale. */
    public int maxReplicas() {
        return json.path("spec").path("maxReplicas").asInt(Integer.MAX_VALUE);
    }

    /** Who wrote its minimum last, for people. */
    public String writer() {
        return Managers.of(json, "minReplicas");
    }

    /** Whether it scales the Deployment of that name. */
    boolean scales(String deployment) {
        JsonNode target = json.path("spec").path("scaleTargetRef");
        return "Deployment".equals(target.path("kind").asText())
                && deployment.equals(target.path("name").asText());
    }
}

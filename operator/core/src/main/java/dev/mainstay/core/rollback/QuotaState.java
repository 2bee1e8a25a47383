package dev.mainstay.core.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ResourceQuota as the API server has it.
 *
 * @param json the whole object
 */
public record QuotaState(JsonNode json) {

    String name() {
        return json.path("metadata").path("name").asText();
    }

    /** What it limits, as far as its controller has counted it. */
    List<String> resources() {
        List<String> resources = new ArrayList<>();
        json.path("status").path("hard").fieldNames().forEachRemaining(resources::add);
        resources.removeIf(resource -> !json.path("status").path("used").has(resource));
        return resources;
    }

    BigDecimal hard(String resource) {
        return amount("hard", resource);
    }

    BigDecimal room(String resource) {
        return amount("hard", resource).subtract(amount("used", resource));
    }

    /** Whether it counts such a Pod; empty when it has a scope that the Pod's template alone does not tell. */
    Optional<Boolean> counts(PodDemand pod) {
        boolean counts = true;
        for (String scope : scopes()) {
            switch (scope) {
                case "BestEffort" -> counts &= pod.bestEffort();
                case "NotBestEffort" -> counts &= !pod.bestEffort();
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(counts);
    }

    /** Its scopes by name. */
    List<String> scopes() {
        List<String> scopes = new ArrayList<>();
        json.path("spec").path("scopes").forEach(scope -> scopes.add(scope.asText()));
        json.path("spec").path("scopeSelector").path("matchExpressions").forEach(expression -> {
            String name = expression.path("scopeName").asText();
            boolean plain = "Exists".equals(expression.path("operator").asText());
            scopes.add(plain ? name : name + " " + expression.path("operator").asText());
        });
        return scopes;
    }

    private BigDecimal amount(String field, String resource) {
        return Quantity.getAmountInBytes(
                Quantity.parse(json.path("status").path(field).path(resource).asText()));
    }
}

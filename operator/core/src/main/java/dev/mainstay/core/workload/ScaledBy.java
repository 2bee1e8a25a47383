package dev.mainstay.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.AutoscalerState;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Which HorizontalPodAutoscaler scales a workload, and whose that is. */
public final class ScaledBy {

    private ScaledBy() {}

    /**
     * The autoscaler of a workload; empty when it has none.
     *
     * @param autoscalers those of the namespace
     */
    public static Optional<AutoscalerState> autoscaler(WorkloadSeen seen, List<AutoscalerState> autoscalers) {
        return autoscalers.stream()
                .filter(autoscaler -> scales(autoscaler.json(), seen))
                .findFirst();
    }

    /** The ScaledObject of KEDA that scales a workload, by an autoscaler that it has made; empty when none does. */
    public static Optional<String> keda(WorkloadSeen seen, List<AutoscalerState> autoscalers) {
        return autoscalers.stream()
                .map(AutoscalerState::json)
                .filter(autoscaler -> scales(autoscaler, seen))
                .flatMap(autoscaler -> StreamSupport.stream(
                        autoscaler.path("metadata").path("ownerReferences").spliterator(), false))
                .filter(owner -> "ScaledObject".equals(owner.path("kind").asText())
                        && owner.path("apiVersion").asText().startsWith("keda.sh/"))
                .map(owner -> owner.path("name").asText())
                .findFirst();
    }

    private static boolean scales(JsonNode autoscaler, WorkloadSeen seen) {
        JsonNode target = autoscaler.path("spec").path("scaleTargetRef");
        return seen.kind().text().equals(target.path("kind").asText())
                && seen.name().equals(target.path("name").asText());
    }
}

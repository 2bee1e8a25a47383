package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.rollback.FieldHandOver;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** HorizontalPodAutoscalers, whose minimum a rollback raises for a while. */
public final class Autoscalers {

    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;

    public Autoscalers(KubernetesClient client) {
        this.client = client;
    }

    /** Those of a namespace. */
    public List<AutoscalerState> list(String namespace) {
        return RawReads.json(client, path(namespace))
                .map(list -> StreamSupport.stream(list.path("items").spliterator(), false)
                        .map(AutoscalerState::new)
                        .toList())
                .orElseGet(List::of);
    }

    /**
     * Raises the minimum; done twice it is done once, and one that somebody changed meanwhile is left alone.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> hold(String namespace, PlannedAutoscaler autoscaler) {
        return unlessForbidden(() -> change(namespace, autoscaler, autoscaler.minReplicas(), autoscaler.held()));
    }

    /**
     * Gives the minimum back, and the field with it to the one that had it before. Once that is done the value is somebody
     * else's, even if it is the one that was held.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> giveBack(String namespace, PlannedAutoscaler autoscaler) {
        return unlessForbidden(() -> {
            if (handOver(namespace, autoscaler).isPresent()) {
                change(namespace, autoscaler, autoscaler.held(), autoscaler.minReplicas());
                handOver(namespace, autoscaler).ifPresent(patch -> patch(namespace, autoscaler.name(), patch));
            }
        });
    }

    /** The patch that gives the field away; empty when it is nobody's of ours. */
    private Optional<JsonNode> handOver(String namespace, PlannedAutoscaler autoscaler) {
        return RawReads.json(client, path(namespace) + "/" + autoscaler.name())
                .filter(found -> autoscaler.uid().equals(new AutoscalerState(found).uid()))
                .flatMap(FieldHandOver::patch);
    }

    private static Optional<String> unlessForbidden(Runnable change) {
        try {
            change.run();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Optional.of(ApiErrors.message(e));
            }
            throw e;
        }
    }

    private void change(String namespace, PlannedAutoscaler autoscaler, int from, int to) {
        patch(
                namespace,
                autoscaler.name(),
                List.of(
                        Map.of("op", "test", "path", "/metadata/uid", "value", autoscaler.uid()),
                        Map.of("op", "test", "path", "/spec/minReplicas", "value", from),
                        Map.of("op", "replace", "path", "/spec/minReplicas", "value", to)));
    }

    /** A test that fails means that it is done, or that the object is not what it was. */
    private void patch(String namespace, String name, Object patch) {
        try {
            client.autoscaling()
                    .v2()
                    .horizontalPodAutoscalers()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON)
                                    .withFieldManager(FieldHandOver.MANAGER)
                                    .build(),
                            TaskJson.write(patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() != UNPROCESSABLE && !ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }

    private static String path(String namespace) {
        return "/apis/autoscaling/v2/namespaces/" + namespace + "/horizontalpodautoscalers";
    }
}

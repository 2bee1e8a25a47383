package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.core.rollback.AutoscalerState;
import dev.mainstay.core.rollback.FieldHandOver;
import dev.mainstay.core.rollback.RollbackPlan.PlannedAutoscaler;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.workload.ScaleOwnership;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** HorizontalPodAutoscalers, whose minimum a rollback raises for a while, and a step of a run sets. */
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

    /**
     * Sets the minimum, and gives the field at once to the one that had it: it is not held against anybody. One that somebody
     * changed meanwhile is left alone.
     */
    public Written set(String namespace, PlannedAutoscaler autoscaler) {
        Written written = TestedPatches.write(
                () -> send(
                        namespace,
                        autoscaler.name(),
                        setting(autoscaler, autoscaler.minReplicas(), autoscaler.held()),
                        ScaleOwnership.MANAGER),
                () -> found(namespace, autoscaler));
        letGo(namespace, autoscaler.name());
        return written;
    }

    private TestedPatches.Found found(String namespace, PlannedAutoscaler autoscaler) {
        Optional<AutoscalerState> now = find(namespace, autoscaler.name())
                .map(AutoscalerState::new)
                .filter(found -> autoscaler.uid().equals(found.uid()));
        if (now.filter(found -> found.minReplicas() == autoscaler.held()).isPresent()) {
            return TestedPatches.Found.DONE;
        }
        return now.filter(found -> found.minReplicas() == autoscaler.minReplicas())
                        .isPresent()
                ? TestedPatches.Found.SAME
                : TestedPatches.Found.OTHER;
    }

    /** Gives the minimum away that was set; does nothing where that is done, or is refused, which holds nothing up. */
    public void letGo(String namespace, String name) {
        TestedPatches.change(
                () -> find(namespace, name).flatMap(found -> FieldHandOver.patch(found, ScaleOwnership.MANAGER)),
                patch -> send(namespace, name, patch, ScaleOwnership.MANAGER));
    }

    private Optional<JsonNode> find(String namespace, String name) {
        return RawReads.json(client, path(namespace) + "/" + name);
    }

    /** The patch that gives the field away; empty when it is nobody's of ours. */
    private Optional<JsonNode> handOver(String namespace, PlannedAutoscaler autoscaler) {
        return find(namespace, autoscaler.name())
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
        patch(namespace, autoscaler.name(), setting(autoscaler, from, to));
    }

    private static Object setting(PlannedAutoscaler autoscaler, int from, int to) {
        return List.of(
                Map.of("op", "test", "path", "/metadata/uid", "value", autoscaler.uid()),
                Map.of("op", "test", "path", "/spec/minReplicas", "value", from),
                Map.of("op", "replace", "path", "/spec/minReplicas", "value", to));
    }

    /** A test that fails means that it is done, or that the object is not what it was. */
    private void patch(String namespace, String name, Object patch) {
        try {
            send(namespace, name, patch, FieldHandOver.MANAGER);
        } catch (KubernetesClientException e) {
            if (e.getCode() != UNPROCESSABLE && !ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }

    private void send(String namespace, String name, Object patch, String manager) {
        client.autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON)
                                .withFieldManager(manager)
                                .build(),
                        TaskJson.write(patch));
    }

    private static String path(String namespace) {
        return "/apis/autoscaling/v2/namespaces/" + namespace + "/horizontalpodautoscalers";
    }
}

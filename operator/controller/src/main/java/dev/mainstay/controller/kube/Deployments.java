package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.controller.kube.TestedPatches.Found;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.rollback.FieldHandOver;
import dev.mainstay.core.rollback.FluxHold;
import dev.mainstay.core.rollback.PodTemplate;
import dev.mainstay.core.rollback.TemplatePatch;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Deployments, their ReplicaSets and Pods at the API server itself, as JSON: what is compared and written back must be what
 * the API server stores, which typed objects leave parts out of.
 */
public final class Deployments {

    private final KubernetesClient client;

    public Deployments(KubernetesClient client) {
        this.client = client;
    }

    /** The Deployment as it is now; empty when there is none. */
    public Optional<DeploymentState> read(String namespace, String name) {
        return RawReads.json(client, "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + name)
                .map(DeploymentState::new);
    }

    /** The ReplicaSets that it controls; others that its selector fits are another one's. */
    public List<JsonNode> replicaSets(String namespace, DeploymentState deployment) {
        return RawReads.json(
                        client,
                        "/apis/apps/v1/namespaces/" + namespace + "/replicasets?labelSelector="
                                + URLEncoder.encode(deployment.selector(), StandardCharsets.UTF_8))
                .map(list -> StreamSupport.stream(list.path("items").spliterator(), false)
                        .filter(replicaSet -> Ownership.isControlledBy(replicaSet, deployment.uid()))
                        .toList())
                .orElseGet(List::of);
    }

    /** The Pods that a ReplicaSet controls, those that are being deleted aside. */
    public List<Pod> pods(String namespace, JsonNode replicaSet) {
        String hash = replicaSet
                .path("metadata")
                .path("labels")
                .path("pod-template-hash")
                .asText();
        String uid = replicaSet.path("metadata").path("uid").asText();
        return client.pods().inNamespace(namespace).withLabel("pod-template-hash", hash).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod ->
                        pod.getMetadata().getOwnerReferences().stream().anyMatch(owner -> uid.equals(owner.getUid())))
                .toList();
    }

    /**
     * Writes a template: tried first, so that a policy's refusal leaves nothing half done.
     *
     * @throws KubernetesClientException when it is not known whether it was written
     */
    public Written write(String namespace, DeploymentState seen, PodTemplate to, Map<String, String> annotations) {
        if (seen.template().runsLike(to)) {
            return new Written.There();
        }
        JsonNode patch = TemplatePatch.of(seen, to, annotations);
        return TestedPatches.write(
                () -> {
                    patch(namespace, seen.name(), patch, true);
                    patch(namespace, seen.name(), patch, false);
                },
                () -> look(namespace, seen, to));
    }

    private Found look(String namespace, DeploymentState seen, PodTemplate to) {
        Optional<DeploymentState> now = read(namespace, seen.name());
        if (now.filter(found -> found.template().runsLike(to)).isPresent()) {
            return Found.DONE;
        }
        return now.filter(found -> found.uid().equals(seen.uid())
                                && found.generation() == seen.generation()
                                && found.template().equals(seen.template()))
                        .isPresent()
                ? Found.SAME
                : Found.OTHER;
    }

    /** The Deployment as an Event names it. */
    public HasMetadata reference(String namespace, DeploymentState deployment) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(deployment.name())
                .withNamespace(namespace)
                .withUid(deployment.uid())
                .withResourceVersion(deployment.resourceVersion())
                .endMetadata()
                .build();
    }

    /**
     * Gives the fields that were written to the one that had them before; does nothing where that is done or needless.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> handOver(String namespace, String name, String uid) {
        return change(
                namespace,
                name,
                deployment -> deployment.uid().equals(uid) ? FieldHandOver.patch(deployment.json()) : Optional.empty());
    }

    /**
     * Lets Flux apply the Deployment again; does nothing where another request holds it, or nobody.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> endHold(String namespace, String name, RollbackRequest request) {
        return change(namespace, name, deployment -> FluxHold.end(deployment, request));
    }

    private Optional<String> change(
            String namespace, String name, Function<DeploymentState, Optional<JsonNode>> change) {
        return TestedPatches.change(
                () -> read(namespace, name).flatMap(change), patch -> patch(namespace, name, patch, false));
    }

    private void patch(String namespace, String name, JsonNode patch, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(FieldHandOver.MANAGER);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        client.apps().deployments().inNamespace(namespace).withName(name).patch(context.build(), TaskJson.write(patch));
    }
}

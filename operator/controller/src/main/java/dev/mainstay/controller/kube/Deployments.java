package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.rollback.RollbackRequest;
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
import java.net.HttpURLConnection;
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

    private static final int UNPROCESSABLE = 422;
    private static final int TRIES = 5;

    private final KubernetesClient client;

    public Deployments(KubernetesClient client) {
        this.client = client;
    }

    /** What came of writing a template. */
    public sealed interface Written {
        /** It is there, written now or before. */
        record There() implements Written {}

        /** The Deployment is not what was seen: it is to be looked at again. */
        record Changed() implements Written {}

        /** The API server does not take it. */
        record Rejected(boolean forbidden, String message) implements Written {}
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
        String patch = TaskJson.write(TemplatePatch.of(seen, to, annotations));
        try {
            patch(namespace, seen.name(), patch, true);
            patch(namespace, seen.name(), patch, false);
            return new Written.There();
        } catch (KubernetesClientException e) {
            return refused(namespace, seen, to, e);
        }
    }

    /** A failed test of a patch and a template that is not valid have one code: which it was, the object itself tells. */
    private Written refused(String namespace, DeploymentState seen, PodTemplate to, KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
            return new Written.Rejected(true, ApiErrors.message(e));
        }
        if (ApiErrors.goneOrChanged(e)) {
            return new Written.Changed();
        }
        if (e.getCode() != UNPROCESSABLE && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
            throw e;
        }
        Optional<DeploymentState> now = read(namespace, seen.name());
        if (now.filter(found -> found.template().runsLike(to)).isPresent()) {
            return new Written.There();
        }
        boolean same = now.filter(found -> found.uid().equals(seen.uid())
                        && found.generation() == seen.generation()
                        && found.template().equals(seen.template()))
                .isPresent();
        return same ? new Written.Rejected(false, ApiErrors.message(e)) : new Written.Changed();
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

    /** Applies the patch that fits what is there, which somebody else may change at any moment. */
    private Optional<String> change(
            String namespace, String name, Function<DeploymentState, Optional<JsonNode>> change) {
        for (int tries = 1; ; tries++) {
            Optional<JsonNode> patch = read(namespace, name).flatMap(change);
            if (patch.isEmpty()) {
                return Optional.empty();
            }
            try {
                patch(namespace, name, TaskJson.write(patch.get()), false);
                return Optional.empty();
            } catch (KubernetesClientException e) {
                // Entries of managedFields move whenever anybody writes, so a test may fail.
                boolean again = e.getCode() == UNPROCESSABLE || ApiErrors.goneOrChanged(e);
                if (again && tries < TRIES) {
                    continue;
                }
                if (again || isRefusal(e)) {
                    return Optional.of(ApiErrors.message(e));
                }
                throw e;
            }
        }
    }

    private static boolean isRefusal(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST;
    }

    private void patch(String namespace, String name, String patch, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(FieldHandOver.MANAGER);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        client.apps().deployments().inNamespace(namespace).withName(name).patch(context.build(), patch);
    }
}

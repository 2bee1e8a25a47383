package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.controller.kube.TestedPatches.Found;
import dev.mainstay.core.rollback.DeploymentState;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.ScaleOwnership;
import dev.mainstay.core.workload.WorkloadSeen;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Stops workloads and gives them back what they had: the replicas of Deployments and StatefulSets, and whether CronJobs are
 * suspended. All of it is read from the API server itself, and written under the condition that nobody else was faster.
 */
public final class WorkloadScales {

    private final KubernetesClient client;

    public WorkloadScales(KubernetesClient client) {
        this.client = client;
    }

    /** A workload with its Pods as they are now. */
    public WorkloadSeen read(String namespace, StoppableKind kind, String name) {
        try {
            return RawReads.json(client, path(namespace, kind) + "/" + name)
                    .map(found -> new WorkloadSeen(
                            kind,
                            name,
                            found,
                            kind == StoppableKind.DEPLOYMENT
                                    ? selected("/apis/apps/v1", namespace, "replicasets", found)
                                    : List.of(),
                            kind == StoppableKind.CRON_JOB ? List.of() : selected("/api/v1", namespace, "pods", found),
                            null))
                    .orElseGet(() -> WorkloadSeen.missing(kind, name));
        } catch (KubernetesClientException e) {
            return ApiErrors.refusal(e)
                    .map(refusal -> WorkloadSeen.unreadable(kind, name, refusal))
                    .orElseGet(() -> WorkloadSeen.unanswered(kind, name, ApiErrors.message(e)));
        }
    }

    private List<JsonNode> selected(String group, String namespace, String resource, JsonNode workload) {
        String selector = new DeploymentState(workload).selector();
        return RawReads.json(
                        client,
                        group + "/namespaces/" + namespace + "/" + resource + "?labelSelector="
                                + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .map(list -> StreamSupport.stream(list.path("items").spliterator(), false)
                        .toList())
                .orElseGet(List::of);
    }

    /** Tries whether a change would be taken, so that a policy's refusal leaves nothing half done. */
    public Written attempt(String namespace, ScaleChange change) {
        return write(namespace, change, true);
    }

    /**
     * Makes a change.
     *
     * @throws KubernetesClientException when it is not known whether it was made
     */
    public Written write(String namespace, ScaleChange change) {
        return write(namespace, change, false);
    }

    private Written write(String namespace, ScaleChange change, boolean dryRun) {
        if (change.doneIn(change.seen())) {
            return new Written.There();
        }
        return TestedPatches.write(
                () -> patch(namespace, change.seen().kind(), change.seen().name(), change.patch(), dryRun),
                () -> look(namespace, change));
    }

    private Found look(String namespace, ScaleChange change) {
        WorkloadSeen now = read(namespace, change.seen().kind(), change.seen().name());
        if (change.doneIn(now)) {
            return Found.DONE;
        }
        return change.fits(now) ? Found.SAME : Found.OTHER;
    }

    /** Whether a workload was written, and the field not let go of yet: whoever wrote it may have died in between. */
    public static boolean owed(WorkloadSeen workload) {
        return workload.exists() && ScaleOwnership.release(workload.json()).isPresent();
    }

    /**
     * Lets go of the field that was written, so that who applies the workload next meets no conflict; does nothing where that is
     * done.
     *
     * @return what the API server said if it refuses that
     */
    public Optional<String> letGo(String namespace, StoppableKind kind, String name) {
        return TestedPatches.change(
                () -> RawReads.json(client, path(namespace, kind) + "/" + name).flatMap(ScaleOwnership::release),
                patch -> patch(namespace, kind, name, patch, false));
    }

    /** The workload as an Event names it. */
    public HasMetadata reference(String namespace, WorkloadSeen workload) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(workload.name())
                .withNamespace(namespace)
                .withUid(workload.uid())
                .withResourceVersion(
                        workload.json().path("metadata").path("resourceVersion").asText())
                .build();
        return switch (workload.kind()) {
            case DEPLOYMENT -> new DeploymentBuilder().withMetadata(metadata).build();
            case STATEFUL_SET -> new StatefulSetBuilder().withMetadata(metadata).build();
            case CRON_JOB -> new CronJobBuilder().withMetadata(metadata).build();
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private static String path(String namespace, StoppableKind kind) {
        return switch (kind) {
            case DEPLOYMENT -> "/apis/apps/v1/namespaces/" + namespace + "/deployments";
            case STATEFUL_SET -> "/apis/apps/v1/namespaces/" + namespace + "/statefulsets";
            case CRON_JOB -> "/apis/batch/v1/namespaces/" + namespace + "/cronjobs";
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private void patch(String namespace, StoppableKind kind, String name, JsonNode patch, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(ScaleOwnership.MANAGER);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        resource(namespace, kind, name).patch(context.build(), TaskJson.write(patch));
    }

    private Resource<?> resource(String namespace, StoppableKind kind, String name) {
        return switch (kind) {
            case DEPLOYMENT ->
                client.apps().deployments().inNamespace(namespace).withName(name);
            case STATEFUL_SET ->
                client.apps().statefulSets().inNamespace(namespace).withName(name);
            case CRON_JOB ->
                client.batch().v1().cronjobs().inNamespace(namespace).withName(name);
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("a kind that a newer version of Mainstay wrote can't be stopped");
    }
}

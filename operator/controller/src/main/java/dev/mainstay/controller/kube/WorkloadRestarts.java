package dev.mainstay.controller.kube;

import dev.mainstay.api.application.Workload;
import dev.mainstay.api.application.WorkloadKind;
import dev.mainstay.controller.kube.TestedPatches.Found;
import dev.mainstay.core.runbook.RestartPatch;
import dev.mainstay.core.runbook.RestartedWorkload;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;

/** Restarts workloads: read from the API server itself, and marked in their pod template. */
public final class WorkloadRestarts {

    /** Under which name templates are marked; the annotation stays its own, as that of kubectl rollout restart does. */
    private static final String MANAGER = "mainstay-restart";

    private final KubernetesClient client;

    public WorkloadRestarts(KubernetesClient client) {
        this.client = client;
    }

    /** The workload as it is now. */
    public RestartedWorkload read(String namespace, Workload workload) {
        return new RestartedWorkload(
                workload.kind(),
                workload.name(),
                RawReads.json(client, path(namespace, workload.kind()) + "/" + workload.name())
                        .orElse(null),
                null);
    }

    /** The same, with why the API server would not take its restart, if it would not. */
    public RestartedWorkload attempt(String namespace, RestartedWorkload seen, StepTurn turn) {
        return write(namespace, seen, turn, true) instanceof Written.Rejected(boolean forbidden, String message)
                ? seen.refused(forbidden, message)
                : seen;
    }

    /**
     * Restarts it.
     *
     * @return whether it was; else it is another one by now, or refused, which the next look at it tells
     * @throws KubernetesClientException when it is not known whether it was
     */
    public boolean restart(String namespace, RestartedWorkload seen, StepTurn turn) {
        return write(namespace, seen, turn, false) instanceof Written.There;
    }

    private Written write(String namespace, RestartedWorkload seen, StepTurn turn, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).withFieldManager(MANAGER);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        String patch = TaskJson.write(RestartPatch.of(seen, turn));
        return TestedPatches.write(
                () -> resource(namespace, seen.kind(), seen.name()).patch(context.build(), patch),
                () -> read(namespace, new Workload(seen.kind(), seen.name())).sameAs(seen) ? Found.SAME : Found.OTHER);
    }

    /** The workload as an Event names it. */
    public HasMetadata reference(String namespace, RestartedWorkload workload) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(workload.name())
                .withNamespace(namespace)
                .withUid(workload.json().path("metadata").path("uid").asText())
                .withResourceVersion(
                        workload.json().path("metadata").path("resourceVersion").asText())
                .build();
        return switch (workload.kind()) {
            case DEPLOYMENT -> new DeploymentBuilder().withMetadata(metadata).build();
            case STATEFUL_SET -> new StatefulSetBuilder().withMetadata(metadata).build();
            case UNRECOGNIZED -> throw unknown();
        };
    }

    static String path(String namespace, WorkloadKind kind) {
        return switch (kind) {
            case DEPLOYMENT -> "/apis/apps/v1/namespaces/" + namespace + "/deployments";
            case STATEFUL_SET -> "/apis/apps/v1/namespaces/" + namespace + "/statefulsets";
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private Resource<?> resource(String namespace, WorkloadKind kind, String name) {
        return switch (kind) {
            case DEPLOYMENT ->
                client.apps().deployments().inNamespace(namespace).withName(name);
            case STATEFUL_SET ->
                client.apps().statefulSets().inNamespace(namespace).withName(name);
            case UNRECOGNIZED -> throw unknown();
        };
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("a kind that a newer version of Mainstay wrote can't be restarted");
    }
}

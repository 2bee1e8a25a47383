package dev.mainstay.e2e.operator;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.workload.ScaleOwnership;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;

/** An application behind a Service with all kinds of workload that can be stopped; a pipeline applies their replicas. */
public final class StoppableShop {

    private static final String POD = """
            {securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
             containers: [{name: main, image: "registry.invalid/shop:1",
               securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]%s}
            """;

    private final TestNamespace namespace;
    private final String name;
    private final ServedShop served;

    public StoppableShop(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
        this.served = new ServedShop(namespace, name);
    }

    /** Makes all of it; returns when the Service leads to it. */
    public StoppableShop open() {
        served.open();
        applyReplicas(2);
        namespace.create(Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: %1$s}
                spec:
                  replicas: 1
                  serviceName: ""
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: %2$s
                """.formatted(database(), POD.formatted("")), StatefulSet.class));
        namespace.create(Serialization.unmarshal(
                """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: %s}
                spec:
                  schedule: "0 0 1 1 *"
                  jobTemplate: {spec: {template: {spec: %s}}}
                """.formatted(nightly(), POD.formatted(", restartPolicy: Never")), CronJob.class));
        namespace
                .all(ManagedApplication.class)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec": {"workloads": [{"kind": "StatefulSet", "name": "%s"}, {"name": "%s"}], "cronJobs": ["%s"]}}
                        """.formatted(database(), name, nightly()));
        return this;
    }

    public ServedShop served() {
        return served;
    }

    public String database() {
        return name + "-db";
    }

    public String nightly() {
        return name + "-nightly";
    }

    /** As Helm 4 does, without force: somebody else's field is a conflict. */
    public void applyReplicas(int replicas) {
        namespace
                .client()
                .resource(Serialization.unmarshal("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: %s, namespace: %s}
                        spec: {replicas: %d}
                        """.formatted(name, namespace.name(), replicas), Deployment.class))
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("pipeline")
                        .withForce(false)
                        .build());
    }

    /** As {@code kubectl scale} does, through the subresource. */
    public void scale(int replicas) {
        namespace.all(Deployment.class).withName(name).scale(replicas);
    }

    public Deployment deployment() {
        return namespace.find(Deployment.class, name);
    }

    public StatefulSet statefulSet() {
        return namespace.find(StatefulSet.class, database());
    }

    public CronJob cronJob() {
        return namespace.find(CronJob.class, nightly());
    }

    /** Replicas of the Deployment and of the StatefulSet, and whether the CronJob runs, such as {@code 2 1 true}. */
    public String state() {
        return deployment().getSpec().getReplicas() + " "
                + statefulSet().getSpec().getReplicas() + " "
                + !Boolean.TRUE.equals(cronJob().getSpec().getSuspend());
    }

    /** Names of its Pods, those that are being deleted too. */
    public List<String> pods() {
        return Stream.of(name, database())
                .flatMap(app -> namespace.all(Pod.class).withLabel("app", app).list().getItems().stream())
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Whether what Mainstay wrote into its workloads belongs to Mainstay still. */
    public boolean isOwned() {
        return Stream.<HasMetadata>of(deployment(), statefulSet(), cronJob())
                .flatMap(workload -> workload.getMetadata().getManagedFields().stream())
                .anyMatch(entry -> entry.getManager().equals(ScaleOwnership.MANAGER));
    }
}

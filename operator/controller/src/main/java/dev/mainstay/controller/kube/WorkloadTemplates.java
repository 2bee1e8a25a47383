package dev.mainstay.controller.kube;

import dev.mainstay.api.application.Workload;
import dev.mainstay.core.rollback.PodTemplate;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The pod templates of workloads, read from the API server itself. */
public final class WorkloadTemplates {

    private final KubernetesClient client;

    public WorkloadTemplates(KubernetesClient client) {
        this.client = client;
    }

    /** That of a workload; empty when there is no such workload. */
    public Optional<PodTemplate> read(String namespace, Workload workload) {
        return RawReads.json(client, WorkloadRestarts.path(namespace, workload.kind()) + "/" + workload.name())
                .map(found -> new PodTemplate(found.path("spec").path("template")));
    }
}

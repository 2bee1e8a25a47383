package dev.mainstay.controller.kube;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The steps of runs: read afresh when each begins, and kept as they stood then in a ControllerRevision that goes with its run. */
public final class RunbookStore {

    /** Another version may have written it. */
    private static final ObjectMapper TOLERANT =
            TaskJson.mapper().copy().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

    private final KubernetesClient client;

    public RunbookStore(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The Runbook of that name, as it is now; empty when there is none. A watch may be behind what was applied together with a
     * run, and what a run has kept is never read again.
     */
    public Optional<Runbook> current(String namespace, String name) {
        return Optional.ofNullable(client.resources(Runbook.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Keeps the steps of a run, once: those that were there first stand. Empty when something else has the name. */
    public Optional<RunbookSpec> keep(MaintenanceRun run, RunbookSpec spec) {
        OwnedRevisions.create(
                client,
                run,
                new ControllerRevisionBuilder()
                        .withNewMetadata()
                        .withName(name(run))
                        .endMetadata()
                        .withRevision(1L)
                        .withData(TaskJson.mapper().valueToTree(spec))
                        .build());
        return find(run);
    }

    /** The steps that are kept of a run; empty when there are none. */
    public Optional<RunbookSpec> find(MaintenanceRun run) {
        return RawReads.json(
                        client,
                        "/apis/apps/v1/namespaces/" + run.getMetadata().getNamespace() + "/controllerrevisions/"
                                + name(run))
                .filter(revision ->
                        Ownership.isControlledBy(revision, run.getMetadata().getUid()))
                .map(revision -> TOLERANT.convertValue(revision.path("data"), RunbookSpec.class));
    }

    private static String name(MaintenanceRun run) {
        return Names.runbook(run.getMetadata().getName(), run.getMetadata().getUid());
    }
}

package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.DataDeletion;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the operator's finalizers away before it is uninstalled: without it nobody would, and the objects could not be
 * deleted any more, nor their namespaces. Their data stays.
 */
public final class FinalizerRelease {

    private static final Logger LOG = LoggerFactory.getLogger(FinalizerRelease.class);
    private static final int TRIES = 5;

    private final KubernetesClient client;
    private final Finalizers finalizers;

    public FinalizerRelease(KubernetesClient client) {
        this.client = client;
        this.finalizers = new Finalizers(client);
    }

    /** Releases the objects of these namespaces; of all when none is named. */
    public void run(Set<String> namespaces) {
        int released = namespaces.isEmpty()
                ? release(client.resources(DatabaseBackup.class).inAnyNamespace())
                : namespaces.stream()
                        .mapToInt(namespace ->
                                release(client.resources(DatabaseBackup.class).inNamespace(namespace)))
                        .sum();
        LOG.atInfo().addKeyValue("databasebackups", released).log("finalizers taken away; the data stays");
    }

    private int release(
            AnyNamespaceOperation<DatabaseBackup, KubernetesResourceList<DatabaseBackup>, Resource<DatabaseBackup>>
                    backups) {
        int released = 0;
        String next = null;
        do {
            KubernetesResourceList<DatabaseBackup> page = backups.list(new ListOptionsBuilder()
                    .withLimit(KubernetesClients.LIST_PAGE)
                    .withContinue(next)
                    .build());
            released += (int) page.getItems().stream()
                    .filter(DataDeletion::armed)
                    .peek(this::release)
                    .count();
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return released;
    }

    private void release(DatabaseBackup listed) {
        DatabaseBackup backup = listed;
        for (int tries = 1; backup != null && !finalizers.remove(backup, Annotations.DATA_FINALIZER); tries++) {
            if (tries == TRIES) {
                throw new IllegalStateException(
                        "DatabaseBackup " + listed.getMetadata().getNamespace() + "/"
                                + listed.getMetadata().getName() + " changes all the time: try again");
            }
            backup = client.resource(listed).get();
        }
    }
}

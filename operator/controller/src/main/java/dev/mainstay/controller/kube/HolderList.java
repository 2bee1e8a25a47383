package dev.mainstay.controller.kube;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.core.backup.BackupClaims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the objects themselves say of what they were granted, asked of the API server and not of a cache. */
public final class HolderList {

    private final KubernetesClient client;

    public HolderList(KubernetesClient client) {
        this.client = client;
    }

    /** All that was granted of an application to those who have not ended. */
    List<Grant> of(String namespace, String application) {
        List<Grant> grants = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<DatabaseBackup> page = client.resources(DatabaseBackup.class)
                    .inNamespace(namespace)
                    .list(new ListOptionsBuilder()
                            .withLimit(KubernetesClients.LIST_PAGE)
                            .withContinue(next)
                            .build());
            page.getItems().stream()
                    .map(backup -> BackupClaims.held(backup, application))
                    .flatMap(Optional::stream)
                    .forEach(grants::add);
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return grants;
    }

    /** Whether an object of a kind that this version knows is gone, or is another one under its name. */
    public boolean isGone(String namespace, Holder holder) {
        if (!BackupClaims.KIND.equals(holder.kind())) {
            return false;
        }
        DatabaseBackup found = client.resources(DatabaseBackup.class)
                .inNamespace(namespace)
                .withName(holder.name())
                .get();
        return found == null || !holder.uid().equals(found.getMetadata().getUid()) || BackupClaims.ended(found);
    }
}

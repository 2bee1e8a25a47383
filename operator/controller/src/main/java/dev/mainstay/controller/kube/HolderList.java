package dev.mainstay.controller.kube;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.backup.BackupClaims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.mode.ModeClaims;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.rollback.RollbackClaims;
import dev.mainstay.core.runbook.RunClaims;
import dev.mainstay.core.runbook.RunLines;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the objects themselves say of what they were granted, asked of the API server and not of a cache. */
public final class HolderList {

    private final KubernetesClient client;

    public HolderList(KubernetesClient client) {
        this.client = client;
    }

    /** All that was granted of an application to those who have not ended. */
    List<Grant> of(String namespace, String application) {
        return Stream.of(
                        all(DatabaseBackup.class, namespace).map(backup -> BackupClaims.held(backup, application)),
                        all(RollbackRequest.class, namespace).map(request -> RollbackClaims.held(request, application)),
                        all(RestoreRequest.class, namespace).map(request -> RestoreClaims.held(request, application)),
                        all(MaintenanceMode.class, namespace).map(mode -> ModeClaims.held(mode, application)),
                        all(MaintenanceRun.class, namespace).map(run -> RunClaims.held(run, application)))
                .flatMap(Function.identity())
                .flatMap(Optional::stream)
                .toList();
    }

    /** The restores of a namespace. */
    public List<RestoreRequest> restores(String namespace) {
        return all(RestoreRequest.class, namespace).toList();
    }

    /** Whether an object of a kind that this version knows is gone, or is another one under its name. */
    public boolean isGone(String namespace, Holder holder) {
        return switch (holder.kind()) {
            case BackupClaims.KIND ->
                find(DatabaseBackup.class, namespace, holder)
                        .filter(backup -> !BackupClaims.ended(backup))
                        .isEmpty();
            case RollbackClaims.KIND ->
                find(RollbackRequest.class, namespace, holder)
                        .filter(request -> !RollbackClaims.ended(request))
                        .isEmpty();
            case ModeClaims.KIND ->
                find(MaintenanceMode.class, namespace, holder)
                        .filter(mode -> !ModeState.ended(mode))
                        .isEmpty();
            case RestoreClaims.KIND ->
                find(RestoreRequest.class, namespace, holder)
                        .filter(request -> !RestoreClaims.ended(request))
                        .isEmpty();
            case RunClaims.KIND ->
                find(MaintenanceRun.class, namespace, holder)
                        .filter(run -> !RunLines.ended(run))
                        .isEmpty();
            default -> false;
        };
    }

    private <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, Holder holder) {
        return Optional.ofNullable(client.resources(kind)
                        .inNamespace(namespace)
                        .withName(holder.name())
                        .get())
                .filter(found -> holder.uid().equals(found.getMetadata().getUid()));
    }

    private <T extends HasMetadata> Stream<T> all(Class<T> kind, String namespace) {
        List<T> all = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<T> page = client.resources(kind)
                    .inNamespace(namespace)
                    .list(new ListOptionsBuilder()
                            .withLimit(KubernetesClients.LIST_PAGE)
                            .withContinue(next)
                            .build());
            all.addAll(page.getItems());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all.stream();
    }
}

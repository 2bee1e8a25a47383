package dev.mainstay.controller.kube;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.core.naming.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** MaintenanceModes at the API server itself, where a cache may be behind. */
public final class MaintenanceModes {

    private final KubernetesClient client;

    public MaintenanceModes(KubernetesClient client) {
        this.client = client;
    }

    /** The modes of a namespace. */
    public List<MaintenanceMode> list(String namespace) {
        return list(client.resources(MaintenanceMode.class).inNamespace(namespace));
    }

    /** The modes of these namespaces; of all when none is named. */
    public List<MaintenanceMode> list(Set<String> namespaces) {
        return namespaces.isEmpty()
                ? list(client.resources(MaintenanceMode.class).inAnyNamespace())
                : namespaces.stream()
                        .flatMap(namespace -> list(namespace).stream())
                        .toList();
    }

    /** The newest state of a mode; empty when it is gone, or is another one under its name. */
    public Optional<MaintenanceMode> find(MaintenanceMode mode) {
        return Optional.ofNullable(client.resources(MaintenanceMode.class)
                        .inNamespace(mode.getMetadata().getNamespace())
                        .withName(mode.getMetadata().getName())
                        .get())
                .filter(found ->
                        found.getMetadata().getUid().equals(mode.getMetadata().getUid()));
    }

    /** The mode of that name; empty when there is none. */
    public Optional<MaintenanceMode> find(String namespace, String name) {
        return Optional.ofNullable(client.resources(MaintenanceMode.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Makes a mode; one that exists under its name is left alone. */
    public void make(MaintenanceMode mode) {
        try {
            client.resource(mode).create();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.alreadyExists(e)) {
                throw e;
            }
        }
    }

    /** Makes a mode, likewise; what the API server said if it does not take it. */
    public Optional<String> offer(MaintenanceMode mode) {
        try {
            make(mode);
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(ApiErrors.rejection(e).orElseThrow(() -> e));
        }
    }

    /** Deletes a mode, which ends it; another one under its name is left alone. */
    public void delete(MaintenanceMode mode) {
        try {
            client.resources(MaintenanceMode.class)
                    .inNamespace(mode.getMetadata().getNamespace())
                    .resource(mode)
                    .lockResourceVersion(mode.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (!ApiErrors.goneOrChanged(e)) {
                throw e;
            }
        }
    }

    /** Has a mode end, for a reason. */
    public void cancel(MaintenanceMode mode, String why) {
        client.resources(MaintenanceMode.class)
                .inNamespace(mode.getMetadata().getNamespace())
                .withName(mode.getMetadata().getName())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(
                                Map.of("metadata", Map.of("annotations", Map.of(Annotations.CANCEL, why)))));
    }

    /** The application of that name; empty when there is none. */
    public Optional<ManagedApplication> application(String namespace, String name) {
        // The right to list them is there for the watch; a right to get one would be for this alone.
        return list(client.resources(ManagedApplication.class).inNamespace(namespace)).stream()
                .filter(application -> application.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** The release of Mainstay that works on an application, as {@code namespace/name}; empty when none does. */
    public Optional<String> releaseOf(String namespace, String application) {
        return Optional.ofNullable(client.leases()
                        .inNamespace(namespace)
                        .withName(Names.claims(application))
                        .get())
                .flatMap(ClaimLease::release);
    }

    private static <T extends HasMetadata> List<T> list(
            AnyNamespaceOperation<T, KubernetesResourceList<T>, Resource<T>> objects) {
        List<T> all = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<T> page = objects.list(new ListOptionsBuilder()
                    .withLimit(KubernetesClients.LIST_PAGE)
                    .withContinue(next)
                    .build());
            all.addAll(page.getItems());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all;
    }
}

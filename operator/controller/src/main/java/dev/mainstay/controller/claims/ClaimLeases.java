package dev.mainstay.controller.claims;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.core.naming.Names;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.Optional;

/** The Leases in which the claims on applications are kept, as the cache has them. */
public final class ClaimLeases {

    private final ClaimStore store;
    private InformerEventSource<Lease, ManagedApplication> leases;

    public ClaimLeases(ClaimStore store) {
        this.store = store;
    }

    /** Makes the informer, which wakes the application whose claims have changed. */
    public EventSource<?, ManagedApplication> prepare(EventSourceContext<ManagedApplication> context) {
        leases = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Lease.class, ManagedApplication.class)
                        .withName("claims")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Annotations.CLAIMS)
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerType(ManagedApplication.class))
                        .build(),
                context);
        return leases;
    }

    /** The Lease of an application as the cache has it; empty when it has none. */
    public Optional<Lease> of(String namespace, String application) {
        return leases.get(new ResourceID(Names.claims(application), namespace));
    }

    /** The other release that works on an application, "" when this one has handed it back; empty when it is this one's. */
    public Optional<String> otherRelease(String namespace, String application) {
        return of(namespace, application)
                .filter(lease -> !store.isOurs(lease))
                .map(lease -> ClaimLease.release(lease).orElse(""));
    }
}

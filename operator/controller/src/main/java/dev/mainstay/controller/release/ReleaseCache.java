package dev.mainstay.controller.release;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.controller.kube.ReleaseStore;
import dev.mainstay.controller.kube.RevisionItemStore;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.Ledger;
import dev.mainstay.core.rollback.RecordedRelease;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The releases that are kept of the applications, as a cache has them: what is in them is left out of it. */
public final class ReleaseCache {

    private static final String BY_APPLICATION = "by-application";

    private InformerEventSource<ControllerRevision, ManagedApplication> revisions;

    /** Makes the informer, which wakes the application whose releases have changed. */
    public EventSource<?, ManagedApplication> prepare(EventSourceContext<ManagedApplication> context) {
        revisions = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(ControllerRevision.class, ManagedApplication.class)
                        .withName("releases")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Annotations.RELEASE_OF)
                        .withInformerListLimit(KubernetesClients.LIST_PAGE)
                        .withItemStore(new RevisionItemStore())
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerType(ManagedApplication.class))
                        .build(),
                context);
        revisions.addIndexers(Map.of(
                BY_APPLICATION,
                revision -> List.of(key(
                        revision.getMetadata().getNamespace(),
                        revision.getMetadata().getLabels().get(Annotations.RELEASE_OF)))));
        return revisions;
    }

    /** The releases of an application, the newest first. */
    public List<RecordedRelease> of(ManagedApplication application) {
        return Ledger.standing(all(application));
    }

    /** Whether there are some that do not stand any more. */
    public boolean needsTidying(ManagedApplication application) {
        List<RecordedRelease> all = all(application);
        return Ledger.standing(all).size() < all.size();
    }

    private List<RecordedRelease> all(ManagedApplication application) {
        String uid = application.getMetadata().getUid();
        return ReleaseStore.recorded(revisions
                .byIndex(
                        BY_APPLICATION,
                        key(
                                application.getMetadata().getNamespace(),
                                Names.label(application.getMetadata().getName())))
                .stream()
                .filter(revision -> revision.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> Objects.equals(uid, owner.getUid()))));
    }

    private static String key(String namespace, String label) {
        return namespace + "/" + label;
    }
}

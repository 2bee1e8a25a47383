package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** ControllerRevisions that go with what they are kept for. */
final class OwnedRevisions {

    private OwnedRevisions() {}

    /** Makes one; whether it was made now. The one that was there first stands: what it holds can't be changed. */
    static boolean create(KubernetesClient client, HasMetadata owner, ControllerRevision revision) {
        revision.getMetadata().setNamespace(owner.getMetadata().getNamespace());
        Map<String, String> labels = revision.getMetadata().getLabels() == null
                ? new TreeMap<>()
                : new TreeMap<>(revision.getMetadata().getLabels());
        labels.put("app.kubernetes.io/managed-by", "mainstay");
        revision.getMetadata().setLabels(labels);
        revision.getMetadata().setOwnerReferences(List.of(Ownership.controlledBy(owner)));
        try {
            client.resource(revision).create();
            return true;
        } catch (KubernetesClientException e) {
            if (ApiErrors.alreadyExists(e)) {
                return false;
            }
            throw e;
        }
    }
}

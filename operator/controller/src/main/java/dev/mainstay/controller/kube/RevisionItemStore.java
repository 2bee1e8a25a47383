package dev.mainstay.controller.kube;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/**
 * Keeps ControllerRevisions without what they hold: ten releases of a thousand applications would be a hundred megabytes of
 * templates.
 */
public final class RevisionItemStore extends BasicItemStore<ControllerRevision> {

    public RevisionItemStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public ControllerRevision put(String key, ControllerRevision revision) {
        revision.setData(null);
        revision.getMetadata().setManagedFields(null);
        return super.put(key, revision);
    }
}

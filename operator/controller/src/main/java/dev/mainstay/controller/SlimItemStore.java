package dev.mainstay.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/**
 * Keeps objects without their managedFields, which nothing here reads and which are more than half of an object's memory
 * (27 KB against 11 KB for a Job, measured).
 *
 * @param <T> kind of object
 */
public final class SlimItemStore<T extends HasMetadata> extends BasicItemStore<T> {

    public SlimItemStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public T put(String key, T object) {
        if (object.getMetadata() != null) {
            object.getMetadata().setManagedFields(null);
        }
        return super.put(key, object);
    }
}

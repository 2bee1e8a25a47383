package dev.mainstay.controller.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The cache of a controller, of what a test puts into it.
 *
 * @param <T> kind of object
 */
public final class FakeCache<T extends HasMetadata> implements IndexerResourceCache<T> {

    private final Map<ResourceID, T> objects = new LinkedHashMap<>();
    private final Map<String, Function<T, List<String>>> indexers = new HashMap<>();

    /** Takes an object, in the place of the one of its name. */
    public T put(T object) {
        objects.put(ResourceID.fromResource(object), object);
        return object;
    }

    @Override
    public Optional<T> get(ResourceID id) {
        return Optional.ofNullable(objects.get(id));
    }

    @Override
    public Stream<ResourceID> keys() {
        return objects.keySet().stream();
    }

    @Override
    public Stream<T> list(Predicate<T> which) {
        return objects.values().stream().filter(which);
    }

    @Override
    public Stream<T> list(String namespace, Predicate<T> which) {
        return list(object -> namespace.equals(object.getMetadata().getNamespace()) && which.test(object));
    }

    @Override
    public void addIndexers(Map<String, Function<T, List<String>>> more) {
        indexers.putAll(more);
    }

    @Override
    public List<T> byIndex(String indexer, String key) {
        return list(object -> indexers.get(indexer).apply(object).contains(key)).toList();
    }
}

package dev.mainstay.core.task;

import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * Keys that are removed from a cache.
 *
 * @param cache the cache
 * @param prefixes what the keys begin with; empty for all keys of the database
 * @param dryRun whether they are only counted
 */
public record CacheClearWork(CacheTarget cache, List<String> prefixes, boolean dryRun) implements StepWork {

    /** The prefixes; never null. */
    @Override
    public List<String> prefixes() {
        return prefixes == null ? List.of() : prefixes;
    }

    @Override
    public List<MountedSecret> secrets() {
        return cache.secrets();
    }
}

package dev.mainstay.core.task;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * A look at a cache that changes nothing in it.
 *
 * @param cache the cache
 * @param step how it is looked at, and what is too much or too little
 */
public record CacheReviewWork(CacheTarget cache, CacheReviewStep step) implements StepWork {

    @Override
    public List<MountedSecret> secrets() {
        return cache.secrets();
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.task.CacheReviewWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A cache and its server are looked at; nothing is changed. */
public record CacheReviewStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "cacheReview";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.cacheReview() != null;
    }

    @Override
    public String does() {
        return "looks at a cache in `spec.caches` of the ManagedApplication, for `period`: hit rate, evictions, memory,"
                + " fragmentation, clients, and of a sample the keys that have no time to live ([more](steps/cache.md))";
    }

    @Override
    public String judgedBy() {
        return "the limits of the step: what is beyond one is Findings. A server that does not answer, or refuses, is"
                + " CouldNotCheck";
    }

    /** The longest period, and some. */
    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(75));
    }

    @Override
    public String plan(StepTurn turn) {
        CacheReviewStep step = turn.step().cacheReview();
        return "Looks at " + StepCaches.told(turn, step.cache()) + " for " + step.period() + ", and at "
                + step.sampleKeys() + " of its keys; changes nothing.";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        CacheReviewStep step = turn.step().cacheReview();
        return StepCaches.order(turn, "cacheReview.cache", step.cache(), cache -> new CacheReviewWork(cache, step));
    }
}

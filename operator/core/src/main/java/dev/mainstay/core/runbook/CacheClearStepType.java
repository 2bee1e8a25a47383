package dev.mainstay.core.runbook;

import dev.mainstay.api.application.Cache;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.runbook.CacheClearStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keys of a cache are removed: those that begin with what the step says, or all of the database. */
public record CacheClearStepType() implements RunnerStepType {

    @Override
    public String name() {
        return "cacheClear";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.cacheClear() != null;
    }

    @Override
    public String does() {
        return "removes the keys that begin with one of `prefixes` from a cache, with SCAN and UNLINK, or with `allowFlush`"
                + " all keys of its database; with `dryRun` it counts them ([more](steps/cache.md#cacheclear))";
    }

    @Override
    public String judgedBy() {
        return "its end: all pages done is Passed. Stopped, refused or not reached is Failed; what was removed until then is"
                + " told";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofHours(1));
    }

    @Override
    public String plan(StepTurn turn) {
        CacheClearStep step = turn.step().cacheClear();
        String which = step.allowFlush()
                ? "all keys"
                : step.prefixes().stream()
                        .map(prefix -> "\"" + prefix + "\"")
                        .collect(Collectors.joining(", ", "the keys that begin with ", ""));
        return (step.dryRun() ? "Counts " : "Removes ") + which + (step.dryRun() ? " in " : " from ")
                + StepCaches.told(turn, step.cache()) + ".";
    }

    @Override
    public boolean changes() {
        return true;
    }

    /** Counting keys disturbs nobody. */
    @Override
    public List<Claim> claims(StepTurn turn) {
        CacheClearStep step = turn.step().cacheClear();
        return step.dryRun()
                ? List.of()
                : StepCaches.find(turn, step.cache()).stream()
                        .flatMap(cache -> Operation.STEP_CACHE_CLEAR.claims(cache.name()).stream())
                        .toList();
    }

    @Override
    public Order order(StepTurn turn, List<BackupPolicy> policies) {
        CacheClearStep step = turn.step().cacheClear();
        return StepCaches.find(turn, step.cache())
                .flatMap(cache -> beyond(turn, cache))
                .<Order>map(message -> new Order.Missing(Reason.INVALID_SPEC, message))
                .orElseGet(() -> StepCaches.order(
                        turn,
                        "cacheClear.cache",
                        step.cache(),
                        cache -> new CacheClearWork(cache, step.prefixes(), step.dryRun())));
    }

    /** What is not the application's is not removed: the Runbook's author may not know of the others. */
    private static Optional<String> beyond(StepTurn turn, Cache cache) {
        String own = cache.redis().keyPrefix();
        CacheClearStep step = turn.step().cacheClear();
        if (own == null) {
            return Optional.empty();
        }
        String shared = "Cache " + cache.name() + " of ManagedApplication "
                + turn.application().getMetadata().getName() + " is shared: its keys begin with \"" + own
                + "\" (redis.keyPrefix). ";
        if (step.allowFlush()) {
            return Optional.of(shared
                    + "Emptying the database would remove those of others too. Name prefixes instead of allowFlush in"
                    + " cacheClear of the step.");
        }
        return step.prefixes().stream()
                .filter(prefix -> !prefix.startsWith(own))
                .findFirst()
                .map(prefix -> shared + "cacheClear.prefixes of the step has \"" + prefix
                        + "\", which does not. Let it begin so.");
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.application.Cache;
import dev.mainstay.api.application.CacheCredentials;
import dev.mainstay.api.application.RedisCache;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.core.task.StepWork;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The cache that a step means. Where it is and what opens it stands in the application: whoever writes a Runbook chooses among
 * its caches, and can send their passwords nowhere else.
 */
final class StepCaches {

    private StepCaches() {}

    /**
     * What is to be done with the cache, or what is missing.
     *
     * @param field the field of the step that names it
     * @param wanted its name in the application; null for the only one
     */
    static Order order(StepTurn turn, String field, String wanted, Function<CacheTarget, StepWork> work) {
        return find(turn, wanted)
                .<Order>map(cache -> new Order.Ready(work.apply(target(turn, cache))))
                .orElseGet(() -> new Order.Missing(Reason.CACHE_NOT_FOUND, notFound(turn, field, wanted)));
    }

    /** The cache; empty when the application has none of that name, or several and none is named. */
    static Optional<Cache> find(StepTurn turn, String wanted) {
        List<Cache> caches = caches(turn);
        return wanted == null && caches.size() != 1
                ? Optional.empty()
                : caches.stream()
                        .filter(cache -> wanted == null || wanted.equals(cache.name()))
                        .findFirst();
    }

    /** The cache in words, for a plan. */
    static String told(StepTurn turn, String wanted) {
        return find(turn, wanted)
                .map(cache -> "cache " + cache.name() + " (database "
                        + cache.redis().database() + " on " + cache.redis().server() + ")")
                .orElseGet(() -> "a cache that ManagedApplication "
                        + turn.run().getSpec().applicationRef().name() + " does not name");
    }

    private static List<Cache> caches(StepTurn turn) {
        return turn.application() == null || turn.application().getSpec() == null
                ? List.of()
                : turn.application().getSpec().caches();
    }

    private static CacheTarget target(StepTurn turn, Cache cache) {
        RedisCache redis = cache.redis();
        String self = "ManagedApplication " + turn.application().getMetadata().getName();
        String field = "spec.caches[" + cache.name() + "].redis.";
        return new CacheTarget(
                cache.name(),
                redis.host(),
                redis.port(),
                redis.tls(),
                redis.database(),
                redis.keyPrefix(),
                credentials(redis.credentialsSecretRef(), field + "credentialsSecretRef", self),
                certificateAuthority(redis.caSecretRef(), field + "caSecretRef", self));
    }

    private static MountedSecret credentials(CacheCredentials credentials, String field, String self) {
        if (credentials == null) {
            return null;
        }
        TreeMap<String, String> keys = new TreeMap<>(Map.of("password", credentials.passwordKey()));
        if (credentials.usernameKey() != null) {
            keys.put("username", credentials.usernameKey());
        }
        return new MountedSecret("cache", credentials.name(), keys).namedBy(field, self);
    }

    private static MountedSecret certificateAuthority(SecretKeyReference reference, String field, String self) {
        return reference == null
                ? null
                : new MountedSecret("cache-ca", reference.name(), Map.of("ca", reference.key())).namedBy(field, self);
    }

    private static String notFound(StepTurn turn, String field, String wanted) {
        String self = "ManagedApplication " + turn.application().getMetadata().getName();
        String names = caches(turn).stream().map(Cache::name).collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            return self + " has no cache in spec.caches. Add the one that is meant.";
        }
        return wanted == null
                ? field + " of the step is left out, and " + self + " has several caches (" + names + "). Name one."
                : field + " of the step is " + wanted + ", and " + self + " has no cache of that name (found: " + names
                        + "). Name one that it has, or add it there.";
    }
}

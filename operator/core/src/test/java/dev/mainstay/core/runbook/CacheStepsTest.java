package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.runbook.RunnerStepType.Order;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheClearWork;
import dev.mainstay.core.task.CacheReviewWork;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cache a step means, and what the runner is told to do with it. */
class CacheStepsTest {

    private static final String MAIN = "{name: main, redis: {host: shop-redis}}";
    private static final String SHARED =
            "{name: shared, redis: {host: all-redis, port: 6380, tls: true, database: 2, keyPrefix: 'shop:',"
                    + " caSecretRef: {name: redis-ca, key: ca.crt},"
                    + " credentialsSecretRef: {name: redis-user, usernameKey: user}}}";

    private static StepTurn turn(String caches, String step) {
        RunWorld world = new RunWorld("steps:\n- {name: look, " + step + "}", "");
        return new StepTurn(
                world.run,
                Serialization.unmarshal(
                        "metadata: {name: shop, namespace: shop, uid: uid-shop}\nspec: {caches: [" + caches + "]}",
                        ManagedApplication.class),
                world.runbook.getSpec().steps().getFirst(),
                1);
    }

    private static Order order(StepTurn turn) {
        return ((RunnerStepType) StepType.of(turn.step()).orElseThrow()).order(turn, List.of());
    }

    /** The address and the Secrets are those of the application; the step has no field for them. */
    @Test
    void givenACache_whenTheTaskIsMade_thenItHasWhatOpensIt() {
        Task task = RunnerSteps.task(
                        new CacheReviewStepType(),
                        turn(SHARED, "cacheReview: {minHitRatePercent: 70}"),
                        List.of(),
                        "cluster",
                        RunWorld.START)
                .orElseThrow();

        CacheReviewWork work = (CacheReviewWork) task.step().work();
        assertThat(work.cache())
                .isEqualTo(new CacheTarget(
                        "shared",
                        "all-redis",
                        6380,
                        true,
                        2,
                        "shop:",
                        new MountedSecret("cache", "redis-user", Map.of("password", "password", "username", "user"))
                                .namedBy("spec.caches[shared].redis.credentialsSecretRef", "ManagedApplication shop"),
                        new MountedSecret("cache-ca", "redis-ca", Map.of("ca", "ca.crt"))
                                .namedBy("spec.caches[shared].redis.caSecretRef", "ManagedApplication shop")));
        assertThat(work.step().minHitRatePercent()).isEqualTo(70);
        assertThat(task.secrets()).extracting(MountedSecret::name).containsExactly("redis-user", "redis-ca");
        assertThat(task.timeoutSeconds()).isEqualTo(75 * 60);
        assertThat(TaskJson.write(TaskJson.readTask(TaskJson.write(task)))).isEqualTo(TaskJson.write(task));
    }

    @Test
    void givenKeysToRemove_whenTheTaskIsMade_thenItHasThem() {
        Task task = RunnerSteps.task(
                        new CacheClearStepType(),
                        turn(MAIN, "cacheClear: {prefixes: ['page:', 'a*'], dryRun: true}, timeout: 3m"),
                        List.of(),
                        "cluster",
                        RunWorld.START)
                .orElseThrow();

        assertThat(task.step().work())
                .isEqualTo(new CacheClearWork(
                        new CacheTarget("main", "shop-redis", 6379, false, 0, null, null, null),
                        List.of("page:", "a*"),
                        true));
        assertThat(task.secrets()).isEmpty();
        assertThat(task.timeoutSeconds()).isEqualTo(180);
        assertThat(TaskJson.readTask(TaskJson.write(task))).isEqualTo(task);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | cacheReview: {}                | CACHE_NOT_FOUND | has no cache in spec.caches. Add",
                "both | cacheReview: {}                | CACHE_NOT_FOUND | cacheReview.cache of the step is left out, and ManagedApplication shop has several caches (main, shared). Name one.",
                "both | cacheReview: {cache: other}    | CACHE_NOT_FOUND | cacheReview.cache of the step is other, and ManagedApplication shop has no cache of that name (found: main, shared)",
                "both | cacheReview: {cache: shared}   |                 |",
                "main | cacheReview: {cache: main}     |                 |",
                "none | 'cacheClear: {prefixes: [a]}'  | CACHE_NOT_FOUND | has no cache in spec.caches. Add",
                "both | 'cacheClear: {prefixes: [a]}'  | CACHE_NOT_FOUND | cacheClear.cache of the step is left out",
                "main | 'cacheClear: {prefixes: [a]}'  |                 |",
                "main | 'cacheClear: {allowFlush: true}' |               |",
                "both | 'cacheClear: {cache: shared, prefixes: [\"shop:\", \"shop:a\"]}' | |",
                "both | 'cacheClear: {cache: shared, prefixes: [\"shop:\", \"shop\"]}' | INVALID_SPEC | Cache shared of ManagedApplication shop is shared: its keys begin with \"shop:\" (redis.keyPrefix). cacheClear.prefixes of the step has \"shop\", which does not. Let it begin so.",
                "both | 'cacheClear: {cache: shared, allowFlush: true, dryRun: true}' | INVALID_SPEC | Emptying the database would remove those of others too."
            })
    void givenAStep_whenItsCacheIsLookedFor_thenItIsFoundOrToldWhyNot(
            String caches, String step, Reason reason, String message) {
        String named =
                switch (caches) {
                    case "none" -> "";
                    case "main" -> MAIN;
                    default -> MAIN + ", " + SHARED;
                };

        Order order = order(turn(named, step));

        switch (order) {
            case Order.Ready ignored -> assertThat(reason).isNull();
            case Order.Missing(Reason told, String why) -> {
                assertThat(told).isEqualTo(reason);
                assertThat(why).contains(message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cacheReview: {}                       | Looks at cache main (database 0 on shop-redis:6379) for 30s, and at 10000 of its keys; changes nothing.",
                "'cacheClear: {prefixes: [\"a from b\", c]}' | Removes the keys that begin with \"a from b\", \"c\" from cache main (database 0 on shop-redis:6379).",
                "'cacheClear: {prefixes: [a], dryRun: true}' | Counts the keys that begin with \"a\" in cache main (database 0 on shop-redis:6379).",
                "'cacheClear: {allowFlush: true}'      | Removes all keys from cache main (database 0 on shop-redis:6379).",
                "'cacheClear: {cache: x, allowFlush: true}' | Removes all keys from a cache that ManagedApplication shop does not name."
            })
    void givenAStep_whenItIsPlanned_thenItSaysWhatItWouldDo(String step, String plan) {
        StepTurn turn = turn(MAIN, step);

        assertThat(StepType.of(turn.step()).orElseThrow().plan(turn)).isEqualTo(plan);
    }
}

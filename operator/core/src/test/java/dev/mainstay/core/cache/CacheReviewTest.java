package dev.mainstay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.cache.KeySample.Group;
import dev.mainstay.core.task.StepReport;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from two looks at a cache. */
class CacheReviewTest {

    private static final String INFO = """
            # Server\r
            redis_version:8.0.2\r
            uptime_in_seconds:%d\r
            loading:0\r
            # Clients\r
            connected_clients:12\r
            blocked_clients:3\r
            # Memory\r
            used_memory:536870912\r
            maxmemory:1073741824\r
            maxmemory_policy:allkeys-lru\r
            mem_fragmentation_ratio:1.12\r
            lazyfree_pending_objects:0\r
            # Stats\r
            keyspace_hits:%d\r
            keyspace_misses:%d\r
            evicted_keys:%d\r
            rejected_connections:0\r
            role:master\r
            cluster_enabled:0\r
            # Keyspace\r
            db0:keys=100000,expires=60000,avg_ttl=3600000,subexpiry=0\r
            db3:keys=7,expires=0,avg_ttl=0\r
            """;

    private final String before = INFO.formatted(3600, 1000, 500, 10);
    private String after = INFO.formatted(3630, 1900, 600, 70);
    private KeySample sample = new KeySample(10_000, 1_000, List.of());

    private StepReport report(String step) {
        return new CacheReview(
                        Serialization.unmarshal("---\n" + step, CacheReviewStep.class),
                        CacheInfo.parse(before, 0),
                        CacheInfo.parse(after, 0),
                        sample)
                .report();
    }

    private void change(String changes) {
        for (String change : changes.strip().split(" ")) {
            if (!change.isEmpty()) {
                after = after.replaceAll("(?m)^" + change.substring(0, change.indexOf(':') + 1) + "[^\r]*", change);
            }
        }
    }

    @Test
    void givenACacheThatIsWell_whenItIsReviewed_thenWhatWasSeenIsTold() {
        StepReport report = report("{}");

        assertThat(report.outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .isEqualTo("Redis 8.0.2, up for 1h30s: hit rate 90.0 % of 1,000 lookups in 30s; 60 keys evicted in 30s;"
                        + " 512 MiB in use of 1.00 GiB (allkeys-lru), fragmentation 112 %; 100,000 keys; of a sample of"
                        + " 10,000 keys 1,000 have no time to live; 12 clients, 3 blocked.");
        assertThat(report.facts()).containsEntry("hits", 900L).containsEntry("lookups", 1000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keyspace_hits:1700                                | {}                           | hit rate 87.5 % of 800 lookups in 30s",
                "keyspace_hits:1400                                | {}                           | hit rate 80.0 % of 500 lookups in 30s",
                "keyspace_hits:1399                                | {}                           | FOUND The hit rate in 30s is 80.0 %, below 80 %",
                "keyspace_hits:1000                                | {minHitRatePercent: 0}       | hit rate 0.0 % of 100 lookups",
                "keyspace_hits:1090 keyspace_misses:509            | {}                           | FOUND The hit rate since the server's start is 68.2 %",
                "keyspace_hits:1090 keyspace_misses:510            | {minHitRatePercent: 95}      | FOUND The hit rate in 30s is 90.0 %, below 95 %",
                "uptime_in_seconds:5 keyspace_hits:90 keyspace_misses:9 | {}                      | too few lookups to tell a hit rate",
                "uptime_in_seconds:5 keyspace_hits:10 keyspace_misses:90 | {}                     | FOUND The hit rate in 30s is 10.0 %",
                "used_memory:1073741824                            | {}                           | 1.00 GiB in use of 1.00 GiB",
                "used_memory:1073741824                            | {maxMemoryPercent: 95}       | FOUND Of maxmemory 100.0 % are in use, more than 95 % (maxMemoryPercent) with allkeys-lru.",
                "used_memory:966367641 maxmemory_policy:noeviction | {}                           | 922 MiB in use",
                "used_memory:976367641 maxmemory_policy:noeviction | {}                           | FOUND Of maxmemory 90.9 % are in use, more than 90 % (maxMemoryPercent); at the limit writes are refused (noeviction).",
                "used_memory:976367641 maxmemory_policy:volatile-lru | {}                         | FOUND Of maxmemory 90.9 % are in use, more than 90 % (maxMemoryPercent) with volatile-lru.",
                "maxmemory:0                                       | {maxMemoryPercent: 1}        | in use of no maxmemory",
                "evicted_keys:5000                                 | {}                           | 4,990 keys evicted in 30s",
                "evicted_keys:60                                   | {maxEvictedKeysPerMinute: 100} | 50 keys evicted",
                "evicted_keys:61                                   | {maxEvictedKeysPerMinute: 100} | FOUND 102 keys a minute are evicted, more than 100",
                "mem_fragmentation_ratio:1.50                      | {}                           | fragmentation 150 %",
                "mem_fragmentation_ratio:1.51                      | {}                           | FOUND The process takes 151 % of the memory in use",
                "mem_fragmentation_ratio:21.5 used_memory:104857599 | {}                          | fragmentation 2150 %",
                "mem_fragmentation_ratio:1.2                       | {maxFragmentationPercent: 110} | FOUND The process takes 120 %",
                "blocked_clients:3                                 | {maxBlockedClients: 3}       | 3 blocked",
                "blocked_clients:4                                 | {maxBlockedClients: 3}       | FOUND 4 clients wait in a blocking command, more than 3",
                "rejected_connections:2                            | {}                           | FOUND 2 connections were refused in 30s"
            })
    void givenAChange_whenItIsReviewed_thenItIsAFindingOrNot(String changes, String step, String told) {
        change(changes);

        StepReport report = report(step);

        boolean found = told.startsWith("FOUND ");
        assertThat(report.outcome()).isEqualTo(found ? StepOutcome.FINDINGS : StepOutcome.PASSED);
        assertThat(report.message()).contains(found ? told.substring("FOUND ".length()) : told);
    }

    /** A key without a time to live is no trouble where it is evicted when room is wanted. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2000 | maxmemory_policy:noeviction   | {} | false",
                "2001 | maxmemory_policy:noeviction   | {} | true",
                "9999 | maxmemory_policy:volatile-ttl | {} | true",
                "9999 | maxmemory_policy:allkeys-lru  | {} | false",
                "9999 | maxmemory_policy:allkeys-lfu maxmemory:0 | {} | true",
                "9999 | maxmemory_policy:noeviction   | {maxKeysWithoutTtlPercent: 100} | false",
                "1    | maxmemory_policy:noeviction   | {maxKeysWithoutTtlPercent: 0} | true"
            })
    void givenKeysWithoutTimeToLive_whenTheyAreReviewed_thenTheyAreAFindingWhereTheyStay(
            long without, String changes, String step, boolean found) {
        change(changes);
        sample = new KeySample(10_000, without, List.of(new Group("cart:", 700), new Group("page:", 40)));

        StepReport report = report(step);

        assertThat(report.outcome()).isEqualTo(found ? StepOutcome.FINDINGS : StepOutcome.PASSED);
        if (found) {
            assertThat(report.message())
                    .contains("of a sample of 10,000 keys have no time to live, more than ")
                    .contains("most of them under cart: (700), page: (40), and nothing evicts such keys (");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100_000})
    void givenAllKeysOrNone_whenTheyAreReviewed_thenItIsNotCalledASample(long keys) {
        sample = new KeySample(keys, 0, List.of());

        assertThat(report("{}").message())
                .doesNotContain("sample")
                .contains(keys == 0 ? "no key was found to look at" : "of all 100,000 keys 0 have no time to live");
    }

    /** All that can be found fits into a status, and what was found comes first. */
    @Test
    void givenEverythingWrong_whenItIsReviewed_thenTheFindingsAreNotCut() {
        change("keyspace_hits:1001 used_memory:1063741824 maxmemory_policy:noeviction evicted_keys:500000"
                + " mem_fragmentation_ratio:3 blocked_clients:100 rejected_connections:44");
        sample = new KeySample(10_000, 9_000, List.of(new Group("cart:", 700), new Group("page:", 40)));

        String message =
                report("{maxEvictedKeysPerMinute: 1, maxBlockedClients: 1}").message();

        assertThat(message)
                .startsWith("The hit rate")
                .contains("connections were refused")
                .hasSizeLessThanOrEqualTo(StepReport.LONGEST);
    }

    @ParameterizedTest
    @CsvSource({"0,100000,60000", "3,7,0", "1,0,0"})
    void givenADatabase_whenInfoIsRead_thenItsKeysCount(int database, long keys, long expiring) {
        CacheInfo info = CacheInfo.parse(before, database);

        assertThat(info.keys()).isEqualTo(keys);
        assertThat(info.expiring()).isEqualTo(expiring);
    }

    @Test
    void givenAReplicaOrAnotherProgram_whenInfoIsRead_thenItIsTold() {
        CacheInfo info = CacheInfo.parse(
                "redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.1\nrole:slave\nmaster_host:shop-redis-0\n"
                        + "master_port:6379\nloading:1\ncluster_enabled:1\nused_memory:what\n",
                0);

        assertThat(info.server()).isEqualTo("Valkey 8.1.1");
        assertThat(info.primary()).isEqualTo("shop-redis-0:6379");
        assertThat(info.loading()).isTrue();
        assertThat(info.cluster()).isTrue();
        assertThat(info.usedMemory()).isZero();
    }
}

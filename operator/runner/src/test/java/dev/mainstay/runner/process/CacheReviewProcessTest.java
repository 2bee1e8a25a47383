package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.runbook.CacheReviewStep;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** What is seen of a real Redis, and why one can't be looked at. */
@Tag("process")
class CacheReviewProcessTest {

    private static final CacheReviewStep QUICK = limits(null, null, null);

    @TempDir
    Path folder;

    private RedisServer server;

    @AfterEach
    void end() {
        server.close();
    }

    private CacheStep step(String... options) {
        server = new RedisServer(options);
        return new CacheStep(folder, server.port());
    }

    private static CacheReviewStep limits(Integer memory, Integer evicted, Integer blocked) {
        return new CacheReviewStep(null, "2s", null, memory, null, null, evicted, blocked, 2_000);
    }

    private void lookUp(String key, int times) {
        try (Connection connection = server.connection()) {
            for (int i = 0; i < times; i++) {
                connection.sendCommand(Command.GET, key);
            }
            connection.getMany(times);
        }
    }

    /** The counters were read for the first time. */
    private void atWork() {
        Awaitility.await().until(() -> server.ask("CLIENT", "LIST").contains("cmd=info "));
    }

    private static void waitInVain(Connection connection) {
        try {
            connection.executeCommand(
                    new CommandArguments(Command.BLPOP).key("queue").add(0).blocking());
        } catch (JedisConnectionException e) {
            // The test has closed it.
        }
    }

    @Test
    void givenACacheThatIsWell_whenItIsReviewed_thenItPassesAndChangesNothing() {
        CacheStep step = step("--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru");
        server.fill("page:", 40_000, 3600);
        server.fill("cart:", 60_000, 0);
        lookUp("page:1", 900);
        lookUp("none", 100);

        StepReport report = step.review(QUICK);

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.PASSED);
        assertThat(report.message())
                .startsWith("Redis 8.0.2, up for ")
                .contains(
                        "hit rate 90.0 % of 1,000 lookups since the server's start",
                        " in use of 1.00 GiB (allkeys-lru)", "100,000 keys; of a sample of 2,")
                .containsPattern("of a sample of 2,[0-9]{3} keys 1,[0-9]{3} have no time to live");
        assertThat(report.facts().get("sampledWithoutTtl")
                        * 1.0
                        / report.facts().get("sampledKeys"))
                .isBetween(0.5, 0.7);
        assertThat(server.count("")).isEqualTo(100_000);
        assertThat(server.calls("unlink") + server.calls("flushdb")).isZero();
        // The test itself counts with KEYS, once.
        assertThat(server.calls("keys")).isEqualTo(1);
    }

    /** The counters of the period, not those since the start; and its own questions are none of them. */
    @Test
    void givenLookupsInThePeriod_whenItIsReviewed_thenTheirRateCounts() {
        CacheStep step = step();
        server.fill("page:", 1_000, 3600);
        lookUp("page:1", 10_000);
        CompletableFuture<StepReport> running = CompletableFuture.supplyAsync(() -> step.review(QUICK));
        atWork();
        lookUp("none", 300);
        lookUp("page:1", 100);

        StepReport report = running.join();

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .startsWith("The hit rate in 2s is 25.0 %, below 80 % (minHitRatePercent)")
                .contains("hit rate 25.0 % of 400 lookups in 2s");
    }

    /** A cache whose keys never go, and nearly full. */
    @Test
    void givenKeysWithoutTimeToLive_whenNothingEvictsThem_thenTheyAndTheMemoryAreFindings() {
        CacheStep step = step("--maxmemory", "20mb", "--maxmemory-policy", "volatile-lru");
        server.fill("shop:session:", 30_000, 0);
        server.fill("shop:page:", 10_000, 3600);
        server.fill("other:", 5_000, 3600);
        step.keyPrefix = "shop:";

        StepReport report = step.review(limits(25, null, null));

        assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
        assertThat(report.message())
                .contains("% are in use, more than 25 % (maxMemoryPercent) with volatile-lru.")
                .containsPattern("7[0-9]\\.[0-9] % of a sample of 2,[0-9]{3} keys have no time to live")
                .containsPattern(
                        "most of them under session: \\([0-9,]+\\), and nothing evicts such keys \\(volatile-lru\\)");
    }

    @Test
    void givenAFullCacheAndClientsThatWait_whenItIsReviewed_thenEvictionsAndClientsAreFindings() throws IOException {
        CacheStep step = step("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-random");
        try (Connection waiting = server.connection()) {
            Thread.ofPlatform().daemon().start(() -> waitInVain(waiting));
            Awaitility.await().until(() -> server.ask("INFO", "clients").contains("blocked_clients:1"));
            CompletableFuture<StepReport> running =
                    CompletableFuture.supplyAsync(() -> step.review(limits(null, 100, 0)));
            atWork();
            server.fill("page:", 50_000, 0);

            StepReport report = running.join();

            assertThat(report.outcome()).isEqualTo(StepOutcome.FINDINGS);
            assertThat(report.message())
                    .containsPattern("[0-9,]+ keys a minute are evicted, more than 100")
                    .contains("1 clients wait in a blocking command, more than 0");
        }
    }

    @Test
    void givenAReplica_whenItIsReviewed_thenItsPrimaryIsNamed() {
        CacheStep step = step("--replicaof", "127.0.0.1 1");

        StepReport report = step.review(QUICK);

        assertThat(report.outcome()).isNull();
        assertThat(report.message())
                .contains("is a replica of 127.0.0.1:1. Name the primary in redis.host of cache main");
        assertThat(step.clear("page:").message()).contains("is a replica of 127.0.0.1:1");
    }

    @Test
    void givenANodeOfACluster_whenItIsReviewed_thenItIsSaidThatItIsNotSupported() {
        CacheStep step = step("--cluster-enabled", "yes");

        assertThat(step.review(QUICK).message()).contains("is a node of a Redis Cluster");
        assertThat(step.clear("page:").message()).contains("is a node of a Redis Cluster");
    }

    @Test
    void givenAServerThatIsLoading_whenItIsReviewed_thenItIsToBeTriedAgain() {
        CacheStep step = step();
        server.fill("page:", 20_000, 0);
        server.ask("SAVE");
        server.restart("--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024");
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> server.ask("INFO", "persistence").contains("loading:1"));

        StepReport report = step.review(QUICK);

        assertThat(report.outcome()).isNull();
        assertThat(report.message()).contains("is still loading its data from disk", "retries");
        assertThat(step.clear("page:").message()).contains("is still loading its data from disk");
    }

    @Test
    void givenAPassword_whenItIsWrongOrMissing_thenItIsSaidAndNotShown() {
        CacheStep step = step("--requirepass", "right-secret");

        StepReport missing = step.review(QUICK);
        StepReport wrong =
                new CacheStep(folder, server.port()).with(null, "wrong-secret").review(QUICK);
        StepReport right =
                new CacheStep(folder, server.port()).with(null, "right-secret").review(QUICK);

        assertThat(missing.reason()).isEqualTo(Reason.AUTHENTICATION_FAILED.text());
        assertThat(missing.message()).contains("wants a password", "redis.credentialsSecretRef of cache main");
        assertThat(wrong.reason()).isEqualTo(Reason.AUTHENTICATION_FAILED.text());
        assertThat(wrong.message())
                .contains("refused user default with the password of Secret shop/redis-user")
                .doesNotContain("wrong-secret");
        assertThat(right.outcome()).as("%s", right).isEqualTo(StepOutcome.PASSED);
    }

    @Test
    void givenARestrictedUser_whenItIsReviewed_thenTheRightThatLacksIsNamed() {
        CacheStep step = step();
        server.fill("page:", 10, 3600);
        server.ask("ACL", "SETUSER", "bob", "on", ">secret-pw", "~*", "+info", "+scan");
        step.with("bob", "secret-pw");

        StepReport refused = step.review(QUICK);
        server.ask("ACL", "SETUSER", "bob", "+pttl");
        StepReport granted = step.review(QUICK);

        assertThat(refused.reason()).isEqualTo(Reason.PERMISSION_DENIED.text());
        assertThat(refused.message()).contains("does not let user bob do PTTL", "Run: ACL SETUSER bob +pttl");
        assertThat(granted.outcome()).as("%s", granted).isEqualTo(StepOutcome.PASSED);
    }

    @Test
    void givenNobody_whenItIsReviewed_thenItIsSaidWhatToCheck() {
        CacheStep step = step();
        server.close();

        StepReport report = step.review(QUICK);

        assertThat(report.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
        assertThat(report.message()).contains("nothing listens at 127.0.0.1:" + server.port());
    }

    @Test
    void givenADatabaseThatIsNotThere_whenItIsReviewed_thenThatIsSaid() {
        CacheStep step = step();
        step.database = 99;

        assertThat(step.review(QUICK).message()).contains("has no database 99");
    }

    @Test
    void givenTls_whenTheCertificateIsNotTrustedOrOfAnotherHost_thenThereIsNoConnection() throws IOException {
        CertificateAuthority authority = new CertificateAuthority(folder);
        authority.issue("redis", "/CN=redis", "subjectAltName=IP:127.0.0.1");
        String trusted = authority.read("ca.crt");
        server = new RedisServer();
        int port = Programs.freePort();
        server.restart(
                "--tls-port",
                Integer.toString(port),
                "--tls-auth-clients",
                "no",
                "--tls-cert-file",
                folder.resolve("redis.crt").toString(),
                "--tls-key-file",
                folder.resolve("redis.key").toString(),
                "--tls-ca-cert-file",
                folder.resolve("ca.crt").toString());
        Awaitility.await().ignoreExceptions().until(() -> "PONG".equals(server.ask("PING")));

        CacheStep step = new CacheStep(folder, port).trusting(trusted);
        step.tls = true;
        StepReport good = step.review(QUICK);
        step.host = "localhost";
        StepReport otherHost = step.review(QUICK);
        step.host = "127.0.0.1";
        step.authority = false;
        StepReport untrusted = step.review(QUICK);
        step.tls = false;
        StepReport plain = step.review(QUICK);

        assertThat(good.outcome()).as("%s", good).isEqualTo(StepOutcome.PASSED);
        assertThat(otherHost.message()).contains("no TLS connection to localhost:" + port, "localhost");
        assertThat(untrusted.message()).contains("no TLS connection to 127.0.0.1:" + port);
        assertThat(plain.reason()).isEqualTo(Reason.CONNECTION_FAILED.text());
    }
}

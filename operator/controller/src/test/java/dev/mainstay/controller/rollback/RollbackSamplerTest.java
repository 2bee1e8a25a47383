package dev.mainstay.controller.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.application.HealthPass;
import dev.mainstay.controller.application.HealthProbe;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.rollback.Sampled;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a process knows of a verification that it has just taken over. */
class RollbackSamplerTest {

    private static final String ANSWER = """
            {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "0.5"]}]}}
            """;

    private final CountDownLatch answers = new CountDownLatch(1);
    private final PrometheusClient prometheus = new PrometheusClient();
    private final HealthPass health = new HealthPass(new HealthProbe(), new ReadyPods(null));
    private HttpServer server;
    private RollbackSampler sampler;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Wakeups wakeups = new Wakeups();
        wakeups.rollbacks(nothing()).setEventHandler(event -> {});
        sampler = new RollbackSampler(health, prometheus, new ApplicationWorkloads(), wakeups, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        answers.countDown();
        sampler.close();
        prometheus.close();
        health.close();
        server.stop(0);
    }

    @Test
    void givenPodsThatWereAvailableBefore_whenNothingWasAskedYet_thenThatIsSaidUntilThereIsAnAnswer() {
        RollbackRequest request = request("PASS");

        assertThat(sampler.of(request, application()).awaited()).isTrue();
        answers.countDown();
        Sampled sampled = await().atMost(Duration.ofSeconds(30))
                .until(() -> sampler.of(request, application()), found -> !found.awaited());

        assertThat(sampled.checks())
                .singleElement()
                .satisfies(check -> assertThat(check.verdict()).isEqualTo(CheckVerdict.PASS));
    }

    @Test
    void givenPodsThatAreNotAvailable_whenItIsAsked_thenNothingIsAwaited() {
        assertThat(sampler.of(request("NO_DATA"), application()).awaited()).isFalse();
    }

    private RollbackRequest request(String rollout) {
        return Serialization.unmarshal(
                """
                metadata: {name: shop-1, namespace: shop, uid: uid-1}
                spec:
                  applicationRef: {name: shop}
                  reason: errors
                  verify: {metrics: [{promql: errors, comparison: LessThan, threshold: {value: 1}, window: 30s}]}
                status:
                  phase: Verifying
                  checks: [{name: Rollout web, verdict: %s, since: "%s", message: so it is}]
                """.formatted(
                        CheckVerdict.valueOf(rollout).text(), Instant.now().minusSeconds(600)),
                RollbackRequest.class);
    }

    private ManagedApplication application() {
        return Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop}
                spec: {metrics: {prometheus: {url: "http://127.0.0.1:%d"}}}
                """.formatted(server.getAddress().getPort()), ManagedApplication.class);
    }

    /** A cache that nobody looks into. */
    @SuppressWarnings("unchecked")
    private static IndexerResourceCache<RollbackRequest> nothing() {
        return (IndexerResourceCache<RollbackRequest>) Proxy.newProxyInstance(
                RollbackSamplerTest.class.getClassLoader(),
                new Class<?>[] {IndexerResourceCache.class},
                (_, _, _) -> null);
    }
}

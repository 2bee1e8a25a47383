package dev.mainstay.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the proxy does to watches, over both protocols in which the client opens them. */
@Tag("harness")
class ChaosProxyWatchTest {

    private static final String WATCH = "/apis/batch/v1/jobs?watch=true";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private StubServer server;
    private ChaosProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
        proxy = new ChaosProxy(server.uri(), SocketFactory.getDefault());
    }

    @AfterEach
    void stop() {
        proxy.close();
        client.shutdownNow();
        server.close();
    }

    @Test
    void givenAWatch_whenEventsHappen_thenEachComesAtOnce() {
        watch();

        server.emit("{\"one\":1}");
        await().untilAsserted(() -> assertThat(seen).containsExactly("{\"one\":1}"));
        server.emit("{\"two\":2}");
        await().untilAsserted(() -> assertThat(seen).containsExactly("{\"one\":1}", "{\"two\":2}"));
    }

    @Test
    void givenDelayedEvents_whenOneHappens_thenItComesLater() {
        watch();
        proxy.delayEvents("jobs", Duration.ofMillis(300));
        long sent = System.nanoTime();

        server.emit("{\"late\":1}");

        await().until(() -> !seen.isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void givenDroppedEvents_whenTheyPassAgain_thenTheWatchIsToldToListAnew() throws IOException {
        watch();
        server.emit("{\"seen\":1}");
        await().until(() -> seen.size() == 1);
        proxy.dropEvents("jobs");
        server.emit("{\"missed\":1}");
        await().until(() -> proxy.droppedEvents() == 1);

        proxy.passEvents("jobs");

        await().until(() -> seen.size() == 2);
        assertThat(seen.getLast()).contains("\"ERROR\"").contains("410");
    }

    @Test
    void givenAWatchOverWebSocket_whenEventsAreDroppedAndPassAgain_thenItSeesWhatAWatchOverHttpSees() throws Exception {
        try (StubWebSocketServer frames = new StubWebSocketServer();
                ChaosProxy between = new ChaosProxy(frames.uri(), SocketFactory.getDefault())) {
            URI uri = URI.create("ws" + between.uri().toString().substring("http".length()) + WATCH);
            client.newWebSocketBuilder().buildAsync(uri, new Collector()).join();
            String big = "{\"big\":\"" + "x".repeat(70_000) + "\"}";

            frames.emit("{\"one\":1}");
            frames.emit(big);
            await().untilAsserted(() -> assertThat(seen).containsExactly("{\"one\":1}", big));
            between.dropEvents("jobs");
            frames.emit("{\"missed\":1}");
            await().until(() -> between.droppedEvents() == 1);
            between.passEvents("jobs");

            await().until(() -> seen.size() == 3);
            assertThat(seen.getLast()).contains("\"ERROR\"").contains("410");
        }
    }

    private void watch() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(proxy.uri() + WATCH)).build();
        client.sendAsync(request, BodyHandlers.ofLines())
                .thenAcceptAsync(response -> response.body().forEach(seen::add));
        // An event that happens before the watch is open would not be disturbed by it.
        server.emit("{\"open\":true}");
        await().until(() -> !seen.isEmpty());
        seen.clear();
    }

    private final class Collector implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                seen.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}

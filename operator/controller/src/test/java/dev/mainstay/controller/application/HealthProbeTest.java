package dev.mainstay.controller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.application.ProbeAnswer.Answered;
import dev.mainstay.core.application.ProbeAnswer.Silent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HealthProbeTest {

    private final Map<String, HttpExchange> asked = new ConcurrentHashMap<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    @AutoClose
    private final HealthProbe probe = new HealthProbe();

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.put(exchange.getRequestURI().toString(), exchange);
        switch (exchange.getRequestURI().getPath()) {
            case "/endless" -> endless(exchange);
            case "/silent" -> {}
            case "/moved" -> {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(302, -1);
            }
            default -> {
                exchange.sendResponseHeaders(
                        Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), -1);
            }
        }
    }

    private void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
                body.write(new byte[64 * 1024]);
            }
        } catch (IOException e) {
            hungUp.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 401, 404, 407, 500, 503})
    void givenAStatus_whenThePodIsAsked_thenItIsTold(int status) throws InterruptedException {
        assertThat(ask("/" + status)).isEqualTo(new Answered(status));
    }

    @Test
    void givenARedirect_whenThePodIsAsked_thenItIsNotFollowed() throws InterruptedException {
        assertThat(ask("/moved")).isEqualTo(new Answered(302));
        assertThat(asked).containsOnlyKeys("/moved");
    }

    @Test
    void givenAPathWithAQuery_whenThePodIsAsked_thenItIsAskedForJustThatAndToldWhoAsks() throws InterruptedException {
        ask("/200?deep=%20yes&x=;$");

        HttpExchange exchange = asked.get("/200?deep=%20yes&x=;$");
        assertThat(exchange.getRequestMethod()).isEqualTo("GET");
        assertThat(exchange.getRequestHeaders().getFirst("User-Agent")).isEqualTo("mainstay-health");
    }

    @Test
    void givenABodyWithoutEnd_whenThePodAnswers_thenTheStatusIsToldAndTheConnectionEnds() throws InterruptedException {
        assertThat(ask("/endless")).isEqualTo(new Answered(200));
        assertThat(hungUp.await(20, TimeUnit.SECONDS))
                .as("the server was hung up on")
                .isTrue();
    }

    @Test
    void givenAPodThatDoesNotAnswer_whenItsTimeIsOver_thenItIsSilentAndTheMessageSaysWhatToDo()
            throws InterruptedException {
        assertThat(ask("/silent"))
                .isEqualTo(
                        new Silent(
                                "no answer within 1s. Let NetworkPolicies and the mesh let the operator's Pods in, or raise spec.health.timeout"));
    }

    @Test
    void givenNobodyAtThePort_whenThePodIsAsked_thenItIsSilent() throws InterruptedException {
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(why(probe.ask("127.0.0.1", port, check("/200"))))
                .startsWith("no connection to the port. Correct spec.health.port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SSH-2.0-server\r\n"})
    void givenAServerOfSomethingElse_whenItIsAsked_thenItIsSilent(String greeting)
            throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!other.isClosed()) {
                    try (Socket socket = other.accept()) {
                        socket.getInputStream().read();
                        socket.getOutputStream().write(greeting.getBytes());
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            assertThat(why(probe.ask("127.0.0.1", other.getLocalPort(), check("/200"))))
                    .startsWith("the connection ended without an answer of HTTP");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, the Pod's address is no Pod's own",
        "'::ffff:169.254.169.254', the Pod's address is no Pod's own",
        "169.16689662, the Pod's address is no Pod's own",
        "fe80::1, the Pod's address is no Pod's own",
        "0.0.0.0, the Pod's address is no Pod's own",
        "'::', the Pod's address is no Pod's own",
        "224.0.0.1, the Pod's address is no Pod's own",
        "localhost, the address in the Pod's status is none",
        "'', the address in the Pod's status is none"
    })
    void givenAnAddressThatIsNoPods_whenItIsToBeAsked_thenNobodyIs(String address, String why)
            throws InterruptedException {
        assertThat(why(probe.ask(address, server.getAddress().getPort(), check("/200"))))
                .startsWith(why);
        assertThat(asked).isEmpty();
    }

    @Test
    void givenAnAddressOfVersion6_whenThePodIsAsked_thenItAnswers() throws IOException, InterruptedException {
        HttpServer six = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0), 0);
        six.createContext("/", this::answer);
        six.start();
        try {
            assertThat(probe.ask("::1", six.getAddress().getPort(), check("/200")))
                    .isEqualTo(new Answered(200));
        } finally {
            six.stop(0);
        }
    }

    private ProbeAnswer ask(String path) throws InterruptedException {
        return probe.ask("127.0.0.1", server.getAddress().getPort(), check(path));
    }

    private static HealthCheck check(String path) {
        return new HealthCheck("web", path, "http", null, "1s", null, null);
    }

    private static String why(ProbeAnswer answer) {
        assertThat(answer).isInstanceOf(Silent.class);
        return ((Silent) answer).why();
    }
}

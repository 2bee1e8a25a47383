package dev.mainstay.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mainstay.api.metrics.Prometheus;
import dev.mainstay.core.metrics.MetricSample;
import dev.mainstay.core.metrics.MetricSample.Failed;
import dev.mainstay.core.metrics.MetricSample.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against servers that do what servers and proxies do. */
class PrometheusClientTest {

    private static final String ONE = """
            {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "0.5"]}]}}""";

    private static final String PASSWORD = "changeit";

    private final PrometheusClient client = new PrometheusClient();
    private final Map<String, String> seen = new TreeMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void givenAQuery_whenItIsAsked_thenTheRequestIsThatOfPrometheusApi() {
        answer(200, ONE.getBytes(StandardCharsets.UTF_8), Map.of());

        assertThat(client.query(source("/prefix/"), "sum(rate(a{b=\"c & d+e\"}[1m])) / 2 # é"))
                .isEqualTo(new Value(0.5));

        assertThat(seen)
                .containsEntry("line", "POST /prefix/api/v1/query")
                .containsEntry("Content-type", "application/x-www-form-urlencoded")
                .containsEntry("User-agent", "mainstay-operator")
                .containsEntry("Accept", "application/json")
                .containsEntry(
                        "body",
                        "query=sum%28rate%28a%7Bb%3D%22c+%26+d%2Be%22%7D%5B1m%5D%29%29+%2F+2+%23+%C3%A9&timeout=4000ms")
                .doesNotContainKeys("Authorization", "Cookie", "Upgrade");
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(429, "slow down".getBytes(StandardCharsets.UTF_8), "The answer was 429 with text"),
                Arguments.of(500, html(5 << 20), "The answer was 500 with an HTML page"),
                Arguments.of(200, html(5 << 20), "The answer was larger than 1.00 MiB"),
                Arguments.of(200, json(3 << 20), "The answer was larger than 1.00 MiB"),
                Arguments.of(302, html(100), "The answer was 302, which sends to http://127.0.0.1:1/login, and no"),
                Arguments.of(307, html(100), "The answer was 307, which sends to http://127.0.0.1:1/login, and no"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void givenAnAnswerThatIsNone_whenItIsRead_thenItIsAFailureAfterOneRequest(int status, byte[] body, String why) {
        answer(status, body, Map.of("Location", "http://127.0.0.1:1/login?token=secret"));

        assertFailed(client.query(source(""), "up"), why);
        assertThat(requests).hasValue(1);
    }

    @Test
    void givenAnAnswerOfTheLargestSize_whenItIsRead_thenItIsReadWhole() {
        answer(200, json(1 << 20), Map.of());

        assertFailed(client.query(source(""), "up"), "gives 2 series, and a check compares one value");
    }

    @Test
    void givenAServerThatSaysNothing_whenTheTimeIsOver_thenTheConnectionIsClosed() throws Exception {
        try (RawServer raw = new RawServer(PrometheusClientTest::watch)) {
            assertFailedInTime(raw, "there was no whole answer within 1s");
            assertThat(raw.hungUp().await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void givenAnAnswerThatDrips_whenTheTimeIsOver_thenTheConnectionIsClosed() throws Exception {
        try (RawServer raw = new RawServer(out -> {
            RawServer.text("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{").write(out);
            watch(out);
        })) {
            assertFailedInTime(raw, "there was no whole answer within 1s");
            assertThat(raw.hungUp().await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"status\": \"succ",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sta",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{\"sta",
                "HTTP/1.1 200 OK\r\nConte",
                ""
            })
    void givenAConnectionThatEndsInTheMiddle_whenItIsRead_thenItSaysSo(String text) throws Exception {
        try (RawServer raw = new RawServer(RawServer.text(text))) {
            assertFailed(client.query(new Prometheus(raw.url(), "10s"), "up"), "the connection broke: ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-secret\r\n\r\n",
                "HTTP/1.1 secret OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: secret\r\n\r\n"
            })
    void givenAServerThatSpeaksSomethingElse_whenItIsRead_thenNothingOfItIsTold(String text) throws Exception {
        try (RawServer raw = new RawServer(RawServer.text(text))) {
            MetricSample sample = client.query(new Prometheus(raw.url(), "10s"), "up");

            assertFailed(sample, "does not speak HTTP as it should");
            assertThat(sample.toString()).doesNotContain("secret");
        }
    }

    @Test
    void givenNobodyAtThePort_whenItIsAsked_thenItSaysSo() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertFailed(
                client.query(new Prometheus("http://127.0.0.1:" + port, "5s"), "up"),
                "Prometheus at http://127.0.0.1:" + port + ": the connection was refused.");
    }

    @Test
    void givenHttpsBeforeAServerThatSpeaksHttp_whenItIsAsked_thenItSaysWhatToCheck() throws IOException {
        try (RawServer raw = new RawServer(RawServer.text("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertFailed(
                    client.query(new Prometheus(raw.url().replace("http:", "https:"), "10s"), "up"),
                    "no TLS connection came about");
        }
    }

    @Test
    void givenACertificateOfItsOwn_whenItIsAsked_thenItSaysWhatToDo(@TempDir Path folder) throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys"))));
        secure.start();
        try {
            assertFailed(
                    client.query(
                            new Prometheus(
                                    "https://127.0.0.1:" + secure.getAddress().getPort(), "30s"),
                            "up"),
                    "its certificate is not signed by an authority that the operator's image knows");
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void givenANameThatNobodyKnows_whenItIsAsked_thenItSaysSo() {
        // RFC 6761: no resolver has a name below invalid.
        assertFailed(
                client.query(new Prometheus("http://prometheus.invalid:9090", "30s"), "up"),
                "no address is known for the host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]:9090",
                "http://[::ffff:169.254.169.254]",
                "http://2852039166"
            })
    void givenALinkLocalAddress_whenItIsAsked_thenNothingIsSent(String url) {
        assertFailed(client.query(new Prometheus(url, "5s"), "up"), "an address of the kind where clouds hand out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://prometheus",
                "http://user:secret@prometheus",
                "http://prometheus?token=secret",
                "http://prometheus#secret",
                "http://prometheus:99999",
                "http://pro metheus",
                "http://",
                "prometheus:9090"
            })
    void givenAUrlOfAnotherForm_whenItIsAsked_thenItSaysWhatItMustBe(String url) {
        MetricSample sample = client.query(new Prometheus(url, "5s"), "up");

        assertFailed(sample, "spec.metrics.prometheus.url must be http or https");
        assertThat(sample.toString()).doesNotContain("secret");
    }

    @Test
    void givenAnOperatorThatStops_whenItWaits_thenItStopsToWait() throws Exception {
        try (RawServer raw = new RawServer(PrometheusClientTest::watch)) {
            Thread.currentThread().interrupt();

            assertFailed(client.query(new Prometheus(raw.url(), "30s"), "up"), "the operator stops");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void assertFailedInTime(RawServer raw, String why) {
        long begun = System.nanoTime();
        assertFailed(client.query(new Prometheus(raw.url(), "1s"), "up"), why);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    private static void assertFailed(MetricSample sample, String why) {
        assertThat(sample)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains(why));
    }

    private static SSLContext selfSigned(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=prometheus",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Writes a byte now and then until the client has gone. */
    private static void watch(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            TimeUnit.MILLISECONDS.sleep(50);
            out.write(' ');
        }
    }

    private Prometheus source(String path) {
        return new Prometheus("http://127.0.0.1:" + server.getAddress().getPort() + path, "5s");
    }

    private void answer(int status, byte[] body, Map<String, String> headers) {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            note(exchange);
            try (exchange) {
                headers.forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
    }

    private void note(HttpExchange exchange) throws IOException {
        exchange.getRequestHeaders().forEach((name, values) -> seen.put(name, String.join(", ", values)));
        seen.put("line", exchange.getRequestMethod() + " " + exchange.getRequestURI());
        seen.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static byte[] html(int length) {
        return ("<html>" + "x".repeat(length - 6)).getBytes(StandardCharsets.UTF_8);
    }

    /** Two series, filled up to a length. */
    private static byte[] json(int length) {
        String frame = """
                {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"a": "%s"}}, {}]}}""";
        return frame.formatted("x".repeat(length - frame.length() + 2)).getBytes(StandardCharsets.UTF_8);
    }
}

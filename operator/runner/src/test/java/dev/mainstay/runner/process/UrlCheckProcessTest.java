package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.http.HttpWanted;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task.MountedSecret;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.UrlCheckWork;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The step httpCheck of a URL, as its Job does it, with servers that answer, or do not. */
@Tag("process")
@Timeout(120)
class UrlCheckProcessTest {

    private static final MountedSecret AUTHORITY = MountedSecret.ofKey("url-ca", "shop-ca", "ca", "ca.crt");
    private static final String ADDRESS = "ip:127.0.0.1";
    private static final String SLOW_FIRST = "/slow-first";

    @TempDir
    static Path issued;

    @TempDir
    Path folder;

    private static IssuedCertificates certificates;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger times = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private StepAttempt attempt;
    private HttpServer server;

    @BeforeAll
    static void issue() {
        certificates = new IssuedCertificates(issued)
                .issue("good", "between", -1, 90, ADDRESS)
                .issue("expired", "between", -93, 90, ADDRESS)
                .issue("early", "between", 2, 90, ADDRESS)
                .issue("other", "between", -1, 90, "dns:other.example.org")
                .issue("itself", null, -1, 90, ADDRESS);
    }

    @BeforeEach
    void open() throws IOException {
        attempt = new StepAttempt(folder).secret("url-ca", "ca.crt", certificates.pem("root"));
        server = serving(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
    }

    @AfterEach
    void close() {
        over.countDown();
        server.stop(0);
    }

    private <T extends HttpServer> T serving(T made) {
        made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        made.createContext("/", this::answer);
        made.start();
        return made;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("User-Agent"));
        switch (path) {
            case "/hangs" -> waitUntilTheEnd();
            case "/body-hangs" -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("not the text".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                waitUntilTheEnd();
            }
            case "/huge" -> huge(exchange);
            case "/slow" -> {
                pause(700);
                send(exchange, 200, "ready");
            }
            case SLOW_FIRST -> {
                if (times.incrementAndGet() == 1) {
                    pause(700);
                }
                send(exchange, 200, "ready");
            }
            case "/here" -> redirect(exchange, "/200?from=here");
            case "/elsewhere" ->
                redirect(
                        exchange,
                        "http://user:geheim@localhost:" + server.getAddress().getPort() + "/200?token=geheim");
            case "/round" -> redirect(exchange, "/round");
            case "/nowhere" -> redirect(exchange, "::");
            case "/second-fails" -> send(exchange, times.incrementAndGet() == 1 ? 200 : 503, "geheim");
            default -> send(exchange, Integer.parseInt(path.substring(1)), "It is ready. geheim");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void huge(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            byte[] zeros = new byte[64 << 10];
            while (true) {
                body.write(zeros);
            }
        }
    }

    private void waitUntilTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StepReport report(String path, HttpWanted wanted, long timeout) {
        StepReport report = attempt.report(work(url(path), null, wanted, timeout));
        assertThat(report.toString()).doesNotContain("geheim");
        return report;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static UrlCheckWork work(String url, MountedSecret authority, HttpWanted wanted, long timeout) {
        return new UrlCheckWork("public", url, authority, wanted, timeout);
    }

    private static HttpWanted ok() {
        return new HttpWanted(List.of(200), null, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /200?key=geheim | 200     |            |     | PASSED          | /200?…) answered with 200.
            /204            | 200 204 |            |     | PASSED          | /204) answered with 204.
            /500            | 200     |            |     | FAILED          | /500): 500 instead of 200. Look at what serves it,
            /200            | 200     | is ready.  |     | PASSED          | answered with 200.
            /200            | 200     | broken     |     | FAILED          | 200 without "broken" in its body (expectBody).
            /slow           | 200     |            | 300 | FAILED          | ms, longer than 300 ms (maxLatencyMilliseconds).
            /slow           | 200     |            | 5000 | PASSED         | answered with 200.
            /slow-first     | 200     |            | 300 | PASSED          | answered with 200.
            /second-fails   | 200     |            |     | FAILED          | 503 instead of 200.
            /huge           | 200     |            |     | PASSED          | answered with 200.
            /huge           | 200     | x          |     | COULD_NOT_CHECK | 200 and a body that is longer than the 256 KiB that are read
            /hangs          | 200     |            |     | COULD_NOT_CHECK | no answer within 1s. Look at what serves it, let NetworkPolicies let the Job's Pod out
            /hangs          | 200     |            | 400 | FAILED          | no answer within 1s, longer than 400 ms (maxLatencyMilliseconds).
            /body-hangs     | 200     |            |     | PASSED          | answered with 200.
            /body-hangs     | 200     | x          |     | COULD_NOT_CHECK | no answer within 1s.
            /here           | 200     |            |     | PASSED          | answered with 200.
            /here           | 302     |            |     | PASSED          | answered with 302.
            /elsewhere      | 200     |            |     | FAILED          | 302 instead of 200, leading to http://localhost:
            /elsewhere      | 302     |            |     | PASSED          | answered with 302.
            /round          | 200     |            |     | FAILED          | 302 instead of 200, leading to http://127.0.0.1:
            /nowhere        | 200     |            |     | FAILED          | 302 instead of 200.
            """)
    void givenAServer_whenItIsAsked_thenTheAnswerIsJudged(
            String path, String statuses, String body, Integer latency, StepOutcome outcome, String told) {
        HttpWanted wanted = new HttpWanted(
                List.of(statuses.split(" ")).stream().map(Integer::valueOf).toList(), body, latency);

        StepReport report = report(path, wanted, latency != null && latency > 1000 ? latency : 1000);

        assertThat(report.outcome()).as("%s", report).isEqualTo(outcome);
        assertThat(report.message())
                .startsWith("URL public (GET http://127.0.0.1:"
                        + server.getAddress().getPort() + "/")
                .contains(told);
    }

    @Test
    void givenAnAnswer_whenItIsTold_thenItHasItsNumbersAndWasAskedTwice() {
        StepReport report = report("/slow", ok(), 5000);

        assertThat(report.facts()).containsEntry("status", 200L);
        assertThat(report.facts().get("latencyMilliseconds")).isBetween(700L, 5000L);
        assertThat(asked).containsExactly("/slow mainstay-check", "/slow mainstay-check");
    }

    @Test
    void givenARedirectElsewhere_whenItIsAsked_thenNobodyIsAskedThere() {
        report("/elsewhere", ok(), 1000);

        assertThat(asked).containsExactly("/elsewhere mainstay-check");
    }

    @Test
    void givenARoundOfRedirects_whenItIsAsked_thenItEnds() {
        report("/round", ok(), 5000);

        assertThat(asked).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            good    | own    | PASSED          |                    | answered with 200.
            good    | public | FAILED          | CertificateRefused | TLS failed, since its certificate is signed by none of the authorities that are trusted: those that are publicly known (caSecretRef is not set).
            itself  | own    | FAILED          | CertificateRefused | TLS failed, since its certificate is signed by none of the authorities that are trusted: those in Secret shop/shop-ca (caSecretRef).
            expired | own    | FAILED          | CertificateRefused | TLS failed, since its certificate, or that of an issuer, has ended.
            early   | own    | FAILED          | CertificateRefused | TLS failed, since its certificate, or that of an issuer, is not valid yet.
            other   | own    | FAILED          | CertificateRefused | TLS failed, since its certificate is not made out to 127.0.0.1.
            """)
    void givenACertificate_whenAServerHasIt_thenItIsTakenOrRefused(
            String name, String authority, StepOutcome outcome, String reason, String told) throws IOException {
        HttpsServer secured = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(
                name.equals("itself") ? certificates.server(name) : certificates.server(name, "between")));
        serving(secured);
        try {
            StepReport report = attempt.report(work(
                    "https://127.0.0.1:" + secured.getAddress().getPort() + "/200",
                    authority.equals("own") ? AUTHORITY : null,
                    ok(),
                    5000));

            assertThat(report.outcome()).as("%s", report).isEqualTo(outcome);
            assertThat(report.reason()).isEqualTo(reason);
            assertThat(report.message()).contains(told);
        } finally {
            secured.stop(0);
        }
    }

    @Test
    void givenTheAuthorityIsMissing_whenItIsAsked_thenItSaysWhichSecretAndAsksNobody() {
        StepAttempt without = new StepAttempt(folder.resolve("without"));

        TaskResult result = without.run(work(
                "https://127.0.0.1:1/",
                AUTHORITY.namedBy("spec.urls[public].caSecretRef", "ManagedApplication shop"),
                ok(),
                1000));

        assertThat(result.reason()).isEqualTo(Reason.CREDENTIALS_MISSING.text());
        assertThat(result.message())
                .contains("Secret shop/shop-ca, which spec.urls[public].caSecretRef of ManagedApplication shop names,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://nobody.invalid/                 | its name can't be resolved.
            http://169.254.169.254/latest          | its host stands for 169.254.169.254, an address of the kind where clouds hand out a node's credentials
            http://[fe80::1]/                      | an address of the kind where clouds hand out a node's credentials
            http://under_score/                    | it has no host that can be asked.
            """)
    void givenAHostThatCannotBeAsked_whenItIsAsked_thenItSaysWhy(String url, String told) {
        StepReport report = attempt.report(work(url, null, ok(), 5000));

        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        assertThat(report.reason()).isEqualTo(Reason.ENDPOINT_UNREACHABLE.text());
        assertThat(report.message()).contains(told).contains("spec.urls[public] of ManagedApplication shop.");
        assertThat(report.facts()).isEmpty();
    }

    @Test
    void givenServersThatDoNotSpeakHttp_whenTheyAreAsked_thenEachSaysSo() {
        try (Listener mail = Listener.plain(connection -> {
                    connection
                            .getOutputStream()
                            .write("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                    connection.getInputStream().readAllBytes();
                });
                Listener rude =
                        Listener.plain(connection -> connection.getInputStream().read())) {
            assertThat(message("http", mail.port())).contains("the connection ended without an answer of HTTP (");
            assertThat(message("https", mail.port())).contains("it answers, and does not speak TLS.");
            assertThat(message("http", rude.port())).contains("the connection ended without an answer of HTTP (");
            assertThat(message("https", rude.port())).contains("TLS failed (");
            assertThat(message("http", Programs.freePort())).contains("its port takes no connection.");
        }
    }

    private String message(String scheme, int port) {
        StepReport report = attempt.report(work(scheme + "://127.0.0.1:" + port + "/", null, ok(), 5000));
        assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
        return report.message();
    }

    /** A port that is full of others takes none, as behind a NetworkPolicy: that says nothing of how fast the server is. */
    @Test
    void givenNoConnection_whenALatencyIsWanted_thenItCouldNotBeChecked() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            fill(full, waiting);

            StepReport report = attempt.report(work(
                    "http://127.0.0.1:" + full.getLocalPort() + "/",
                    null,
                    new HttpWanted(List.of(200), null, 400),
                    1000));

            assertThat(report.outcome()).as("%s", report).isEqualTo(StepOutcome.COULD_NOT_CHECK);
            assertThat(report.message()).contains("there was no connection, or none of TLS, within 1s.");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static void fill(ServerSocket full, List<Socket> waiting) throws IOException {
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(full.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @Test
    void givenTheStepIsToldToEnd_whenTheServerHangs_thenItEndsAtOnce() {
        Instant begun = Instant.now();
        Thread.ofVirtual().start(() -> {
            while (asked.isEmpty()) {
                Thread.onSpinWait();
            }
            attempt.stop.stop(Reason.CANCELLED, "the Pod is deleted");
        });

        TaskResult result = attempt.run(work(url("/hangs"), null, ok(), 60_000));

        assertThat(result.reason()).isEqualTo(Reason.CANCELLED.text());
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }
}

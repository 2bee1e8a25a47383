package dev.mainstay.controller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.kube.AnsweringApi;
import dev.mainstay.controller.kube.ReadyPods;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.core.http.HttpReply;
import dev.mainstay.core.http.HttpReply.Answered;
import dev.mainstay.core.http.HttpReply.BodyFound;
import dev.mainstay.core.http.HttpReply.Late;
import dev.mainstay.core.http.HttpReply.Silent;
import dev.mainstay.core.runbook.HttpQuestion;
import dev.mainstay.core.runbook.HttpSeen;
import dev.mainstay.core.runbook.HttpSeen.PodReply;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Pods of a Service are found by its selector, and asked at their own addresses. */
@Timeout(60)
class HttpLookTest {

    private static final String PASSWORD = "changeit";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AutoClose
    private final AnsweringApi api = new AnsweringApi();

    private final ReadyPods pods = new ReadyPods(api.client());

    @AutoClose
    private final HealthPass pass = new HealthPass(new HealthProbe(), pods);

    @AutoClose
    private final HttpLook look =
            new HttpLook(pass, new HttpProbe(), pods, new Services(api.client()), new ApplicationWorkloads());

    @TempDir
    Path folder;

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = serving(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
        api.says("GET services/shop-web", """
                {"kind": "Service", "metadata": {"name": "shop-web"},
                 "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "web"}]}}""");
        ready("127.0.0.1", port(server));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private <T extends HttpServer> T serving(T made) {
        made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        made.createContext("/", this::answer);
        made.start();
        return made;
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestHeaders().getFirst("User-Agent") + " " + path);
        byte[] body = "It is ready.".getBytes(StandardCharsets.UTF_8);
        switch (path) {
            case "/hangs" -> {}
            case "/body-hangs" -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().flush();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case "/moved" -> {
                exchange.getResponseHeaders().set("Location", "/200");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            }
            default -> {
                exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            }
        }
    }

    /** A ready Pod, one that is not, and one of another Service, which the API server leaves out. */
    private void ready(String ip, int port) {
        api.says("GET shop/pods", """
                {"kind": "PodList", "apiVersion": "v1", "items": [
                  {"metadata": {"name": "web-1"}, "spec": {"containers": [{"name": "a", "ports": [{"name": "web", "containerPort": %d}]}]},
                   "status": {"podIP": "%s", "conditions": [{"type": "Ready", "status": "True"}]}},
                  {"metadata": {"name": "web-2"}, "spec": {"containers": [{"name": "a"}]},
                   "status": {"podIP": "127.0.0.9", "conditions": [{"type": "Ready", "status": "False"}]}}]}""".formatted(port, ip));
    }

    private HttpSeen seen(String step) {
        ManagedApplication application = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop}
                spec: {services: [{name: shop-web}]}""", ManagedApplication.class);
        return look.of(
                application,
                HttpQuestion.of(
                                application,
                                Serialization.unmarshal(
                                                "spec: {steps: [{name: it, httpCheck: %s}]}".formatted(step),
                                                Runbook.class)
                                        .getSpec()
                                        .steps()
                                        .getFirst()
                                        .httpCheck())
                        .orElseThrow());
    }

    private HttpReply reply(String step) {
        assertThat(seen(step))
                .isInstanceOfSatisfying(
                        HttpSeen.Asked.class,
                        asked -> assertThat(asked.pods())
                                .extracting(PodReply::pod)
                                .containsExactly("web-1"));
        return ((HttpSeen.Asked) seen(step)).pods().getFirst().reply();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            path: /200                       | 200 | NOT_LOOKED_FOR
            path: /503                       | 503 | NOT_LOOKED_FOR
            path: /moved                     | 302 | NOT_LOOKED_FOR
            path: /body-hangs                | 200 | NOT_LOOKED_FOR
            'path: /200, expectBody: ready.' | 200 | FOUND
            'path: /200, expectBody: broken' | 200 | MISSING
            """, quoteCharacter = '\'')
    void givenAReadyPodOfAService_whenItIsAsked_thenStatusBodyAndTimeAreTold(String more, int status, BodyFound body) {
        assertThat(reply("{service: {name: shop-web}, " + more + "}"))
                .isInstanceOfSatisfying(Answered.class, answered -> {
                    assertThat(answered.status()).isEqualTo(status);
                    assertThat(answered.body()).isEqualTo(body);
                    assertThat(answered.millis()).isBetween(0L, 10_000L);
                });
        assertThat(asked).allMatch(one -> one.startsWith("mainstay-check /"));
        assertThat(asked).noneMatch(one -> one.endsWith("/200") && more.contains("moved"));
    }

    @ParameterizedTest
    @CsvSource({"'path: /hangs'", "'path: /body-hangs, expectBody: broken'"})
    void givenAPodThatTakesTooLong_whenItIsAsked_thenItIsLate(String more) {
        assertThat(reply("{service: {name: shop-web}, requestTimeout: 1s, " + more + "}"))
                .isEqualTo(new Late(1000));
    }

    @Test
    void givenNobodyAtThePort_whenItIsAsked_thenItIsSilentAndTheFieldIsNamed() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            ready("127.0.0.1", free.getLocalPort());
        }

        assertThat(reply("{service: {name: shop-web, port: http}}"))
                .isEqualTo(new Silent("no connection to the port. Correct httpCheck.service.port of the step, or let"
                        + " NetworkPolicies and the mesh let the operator's Pods in"));
    }

    /** Whoever may write the status of a Pod does not have the operator ask the metadata service of a cloud. */
    @Test
    void givenAForeignAddress_whenItIsAsked_thenItIsNotCalled() {
        ready("169.254.169.254", 80);

        assertThat(reply("{service: {name: shop-web}}"))
                .isEqualTo(new Silent("the Pod's address is no Pod's own, and is never called"));
    }

    @Test
    void givenAServiceThatDoesNotFit_whenItIsRead_thenNoPodIsLookedFor() {
        assertThat(seen("{service: {name: other}}"))
                .isEqualTo(new HttpSeen.NotAsked(
                        Reason.SERVICE_NOT_FOUND,
                        "Service other does not exist. Create it, or correct httpCheck.service.name of the step."));
        assertThat(seen("{service: {name: shop-web, port: admin}}"))
                .isInstanceOfSatisfying(
                        HttpSeen.NotAsked.class, not -> assertThat(not.reason()).isEqualTo(Reason.SERVICE_UNSUITABLE));
        assertThat(asked).isEmpty();
    }

    @Test
    void givenPodsThatMayNotBeRead_whenTheyAreLookedFor_thenItSaysSo() {
        api.refuses("GET shop/pods", 403, "pods is forbidden");

        assertThat(seen("{service: {name: shop-web}}"))
                .isInstanceOfSatisfying(
                        HttpSeen.NotAsked.class,
                        not -> assertThat(not.message())
                                .startsWith("The Pods could not be asked: those of Service shop-web can't be asked: ")
                                .contains("forbidden"));
    }

    /** A Pod's certificate is made out to a name, and signed by whoever: it is asked at its address. */
    @Test
    void givenAPodThatSpeaksTls_whenItIsAsked_thenAnyCertificateWillDoAndAnotherSchemeIsTold() throws Exception {
        HttpsServer secured = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        serving(secured);
        try {
            ready("127.0.0.1", port(secured));
            assertThat(reply("{service: {name: shop-web, scheme: HTTPS}, path: /200}"))
                    .isInstanceOfSatisfying(
                            Answered.class,
                            answered -> assertThat(answered.status()).isEqualTo(200));
            assertThat(reply("{service: {name: shop-web}, path: /200}"))
                    .isInstanceOfSatisfying(
                            Silent.class,
                            silent -> assertThat(silent.why())
                                    .startsWith("the connection ended without an answer of HTTP."));

        } finally {
            secured.stop(0);
        }
    }

    @Test
    void givenPodsThatSpeakNoTls_whenTheyAreAskedOverIt_thenThatIsTold() throws IOException {
        try (ServerSocket mail = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                while (!mail.isClosed()) {
                    try (Socket connection = mail.accept()) {
                        connection.getOutputStream().write("220 mail ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                        connection.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The test is over, or the client has gone.
                        continue;
                    }
                }
            });
            ready("127.0.0.1", mail.getLocalPort());
            assertThat(reply("{service: {name: shop-web, scheme: HTTPS}, path: /200}"))
                    .isEqualTo(new Silent("it does not speak TLS. Correct httpCheck.service.scheme or"
                            + " httpCheck.service.port of the step"));
        }
        ready("127.0.0.1", port(server));
        assertThat(seen("{service: {name: shop-web, scheme: HTTPS}, path: /200, requestTimeout: 1s}"))
                .isEqualTo(new HttpSeen.Asked(List.of(new PodReply(
                        "web-1",
                        new Silent("no TLS connection within 1s. Correct httpCheck.service.port of the step, or let"
                                + " NetworkPolicies and the mesh let the operator's Pods in")))));
    }

    private SSLContext selfSigned() throws Exception {
        Path file = folder.resolve("own.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=shop-web.shop.svc",
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
}

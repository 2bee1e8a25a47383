package dev.mainstay.runner.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.mode.PassPath;
import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.task.TaskJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page over real connections, as clients of all sorts ask for it. */
class PageServerTest {

    private static final Instant NOW = Instant.parse("2026-03-29T01:00:00Z");
    private static final String EVIL = "<script>alert(\"1\")</script> & 'quoted' </style></title>";

    @AutoClose
    private PageServer server;

    @Test
    void givenABrowser_whenItAsks_thenItGetsAPageThatIsNotKept() throws IOException {
        String answer =
                ask(page("Back soon", "We mend\nthings.", "en", null), "GET /cart?x=1", "Accept: text/html,*/*;q=0.8");

        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\r\nRetry-after: 300\r\n")
                .containsIgnoringCase("\r\nCache-control: no-store\r\n")
                .containsIgnoringCase("\r\nConnection: close\r\n")
                .containsIgnoringCase("\r\nContent-type: text/html; charset=utf-8\r\n")
                .containsIgnoringCase("\r\nVary: Accept\r\n")
                .contains("<html lang=\"en\" dir=\"ltr\">", "<title>Back soon</title>", "We mend\nthings.")
                .contains("name=\"viewport\"", "prefers-color-scheme: dark")
                .doesNotContain("<script", "src=", "href=", "@import", "url(", "Expected end", "Contact");
    }

    @Test
    void givenAClientOfAnApi_whenItAsks_thenItGetsTheSameAsJson() throws IOException {
        PageContent content = new PageContent(
                EVIL, "م", "ops@example.org", "ar", 300, NOW.plusSeconds(3600), List.of(), List.of(0), 0);

        String answer = ask(content, "POST /api/orders", "Accept: application/json");

        assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nContent-type: application/json\r\n");
        assertThat(TaskJson.mapper().readTree(body(answer)))
                .isEqualTo(TaskJson.mapper()
                        .createObjectNode()
                        .put("status", 503)
                        .put("title", EVIL)
                        .put("message", "م")
                        .put("expectedEnd", "2026-03-29T02:00:00Z")
                        .put("contact", "ops@example.org"));
    }

    @Test
    void givenTextThatLooksLikeHtml_whenItIsShown_thenItIsText() throws IOException {
        PageContent content = new PageContent(EVIL, EVIL, EVIL, "en", 300, null, List.of(), List.of(0), 0);

        String answer = ask(content, "GET /", "Accept: text/html");

        assertThat(answer)
                .doesNotContain("<script", EVIL)
                .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;quoted&#39;")
                .contains("default-src 'none'");
    }

    @Test
    void givenAnEndAndAContact_whenTheyAreShown_thenTheEndIsAlsoForMachines() throws IOException {
        PageContent content =
                new PageContent("T", "M", "#shop-ops 🛟", "en", 300, NOW.plusSeconds(5400), List.of(), List.of(0), 0);

        assertThat(ask(content, "GET /", ""))
                .as("English also in a page from right to left")
                .contains("<p class=\"small\" dir=\"ltr\"><span lang=\"en\">Expected end:</span> ")
                .contains("<p class=\"small\" dir=\"ltr\"><span lang=\"en\">Contact:</span> ")
                .contains("<time datetime=\"2026-03-29T02:30:00Z\" dir=\"ltr\">2026-03-29 02:30 UTC</time>")
                .contains("<bdi>#shop-ops 🛟</bdi>");
    }

    @ParameterizedTest
    @CsvSource({"ar, rtl", "he-IL, rtl", "FA, rtl", "de, ltr", "ar-x, rtl", "arn, ltr"})
    void givenALanguage_whenThePageIsShown_thenItIsWrittenInItsDirection(String language, String direction)
            throws IOException {
        assertThat(ask(page("صيانة 🛠️", "נחזור בקרוב", language, null), "GET /", ""))
                .contains("<html lang=\"" + language + "\" dir=\"" + direction + "\">")
                .contains("<h1 dir=\"auto\">صيانة 🛠️</h1>", "נחזור בקרוב");
    }

    @ParameterizedTest
    @CsvSource({"7200, 300", "120, 120", "2, 5", "-60, 5"})
    void givenAnEnd_whenItIsNear_thenClientsAreToldToComeThen(long left, long retryAfter) throws IOException {
        assertThat(ask(page("T", "M", "en", NOW.plusSeconds(left)), "GET /", ""))
                .containsIgnoringCase("\r\nRetry-after: " + retryAfter + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"})
    void givenAnyMethod_whenItIsSent_thenTheAnswerIsTheSame(String method) throws IOException {
        assertThat(ask(page("T", "M", "en", null), method + " /a", "")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void givenHead_whenItIsSent_thenThereIsNoBody() throws IOException {
        String answer = ask(page("T", "M", "en", null), "HEAD /", "");

        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(body(answer)).isEmpty();
    }

    @Test
    void givenALargeUpload_whenItIsSent_thenTheAnswerArrives() throws IOException {
        byte[] upload = new byte[512 * 1024];
        start(page("T", "M", "en", null));
        try (Socket socket = connect(server.ports().getFirst())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: " + upload.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(upload);

            assertThat(read(socket)).startsWith("HTTP/1.1 503 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz, 200",
        "/healthz?full=1, 200",
        "/gone, 204",
        "/healthz/more, 503",
        "/HEALTHZ, 503",
        "//healthz, 503",
        "/%68ealthz, 503",
        "/healthz|{}[\\], 503",
        "http://shop.example/healthz, 200",
        "http://shop.example, 503",
        "*, 503"
    })
    void givenPassPaths_whenAPathIsAskedFor_thenOnlyTheWholePathIsAnsweredOtherwise(String path, int status)
            throws IOException {
        PageContent content = new PageContent(
                "T",
                "M",
                null,
                "en",
                300,
                null,
                List.of(new PassPath("/healthz", null), new PassPath("/gone", 204)),
                List.of(0),
                0);

        assertThat(ask(content, "GET " + path, "")).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | html",
                "*/* | html",
                "application/json | json",
                "application/problem+json | json",
                "application/json, text/html | json",
                "text/html, application/json | html",
                "text/html;q=0.5, application/json;q=0.9 | json",
                "application/json;q=0, */* | html",
                "application/json;q=x | html",
                "image/png | html"
            })
    void givenWhatAClientAccepts_whenItAsks_thenItGetsTheOneItPrefers(String accept, String kind) throws IOException {
        assertThat(ask(page("T", "M", "en", null), "GET /", accept.isEmpty() ? "" : "Accept: " + accept))
                .containsIgnoringCase(
                        kind.equals("json") ? "Content-type: application/json" : "Content-type: text/html");
    }

    @Test
    void givenSeveralPorts_whenItServes_thenEachAnswersAndTheProbeSaysSo() throws IOException {
        start(new PageContent("T", "M", null, "en", 300, null, List.of(), List.of(0, 0), 0));

        assertThat(server.ports()).hasSize(3).doesNotHaveDuplicates();
        assertThat(request(server.ports().get(0), "GET /ready", "")).startsWith("HTTP/1.1 503 ");
        assertThat(request(server.ports().get(1), "GET /", "")).startsWith("HTTP/1.1 503 ");
        assertThat(request(server.ports().get(2), "GET /ready", "")).startsWith("HTTP/1.1 200 ");
        assertThat(request(server.ports().get(2), "GET /", "")).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\nHost: shop\n\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\r\n\r\n"
            })
    void givenAnOldOrAnotherClient_whenItAsks_thenItGetsThePage(String request) throws IOException {
        start(page("T", "M", "en", null));
        try (Socket socket = connect(server.ports().getFirst())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket)).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void givenTls_whenItBegins_thenTheConnectionEndsAtOnce() throws IOException {
        start(page("T", "M", "en", null));
        try (Socket socket = connect(server.ports().getFirst())) {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0});

            assertThat(read(socket)).isEmpty();
        }
    }

    /** Two requests in one connection: the second is not answered, since the first answer has ended it. */
    @Test
    void givenAClientThatKeepsConnections_whenItAsksTwice_thenItHasToConnectAgain() throws IOException {
        start(page("T", "M", "en", null));
        try (Socket socket = connect(server.ports().getFirst())) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: shop\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket)).containsOnlyOnce("HTTP/1.1 503 ");
        }
    }

    private static PageContent page(String title, String message, String language, Instant end) {
        return new PageContent(title, message, null, language, 300, end, List.of(), List.of(0), 0);
    }

    private String ask(PageContent content, String line, String header) throws IOException {
        start(content);
        return request(server.ports().getFirst(), line, header);
    }

    private void start(PageContent content) throws IOException {
        server = new PageServer(content, Clock.fixed(NOW, ZoneOffset.UTC));
        server.start();
    }

    private static String request(int port, String line, String header) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: shop\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return read(socket);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** To the end of the connection, which is the server's to close. */
    private static String read(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}

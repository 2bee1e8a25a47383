package dev.mainstay.runner.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.core.mode.PageContent;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.runner.RunnerMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page as its container runs it: text from the environment, and a signal at the end. */
@Tag("process")
class PageProcessTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void givenAPage_whenItIsToldToStop_thenItServesThoseWhoHaveNotHeardOfItAndEnds() throws Exception {
        int port = Programs.freePort();
        int probe = Programs.freePort();
        PageContent content = new PageContent(
                "$(HOME) \"quoted\"", "Zurück um acht", null, "de", 60, null, List.of(), List.of(port), probe);
        Process process = run(TaskJson.write(content));
        try {
            await().atMost(SOON).until(() -> answer(probe, "/ready").startsWith("HTTP/1.1 200 "));
            assertThat(answer(port, "/")).contains("$(HOME) &quot;quoted&quot;", "Zurück um acht");

            process.destroy();

            // Half of the time that it goes on serving.
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> answer(port, "/").startsWith("HTTP/1.1 503 "));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void givenNoPage_whenItIsStarted_thenItSaysSoAndEnds() throws Exception {
        Process process = run("{\"title\": 1");

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("the page can't be served: MAINSTAY_PAGE is not what this program knows");
    }

    private static Process run(String json) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName(),
                PageContent.ARGUMENT);
        builder.environment().put(PageContent.ENVIRONMENT_VARIABLE, json);
        return builder.redirectErrorStream(true).start();
    }

    private static String answer(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }
}

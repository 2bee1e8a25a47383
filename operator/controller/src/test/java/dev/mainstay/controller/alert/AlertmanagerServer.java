package dev.mainstay.controller.alert;

import dev.mainstay.controller.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Alertmanager, below a path of its own, that tells a webhook of each alert at once. */
final class AlertmanagerServer {

    private static final String PATH = "/prefix";

    private final int port = FreePort.next();
    private final Process process;
    private final Thread atExit;

    /**
     * Starts it.
     *
     * @param folder where it keeps its files
     * @param webhook the URL that it tells
     */
    AlertmanagerServer(Path folder, String webhook) {
        try {
            Path configuration = Files.writeString(folder.resolve("alertmanager.yml"), """
                    route:
                      receiver: oncall
                      group_by: ['...']
                      group_wait: 0s
                      group_interval: 1s
                      repeat_interval: 1h
                    receivers:
                      - name: oncall
                        webhook_configs:
                          - {url: "%s", send_resolved: true}
                    """.formatted(webhook));
            process = new ProcessBuilder(List.of(
                            program().toString(),
                            "--config.file=" + configuration,
                            "--storage.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--web.route-prefix=" + PATH,
                            "--cluster.listen-address="))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    String url() {
        return "http://127.0.0.1:" + port + PATH;
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** The one of the version that is pinned. */
    private static Path program() throws IOException {
        String cache = Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                .orElse(System.getProperty("user.home") + "/.cache/mainstay");
        Path versions = Path.of(System.getProperty("repositoryRoot"), "deploy/local/versions.env");
        try (Stream<String> lines = Files.lines(versions)) {
            String version = lines.filter(line -> line.startsWith("ALERTMANAGER_VERSION="))
                    .map(line -> line.substring(line.indexOf('=') + 1))
                    .findFirst()
                    .orElseThrow();
            return Optional.of(Path.of(cache, "bin/alertmanager-" + version, "alertmanager"))
                    .filter(Files::isExecutable)
                    .orElseThrow(() -> new IllegalStateException(
                            "no alertmanager: \"deploy/local/toolchain/build alertmanager\" brings it"));
        }
    }
}

package dev.mainstay.controller.metrics;

import dev.mainstay.controller.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real Prometheus that scrapes itself each second, below a path of its own. */
public final class PrometheusServer {

    private static final String PATH = "/prefix";

    private final int port = FreePort.next();
    private final Process process;
    private final Thread atExit;

    /**
     * Starts it.
     *
     * @param folder where it keeps its files
     */
    PrometheusServer(Path folder) {
        this(folder, "", "");
    }

    /**
     * Starts it with more to do.
     *
     * @param more jobs beside its own, and rule files after them, as its configuration has them
     */
    PrometheusServer(Path folder, String more) {
        this(folder, "", more);
    }

    /**
     * Starts one that does more.
     *
     * @param jobs what else it scrapes, each a line of a list of YAML that is indented by two
     * @param more more of its configuration
     */
    public PrometheusServer(Path folder, String jobs, String more) {
        this(folder, jobs, more, List.of());
    }

    /**
     * Starts one that does more, or less.
     *
     * @param jobs what else it scrapes, each a line of a list of YAML that is indented by two
     * @param more more of its configuration
     * @param flags more of its command line, such as its limits
     */
    public PrometheusServer(Path folder, String jobs, String more, List<String> flags) {
        try {
            Path configuration =
                    Files.writeString(folder.resolve("prometheus.yml"), """
                    global: {scrape_interval: 1s}
                    scrape_configs:
                      - {job_name: itself, metrics_path: %s/metrics, static_configs: [{targets: ["127.0.0.1:%d"]}]}
                    %s
                    %s
                    """.formatted(PATH, port, jobs, more));
            List<String> command = new ArrayList<>(List.of(
                    program().toString(),
                    "--config.file=" + configuration,
                    "--storage.tsdb.path=" + folder.resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port,
                    "--web.route-prefix=" + PATH,
                    "--query.timeout=1s"));
            command.addAll(flags);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The URL without its path. */
    String root() {
        return "http://127.0.0.1:" + port;
    }

    public String url() {
        return root() + PATH;
    }

    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    /** promtool, which comes with it. */
    static Path promtool() {
        return program().resolveSibling("promtool");
    }

    private static Path program() {
        String cache = Optional.ofNullable(System.getenv("MAINSTAY_CACHE"))
                .orElse(System.getProperty("user.home") + "/.cache/mainstay");
        return Optional.of(Path.of(cache, "bin/prometheus/prometheus"))
                .filter(Files::isExecutable)
                .orElseThrow(
                        () -> new IllegalStateException("no prometheus: deploy/local/toolchain/prometheus brings it"));
    }
}

package dev.mainstay.controller.alert;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Pages of metrics of applications, made anew for each time that Prometheus comes. */
final class ScrapedPages implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, IntFunction<String>> pages;
    private final Map<String, AtomicInteger> visits = new ConcurrentHashMap<>();

    /**
     * Serves them.
     *
     * @param pages what each shows at its first visit, which is 1, and those after
     */
    ScrapedPages(Map<String, IntFunction<String>> pages) {
        this.pages = pages;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String name = exchange.getRequestURI().getPath().substring(1);
            IntFunction<String> page = pages.get(name);
            byte[] body = page == null
                    ? new byte[0]
                    : page.apply(visits.computeIfAbsent(name, ignored -> new AtomicInteger())
                                    .incrementAndGet())
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(page == null ? 500 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The jobs that scrape them, as lines of YAML: a page's name is its job. */
    String jobs() {
        StringBuilder jobs = new StringBuilder();
        pages.keySet()
                .forEach(name -> jobs.append(
                        "  - {job_name: %1$s, metrics_path: /%1$s, static_configs: [{targets: [\"127.0.0.1:%2$d\"]}]}%n"
                                .formatted(name, port())));
        return jobs.toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

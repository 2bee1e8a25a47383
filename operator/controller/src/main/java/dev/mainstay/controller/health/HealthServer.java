package dev.mainstay.controller.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Answers /livez, /readyz and /metrics. */
public final class HealthServer implements AutoCloseable {

    private final HttpServer server;

    /**
     * Binds the port; it answers from {@link #start} on.
     *
     * @param port port; 0 for any that is free
     * @param alive whether the process should go on
     * @param ready whether it watches, or stands by for the leader
     */
    public HealthServer(int port, BooleanSupplier alive, BooleanSupplier ready, PrometheusMeterRegistry registry)
            throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/livez", exchange -> judge(exchange, alive.getAsBoolean()));
        server.createContext("/readyz", exchange -> judge(exchange, ready.getAsBoolean()));
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape()));
    }

    /** The port that is bound. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Begins to answer. */
    public void start() {
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void judge(HttpExchange exchange, boolean good) throws IOException {
        answer(exchange, good ? 200 : 503, "text/plain; charset=utf-8", good ? "ok\n" : "not ok\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}

package dev.mainstay.controller.alert;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A receiver on this machine that notes what it is sent, and answers what a test has put down; without, it takes all. */
final class ReceiverServer implements AutoCloseable {

    /** A request. */
    record Seen(String line, Map<String, String> headers, String body) {}

    private record Answer(int status, Map<String, String> headers, byte[] body, long seconds) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private final String scheme;

    ReceiverServer() {
        this(null);
    }

    /** @param tls what it speaks TLS with; null for none */
    ReceiverServer(SSLContext tls) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scheme = tls == null ? "http" : "https";
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    ReceiverServer then(int status) {
        return then(status, Map.of(), "");
    }

    ReceiverServer then(int status, Map<String, String> headers, String body) {
        answers.add(new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8), 0));
        return this;
    }

    /** Answers 200 when so much time is over. */
    ReceiverServer thenLate(long seconds) {
        answers.add(new Answer(200, Map.of(), new byte[0], seconds));
        return this;
    }

    List<Seen> seen() {
        return seen;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(exchange.getRequestMethod() + " " + exchange.getRequestURI(), headers, body));
            Answer answer = answers.poll();
            if (answer == null) {
                answer = new Answer(200, Map.of(), "ok".getBytes(StandardCharsets.UTF_8), 0);
            }
            TimeUnit.SECONDS.sleep(answer.seconds());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

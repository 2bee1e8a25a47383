package dev.mainstay.controller.kube;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server that answers as a test says, and notes what it was sent. What is not said does not exist, and is taken. */
public final class AnsweringApi implements AutoCloseable {

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final LocalApi api = new LocalApi(this::answer);

    private record Answer(int code, String body) {}

    /**
     * A request that was to change something.
     *
     * @param what its method and the last two parts of its path
     */
    public record Sent(String what, String body) {}

    public KubernetesClient client() {
        return api.client();
    }

    /** What it answers, such as to {@code GET deployments/web}. */
    public AnsweringApi says(String to, String body) {
        answers.put(to, new Answer(200, body));
        return this;
    }

    /** What it refuses, and with which words. */
    public AnsweringApi refuses(String what, int code, String message) {
        answers.put(what, new Answer(code, status(code, message)));
        return this;
    }

    /** From now on it refuses that no more. */
    public void answers(String what) {
        answers.remove(what);
    }

    /** Whether it refuses that. */
    public boolean refuses(String what) {
        return Optional.ofNullable(answers.get(what))
                .filter(answer -> answer.code() >= 400)
                .isPresent();
    }

    /** What it was sent, in its order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** The Events of a reason that were recorded. */
    public List<String> events(String reason) {
        return sent.stream()
                .filter(request -> request.what().endsWith("/events"))
                .map(Sent::body)
                .filter(body -> body.contains("\"reason\":\"" + reason + "\""))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String method = exchange.getRequestMethod();
        String what = method + " " + path[path.length - 2] + "/" + path[path.length - 1];
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!method.equals("GET")) {
            sent.add(new Sent(what, body));
        }
        Answer answer = answers.getOrDefault(
                what,
                switch (method) {
                    case "GET" -> new Answer(404, status(404, "not found"));
                    case "PATCH" -> answers.getOrDefault(what.replace("PATCH", "GET"), new Answer(200, "{}"));
                    default -> new Answer(201, body);
                });
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.code(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String status(int code, String message) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + code + ",\"message\":\""
                + message.replace("\"", "\\\"") + "\"}";
    }

    @Override
    public void close() {
        api.close();
    }
}

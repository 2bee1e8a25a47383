package dev.mainstay.runner.page;

import dev.mainstay.api.mode.PassPath;
import dev.mainstay.core.mode.PageContent;
import dev.mainstay.runner.page.PageConnection.Answer;
import dev.mainstay.runner.page.PageConnection.Request;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers every request with the maintenance page, at all ports where the Services lead. Each answer ends its connection: a
 * client that kept it would get the page after the end.
 */
public final class PageServer implements AutoCloseable {

    private static final int CONNECTIONS = 512;
    private static final int BACKLOG = 512;

    /** However near the end is, a crowd that comes at once is of use to nobody. */
    private static final long SOONEST_SECONDS = 5;

    private static final List<String> ALWAYS =
            List.of("Cache-Control: no-store", "Connection: close", "X-Content-Type-Options: nosniff");

    private final PageContent content;
    private final PageDocument document;
    private final Map<String, Integer> passPaths;
    private final Clock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ServerSocket> sockets = new ArrayList<>();

    public PageServer(PageContent content, Clock clock) {
        this.content = content;
        this.document = new PageDocument(content);
        this.passPaths = content.passPaths().stream()
                .collect(Collectors.toMap(PassPath::path, PassPath::status, (one, _) -> one));
        this.clock = clock;
    }

    /**
     * Listens at all ports, and at last at the one that says so.
     *
     * @throws IOException when one of them can't be listened at
     */
    public void start() throws IOException {
        for (int port : content.ports()) {
            listen(port, this::answer);
        }
        listen(content.probePort(), PageServer::probed);
    }

    /** Where it listens, in the order of the content's ports; the probe's port is the last. */
    public List<Integer> ports() {
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    private void listen(int port, Function<Request, Answer> page) throws IOException {
        ServerSocket socket = new ServerSocket(port, BACKLOG);
        sockets.add(socket);
        // Of its own, so that a crowd at one port does not keep the kubelet from the other.
        Semaphore free = new Semaphore(CONNECTIONS);
        threads.execute(() -> accept(socket, free, page));
    }

    private void accept(ServerSocket socket, Semaphore free, Function<Request, Answer> page) {
        while (!socket.isClosed()) {
            try {
                free.acquire();
                serve(socket.accept(), free, page);
            } catch (IOException failed) {
                // Closed, or a client that was gone before it was taken.
                free.release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(Socket client, Semaphore free, Function<Request, Answer> page) {
        threads.execute(() -> {
            try {
                new PageConnection(client).serve(page);
            } finally {
                free.release();
            }
        });
    }

    private static Answer probed(Request request) {
        return new Answer(request.path().equals(PageContent.PROBE_PATH) ? 200 : 404, ALWAYS, new byte[0]);
    }

    private Answer answer(Request request) {
        Integer status = passPaths.get(request.path());
        if (status != null) {
            return new Answer(
                    status,
                    with("Content-Type: text/plain; charset=utf-8"),
                    (status + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        boolean json = Accept.wantsJson(request.accept());
        return new Answer(
                503,
                with(
                        "Content-Type: " + (json ? "application/json" : "text/html; charset=utf-8"),
                        "Content-Security-Policy: " + PageDocument.POLICY,
                        "Retry-After: " + retryAfter(),
                        "Vary: Accept"),
                json ? document.json() : document.html());
    }

    private static List<String> with(String... headers) {
        return Stream.concat(ALWAYS.stream(), Stream.of(headers)).toList();
    }

    private long retryAfter() {
        if (content.expectedEnd() == null) {
            return content.retryAfterSeconds();
        }
        long left = Duration.between(clock.instant(), content.expectedEnd()).toSeconds();
        return Math.min(content.retryAfterSeconds(), Math.max(left, SOONEST_SECONDS));
    }

    /** Ends it; answers that are under way are sent. */
    @Override
    public void close() {
        for (ServerSocket socket : sockets) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // It ends with the process.
                continue;
            }
        }
        threads.close();
    }
}

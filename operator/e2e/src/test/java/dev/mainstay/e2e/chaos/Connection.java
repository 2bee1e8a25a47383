package dev.mainstay.e2e.chaos;

import dev.mainstay.e2e.chaos.WebSocketFrames.Frame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One connection of the operator, with one of its own to the API server: requests pass one after the other. */
final class Connection implements AutoCloseable {

    /** A connection that was idle for longer may have been closed by the API server at this very moment. */
    private static final long IDLE_NANOS = 30_000_000_000L;

    private final ChaosProxy proxy;
    private final Socket client;
    private final InputStream fromClient;
    private final OutputStream toClient;
    private Socket server;
    private InputStream fromServer;
    private OutputStream toServer;
    private long lastUse;

    Connection(ChaosProxy proxy, Socket client) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.fromClient = new BufferedInputStream(client.getInputStream());
        this.toClient = new BufferedOutputStream(client.getOutputStream());
    }

    /** Serves requests until one side closes. */
    void serve() throws IOException, InterruptedException {
        boolean more = true;
        while (more) {
            Optional<HttpHead> request = HttpHead.read(fromClient);
            more = request.isPresent() && exchange(request.get(), HttpBody.read(request.get(), fromClient));
        }
    }

    private boolean exchange(HttpHead request, byte[] body) throws IOException, InterruptedException {
        Optional<Integer> number = proxy.writes().arrived(request);
        if (number.isPresent()) {
            return write(request, body, number.get());
        }
        if (StaleLists.isList(request)) {
            return list(request);
        }
        HttpHead response = forward(request, body);
        if (response.status() == 101) {
            tunnel(request, response);
            return false;
        }
        if (isStream(request) && HttpBody.isChunked(response)) {
            stream(request, response);
            return true;
        }
        answer(response, bodyOf(request, response));
        return true;
    }

    private boolean write(HttpHead request, byte[] body, int number) throws IOException, InterruptedException {
        Fault fault = proxy.writes().faultAt(number).orElse(null);
        switch (fault) {
            case Fault.KillBefore() -> {
                proxy.kill();
                return false;
            }
            case Fault.Answer(int status) -> {
                proxy.writes().answered(number, status);
                answer(StatusAnswer.head(status), StatusAnswer.body(status));
                return true;
            }
            case Fault.Delay(var time) -> Thread.sleep(time);
            case null, default -> {}
        }
        HttpHead response = forward(request, body);
        byte[] answer = bodyOf(request, response);
        if (fault instanceof Fault.KillAfter) {
            proxy.kill();
            return false;
        }
        if (fault instanceof Fault.Hang(var time)) {
            Thread.sleep(time);
        }
        proxy.writes().answered(number, response.status());
        answer(response, answer);
        return true;
    }

    private boolean list(HttpHead request) throws IOException {
        Optional<byte[]> earlier = proxy.lists().answerFor(request);
        if (earlier.isPresent()) {
            answer(StatusAnswer.head(200), earlier.get());
            return true;
        }
        HttpHead response = forward(request, new byte[0]);
        byte[] body = bodyOf(request, response);
        proxy.lists().passed(request, response.status(), body);
        answer(response, body);
        return true;
    }

    private HttpHead forward(HttpHead request, byte[] body) throws IOException {
        connect();
        // Bodies pass as they are read here, not compressed; the JDK's client asks for HTTP/2 over plain connections.
        HttpHead passed = request.without("Accept-Encoding", "HTTP2-Settings", "Transfer-Encoding", "Host")
                .with("Host", proxy.serverAuthority());
        if (request.has("Upgrade", "h2c")) {
            passed = passed.without("Upgrade", "Connection");
        }
        if (body.length > 0 || request.field("Content-Length").isPresent()) {
            passed = passed.with("Content-Length", String.valueOf(body.length));
        }
        passed.write(toServer);
        toServer.write(body);
        toServer.flush();
        return HttpHead.read(fromServer)
                .orElseThrow(() -> new IOException("the API server closed the connection before it answered"));
    }

    private void connect() throws IOException {
        if (server != null && System.nanoTime() - lastUse > IDLE_NANOS) {
            server.close();
            server = null;
        }
        if (server == null) {
            server = proxy.connectToServer();
            fromServer = new BufferedInputStream(server.getInputStream());
            toServer = new BufferedOutputStream(server.getOutputStream());
        }
        lastUse = System.nanoTime();
    }

    private byte[] bodyOf(HttpHead request, HttpHead response) throws IOException {
        boolean none = request.method().equals("HEAD") || response.status() == 204 || response.status() == 304;
        return none ? new byte[0] : HttpBody.read(response, fromServer);
    }

    private void answer(HttpHead response, byte[] body) throws IOException {
        response.without("Transfer-Encoding")
                .with("Content-Length", String.valueOf(body.length))
                .write(toClient);
        toClient.write(body);
        toClient.flush();
    }

    private static boolean isStream(HttpHead request) {
        return Watches.isWatch(request) || request.query().contains("follow=true");
    }

    /** A watch over plain HTTP: one line of JSON an event, passed on as one chunk. */
    private void stream(HttpHead request, HttpHead response) throws IOException, InterruptedException {
        response.write(toClient);
        toClient.flush();
        Watches.EventSink sink = new Watches.EventSink() {
            @Override
            public void send(String event) throws IOException {
                byte[] bytes = (event.strip() + "\n").getBytes(StandardCharsets.UTF_8);
                toClient.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                toClient.write(bytes);
                toClient.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                toClient.flush();
            }

            @Override
            public void close() throws IOException {
                toClient.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                toClient.flush();
                Connection.this.close();
            }
        };
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new HttpBody.Chunks(fromServer), StandardCharsets.UTF_8));
        try (Watches.Watch watch = proxy.watches().opened(request, sink)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                watch.event(line);
            }
        }
        toClient.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        toClient.flush();
    }

    /** A watch over WebSocket, which is what the operator's client tries first. */
    private void tunnel(HttpHead request, HttpHead response) throws IOException, InterruptedException {
        response.write(toClient);
        toClient.flush();
        Thread.startVirtualThread(this::copyToServer);
        Watches.EventSink sink = new Watches.EventSink() {
            @Override
            public void send(String event) throws IOException {
                WebSocketFrames.write(WebSocketFrames.text(event), toClient);
            }

            @Override
            public void close() {
                Connection.this.close();
            }
        };
        try (Watches.Watch watch = proxy.watches().opened(request, sink)) {
            while (true) {
                Frame frame = WebSocketFrames.read(fromServer);
                if (frame.isText()) {
                    watch.event(frame.text());
                } else {
                    watch.control(() -> WebSocketFrames.write(frame, toClient));
                }
            }
        }
    }

    private void copyToServer() {
        try {
            byte[] buffer = new byte[8192];
            for (int count = fromClient.read(buffer); count >= 0; count = fromClient.read(buffer)) {
                toServer.write(buffer, 0, count);
                toServer.flush();
            }
        } catch (IOException closed) {
            // The other direction ends by the same close, or by the one below.
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        for (Socket socket : server == null ? List.of(client) : List.of(client, server)) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // It is of no more use either way.
            }
        }
    }
}

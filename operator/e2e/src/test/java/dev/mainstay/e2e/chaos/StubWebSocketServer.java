package dev.mainstay.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** Takes one WebSocket and sends given messages over it. */
final class StubWebSocketServer implements AutoCloseable {

    private final ServerSocket listener;
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final Thread thread;

    StubWebSocketServer() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = Thread.startVirtualThread(this::serve);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    void emit(String message) {
        messages.add(message);
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            HttpHead request = HttpHead.read(socket.getInputStream()).orElseThrow();
            String key = request.field("Sec-WebSocket-Key").orElseThrow();
            new HttpHead("HTTP/1.1 101 Switching Protocols", List.of())
                    .with("Upgrade", "websocket")
                    .with("Connection", "Upgrade")
                    .with("Sec-WebSocket-Accept", accept(key))
                    .write(socket.getOutputStream());
            while (true) {
                WebSocketFrames.write(WebSocketFrames.text(messages.take()), socket.getOutputStream());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The constant is RFC 6455's. */
    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest =
                    sha1.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        thread.interrupt();
    }
}

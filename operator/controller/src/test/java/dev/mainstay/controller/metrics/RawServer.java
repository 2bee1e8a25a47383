package dev.mainstay.controller.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Answers one request, byte for byte, in a way that no HTTP server would. */
final class RawServer implements AutoCloseable {

    /** What is done with a connection once its request was read. */
    interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private static final char TLS_HANDSHAKE = 0x16;

    private final ServerSocket socket;
    private final Thread thread;
    private final CountDownLatch hungUp = new CountDownLatch(1);

    RawServer(Answer answer) {
        try {
            socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().daemon().start(() -> serve(answer));
    }

    static Answer text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Ends when the client has closed its side, or the answer is over. */
    CountDownLatch hungUp() {
        return hungUp;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        thread.interrupt();
    }

    private void serve(Answer answer) {
        try (Socket connection = socket.accept()) {
            readRequest(connection.getInputStream());
            answer.write(connection.getOutputStream());
            connection.shutdownOutput();
            // With something unread, the end would be a reset, which may overtake the answer.
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | InterruptedException e) {
            // The client or the test has ended it.
        } finally {
            hungUp.countDown();
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            seen.append((char) b);
            if (seen.charAt(0) == TLS_HANDSHAKE || seen.toString().endsWith("ms")) {
                return;
            }
        }
    }
}

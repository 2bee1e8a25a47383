package dev.mainstay.controller.alert;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Answers every connection byte for byte, in a way that no HTTP server would. */
final class RawReceiver implements AutoCloseable {

    private static final int PAUSE_MS = 50;

    private final ServerSocket socket;
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final AtomicLong written = new AtomicLong();

    /**
     * One that answers.
     *
     * @param answer what is written at once
     * @param drips whether spaces follow for ever
     */
    RawReceiver(String answer, boolean drips) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(() -> accept(answer.getBytes(StandardCharsets.ISO_8859_1), drips));
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Ends when a client has closed its side. */
    CountDownLatch hungUp() {
        return hungUp;
    }

    /** How much was written. */
    long written() {
        return written.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept(byte[] answer, boolean drips) {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection, answer, drips));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Socket connection, byte[] answer, boolean drips) {
        try (connection) {
            readHead(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (byte one : answer) {
                out.write(one);
                written.incrementAndGet();
            }
            while (drips) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                out.write(' ');
            }
            connection.shutdownOutput();
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException | InterruptedException e) {
            hungUp.countDown();
        }
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
    }
}

package dev.mainstay.runner.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before the store and passes everything on, but for the deletion of a given number, which it keeps for good. */
final class HoldingProxy implements AutoCloseable {

    private static final byte[] DELETE = "DELETE /".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final int target;
    private final int held;
    private final AtomicInteger deletions = new AtomicInteger();
    private final CountDownLatch holding = new CountDownLatch(1);

    /**
     * @param target port of the store
     * @param held which deletion is kept, from 1
     */
    HoldingProxy(int target, int held) {
        this.target = target;
        this.held = held;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Opens when the deletion has come. */
    CountDownLatch holding() {
        return holding;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket store = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> copy(client, store, true));
                Thread.ofVirtual().start(() -> copy(store, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean requests) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                // A request without a body comes in one piece.
                if (requests && isDelete(buffer, read) && deletions.incrementAndGet() >= held) {
                    holding.countDown();
                    Thread.sleep(Long.MAX_VALUE);
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException | InterruptedException ended) {
            // Either side hung up.
        }
    }

    private static boolean isDelete(byte[] buffer, int length) {
        return length >= DELETE.length && Arrays.equals(buffer, 0, DELETE.length, DELETE, 0, DELETE.length);
    }
}

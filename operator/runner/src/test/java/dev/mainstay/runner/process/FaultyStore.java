package dev.mainstay.runner.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before the store and does to chosen requests what stores and networks do. */
final class FaultyStore implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)\\s*$");
    private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding: *chunked\\s*$");
    private static final Pattern EXPECT = Pattern.compile("(?im)^expect: *100-continue\\r\\n");

    /** What becomes of a request. */
    sealed interface Fault {

        /** The store gets it, and its answer comes back. */
        record None() implements Fault {}

        /** It is answered so, and the store never sees it; a status of 200 has an element of the code's name. */
        record Answer(int status, String code) implements Fault {}

        /** The connection breaks before the store sees it. */
        record BreakBefore() implements Fault {}

        /** The store does it, and the answer is lost. */
        record BreakAfter() implements Fault {}

        /** The connection breaks in the middle of the answer's body. */
        record BreakWithin() implements Fault {}

        /** Nothing comes back, and the connection stays. */
        record Silence() implements Fault {}

        /** The store takes its body only so fast. */
        record Slow(int bytesPerSecond) implements Fault {}

        Fault NONE = new None();
    }

    /**
     * A request.
     *
     * @param line method and target, such as {@code PUT /bucket/key?partNumber=1&uploadId=x}
     * @param head all of its head, the first line included
     */
    record Request(String line, String head) {

        /** Whether a proxy is asked for a tunnel. */
        boolean connects() {
            return line.startsWith("CONNECT ");
        }

        boolean uploadsAPart() {
            return line.matches("PUT .*[?&]partNumber=.*");
        }

        boolean completesAnUpload() {
            return line.matches("POST .*[?&]uploadId=.*");
        }

        boolean reads(String name) {
            return line.matches("GET .*/" + Pattern.quote(name) + "( .*|\\?.*)?");
        }

        boolean writes(String name) {
            return line.matches("PUT .*/" + Pattern.quote(name) + "( .*|\\?.*)?");
        }

        boolean deletes() {
            return line.startsWith("DELETE ");
        }

        boolean has(String header) {
            return Pattern.compile("(?im)^" + Pattern.quote(header) + ":")
                    .matcher(head)
                    .find();
        }
    }

    private final ServerSocket server;
    private final int target;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Fault> rule = request -> Fault.NONE;

    /**
     * @param target port of the store
     */
    FaultyStore(int target) {
        this.target = target;
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

    int port() {
        return server.getLocalPort();
    }

    /** From now on requests go this way. */
    void rule(Function<Request, Fault> other) {
        rule = other;
    }

    /** All that came, in order. */
    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket store = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Side in = new Side(client);
            Side out = new Side(store);
            for (String head = in.head(); head != null; head = in.head()) {
                Request request = new Request(head.lines().findFirst().orElse(""), head);
                requests.add(request);
                if (request.connects() && rule.apply(request) instanceof Fault.None) {
                    in.write("HTTP/1.1 200 Connection established\r\n\r\n");
                    Thread.ofVirtual().start(() -> out.copyAll(in));
                    in.copyAll(out);
                    return;
                }
                if (!handle(request, in, out)) {
                    client.setSoLinger(true, 0);
                    return;
                }
            }
        } catch (IOException ended) {
            // Either side hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the connection goes on. */
    private boolean handle(Request request, Side in, Side out) throws IOException, InterruptedException {
        Fault fault = rule.apply(request);
        if (EXPECT.matcher(request.head()).find()) {
            in.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        long length = length(request.head());
        switch (fault) {
            case Fault.Answer answer -> {
                in.skip(length);
                in.write(answer(answer));
                return true;
            }
            case Fault.BreakBefore ignored -> {
                return false;
            }
            case Fault.Silence ignored -> {
                closed.await();
                return false;
            }
            case Fault.None ignored -> forward(request, in, out, length, 0);
            case Fault.BreakAfter ignored -> forward(request, in, out, length, 0);
            case Fault.BreakWithin ignored -> forward(request, in, out, length, 0);
            case Fault.Slow slow -> forward(request, in, out, length, slow.bytesPerSecond());
        }
        return answered(request, in, out, fault);
    }

    private static void forward(Request request, Side in, Side out, long length, int bytesPerSecond)
            throws IOException, InterruptedException {
        out.write(EXPECT.matcher(request.head()).replaceFirst(""));
        in.copy(out, length, bytesPerSecond);
    }

    private static boolean answered(Request request, Side in, Side out, Fault fault)
            throws IOException, InterruptedException {
        String head = out.head();
        if (head == null) {
            return false;
        }
        boolean empty = request.line().startsWith("HEAD ") || head.matches("(?s)HTTP/1.1 (204|304) .*");
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        boolean lost = fault instanceof Fault.BreakAfter;
        Side sink = lost ? new Side(InputStream.nullInputStream(), kept) : in;
        sink.write(head);
        if (!empty && CHUNKED.matcher(head).find()) {
            out.copyChunks(sink);
        } else if (!empty) {
            long length = length(head);
            out.copy(sink, fault instanceof Fault.BreakWithin ? length / 2 : length, 0);
        }
        return !lost && !(fault instanceof Fault.BreakWithin);
    }

    private static long length(String head) {
        Matcher matcher = LENGTH.matcher(head);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String answer(Fault.Answer answer) {
        String body = "<?xml version=\"1.0\"?>"
                + (answer.status() == HttpURLConnection.HTTP_OK
                        ? "<" + answer.code() + "/>"
                        : "<Error><Code>" + answer.code() + "</Code><Message>as told</Message></Error>");
        return String.format(
                Locale.ROOT,
                "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s",
                answer.status(),
                answer.code(),
                body.length(),
                body);
    }

    /** One end of a connection. */
    private static final class Side {
        private final InputStream in;
        private final OutputStream out;

        Side(Socket socket) throws IOException {
            this(new BufferedInputStream(socket.getInputStream(), BUFFER), socket.getOutputStream());
        }

        Side(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        /** A head with the empty line at its end; null at the end of the connection. */
        String head() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                head.write(b);
                if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    return head.toString(StandardCharsets.ISO_8859_1);
                }
            }
            return null;
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void skip(long length) throws IOException {
            in.skipNBytes(length);
        }

        void copy(Side to, long length, int bytesPerSecond) throws IOException, InterruptedException {
            byte[] buffer = new byte[BUFFER];
            for (long left = length; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("the connection ended within a body");
                }
                if (bytesPerSecond > 0) {
                    TimeUnit.NANOSECONDS.sleep(read * 1_000_000_000L / bytesPerSecond);
                }
                to.out.write(buffer, 0, read);
                left -= read;
            }
            to.out.flush();
        }

        /** Until either side ends. */
        void copyAll(Side to) {
            try {
                in.transferTo(to.out);
            } catch (IOException ended) {
                // One side hung up.
            }
        }

        void copyChunks(Side to) throws IOException, InterruptedException {
            while (true) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                    line.write(b);
                }
                String size = line.toString(StandardCharsets.ISO_8859_1).strip();
                to.write(size + "\r\n");
                long length = Long.parseLong(size, 16);
                copy(to, length + 2, 0);
                if (length == 0) {
                    return;
                }
            }
        }
    }
}

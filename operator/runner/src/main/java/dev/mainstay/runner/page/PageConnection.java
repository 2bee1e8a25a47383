package dev.mainstay.runner.page;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One connection of a client: one request is read, one answer is sent, and that is the end of it. Whatever the request asks for
 * has the same answer, so of it no more is understood than that needs; the JDK's own server answers 400 or 404 to addresses
 * that browsers send, such as those with two slashes, and that would be taken for the application's word.
 */
final class PageConnection {

    /** A client that sends slowly must not hold a connection for ever. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** How much of a request's body is read after the answer: one that is closed while it sends does not read it. */
    private static final int DRAINED_BYTES = 1 << 20;

    private static final Duration DRAINED = Duration.ofSeconds(3);
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int TLS = 0x16;

    private final Socket socket;
    private final long end = System.nanoTime() + LONGEST.toNanos();

    PageConnection(Socket socket) {
        this.socket = socket;
    }

    /**
     * What is asked for.
     *
     * @param method such as GET
     * @param path without the query, as it was sent
     * @param accept the values of its headers Accept
     */
    record Request(String method, String path, List<String> accept) {}

    /**
     * What is answered.
     *
     * @param status such as 503
     * @param headers lines without their ends
     * @param body empty for none
     */
    record Answer(int status, List<String> headers, byte[] body) {}

    /** Reads, answers, and closes. A client that goes away or talks another protocol is none of the page's business. */
    void serve(Function<Request, Answer> page) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Optional<Request> request = read(new BufferedInputStream(socket.getInputStream()));
            if (request.isPresent()) {
                write(socket.getOutputStream(), request.get(), page.apply(request.get()));
                socket.shutdownOutput();
                drain(socket.getInputStream());
            }
        } catch (IOException gone) {
            // The answer has nobody to go to.
            return;
        }
    }

    private Optional<Request> read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int newLines = 0;
        while (newLines < 2 && head.size() < LONGEST_HEAD) {
            int next = next(in);
            if (next < 0 || head.size() == 0 && next == TLS) {
                return Optional.empty();
            }
            head.write(next);
            newLines = next == '\n' ? newLines + 1 : next == '\r' ? newLines : 0;
        }
        return Optional.of(parse(head.toString(StandardCharsets.ISO_8859_1)));
    }

    private int next(InputStream in) throws IOException {
        socket.setSoTimeout(
                (int) Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
        return in.read();
    }

    private static Request parse(String head) {
        String[] lines = head.split("\r?\n");
        String[] words = (lines.length == 0 ? "" : lines[0]).split(" ");
        List<String> accept = new ArrayList<>();
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("accept:")) {
                accept.add(line.substring("accept:".length()).trim());
            }
        }
        String target = words.length < 2 ? "/" : words[1];
        return new Request(words[0], path(target), accept);
    }

    /** A proxy may send the whole URL. */
    private static String path(String target) {
        String path =
                target.replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://[^/?]*", "").replaceFirst("[?#].*", "");
        return path.isEmpty() ? "/" : path;
    }

    private static void write(OutputStream out, Request request, Answer answer) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " " + phrase(answer.status()) + "\r\n");
        answer.headers().forEach(line -> head.append(line).append("\r\n"));
        boolean bodiless = answer.status() == 204 || answer.status() == 304;
        if (!bodiless) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        if (!bodiless && !request.method().equals("HEAD")) {
            whole.writeBytes(answer.body());
        }
        whole.writeTo(out);
        out.flush();
    }

    /** Nobody reads it, and the line has a place for it. */
    private static String phrase(int status) {
        return status == 503 ? "Service Unavailable" : status < 300 ? "OK" : "Status";
    }

    private void drain(InputStream in) throws IOException {
        long until = System.nanoTime() + DRAINED.toNanos();
        byte[] buffer = new byte[8192];
        int read = 0;
        for (int total = 0; read >= 0 && total < DRAINED_BYTES && System.nanoTime() < until; total += read) {
            socket.setSoTimeout((int) DRAINED.toMillis());
            read = in.read(buffer);
        }
    }
}

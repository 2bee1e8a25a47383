package dev.mainstay.e2e.chaos;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** First line and header fields of an HTTP/1.1 request or response. */
record HttpHead(String startLine, List<Field> fields) {

    private static final int LIMIT = 64 * 1024;

    /** One header field; names are compared without regard to case. */
    record Field(String name, String value) {}

    HttpHead {
        fields = List.copyOf(fields);
    }

    /** Reads up to the empty line; empty when the other side closed the connection before the first byte. */
    static Optional<HttpHead> read(InputStream in) throws IOException {
        Optional<String> start = readLine(in);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        for (String line = requireLine(in); !line.isEmpty(); line = requireLine(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header field: " + line);
            }
            fields.add(new Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return Optional.of(new HttpHead(start.get(), fields));
    }

    void write(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder(startLine).append("\r\n");
        fields.forEach(field ->
                text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    String method() {
        return startLine.substring(0, startLine.indexOf(' '));
    }

    /** Path and query of a request. */
    String target() {
        return startLine.split(" ", 3)[1];
    }

    String path() {
        return target().split("\\?", 2)[0];
    }

    String query() {
        String[] parts = target().split("\\?", 2);
        return parts.length == 2 ? parts[1] : "";
    }

    /** Status code of a response. */
    int status() {
        return Integer.parseInt(startLine.split(" ", 3)[1]);
    }

    Optional<String> field(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    boolean has(String name, String part) {
        return fields.stream()
                .anyMatch(field -> field.name().equalsIgnoreCase(name)
                        && field.value().toLowerCase(Locale.ROOT).contains(part));
    }

    HttpHead without(String... names) {
        Set<String> unwanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        unwanted.addAll(List.of(names));
        return new HttpHead(
                startLine,
                fields.stream()
                        .filter(field -> !unwanted.contains(field.name()))
                        .toList());
    }

    HttpHead with(String name, String value) {
        List<Field> more = new ArrayList<>(without(name).fields());
        more.add(new Field(name, value));
        return new HttpHead(startLine, more);
    }

    /** A line without its end; empty at the end of the stream. */
    static Optional<String> readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed in the middle of a line");
            }
            if (line.size() > LIMIT) {
                throw new IOException("a line is longer than " + LIMIT + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private static String requireLine(InputStream in) throws IOException {
        return readLine(in).orElseThrow(() -> new EOFException("the connection was closed in the middle of a message"));
    }
}

package dev.mainstay.runner.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts rows of each COPY block in what {@code pg_restore --section=data -f -} writes. In COPY's text format a row is a
 * line: line breaks in values are written as {@code \n}, and the line {@code \.} can only be the end, since a value that
 * looks like it is written {@code \\.}.
 */
public final class RowCounter {

    private static final byte[] COPY = "COPY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FROM_STDIN = " FROM stdin;".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_STATEMENT = 1 << 20;

    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String table;
    private long count;
    /** Bytes of the current line of a COPY block, as far as it can still be the end: 0, 1, 2; -1 when it can't. */
    private int ending;

    /** Takes bytes as they come. */
    public void take(byte[] buffer, int length) {
        int at = 0;
        while (at < length) {
            at = table == null ? takeSql(buffer, at, length) : takeRows(buffer, at, length);
        }
    }

    /** Rows by table, in the archive's order; names are schema and name, joined by a dot, unquoted. */
    public Map<String, Long> rows() {
        return new LinkedHashMap<>(rows);
    }

    /** Whether the input ended in the middle of a table. */
    public boolean insideTable() {
        return table != null;
    }

    private int takeRows(byte[] buffer, int from, int length) {
        for (int at = from; at < length; at++) {
            byte b = buffer[at];
            if (b != '\n') {
                ending = ending == 0 && b == '\\' ? 1 : ending == 1 && b == '.' ? 2 : -1;
                continue;
            }
            if (ending == 2) {
                rows.merge(table, count, Long::sum);
                table = null;
                return at + 1;
            }
            count++;
            ending = 0;
        }
        return length;
    }

    private int takeSql(byte[] buffer, int from, int length) {
        int end = from;
        while (end < length && buffer[end] != '\n') {
            end++;
        }
        // Only the beginning of a long line (a large object's content) matters.
        int room = Math.max(0, LONGEST_STATEMENT - line.size());
        line.write(buffer, from, Math.min(end - from, room));
        if (end == length) {
            return length;
        }
        endOfLine();
        return end + 1;
    }

    private void endOfLine() {
        byte[] text = line.toByteArray();
        if (!startsWithCopy(text)) {
            line.reset();
            return;
        }
        boolean whole = evenQuotes(text);
        if (whole && endsWithFromStdin(text)) {
            table = tableName(new String(text, StandardCharsets.UTF_8).substring(COPY.length));
            count = 0;
            ending = 0;
            line.reset();
        } else if (whole) {
            line.reset();
        } else {
            // The line break is part of a quoted name.
            line.write('\n');
        }
    }

    private static boolean startsWithCopy(byte[] text) {
        return text.length > COPY.length && Arrays.equals(text, 0, COPY.length, COPY, 0, COPY.length);
    }

    private static boolean endsWithFromStdin(byte[] text) {
        return text.length > FROM_STDIN.length
                && Arrays.equals(text, text.length - FROM_STDIN.length, text.length, FROM_STDIN, 0, FROM_STDIN.length);
    }

    private static boolean evenQuotes(byte[] text) {
        int quotes = 0;
        for (byte b : text) {
            if (b == '"') {
                quotes++;
            }
        }
        return quotes % 2 == 0;
    }

    /** The unquoted name at the beginning: {@code "Shop"."order ""x""" (id) FROM stdin;} is {@code Shop.order "x"}. */
    private static String tableName(String text) {
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                name.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                break;
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}

package dev.mainstay.runner.postgres;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The last lines that a program wrote to stderr. Lines of kind DETAIL, CONTEXT, STATEMENT and QUERY are left out with
 * what continues them, and so is what continues a server's message: they carry rows of tables, and this tail is shown in
 * statuses. So are statements that pg_restore repeats: that of a user mapping holds a password. What is left out ends where
 * a program speaks again by its name.
 */
public final class LogTail {

    private static final int MOST_LINES = 20;
    private static final int LONGEST_LINE = 400;

    private static final Pattern PROGRAM = Pattern.compile(
            "^(pg_restore|pg_dump|pg_dumpall|zstd|age|age-keygen|initdb|postgres|psql(:<stdin>:\\d+)?): .*");

    /** With the two spaces that libpq puts after the kind of a message; one that ends a session can be of no row. */
    private static final Pattern SERVER = Pattern.compile("^(?!.*\\b(FATAL|PANIC):  ).*\\S:  .*");

    private final Deque<String> lines = new ArrayDeque<>();
    private boolean hidden;

    /** Takes a line. */
    public synchronized void add(String line) {
        String text = line.strip();
        if (text.matches("(DETAIL|CONTEXT|STATEMENT|QUERY|LINE \\d+|Command was):?.*")) {
            hidden = true;
            return;
        }
        if (hidden && !PROGRAM.matcher(line).matches()) {
            return;
        }
        hidden = SERVER.matcher(line).matches();
        if (text.isEmpty()) {
            return;
        }
        lines.addLast(text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) + "…" : text);
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /** The lines, oldest first. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}

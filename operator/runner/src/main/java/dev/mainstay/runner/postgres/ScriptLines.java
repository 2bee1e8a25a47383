package dev.mainstay.runner.postgres;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Passes a script of pg_restore on, and remembers at which line which entry of the archive begins: psql tells the line of an
 * error, and only by its entry is it known whether the error may quote a row. Rows are no lines of the script's own.
 */
final class ScriptLines extends OutputStream {

    /** Longer than any name that a line of its own tells. */
    private static final int MOST_BYTES = 1024;

    /** A backslash and a dot, and what tells that there is more. */
    private static final int END_OF_ROWS = 3;

    private static final Pattern HEAD =
            Pattern.compile("-- (?:Data for )?Name: (.*); Type: ([^;]*); Schema: .*; Owner: (.*)");
    private static final Pattern COPY = Pattern.compile("COPY .* FROM stdin;");

    private final OutputStream to;
    private final TreeMap<Long, String> entries = new TreeMap<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number = 1;
    private boolean rows;

    ScriptLines(OutputStream to) {
        this.to = to;
    }

    @Override
    public synchronized void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                end();
            } else if (line.size() < (rows ? END_OF_ROWS : MOST_BYTES)) {
                line.write(bytes[i]);
            }
        }
        to.write(bytes, offset, length);
    }

    private void end() {
        byte[] whole = line.toByteArray();
        line.reset();
        boolean comment = whole.length > 2 && whole[0] == '-' && whole[1] == '-';
        if (rows) {
            rows = !(whole.length == 2 && whole[0] == '\\' && whole[1] == '.');
        } else if (comment) {
            Matcher head = HEAD.matcher(new String(whole, StandardCharsets.UTF_8));
            if (head.matches()) {
                entries.put(number, head.group(2) + " " + head.group(1) + " " + head.group(3));
            }
        } else if (whole.length > 0 && whole[0] == 'C') {
            rows = COPY.matcher(new String(whole, StandardCharsets.UTF_8)).matches();
        }
        number++;
    }

    /** What follows is of no entry. */
    synchronized void endEntries() {
        entries.put(number, "");
    }

    /** The entry that a line belongs to; empty when it is of none. */
    synchronized Optional<String> entryAt(long at) {
        return Optional.ofNullable(entries.floorEntry(at)).map(Entry::getValue).filter(entry -> !entry.isEmpty());
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    @Override
    public void close() throws IOException {
        to.close();
    }
}

package dev.mainstay.runner.restore;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hands on the script that pg_restore writes, all but the COMMIT at its end: what it holds is verified before. A script that
 * has none there is not what is expected, and is not committed at all.
 */
final class ScriptPump implements Runnable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final String COMMIT = "\nCOMMIT;\n";

    /** What follows it, and more: the end of the dump is told, and the word that ends a restricted script. */
    private static final int HELD_BACK = 1024;

    private final InputStream from;
    private final OutputStream to;
    private boolean refused;
    private TaskFailure failure;

    ScriptPump(InputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public void run() {
        byte[] held = new byte[HELD_BACK + BUFFER_BYTES];
        int length = 0;
        try (from) {
            int read;
            while ((read = from.read(held, length, BUFFER_BYTES)) >= 0) {
                length += read;
                int ready = Math.max(0, length - HELD_BACK);
                write(held, ready);
                System.arraycopy(held, ready, held, 0, length - ready);
                length -= ready;
            }
            byte[] end = withoutCommit(Arrays.copyOf(held, length));
            write(end, end.length);
            to.flush();
        } catch (IOException e) {
            // Who writes has been ended, or who reads: either tells why.
        } catch (TaskFailure e) {
            failure = e;
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        try {
            to.write(bytes, 0, length);
        } catch (IOException e) {
            refused = true;
            throw e;
        }
    }

    static byte[] withoutCommit(byte[] end) {
        // Names are of any letters, and none of theirs is lost that way.
        String text = new String(end, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(COMMIT);
        boolean last = at >= 0
                && text.substring(at + COMMIT.length())
                        .lines()
                        .allMatch(line -> line.isEmpty() || line.startsWith("--") || line.startsWith("\\unrestrict "));
        if (!last) {
            throw new TaskFailure(
                    Reason.INTERNAL_ERROR,
                    "the script of pg_restore does not end with COMMIT, so that nothing was committed. Please report it"
                            + " with this Job's log.");
        }
        return (text.substring(0, at + 1) + text.substring(at + COMMIT.length())).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether who reads the script has ended before its end. */
    boolean refused() {
        return refused;
    }

    /** What is wrong with the script; null when nothing is. */
    TaskFailure failure() {
        return failure;
    }
}

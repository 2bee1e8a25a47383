package dev.mainstay.runner.task;

import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskProgress.Stage;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * How far the task is, printed as one line of JSON whenever it has changed, at most once an interval. Any thread may
 * tell news; only the reporter's own thread prints.
 */
public final class ProgressReporter implements AutoCloseable {

    /** Interval of the lines. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final int LONGEST_NAME = 256;
    private static final int MOST_PERCENT = 99;

    private final PrintStream out;
    private final Thread printer;
    private TaskProgress current = new TaskProgress(Stage.PREFLIGHT, 0, 0, null);
    private TaskProgress printed;

    /** Starts printing to the stream. */
    public ProgressReporter(PrintStream out, Duration interval) {
        this.out = out;
        this.printer = Thread.ofVirtual().name("progress").start(() -> printEvery(interval));
    }

    /** A new stage begins, with nothing done in it. */
    public synchronized void stage(Stage stage, int percent) {
        current = new TaskProgress(stage, 0, percent, null);
    }

    /** Bytes moved since the last call. */
    public synchronized void moved(long bytes) {
        current = new TaskProgress(current.stage(), current.bytes() + bytes, current.percent(), current.table());
    }

    /** Bytes of a backup read since the last call, of so many in all. */
    public synchronized void read(long bytes, long total) {
        long sum = current.bytes() + bytes;
        int percent = total <= 0 ? 0 : (int) Math.min(MOST_PERCENT, sum * 100 / total);
        current = new TaskProgress(current.stage(), sum, percent, current.table());
    }

    /** The table that is dumped now, and the share of tables whose dump has ended. */
    public synchronized void table(String name, int percent) {
        String shown = name == null || name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
        current = new TaskProgress(current.stage(), current.bytes(), percent, shown);
    }

    /** Where the task is, in words, for a message about its end. */
    public synchronized String where() {
        String bytes = Bytes.text(current.bytes());
        return switch (current.stage()) {
            case PREFLIGHT -> "before the work began";
            case DUMP ->
                current.table() == null
                        ? "while dumping, " + bytes + " uploaded"
                        : "while dumping table " + current.table() + ", " + bytes + " uploaded";
            case VERIFY -> "while reading the backup back, " + bytes + " read";
            case RESTORE -> "while restoring, " + bytes + " of the backup read";
            case CHECK -> "while checking the restored copy";
        };
    }

    /** Prints the lines of a long result. */
    public synchronized void result(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {
        printer.interrupt();
    }

    private void printEvery(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                printNews();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void printNews() {
        if (!current.equals(printed)) {
            printed = current;
            out.println(TaskJson.progressLine(current));
            out.flush();
        }
    }
}

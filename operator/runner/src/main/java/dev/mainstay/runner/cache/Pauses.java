package dev.mainstay.runner.cache;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;

/** Waits that end when the task is told to stop. */
final class Pauses {

    /** A page takes the server about as long: half of its time is left for its other clients. */
    private static final Duration BETWEEN_PAGES = Duration.ofMillis(2);

    private Pauses() {}

    static void betweenPages(StopSignal stop) {
        sleep(BETWEEN_PAGES, stop);
    }

    static void sleep(Duration time, StopSignal stop) {
        try {
            stop.check();
            Thread.sleep(time);
        } catch (InterruptedException e) {
            stop.check();
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was interrupted");
        }
    }
}

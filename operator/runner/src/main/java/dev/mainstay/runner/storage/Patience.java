package dev.mainstay.runner.storage;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.StopSignal;
import dev.mainstay.runner.task.TaskFailure;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How often a call is tried and how long it waits between: doubling from the first wait up to the longest, each cut at
 * random by up to half, so that many runners don't come back at the same moment.
 *
 * @param attempts tries in all
 * @param first first wait
 * @param longest longest wait
 */
public record Patience(int attempts, Duration first, Duration longest) {

    /** Enough for a hiccup; what is wrong for good is told within seconds. */
    public static final Patience SHORT = new Patience(4, Duration.ofMillis(200), Duration.ofSeconds(2));

    /** Calls until it succeeds, fails for good or patience is at its end; the last error is thrown. */
    public <T> T call(Supplier<T> call, Predicate<Throwable> mayPass, StopSignal stop) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                stop.check();
                if (attempt >= attempts || !mayPass.test(e)) {
                    throw e;
                }
                sleep(waitAfter(attempt));
            }
        }
    }

    /** The wait after that many tries, before chance cuts it. */
    Duration waitAfter(int attempt) {
        long factor = 1L << Math.min(attempt - 1, 20);
        Duration wait = first.multipliedBy(factor);
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    private static void sleep(Duration longest) {
        long millis = longest.toMillis();
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        }
    }
}

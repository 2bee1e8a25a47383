package dev.mainstay.controller.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time for what waits: tests have one that they turn by hand. */
interface Timekeeper extends AutoCloseable {

    /** The time of day. */
    Instant now();

    /** Nanoseconds since some moment, which no change of the clock moves. */
    long nanos();

    /** Has something done later, quickly. */
    void after(Duration delay, Runnable task);

    @Override
    void close();

    /** That of the machine. */
    static Timekeeper of(Clock clock) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("notification-timer").factory());
        return new Timekeeper() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                if (!timer.isShutdown()) {
                    timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                }
            }

            @Override
            public void close() {
                timer.shutdownNow();
            }
        };
    }
}

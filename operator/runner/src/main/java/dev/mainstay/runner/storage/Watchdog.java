package dev.mainstay.runner.storage;

import dev.mainstay.core.status.Reason;
import dev.mainstay.runner.task.TaskFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs calls so that they can be ended. A read from a socket has a time limit; a write to a peer that lives and takes nothing
 * waits for ever. So the body is watched, and a call of whose body nothing is taken is ended and may be tried again.
 */
final class Watchdog {

    /** For calls whose body fits into any buffer. */
    static final Watchdog NONE = new Watchdog(null);

    private static final long SECONDS_TO_END = 5;

    private final Duration silence;
    private volatile long lastTaken;

    /**
     * @param silence how long nothing may be taken; null for ever
     */
    Watchdog(Duration silence) {
        this.silence = silence;
    }

    /** The body, watched. */
    InputStream watched(InputStream body) {
        lastTaken = System.nanoTime();
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                lastTaken = System.nanoTime();
                return super.read();
            }

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                lastTaken = System.nanoTime();
                return super.read(buffer, from, length);
            }
        };
    }

    /**
     * Runs the call on a virtual thread, where an interrupt also ends a wait for the network. On a thread of the operating
     * system a stop would wait for the socket's timeout.
     */
    <T> T run(Supplier<T> call) {
        lastTaken = System.nanoTime();
        FutureTask<T> future = new FutureTask<>(call::get);
        Thread thread = Thread.ofVirtual().name("s3").start(future);
        try {
            return silence == null ? future.get() : await(future, thread);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new TaskFailure(Reason.CANCELLED, "the task was told to stop");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T> T await(FutureTask<T> future, Thread thread) throws InterruptedException, ExecutionException {
        while (true) {
            // The answer has a time limit of its own, as long again.
            long left = 2 * silence.toNanos() - (System.nanoTime() - lastTaken);
            if (left <= 0) {
                thread.interrupt();
                // The buffer that it reads from is about to be filled anew.
                thread.join(Duration.ofSeconds(SECONDS_TO_END));
                throw new UncheckedIOException(
                        new SocketTimeoutException("nothing was taken for " + silence.toSeconds() + " s"));
            }
            try {
                return future.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                continue;
            }
        }
    }
}

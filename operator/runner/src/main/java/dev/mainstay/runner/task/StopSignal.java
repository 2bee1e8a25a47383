package dev.mainstay.runner.task;

import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells everything that works on a task that it must end: the deadline passed, or the Pod is being deleted. The first
 * cause stands. What blocks in a call that can't be interrupted (a read from a pipe) registers how it is freed.
 */
public final class StopSignal {

    /** Takes a registration back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();
    private TaskFailure cause;

    /** Asks for the end. Later calls do nothing. */
    public void stop(Reason reason, String message) {
        synchronized (this) {
            if (cause != null) {
                return;
            }
            cause = new TaskFailure(reason, message);
        }
        actions.forEach(Runnable::run);
    }

    /** Asks for the end when the time has passed; the thread of this clock keeps no program alive. */
    public void stopAfter(Duration time, Reason reason, String message) {
        Thread.ofVirtual().name("deadline").start(() -> {
            try {
                Thread.sleep(time.isNegative() ? Duration.ZERO : time);
                stop(reason, message);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Why it was asked for; empty while nobody has. */
    public synchronized Optional<TaskFailure> cause() {
        return Optional.ofNullable(cause);
    }

    /** Throws the cause once there is one. */
    public void check() {
        cause().ifPresent(failure -> {
            throw failure;
        });
    }

    /** Runs the action when the end is asked for, at once if it already was. Actions must be quick and never throw. */
    public Registration onStop(Runnable action) {
        actions.add(action);
        if (cause().isPresent()) {
            action.run();
        }
        return () -> actions.remove(action);
    }
}

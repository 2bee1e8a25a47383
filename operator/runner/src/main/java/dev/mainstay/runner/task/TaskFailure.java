package dev.mainstay.runner.task;

import dev.mainstay.core.status.Reason;
import java.util.List;

/**
 * A task that can't go on, as a value that happens to be thrown: the reason, and a message for the person who will read
 * it. It carries no stack trace, since none is ever shown.
 */
public final class TaskFailure extends RuntimeException {

    private final Reason reason;
    private final transient List<String> logTail;

    /**
     * @param reason what kind of failure it is
     * @param message what was found and what to do
     * @param logTail last lines of the failed program, oldest first
     */
    public TaskFailure(Reason reason, String message, List<String> logTail) {
        super(message, null, false, false);
        this.reason = reason;
        this.logTail = List.copyOf(logTail);
    }

    /** A failure that no program's output belongs to. */
    public TaskFailure(Reason reason, String message) {
        this(reason, message, List.of());
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }

    /** Last lines of the failed program; empty when there is none. */
    public List<String> logTail() {
        return logTail;
    }

    /** The same failure, seen as one of another reason. */
    public TaskFailure as(Reason other, String introduction) {
        return new TaskFailure(other, introduction + getMessage(), logTail);
    }

    /** The same failure with something more to say. */
    public TaskFailure and(String addition) {
        return new TaskFailure(reason, getMessage() + addition, logTail);
    }
}

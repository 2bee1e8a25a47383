package dev.mainstay.runner.preflight;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayList;
import java.util.List;

/** Collects what was found. */
public final class Findings {

    private final List<Finding> found = new ArrayList<>();

    /** Something that keeps the work from succeeding. */
    public void error(String check, Reason reason, String message) {
        found.add(new Finding(Severity.ERROR, check, reason.text(), message));
    }

    /** The same, as a failure tells it. */
    public void error(String check, TaskFailure failure) {
        error(check, failure.reason(), failure.getMessage());
    }

    /** Something that doesn't, and that somebody should know. */
    public void warning(String check, String message) {
        found.add(new Finding(Severity.WARNING, check, null, message));
    }

    /** All that was found. */
    public List<Finding> list() {
        return List.copyOf(found);
    }
}

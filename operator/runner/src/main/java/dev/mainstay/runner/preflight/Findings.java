package dev.mainstay.runner.preflight;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.Finding.Severity;
import dev.mainstay.runner.task.TaskFailure;
import java.util.ArrayList;
import java.util.List;

/** Collects what was found. */
final class Findings {

    private final List<Finding> found = new ArrayList<>();

    void error(String check, Reason reason, String message) {
        found.add(new Finding(Severity.ERROR, check, reason.text(), message));
    }

    void error(String check, TaskFailure failure) {
        error(check, failure.reason(), failure.getMessage());
    }

    void warning(String check, String message) {
        found.add(new Finding(Severity.WARNING, check, null, message));
    }

    List<Finding> list() {
        return List.copyOf(found);
    }
}

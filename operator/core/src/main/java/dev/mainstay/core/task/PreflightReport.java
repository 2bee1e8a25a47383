package dev.mainstay.core.task;

import java.util.List;

/**
 * What a preflight found, as far as it fits into a termination message. The whole of it is in the Pod's log, see
 * {@link ResultLines}.
 *
 * @param errors how many gaps keep backups from succeeding
 * @param warnings how many don't
 * @param sha256 hash of the whole list as JSON, by which it is known in the log
 * @param first the first findings, errors before warnings, their messages cut
 */
public record PreflightReport(int errors, int warnings, String sha256, List<Finding> first) {

    /** The findings; never null. */
    @Override
    public List<Finding> first() {
        return first == null ? List.of() : first;
    }
}

package dev.mainstay.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that a preflight found.
 *
 * @param severity whether it keeps backups from succeeding
 * @param check what was looked at, such as {@code rights in schema audit}
 * @param reason word of {@link dev.mainstay.core.status.Reason}; null where none says more than the message
 * @param message what was found and what to do
 */
public record Finding(Severity severity, String check, String reason, String message) {

    /** How grave it is. */
    public enum Severity {
        /** A backup would fail, or lack something. */
        @JsonProperty("Error")
        ERROR,
        /** A backup succeeds; somebody should know all the same. */
        @JsonProperty("Warning")
        WARNING
    }
}

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
 * @param stored what is in the bucket; null when nobody asked for it, or it could not be read
 */
public record PreflightReport(int errors, int warnings, String sha256, List<Finding> first, Stored stored) {

    /** Most backups that are told of. */
    public static final int MOST_STORED = 500;

    /** Of one that did not look for what is in the bucket. */
    public PreflightReport(int errors, int warnings, String sha256, List<Finding> first) {
        this(errors, warnings, sha256, first, null);
    }

    /** The findings; never null. */
    @Override
    public List<Finding> first() {
        return first == null ? List.of() : first;
    }

    /**
     * The policy's own backups in the bucket.
     *
     * @param count how many are told of
     * @param leftOut older folders with a manifest that were not looked at
     * @param sha256 hash of the list as JSON, by which it is known in the log
     * @param all the list; null where it is too long for a termination message
     */
    public record Stored(int count, int leftOut, String sha256, List<StoredManifest> all) {}
}

package dev.mainstay.core.runbook;

import java.time.Instant;
import java.util.List;

/**
 * What is seen of the Job of a step of one's own.
 *
 * @param operators whether the namespace is the operator's own; looked at while there is no Job
 * @param allowed whether an administrator allows such steps in the namespace; looked at while there is no Job
 * @param account whether the Pod may run under the ServiceAccount that its template names; looked at while there is no Job
 * @param place whether there is a place for the Job; looked at while there is none
 * @param invalid what the API server says when it would not take the Job; null when it would, or there is one
 * @param job the Job; null when there is none
 */
public record CustomJobSeen(
        boolean operators, boolean allowed, boolean account, boolean place, String invalid, Made job) {

    /** Of a Job that was made. */
    public static CustomJobSeen of(Made job) {
        return new CustomJobSeen(false, true, true, true, null, job);
    }

    /**
     * The Job.
     *
     * @param name its name
     * @param madeAt when it was made
     * @param ours whether the run is its controller
     * @param complete whether it is complete
     * @param failed why it failed, in the Job controller's words; null when it has not
     * @param pod its newest Pod; null when none is seen
     */
    public record Made(String name, Instant madeAt, boolean ours, boolean complete, String failed, Pod pod) {}

    /**
     * Its Pod.
     *
     * @param name its name
     * @param waiting why a container of it does not start, or why it has no node; null when that is not known
     * @param exits the containers that have ended with another code than 0
     */
    public record Pod(String name, String waiting, List<Exit> exits) {}

    /** A container that has ended with another code than 0, and what its kubelet says of that. */
    public record Exit(String container, int code, String reason) {}
}

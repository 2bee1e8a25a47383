package dev.mainstay.core.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is seen of a Job.
 *
 * @param namespace namespace of the Job
 * @param name name of the Job
 * @param ours whether its controller is the DatabaseBackup that is decided on
 * @param deleting whether its deletion has begun
 * @param ending whether it was told to end
 * @param startBy the time after which its runner does nothing; null when the Job doesn't say
 * @param endBy the time after which nothing of it should be alive any more; null when it is not known
 * @param finished whether the Job controller counts it as complete or failed
 * @param finishedMessage why it failed, in the Job controller's words; null when it did not
 * @param hadPod whether the Job controller counts a Pod of it, be it seen or gone
 * @param finishedBackups the folders of finished backups that its task was told of; empty until its Pod has ended
 * @param pod its newest Pod; null when none is seen
 */
public record JobObservation(
        String namespace,
        String name,
        boolean ours,
        boolean deleting,
        boolean ending,
        Instant startBy,
        Instant endBy,
        boolean finished,
        String finishedMessage,
        boolean hadPod,
        List<String> finishedBackups,
        PodObservation pod) {

    /** How far the clocks of the operator's and the Pod's node may be apart. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    /** How long a Pod may still be there when its time to end is over: after that its node does not answer. */
    public static final Duration GOES_WITHIN = Duration.ofMinutes(1);

    /**
     * Nothing of the Job runs any more, or ever will. A Pod whose deletion has only begun may still be uploading, and one on
     * a lost node stays like that for ever: after a time it counts as dead, since settling is safe beside a live one.
     */
    public boolean dead(Instant now) {
        return (pod == null ? finished || deleting : pod.ended() || stuck(now))
                || endBy != null && now.isAfter(endBy.plus(CLOCK_SKEW));
    }

    private boolean stuck(Instant now) {
        return pod.goneBy() != null && now.isAfter(pod.goneBy().plus(GOES_WITHIN));
    }

    /** Whether it goes on, is ours to end, and was not told to. */
    public boolean canBeEnded() {
        return ours && !deleting && !finished && !ending;
    }
}

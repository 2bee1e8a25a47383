package dev.mainstay.core.backup;

import java.time.Instant;

/**
 * What is seen of a Job's Pod.
 *
 * @param name name of the Pod
 * @param goneBy when its deletion should be over, with the time that its container has to end; null when nobody deletes it
 * @param node the node that it runs on; null when none took it
 * @param startedAt when its container started; null when it never did
 * @param ended whether its container has ended, or the whole Pod has, and nothing of it runs any more
 * @param terminationMessage what the container left; null when nothing
 * @param exit how the container ended, for people, such as {@code OOMKilled (exit code 137)}; null while it has not
 * @param unschedulable why no node takes the Pod; null when one did or nobody said
 * @param waitingReason why its container waits, such as {@code ErrImagePull}; null when it does not
 * @param waitingMessage the kubelet's words beside it; null when there are none
 * @param eviction the kubelet's words when it evicted the Pod; null when it did not
 */
public record PodObservation(
        String name,
        Instant goneBy,
        String node,
        Instant startedAt,
        boolean ended,
        String terminationMessage,
        String exit,
        String unschedulable,
        String waitingReason,
        String waitingMessage,
        String eviction) {

    /** One that was not evicted. */
    public PodObservation(
            String name,
            Instant goneBy,
            String node,
            Instant startedAt,
            boolean ended,
            String terminationMessage,
            String exit,
            String unschedulable,
            String waitingReason,
            String waitingMessage) {
        this(
                name,
                goneBy,
                node,
                startedAt,
                ended,
                terminationMessage,
                exit,
                unschedulable,
                waitingReason,
                waitingMessage,
                null);
    }

    /** Whether the Pod's container has ever started. */
    public boolean started() {
        return startedAt != null || ended;
    }
}

package dev.mainstay.core.rollback;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rollback changes, resolved once and kept in full: whatever is deployed, pruned or recorded later does not change it.
 *
 * @param release the release that is gone back to; null when the target was never verified
 * @param left the recorded release that is gone away from; null when what runs is none
 * @param workloads the Deployments that are changed, in order
 * @param warnings what does not fit, and does not stop it
 */
public record RollbackPlan(
        RecordedRelease release, String left, List<PlannedWorkload> workloads, List<String> warnings) {

    /**
     * One Deployment.
     *
     * @param name its name
     * @param uid its uid
     * @param from what ran
     * @param fromRevision its number in the Deployment's history; null when unknown
     * @param to what is to run
     * @param toRevision its number, as far as known
     * @param digests digests of the images that ran when the target was verified, by container
     */
    public record PlannedWorkload(
            String name,
            String uid,
            PodTemplate from,
            String fromRevision,
            PodTemplate to,
            String toRevision,
            Map<String, String> digests) {}

    /** The Deployment of a name. */
    public Optional<PlannedWorkload> workload(String name) {
        return workloads.stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }
}

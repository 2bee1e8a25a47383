package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.RollbackRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a rollback changes, resolved once and kept in full: whatever is deployed, pruned or recorded later does not change it.
 *
 * @param release the release that is gone back to; null when the target was never verified
 * @param left the recorded release that is gone away from; null when what runs is none
 * @param workloads the Deployments that are changed, in order
 * @param autoscalers those that are kept from scaling down meanwhile
 * @param warnings what does not fit, and does not stop it
 */
public record RollbackPlan(
        RecordedRelease release,
        String left,
        List<PlannedWorkload> workloads,
        List<PlannedAutoscaler> autoscalers,
        List<String> warnings) {

    /** The autoscalers; never null. */
    @Override
    public List<PlannedAutoscaler> autoscalers() {
        return autoscalers == null ? List.of() : autoscalers;
    }

    /**
     * One autoscaler: a release that served little is scaled down, and falls over when all requests come back to it (flagger
     * issue 869).
     *
     * @param name its name
     * @param uid its uid
     * @param minReplicas what it has and gets back
     * @param held what it has meanwhile
     */
    public record PlannedAutoscaler(String name, String uid, int minReplicas, int held) {}

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
     * @param hold whether Flux is kept from putting it back
     * @param heldBefore whether an earlier rollback kept Flux from it, so that what ran is not what the repository says
     */
    public record PlannedWorkload(
            String name,
            String uid,
            PodTemplate from,
            String fromRevision,
            PodTemplate to,
            String toRevision,
            Map<String, String> digests,
            boolean hold,
            boolean heldBefore) {

        /** What ran, for people: its version, and what tells it from the target where both have the same. */
        public String fromName() {
            return name(from, fromRevision);
        }

        /** What is to run, likewise. */
        public String toName() {
            return name(to, toRevision);
        }

        private String name(PodTemplate template, String revision) {
            String version = Objects.requireNonNullElse(template.version(), "?");
            if (!Objects.equals(from.version(), to.version())) {
                return version;
            }
            boolean counted = fromRevision != null && toRevision != null && !fromRevision.equals(toRevision);
            return version + (counted ? " (revision " + revision + ")" : " (template " + template.hash() + ")");
        }
    }

    /** What it does, for people, such as {@code shop 1.5.0 → 1.4.2}; a template without a version is a question mark. */
    String story(RollbackRequest request) {
        PlannedWorkload first = workloads.getFirst();
        return request.getSpec().applicationRef().name() + " " + first.fromName() + " → " + first.toName();
    }

    /** The Deployment of a name. */
    public Optional<PlannedWorkload> workload(String name) {
        return workloads.stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }
}

package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.RolledBackWorkload;
import dev.mainstay.api.rollback.WorkloadState;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import java.util.List;
import java.util.Map;

/** What a status tells of each Deployment of a plan. */
final class WorkloadLines {

    private static final int IMAGES = 16;
    private static final int LONGEST_IMAGE = 600;
    private static final int LONGEST_DIGEST = 256;

    private WorkloadLines() {}

    static List<RolledBackWorkload> of(RollbackPlan plan) {
        int room = StatusRoom.ofWorkload(plan.workloads().size());
        return plan.workloads().stream().map(workload -> line(workload, room)).toList();
    }

    /** Half of the room is for what differs, a quarter for digests, and the rest for the images. */
    private static RolledBackWorkload line(PlannedWorkload workload, int room) {
        return new RolledBackWorkload(
                workload.name(),
                workload.uid(),
                state(workload.from(), workload.fromRevision(), Map.of(), room),
                state(workload.to(), workload.toRevision(), workload.digests(), room),
                TemplateDiff.between(workload.from(), workload.to(), room / 2),
                null,
                null);
    }

    private static WorkloadState state(PodTemplate template, String revision, Map<String, String> digests, int room) {
        return new WorkloadState(
                template.version(),
                revision,
                template.hash(),
                pairs(template.images(), LONGEST_IMAGE, room / 8),
                pairs(digests, LONGEST_DIGEST, room / 4));
    }

    private static List<String> pairs(Map<String, String> values, int longest, int room) {
        return values == null || values.isEmpty() || room < StatusRoom.CUT
                ? null
                : StatusRoom.fit(
                        values.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .sorted()
                                .toList(),
                        IMAGES,
                        longest,
                        room);
    }
}

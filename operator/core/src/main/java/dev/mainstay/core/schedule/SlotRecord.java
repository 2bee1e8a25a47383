package dev.mainstay.core.schedule;

import dev.mainstay.api.schedule.SkippedRuns;
import java.util.List;
import java.util.TreeMap;

/** What a status remembers of slots. */
public final class SlotRecord {

    private SlotRecord() {}

    /** How many were skipped by reason, after more of them were. */
    public static List<SkippedRuns> skipped(List<SkippedRuns> before, String reason, long more) {
        if (more == 0) {
            return before;
        }
        TreeMap<String, Long> counts = new TreeMap<>();
        before.forEach(runs -> counts.put(runs.reason(), runs.count()));
        counts.merge(reason, more, Long::sum);
        return counts.entrySet().stream()
                .map(entry -> new SkippedRuns(entry.getKey(), entry.getValue()))
                .toList();
    }
}

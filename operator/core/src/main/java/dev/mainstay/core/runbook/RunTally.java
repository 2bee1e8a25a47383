package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.api.schedule.SkippedRuns;
import dev.mainstay.api.schedule.SkippedSlot;
import dev.mainstay.core.schedule.SlotRecord;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;

/** Counts what had no run, in one pass, from what was counted before. */
final class RunTally {

    private long missedRuns;
    private List<SkippedRuns> skippedRuns;
    private SkippedSlot lastSkipped;

    RunTally(MaintenanceScheduleStatus before) {
        this.missedRuns = before.missedRuns() == null ? 0 : before.missedRuns();
        this.skippedRuns = before.skippedRuns();
        this.lastSkipped = before.lastSkipped();
    }

    /** So many were missed, the newest of them then. */
    void missed(Instant newest, String why, long count) {
        missedRuns += count;
        tell(newest, Reason.MISSED.text(), why);
    }

    /** So many were skipped, the newest of them then. */
    void skip(Instant newest, String reason, String message, long count) {
        skippedRuns = SlotRecord.skipped(skippedRuns, reason, count);
        tell(newest, reason, message);
    }

    private void tell(Instant slot, String reason, String message) {
        if (lastSkipped == null || !slot.isBefore(lastSkipped.slot())) {
            lastSkipped = new SkippedSlot(slot, reason, Conditions.cut(message));
        }
    }

    long missedRuns() {
        return missedRuns;
    }

    List<SkippedRuns> skippedRuns() {
        return skippedRuns;
    }

    SkippedSlot lastSkipped() {
        return lastSkipped;
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceScheduleSpec;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.schedule.Slot;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.Optional;

/** The condition of a schedule that has a moment by which the work must be done. */
final class WindowsKept {

    private static final String WINDOWS_KEPT = "WindowsKept";

    private WindowsKept() {}

    /** Told before it happens, so that somebody can run it at a better time. */
    static void tell(
            MaintenanceScheduleSpec spec, ScheduleObstacle found, ScheduleClock.Reading clock, Conditions conditions) {
        if (clock.start() != null && clock.start().overridden() != null) {
            overridden(
                    spec, conditions, clock.due(), "is started", clock.start().overridden());
            return;
        }
        Optional<Slot> last = found.lastChance();
        Instant handled = clock.memory().lastSlot();
        if (last.isEmpty() || handled == null && found.hasPassed(last.get())) {
            return;
        }
        if (handled != null && !last.get().instant().isAfter(handled)) {
            conditions.keep(WINDOWS_KEPT);
            return;
        }
        found.overridden(last.get())
                .ifPresentOrElse(
                        why -> overridden(spec, conditions, last.get(), "will be started", why),
                        () -> conditions.set(
                                WINDOWS_KEPT,
                                ConditionStatus.TRUE,
                                Reason.WINDOWS_KEPT,
                                "The run before " + spec.mustRunBefore()
                                        + " (spec.mustRunBefore) can start in a window."));
    }

    private static void overridden(
            MaintenanceScheduleSpec spec, Conditions conditions, Slot slot, String what, String why) {
        conditions.set(
                WINDOWS_KEPT,
                ConditionStatus.FALSE,
                Reason.WINDOW_OVERRIDDEN,
                "The run of the slot at " + slot.at() + " " + what + " all the same, as the last one before "
                        + spec.mustRunBefore() + " (spec.mustRunBefore). " + why);
    }
}

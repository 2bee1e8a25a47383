package dev.mainstay.core.application;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Whether an application is under maintenance: the condition InMaintenance, from its first MaintenanceMode on. */
final class ApplicationMaintenance {

    private static final String CONDITION = "InMaintenance";
    private static final int NAMED = 8;

    private ApplicationMaintenance() {}

    static void tell(List<MaintenanceMode> modes, List<Condition> before, Conditions conditions) {
        List<MaintenanceMode> on = in(modes, ModePhase.ACTIVE, ModePhase.ENTERING);
        if (!on.isEmpty()) {
            boolean active = on.stream().anyMatch(mode -> ModeState.phase(mode) == ModePhase.ACTIVE);
            conditions.set(
                    CONDITION,
                    ConditionStatus.TRUE,
                    active ? Reason.IN_MAINTENANCE : Reason.ENTERING_MAINTENANCE,
                    on.stream().limit(NAMED).map(ApplicationMaintenance::told).collect(Collectors.joining("; "))
                            + ". What stops it: kubectl delete --namespace "
                            + on.getFirst().getMetadata().getNamespace() + " maintenancemode "
                            + on.stream()
                                    .limit(NAMED)
                                    .map(mode -> mode.getMetadata().getName())
                                    .collect(Collectors.joining(" ")));
            return;
        }
        List<MaintenanceMode> leaving = in(modes, ModePhase.LEAVING);
        if (!leaving.isEmpty()) {
            conditions.set(
                    CONDITION,
                    ConditionStatus.FALSE,
                    Reason.LEAVING_MAINTENANCE,
                    "MaintenanceMode " + leaving.getFirst().getMetadata().getName()
                            + " ends: the Services are being led back.");
        } else if (Conditions.find(before, CONDITION).isPresent()) {
            conditions.set(
                    CONDITION, ConditionStatus.FALSE, Reason.MAINTENANCE_ENDED, "No MaintenanceMode is under way.");
        }
    }

    /** Those that have begun and are in one of these phases, in the order of their names. */
    private static List<MaintenanceMode> in(List<MaintenanceMode> modes, ModePhase... phases) {
        return modes.stream()
                .filter(ModeState::marked)
                .filter(mode -> List.of(phases).contains(ModeState.phase(mode)))
                .sorted(Comparator.comparing(mode -> mode.getMetadata().getName()))
                .toList();
    }

    private static String told(MaintenanceMode mode) {
        return "MaintenanceMode " + mode.getMetadata().getName()
                + (ModeState.phase(mode) == ModePhase.ACTIVE ? " is active" : " begins")
                + ModeState.endsAt(mode).map(end -> ", until " + end).orElse(", until it is deleted");
    }
}

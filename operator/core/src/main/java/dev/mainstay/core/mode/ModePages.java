package dev.mainstay.core.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.rollback.PageState;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.util.Optional;

/** What a rollback needs to know of a mode. */
public final class ModePages {

    private ModePages() {}

    /**
     * What it does for people who come now.
     *
     * @param began when this operator began to look at modes: before that, maybe nobody worked on them
     */
    public static PageState of(MaintenanceMode mode, Instant began, Instant now) {
        Instant made = Instant.parse(mode.getMetadata().getCreationTimestamp());
        return new PageState(
                mode.getMetadata().getName(),
                made,
                began.isAfter(made) ? began : made,
                mode.unreadableSpec().isEmpty() && !ModeState.leaves(mode, now),
                ModeState.endsAt(mode).orElse(null),
                says(mode, "Active"),
                says(mode, "Stalled"),
                condition(mode, "Ready").map(Condition::message).orElse("it has not begun."));
    }

    private static boolean says(MaintenanceMode mode, String type) {
        return condition(mode, type)
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
    }

    private static Optional<Condition> condition(MaintenanceMode mode, String type) {
        return Conditions.find(ModeState.status(mode).conditions(), type);
    }
}

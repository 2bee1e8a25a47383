package dev.mainstay.core.mode;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.core.Durations;
import dev.mainstay.core.workload.KeptStopped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a MaintenanceMode says of itself. */
public final class ModeState {

    private ModeState() {}

    static MaintenanceModeStatus status(MaintenanceMode mode) {
        return mode.getStatus() == null ? MaintenanceModeStatus.NONE : mode.getStatus();
    }

    /** Where it is. */
    public static ModePhase phase(MaintenanceMode mode) {
        return status(mode).phase() == null ? ModePhase.ENTERING : status(mode).phase();
    }

    /** Whether it never acts again. */
    public static boolean ended(MaintenanceMode mode) {
        return phase(mode) == ModePhase.ENDED;
    }

    /** When it ends by itself; empty when it does not, or that can't be read. */
    public static Optional<Instant> endsAt(MaintenanceMode mode) {
        if (mode.getSpec() == null) {
            return Optional.empty();
        }
        if (mode.getSpec().until() != null) {
            return Optional.of(mode.getSpec().until());
        }
        return Optional.ofNullable(mode.getSpec().duration())
                .filter(ignored -> mode.getMetadata().getCreationTimestamp() != null)
                .map(duration ->
                        Instant.parse(mode.getMetadata().getCreationTimestamp()).plus(Durations.parse(duration)));
    }

    /** Whether another operation has made it for itself, and is at work until it ends. */
    static boolean ofOperation(MaintenanceMode mode) {
        return mode.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                        && mode.getApiVersion().equals(owner.getApiVersion()));
    }

    static boolean deleting(MaintenanceMode mode) {
        return mode.getMetadata().getDeletionTimestamp() != null;
    }

    static boolean cancelled(MaintenanceMode mode) {
        return mode.getMetadata().getAnnotations() != null
                && mode.getMetadata().getAnnotations().containsKey(Annotations.CANCEL);
    }

    /** Whether it has its finalizer, before which nothing is done. */
    public static boolean marked(MaintenanceMode mode) {
        return mode.getMetadata().getFinalizers().contains(Annotations.MODE_FINALIZER);
    }

    /** Whether it is to end, or is about to. There is no way back. */
    public static boolean leaves(MaintenanceMode mode, Instant now) {
        return ended(mode)
                || phase(mode) == ModePhase.LEAVING
                || deleting(mode)
                || cancelled(mode)
                || endsAt(mode).filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Whether it wants a page now, and has begun. */
    static boolean wants(MaintenanceMode mode, Instant now) {
        return mode.unreadableSpec().isEmpty() && mode.getSpec() != null && marked(mode) && !leaves(mode, now);
    }

    /** Whether it would lead the Services back itself when it ends. */
    static boolean holds(MaintenanceMode mode, Instant now) {
        return wants(mode, now) && !status(mode).services().isEmpty();
    }

    /** What it has stopped and may give back still, for who stops workloads of the application, too. */
    public static KeptStopped stopped(MaintenanceMode mode, Instant now) {
        return new KeptStopped(
                mode.getMetadata().getName(),
                !leaves(mode, now),
                marked(mode) && !ended(mode) ? status(mode).workloads() : List.of());
    }
}

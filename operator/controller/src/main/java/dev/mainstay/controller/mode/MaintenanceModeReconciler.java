package dev.mainstay.controller.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.watch.Wakeups;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;

/** Observes, decides, acts and reports on MaintenanceModes. */
public final class MaintenanceModeReconciler implements Reconciler<MaintenanceMode> {

    private final ModePass pass;
    private final Wakeups wakeups;
    private final Clock clock;

    public MaintenanceModeReconciler(ModePass pass, Wakeups wakeups, Clock clock) {
        this.pass = pass;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, MaintenanceMode>> prepareEventSources(EventSourceContext<MaintenanceMode> context) {
        return List.of(wakeups.modes(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<MaintenanceMode> reconcile(MaintenanceMode mode, Context<MaintenanceMode> context) {
        wakeups.modeSeen(mode, context.isPrimaryResourceDeleted());
        boolean deleting = mode.getMetadata().getDeletionTimestamp() != null;
        if (context.isPrimaryResourceDeleted() || mode.unreadableStatus().isPresent() && !deleting) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<MaintenanceMode>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        return UpdateControl.<MaintenanceMode>noUpdate().rescheduleAfter(pass.make(mode, clock.instant()));
    }
}

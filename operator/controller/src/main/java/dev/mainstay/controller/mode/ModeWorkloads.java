package dev.mainstay.controller.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.mode.ModeDecision;
import dev.mainstay.core.mode.Refused;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.ScaleOwnership;
import java.util.List;
import java.util.Optional;

/** Stops the workloads of a mode's application, and gives them back what they had. */
final class ModeWorkloads {

    private final WorkloadScales scales;
    private final EventRecorder events;

    ModeWorkloads(WorkloadScales scales, EventRecorder events) {
        this.scales = scales;
        this.events = events;
    }

    /** What follows when one of the changes is not taken; empty when all were. */
    Optional<ModeDecision> write(MaintenanceMode mode, List<ScaleChange> changes, Reason reason) {
        String namespace = mode.getMetadata().getNamespace();
        for (ScaleChange change : changes) {
            Optional<ModeDecision> refused = refused(change, scales.attempt(namespace, change));
            if (refused.isPresent()) {
                return refused;
            }
        }
        for (ScaleChange change : changes) {
            Optional<ModeDecision> refused = refused(change, scales.write(namespace, change));
            if (refused.isPresent()) {
                return refused;
            }
            events.tell(
                    scales.reference(namespace, change.seen()),
                    reason.text(),
                    "MaintenanceMode " + mode.getMetadata().getName() + " writes " + change.text() + ".");
            letGo(mode, change.seen().kind(), change.seen().name());
        }
        return Optional.empty();
    }

    private static Optional<ModeDecision> refused(ScaleChange change, Written written) {
        return switch (written) {
            case Written.There ignored -> Optional.empty();
            case Written.Changed ignored -> Optional.of(new ModeDecision.LookAgain());
            case Written.Rejected rejected ->
                Optional.of(Refused.workload(change, rejected.forbidden(), rejected.message()));
        };
    }

    /** The field belongs to whoever applies the workload; that this is refused holds nothing up. */
    void letGo(MaintenanceMode mode, StoppableKind kind, String name) {
        scales.letGo(mode.getMetadata().getNamespace(), kind, name)
                .ifPresent(refusal -> events.tell(
                        mode,
                        Reason.FORBIDDEN.text(),
                        "What this mode wrote into " + kind.text() + " " + name + " stays with the field manager "
                                + ScaleOwnership.MANAGER + ", since the API server does not let it be given away: "
                                + refusal
                                + " Who applies it next has to do that with force once."));
    }
}

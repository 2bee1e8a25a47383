package dev.mainstay.controller.runbook;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.Services;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.runbook.MaintenanceModeStepType;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.StepSeen;
import dev.mainstay.core.runbook.StepTurn;

/** Makes a MaintenanceMode and deletes it, which ends it; the mode does the rest. */
final class MaintenanceModeActor implements ReversibleActor {

    private final MaintenanceModes modes;
    private final Services services;

    MaintenanceModeActor(MaintenanceModes modes, Services services) {
        this.modes = modes;
        this.services = services;
    }

    @Override
    public StepSeen look(StepTurn turn) {
        if (turn.attempt() == 0) {
            return new StepSeen.Nothing();
        }
        String namespace = turn.run().getMetadata().getNamespace();
        return new StepSeen.OfMode(RunLines.of(turn)
                .map(RunStep::saved)
                .map(SavedChange::name)
                .flatMap(name -> modes.find(namespace, name))
                .orElse(null));
    }

    @Override
    public StepSeen foresee(StepTurn turn) {
        String namespace = turn.run().getMetadata().getNamespace();
        return new StepSeen.OfServices(turn.application().getSpec().services().stream()
                .map(service -> services.read(namespace, service.name()))
                .toList());
    }

    @Override
    public StepSeen look(Owed owed) {
        return new StepSeen.OfMode(
                modes.find(owed.run().getMetadata().getNamespace(), owed.saved().name())
                        .orElse(null));
    }

    @Override
    public Written change(StepTurn turn, StepSeen seen) {
        return taken(() -> modes.make(MaintenanceModeStepType.mode(turn)));
    }

    @Override
    public Written giveBack(Owed owed, StepSeen seen) {
        return seen instanceof StepSeen.OfMode(MaintenanceMode mode)
                ? taken(() -> modes.delete(mode))
                : new Written.Changed();
    }

    private static Written taken(Runnable write) {
        return ApiErrors.declined(write)
                .<Written>map(declined -> new Written.Rejected(false, declined.said()))
                .orElseGet(Written.There::new);
    }
}

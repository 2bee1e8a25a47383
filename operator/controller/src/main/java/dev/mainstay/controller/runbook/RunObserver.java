package dev.mainstay.controller.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.RunbookStore;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.RunObservation;
import dev.mainstay.core.runbook.StepSeen;

/** Gathers what is known about a MaintenanceRun. */
public final class RunObserver {

    private final RunbookStore store;
    private final StepActors actors;
    private final ClaimLeases leases;
    private final Wakeups wakeups;

    public RunObserver(RunbookStore store, StepActors actors, ClaimLeases leases, Wakeups wakeups) {
        this.store = store;
        this.actors = actors;
        this.leases = leases;
        this.wakeups = wakeups;
    }

    /** Observes; its steps are read afresh, and only when they are kept. */
    RunObservation observe(MaintenanceRun run) {
        String namespace = run.getMetadata().getNamespace();
        String application =
                run.getSpec() == null ? null : run.getSpec().applicationRef().name();
        ManagedApplication found = application == null
                ? null
                : wakeups.application(namespace, application).orElse(null);
        boolean begun = RunLines.begun(run);
        Runbook runbook = begun || run.getSpec() == null
                ? null
                : wakeups.runs()
                        .runbook(namespace, run.getSpec().runbookRef().name())
                        .orElse(null);
        RunbookSpec frozen =
                begun && RunLines.current(run).isPresent() ? store.find(run).orElse(null) : null;
        RunObservation unseen = new RunObservation(
                run,
                found,
                application == null
                        ? null
                        : leases.otherRelease(namespace, application).orElse(null),
                runbook,
                frozen,
                new StepSeen.Nothing());
        return RunLines.turn(unseen)
                .map(turn -> unseen.with(actors.of(turn).look(turn)))
                .orElse(unseen);
    }
}

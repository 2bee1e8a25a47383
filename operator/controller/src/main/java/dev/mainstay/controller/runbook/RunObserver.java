package dev.mainstay.controller.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.RunbookStore;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.runbook.DryRun;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.RunChanges;
import dev.mainstay.core.runbook.RunClaims;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.RunObservation;
import dev.mainstay.core.runbook.StepSeen;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
                : store.current(namespace, run.getSpec().runbookRef().name()).orElse(null);
        RunbookSpec frozen = RunLines.needsSteps(run) ? store.find(run).orElse(null) : null;
        Claims claims = found == null ? Claims.NONE : claims(run, application);
        RunObservation unseen = new RunObservation(
                run,
                found,
                application == null
                        ? null
                        : leases.otherRelease(namespace, application).orElse(null),
                runbook,
                frozen,
                claims.knows(RunClaims.holder(run)),
                claims.of(RunClaims.holder(run)).map(Grant::makeRoomFor).orElse(null),
                wakeups.runs().ofTheSame(run),
                new StepSeen.Nothing());
        Optional<Owed> owed = RunChanges.next(unseen);
        if (owed.isPresent()) {
            return unseen.with(actors.of(owed.get().type()).look(owed.get()));
        }
        Map<String, StepSeen> foreseen = new HashMap<>();
        DryRun.turns(unseen)
                .forEach(
                        turn -> foreseen.put(turn.step().name(), actors.of(turn).foresee(turn)));
        return RunLines.turn(unseen)
                .map(turn -> unseen.with(actors.of(turn).look(turn)))
                .orElseGet(() -> unseen.foreseeing(foreseen));
    }

    private Claims claims(MaintenanceRun run, String application) {
        return leases.of(run.getMetadata().getNamespace(), application)
                .flatMap(ClaimLease::claims)
                .orElse(Claims.NONE);
    }
}

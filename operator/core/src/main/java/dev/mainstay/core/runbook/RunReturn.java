package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.claims.Operation;
import java.util.Optional;

/** How a run gives back what its steps have changed, and lets go of what it needed for that. */
final class RunReturn {

    private final RunObservation observation;
    private final MaintenanceRun run;

    RunReturn(RunObservation observation) {
        this.observation = observation;
        this.run = observation.run();
    }

    /**
     * What is to be done before anything else; empty when nothing is owed now.
     *
     * @param needsWorkloads whether the step whose turn it is works on them now
     * @param changes whether it may be about to write down what it changes
     */
    Optional<RunDecision> decide(boolean needsWorkloads, boolean changes) {
        Optional<Owed> owed = RunChanges.next(observation);
        if (owed.isPresent()) {
            return Optional.of(giveBack(owed.get()));
        }
        if ((observation.recorded() || RunLines.status(run).claim() != null) && !needsWorkloads && !keepsWorkloads()) {
            return Optional.of(new RunDecision.LetGo());
        }
        return RunChanges.marked(run) && !RunChanges.holds(run) && !changes
                ? Optional.of(new RunDecision.Unmark())
                : Optional.empty();
    }

    private RunDecision giveBack(Owed owed) {
        String step = owed.line().name();
        if (!RunChanges.marked(run) && !RunChanges.deleting(run)) {
            return new RunDecision.Mark();
        }
        // Without the application nobody else works on it, and there is nothing to claim.
        if (owed.type().claimsWorkloads()
                && observation.application() != null
                && !RunClaims.granted(run, Operation.STEP_SCALE.claims(null))) {
            return new RunDecision.TakeClaim(step, Operation.STEP_SCALE.claims(null));
        }
        return switch (owed.type().back(owed, observation.seen())) {
            case ReversibleStepType.Back.Write ignored -> new RunDecision.GiveBack(owed);
            case ReversibleStepType.Back.Wait wait ->
                new RunDecision.Wait(
                        wait.hindrance().reason(),
                        "What step " + step + " has changed is to be given back. "
                                + wait.hindrance().message(),
                        wait.hindrance().bad());
            case ReversibleStepType.Back.Done done -> new RunDecision.GivenBack(step, done.note());
        };
    }

    /** From a step that changes the workloads until they are given back nobody else may work on them. */
    private boolean keepsWorkloads() {
        return RunLines.status(run).steps().stream()
                .anyMatch(line -> line.owes()
                        && line.saved().endsWithRun()
                        && ReversibleStepType.of(line)
                                .filter(ReversibleStepType::claimsWorkloads)
                                .isPresent());
    }
}

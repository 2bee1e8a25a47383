package dev.mainstay.controller.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.ConfigMaps;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.runbook.Owed;
import dev.mainstay.core.runbook.ReversibleStepType;
import dev.mainstay.core.runbook.RunClaims;
import dev.mainstay.core.runbook.RunDecider;
import dev.mainstay.core.runbook.RunDecision;
import dev.mainstay.core.runbook.RunObservation;
import dev.mainstay.core.runbook.RunReports;
import dev.mainstay.core.runbook.StepTurn;
import dev.mainstay.core.runbook.StepType;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What a run changes in the cluster and gives back, and what it claims for that: each is done once, however often it is asked for. */
final class RunEffects {

    private final StepActors actors;
    private final ClaimStore claims;
    private final Finalizers finalizers;
    private final ExecutionMarks marks;
    private final ConfigMaps reports;

    RunEffects(StepActors actors, ClaimStore claims, Finalizers finalizers, ExecutionMarks marks, ConfigMaps reports) {
        this.actors = actors;
        this.claims = claims;
        this.finalizers = finalizers;
        this.marks = marks;
        this.reports = reports;
    }

    /** Does what was decided, as far as it is one of these; what follows from that. */
    RunDecision act(RunObservation observation, RunDecision decision, Instant now) {
        MaintenanceRun run = observation.run();
        return switch (decision) {
            case RunDecision.Mark mark -> {
                finalizers.add(run, Annotations.RUN_FINALIZER);
                yield mark;
            }
            case RunDecision.Unmark unmark -> {
                finalizers.remove(run, Annotations.RUN_FINALIZER);
                yield unmark;
            }
            case RunDecision.TakeClaim take -> take(run, take.step(), RunClaims.request(run, take.needed()), now);
            case RunDecision.Act act -> act(observation, act, now);
            case RunDecision.LetGo go -> letGo(observation) ? go : new RunDecision.LookAgain();
            case RunDecision.Save save -> held(observation, save.step(), save.claimed(), now, () -> save);
            case RunDecision.Change change -> change(observation, change, now);
            case RunDecision.GiveBack back -> giveBack(observation, back, now);
            case RunDecision.KeepReport keep -> RunReports.told(run, keep, reports.keep(run, keep.name(), keep.data()));
            default -> decision;
        };
    }

    private RunDecision act(RunObservation observation, RunDecision.Act act, Instant now) {
        String step = act.turn().step().name();
        return held(observation, step, claims(act.turn()), now, () -> {
            actors.of(act.turn()).act(act.turn());
            return act;
        });
    }

    private static boolean claims(StepTurn turn) {
        return !StepType.of(turn.step()).orElseThrow().claims(turn).isEmpty();
    }

    private RunDecision change(RunObservation observation, RunDecision.Change change, Instant now) {
        ReversibleStepType type =
                (ReversibleStepType) StepType.of(change.turn().step()).orElseThrow();
        return held(observation, change.turn().step().name(), claims(change.turn()), now, () -> switch (actors.of(type)
                .change(change.turn(), observation.seen())) {
            case Written.There ignored -> change;
            case Written.Changed ignored -> new RunDecision.LookAgain();
            case Written.Rejected rejected ->
                RunDecider.rejected(observation, change, rejected.forbidden(), rejected.message(), now);
        });
    }

    private RunDecision giveBack(RunObservation observation, RunDecision.GiveBack back, Instant now) {
        Owed owed = back.owed();
        return held(observation, owed.line().name(), owed.type().claimsWorkloads(), now, () -> switch (actors.of(
                        owed.type())
                .giveBack(owed, observation.seen())) {
            case Written.There ignored -> back;
            case Written.Changed ignored -> new RunDecision.LookAgain();
            case Written.Rejected rejected -> RunDecider.kept(owed, rejected.forbidden(), rejected.message());
        });
    }

    /** Others are kept from what it works on still, and the run is what it was when it was looked at. */
    private RunDecision held(
            RunObservation observation, String step, boolean claimed, Instant now, Supplier<RunDecision> change) {
        MaintenanceRun run = observation.run();
        // Without the application nobody else works on it, and there is nothing to claim.
        if (claimed && observation.application() != null) {
            ClaimRequest had = RunClaims.request(run);
            Optional<ClaimAnswer> answer = ask(run, had, now);
            if (answer.filter(given -> RunClaims.still(run, given)).isEmpty()) {
                return answered(run, step, had, answer, now);
            }
        }
        return marks.unchanged(run) ? change.get() : new RunDecision.LookAgain();
    }

    private RunDecision take(MaintenanceRun run, String step, ClaimRequest request, Instant now) {
        return answered(run, step, request, ask(run, request, now), now);
    }

    private static RunDecision answered(
            MaintenanceRun run, String step, ClaimRequest request, Optional<ClaimAnswer> answer, Instant now) {
        return answer.map(given -> RunClaims.answered(run, step, request, given, now))
                .orElseGet(RunDecision.LookAgain::new);
    }

    private Optional<ClaimAnswer> ask(MaintenanceRun run, ClaimRequest request, Instant now) {
        return claims.ask(
                run.getMetadata().getNamespace(), run.getSpec().applicationRef().name(), request, now);
    }

    private boolean letGo(RunObservation observation) {
        MaintenanceRun run = observation.run();
        return observation.application() == null
                || claims.release(
                        run.getMetadata().getNamespace(),
                        run.getSpec().applicationRef().name(),
                        RunClaims.holder(run)::equals);
    }
}

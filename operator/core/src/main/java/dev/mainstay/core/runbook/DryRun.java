package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepCondition;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the steps of a run would do, and what stands against them as things are. */
public final class DryRun {

    private final RunObservation observation;
    private final RunbookSpec spec;
    private final Instant now;

    DryRun(RunObservation observation, RunbookSpec spec, Instant now) {
        this.observation = observation;
        this.spec = spec;
        this.now = now;
    }

    /** The steps that are to be looked at so that a dry run can be told; none while something keeps it from being told. */
    public static List<StepTurn> turns(RunObservation unseen) {
        Runbook runbook = unseen.runbook();
        boolean due = runbook != null
                && unseen.otherRelease() == null
                && unseen.run().unreadableSpec().isEmpty()
                && unseen.run().getSpec().dryRun()
                && !RunLines.begun(unseen.run())
                && !RunLines.ended(unseen.run())
                && !RunChanges.deleting(unseen.run())
                && unseen.application() != null
                && unseen.application().unreadableSpec().isEmpty()
                && RunDecider.paused(unseen.run(), unseen.application()).isEmpty()
                && RunbookDecider.unreadable(runbook).isEmpty();
        return due
                ? RunLines.all(runbook.getSpec()).stream()
                        .map(step -> turn(unseen, runbook.getSpec(), step))
                        .toList()
                : List.of();
    }

    private static StepTurn turn(RunObservation observation, RunbookSpec spec, RunbookStep step) {
        return new StepTurn(
                observation.run(),
                observation.application(),
                step,
                0,
                RunParameters.values(spec, observation.run().getSpec()));
    }

    /** It ends as the worst that a step would come to; what would be Skipped, or done, counts for nothing. */
    RunDecision told() {
        List<Foreseen> steps = RunLines.all(spec).stream().map(this::foreseen).toList();
        List<RunStep> lines = steps.stream().map(Foreseen::line).toList();
        String all = lines.size() == 1 ? "1 step" : lines.size() + " steps";
        String rest = " status.steps says what each would do. Nothing was done (spec.dryRun).";
        RunOutcome outcome = RunLines.worst(lines);
        Optional<Foreseen> worst = steps.stream()
                .filter(step -> RunLines.bad(step.line().outcome()))
                .filter(step -> RunLines.worst(List.of(step.line())) == outcome)
                .findFirst();
        if (worst.isEmpty()) {
            return new RunDecision.End(outcome, Reason.WOULD_RUN, all + " would be done;" + rest, lines);
        }
        long bad = lines.stream().filter(line -> RunLines.bad(line.outcome())).count();
        return new RunDecision.End(
                outcome,
                worst.get().reason(),
                "As things stand, " + bad + " of " + all + " would not pass." + rest + " Step "
                        + worst.get().line().name() + ": " + worst.get().line().message(),
                lines);
    }

    /** The line of a step, and the reason of what it would come to. */
    private record Foreseen(RunStep line, Reason reason) {}

    private Foreseen foreseen(RunbookStep step) {
        StepTurn turn = turn(observation, spec, step);
        StepType type = StepType.of(step).orElseThrow();
        StepSeen seen = observation.foreseen().getOrDefault(step.name(), new StepSeen.Nothing());
        Optional<StepResult> found =
                type.needless(turn, seen, now).map(StepResult::skipped).or(() -> type.foreseen(turn, seen));
        StepOutcome outcome = found.map(StepResult::outcome).orElse(StepOutcome.PASSED);
        boolean onFailure = step.when() == StepCondition.ON_FAILURE;
        String told =
                switch (outcome) {
                    case FAILED, COULD_NOT_CHECK, UNRECOGNIZED, SKIPPED ->
                        "It would be " + outcome.text()
                                + (onFailure ? " if a step before it failed: " : " as things stand: ")
                                + found.get().message();
                    case FINDINGS ->
                        type.plan(turn, seen) + " But: " + found.get().message();
                    case PASSED ->
                        type.plan(turn, seen)
                                + found.map(more -> " " + more.message()).orElse("");
                };
        String waits = step.approval() == null
                ? ""
                : " It waits for approval, for " + step.approval().expiresAfter() + ".";
        RunStep line = RunStep.waiting(step.name(), type.name())
                .change()
                .outcome(outcome(outcome, onFailure))
                .message("Dry run. " + told + waits)
                .build();
        return new Foreseen(line, found.map(StepResult::reason).orElse(Reason.WOULD_RUN));
    }

    /** A step that is done only if another one fails does not make the run fail by itself. */
    private static StepOutcome outcome(StepOutcome foreseen, boolean onFailure) {
        return switch (foreseen) {
            case FAILED, COULD_NOT_CHECK, UNRECOGNIZED -> onFailure ? StepOutcome.FINDINGS : foreseen;
            case FINDINGS -> foreseen;
            case PASSED, SKIPPED -> StepOutcome.SKIPPED;
        };
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepFailurePolicy;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the steps of a run have changed, and when that is to be given back: all of it follows from the status and the steps. */
public final class RunChanges {

    /** Why a run ends before all its steps have had their turn, for which nobody asks a step. */
    static final Set<String> CUT_OFF = Set.of(Reason.CANCELLED.text(), Reason.PREEMPTED.text());

    private final RunObservation observation;
    private final List<RunStep> lines;
    private final Map<String, RunbookStep> steps;

    private RunChanges(RunObservation observation) {
        this.observation = observation;
        this.lines = RunLines.status(observation.run()).steps();
        this.steps = observation.frozen() == null
                ? Map.of()
                : RunLines.all(observation.frozen()).stream()
                        .collect(Collectors.toMap(RunbookStep::name, Function.identity()));
    }

    /** What is to be given back now, what was changed last at first; empty when nothing is. */
    public static Optional<Owed> next(RunObservation observation) {
        RunChanges changes = new RunChanges(observation);
        return IntStream.range(0, changes.lines.size())
                .map(number -> changes.lines.size() - 1 - number)
                .filter(changes::isDue)
                .mapToObj(changes.lines::get)
                .map(line -> new Owed(observation.run(), observation.application(), line))
                .findFirst();
    }

    /** Whether the run may have something to give back, before which it must not go. */
    static boolean holds(MaintenanceRun run) {
        return !held(run).isEmpty();
    }

    /** The steps of which something does not outlive the run, and is there still. */
    public static List<RunStep> held(MaintenanceRun run) {
        return RunLines.status(run).steps().stream()
                .filter(line -> line.owes() && endsWithRun(line))
                .filter(line -> ReversibleStepType.of(line).isPresent())
                .toList();
    }

    /** Whether it has the finalizer without which nothing is changed. */
    public static boolean marked(MaintenanceRun run) {
        return run.getMetadata().getFinalizers().contains(Annotations.RUN_FINALIZER);
    }

    static boolean deleting(MaintenanceRun run) {
        return run.getMetadata().getDeletionTimestamp() != null;
    }

    /** What was changed by a step that did not come to its end is begun and not done: it does not outlive the run either. */
    private static boolean endsWithRun(RunStep line) {
        return line.saved().endsWithRun() || !line.ended() || line.outcome() == StepOutcome.SKIPPED;
    }

    /** Whether a later step of the Runbook gives back what a step changes. */
    static boolean isGivenBackLater(RunObservation observation, RunbookStep step) {
        List<RunbookStep> all = RunLines.all(observation.frozen());
        return all.stream().skip(all.indexOf(step) + 1L).anyMatch(later -> ends(later, step));
    }

    /** Whether a step that gives back what others have changed has nothing to give back. */
    static boolean isNeedless(RunObservation observation, RunbookStep step) {
        RunChanges changes = new RunChanges(observation);
        return StepType.of(step).orElse(null) instanceof ReversibleStepType type
                && type.restores(step)
                && changes.lines.stream()
                        .filter(RunStep::owes)
                        .flatMap(line -> changes.step(line).stream())
                        .noneMatch(earlier -> ends(step, earlier));
    }

    private boolean isDue(int number) {
        RunStep line = lines.get(number);
        if (!line.owes() || ReversibleStepType.of(line).isEmpty()) {
            return false;
        }
        if (RunChanges.deleting(observation.run()) || observation.frozen() == null) {
            return endsWithRun(line);
        }
        return line.ended()
                && (isUndone(number) || isGivenBackByAStep(number) || endsWithRun(line) && isTheRunOver(number));
    }

    private boolean isUndone(int number) {
        return lines.stream()
                .skip(number)
                .filter(line -> RunLines.bad(line.outcome()))
                .flatMap(line -> step(line).stream())
                .anyMatch(step -> step.onFailure() == StepFailurePolicy.UNDO);
    }

    private boolean isGivenBackByAStep(int number) {
        return lines.stream().skip(number + 1L).anyMatch(line -> line.tried() && ends(line, lines.get(number)));
    }

    /** Whether nothing comes any more for which it was changed: a step of finally that gives it back is waited for. */
    private boolean isTheRunOver(int number) {
        MaintenanceRunStatus status = RunLines.status(observation.run());
        if (observation.makeRoomFor() != null
                || status.failure() != null && CUT_OFF.contains(status.failure().reason())) {
            return true;
        }
        Set<String> ofSteps =
                observation.frozen().steps().stream().map(RunbookStep::name).collect(Collectors.toSet());
        return lines.stream().filter(line -> ofSteps.contains(line.name())).allMatch(RunStep::ended)
                && lines.stream().filter(line -> !line.ended()).noneMatch(line -> ends(line, lines.get(number)));
    }

    private boolean ends(RunStep later, RunStep earlier) {
        return step(later)
                .flatMap(by -> step(earlier).map(what -> ends(by, what)))
                .orElse(false);
    }

    private static boolean ends(RunbookStep later, RunbookStep earlier) {
        return StepType.of(later)
                .filter(type -> type instanceof ReversibleStepType reversible && reversible.ends(later, earlier))
                .isPresent();
    }

    private Optional<RunbookStep> step(RunStep line) {
        return Optional.ofNullable(steps.get(line.name()));
    }

    /** The commands that give all of it back by hand, what was changed last at first; null when nothing is changed. */
    static String undoCommand(List<RunStep> lines, String namespace) {
        String commands = lines.reversed().stream()
                .filter(RunStep::owes)
                .flatMap(
                        line -> ReversibleStepType.of(line).stream().map(type -> type.command(line.saved(), namespace)))
                .collect(Collectors.joining(" && "));
        return commands.isEmpty() ? null : commands;
    }
}

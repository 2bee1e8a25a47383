package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepOutcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of {@code status.steps}, and what they come to together. */
public final class RunLines {

    /** Of a step of a newer version. */
    static final String UNKNOWN = "unknown";

    private RunLines() {}

    static MaintenanceRunStatus status(MaintenanceRun run) {
        return run.getStatus() == null ? MaintenanceRunStatus.NONE : run.getStatus();
    }

    /** Whether it never acts again. */
    public static boolean ended(MaintenanceRun run) {
        return status(run).phase() == RunPhase.FINISHED;
    }

    /** Whether its steps are frozen. */
    public static boolean begun(MaintenanceRun run) {
        return status(run).runbook() != null;
    }

    /** All steps, in the order in which they are done. */
    static List<RunbookStep> all(RunbookSpec spec) {
        return Stream.concat(spec.steps().stream(), spec.finallySteps().stream())
                .toList();
    }

    /** The lines of steps whose turn has not come. */
    static List<RunStep> of(RunbookSpec spec) {
        return all(spec).stream()
                .map(step -> RunStep.waiting(
                        step.name(), StepType.of(step).map(StepType::name).orElse(UNKNOWN)))
                .toList();
    }

    /** The line whose turn it is; empty when all have ended. */
    public static Optional<RunStep> current(MaintenanceRun run) {
        return status(run).steps().stream().filter(line -> !line.ended()).findFirst();
    }

    /** Whether its steps, as they stood when it began, say what is to be done still: to go on, or to give back. */
    public static boolean needsSteps(MaintenanceRun run) {
        return begun(run)
                && (current(run).isPresent() || status(run).steps().stream().anyMatch(RunStep::owes));
    }

    /** The step whose turn it is, and which attempt; empty when all have ended, or it is not known what they are. */
    public static Optional<StepTurn> turn(RunObservation observation) {
        return observation.frozen() == null
                ? Optional.empty()
                : current(observation.run())
                        .flatMap(line -> all(observation.frozen()).stream()
                                .filter(step -> step.name().equals(line.name()))
                                .findFirst()
                                .map(step -> new StepTurn(
                                        observation.run(),
                                        observation.application(),
                                        step,
                                        line.tried() ? line.attempts() : 0,
                                        RunParameters.values(
                                                observation.frozen(),
                                                observation.run().getSpec()))));
    }

    /** The line of a step; empty before the run has begun. */
    public static Optional<RunStep> of(StepTurn turn) {
        return status(turn.run()).steps().stream()
                .filter(line -> line.name().equals(turn.step().name()))
                .findFirst();
    }

    static boolean bad(StepOutcome outcome) {
        return outcome == StepOutcome.FAILED || outcome == StepOutcome.COULD_NOT_CHECK;
    }

    /** The worst of what the steps came to: what was not done counts for nothing. */
    static RunOutcome worst(List<RunStep> lines) {
        return lines.stream()
                .map(RunStep::outcome)
                .map(outcome -> switch (outcome) {
                    case FAILED -> RunOutcome.FAILED;
                    case COULD_NOT_CHECK, UNRECOGNIZED -> RunOutcome.COULD_NOT_CHECK;
                    case FINDINGS -> RunOutcome.FINDINGS;
                    case PASSED, SKIPPED -> RunOutcome.PASSED;
                })
                .max(RunLines::compare)
                .orElse(RunOutcome.PASSED);
    }

    /** They are declared from the best to the worst. */
    private static int compare(RunOutcome one, RunOutcome other) {
        return Integer.compare(one.ordinal(), other.ordinal());
    }

    /** What became of them, in a sentence. */
    static String summary(List<RunStep> lines) {
        String counts = Stream.of(StepOutcome.values())
                .filter(outcome -> count(lines, outcome) > 0)
                .map(outcome -> count(lines, outcome) + " " + outcome.text())
                .collect(Collectors.joining(", "));
        return (lines.size() == 1 ? "1 step: " : lines.size() + " steps: ") + counts + ".";
    }

    private static long count(List<RunStep> lines, StepOutcome outcome) {
        return lines.stream().filter(line -> line.outcome() == outcome).count();
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.PreviousRun;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepCounts;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.Texts;
import dev.mainstay.core.naming.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a finished run came to. In short it is in the status, written with the end of the run; the whole is made of that status
 * alone, and of the run that it names to be compared with, so that whoever makes it makes the same.
 */
public final class RunReports {

    /** With the longest names the short one stays well below 16 KiB. */
    private static final int MOST_DIFFERENCES = 32;

    private static final int LONGEST_DIFFERENCE = 256;

    private RunReports() {}

    /** Whether the whole report of a finished run is still to be kept. */
    public static boolean isDue(MaintenanceRun run) {
        RunReport report = RunLines.status(run).report();
        return RunLines.ended(run) && !RunChanges.deleting(run) && report != null && report.configMap() == null;
    }

    /** Whether it is about to be kept: nothing has stood against it yet. */
    public static boolean isComing(MaintenanceRun run) {
        return isDue(run) && run.getStatus().report().problem() == null;
    }

    /** The short one of a run that ends so. */
    static RunReport of(RunObservation observation, RunDecision.End end, Instant now) {
        MaintenanceRun run = observation.run();
        MaintenanceRunStatus status = RunLines.status(run);
        List<RunStep> lines = end.steps() == null ? status.steps() : end.steps();
        StepCounts counts = counts(lines);
        if (status.startedAt() == null) {
            String told = run.getSpec() != null && run.getSpec().dryRun()
                    ? "A dry run is compared with none."
                    : "It has not begun, and is compared with none.";
            return new RunReport(null, counts, null, told, null, null, null, null);
        }
        RunHistory history = new RunHistory(run, observation.others(), now);
        Optional<MaintenanceRun> previous = history.previous();
        if (previous.isEmpty()) {
            return new RunReport(null, counts, null, noPrevious(run), null, null, null, null);
        }
        List<String> first = lines.stream()
                .filter(line -> line.outcome() == StepOutcome.FINDINGS)
                .map(RunStep::name)
                .filter(step -> !history.hasFindings(step))
                .toList();
        List<String> differences = RunDifferences.of(previous.get().getStatus().steps(), lines, first).stream()
                .map(RunDifference::text)
                .toList();
        return compared(counts, RunHistory.of(previous.get()), differences, first);
    }

    private static String noPrevious(MaintenanceRun run) {
        return "There is no previous run of Runbook "
                + run.getSpec().runbookRef().name() + " for ManagedApplication "
                + run.getSpec().applicationRef().name()
                + ScheduleRuns.label(run)
                        .map(schedule -> " by MaintenanceSchedule " + schedule)
                        .orElse("")
                + " to compare it with.";
    }

    private static RunReport compared(
            StepCounts counts, PreviousRun previous, List<String> differences, List<String> first) {
        List<String> told = differences.stream()
                .limit(MOST_DIFFERENCES)
                .map(text -> Texts.cut(text, LONGEST_DIFFERENCE, "…"))
                .toList();
        return new RunReport(
                null,
                counts,
                previous,
                "Compared with " + previous.name() + ", which was "
                        + previous.outcome().text() + " at " + previous.completedAt() + ": "
                        + switch (differences.size()) {
                            case 0 -> "no difference.";
                            case 1 -> "1 difference.";
                            default -> differences.size() + " differences.";
                        },
                told.isEmpty() ? null : told,
                differences.size() == told.size() ? null : differences.size() - told.size(),
                first.isEmpty() ? null : first,
                null);
    }

    private static StepCounts counts(List<RunStep> lines) {
        return new StepCounts(
                count(lines, StepOutcome.PASSED),
                count(lines, StepOutcome.FINDINGS),
                count(lines, StepOutcome.COULD_NOT_CHECK),
                count(lines, StepOutcome.FAILED),
                count(lines, StepOutcome.SKIPPED));
    }

    private static int count(List<RunStep> lines, StepOutcome outcome) {
        return (int) lines.stream().filter(line -> line.outcome() == outcome).count();
    }

    /** The whole one, of a run whose end is in its status. */
    static RunDecision.KeepReport whole(RunObservation observation) {
        MaintenanceRun run = observation.run();
        PreviousRun told = run.getStatus().report().previousRun();
        Optional<MaintenanceRun> previous = told == null
                ? Optional.empty()
                : new RunHistory(run, observation.others(), told.completedAt()).find(told);
        return new RunDecision.KeepReport(
                Names.report(run.getMetadata().getName(), run.getMetadata().getUid()),
                RunReportText.files(run, previous.orElse(null)));
    }

    /** What follows once it is kept, or is not. */
    public static RunDecision told(MaintenanceRun run, RunDecision.KeepReport keep, Optional<String> refused) {
        RunReport report = run.getStatus().report();
        return new RunDecision.ReportTold(refused.map(said -> report.refused(Texts.cut(
                        "ConfigMap " + keep.name() + " with the whole report can't be written; it is tried again. "
                                + said,
                        1024,
                        "…")))
                .orElseGet(() -> report.kept(keep.name())));
    }
}

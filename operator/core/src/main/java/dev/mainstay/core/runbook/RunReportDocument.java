package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.FrozenRunbook;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunSpec;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.PreviousRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepCounts;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole report of a finished run: what stands in its object, and how that differs from the run before. Values of parameters
 * are left out, since more people read ConfigMaps than runs.
 */
record RunReportDocument(
        Run run,
        Runbook runbook,
        Schedule schedule,
        Instant startedAt,
        Instant completedAt,
        String duration,
        RunOutcome outcome,
        String reason,
        String message,
        StepCounts counts,
        List<Step> steps,
        String undoCommand,
        Comparison comparison) {

    /** Which run, and who asked for it. */
    record Run(
            String namespace,
            String name,
            String uid,
            String application,
            boolean dryRun,
            String requestedBy,
            String reason,
            List<String> parameters,
            String createdAt) {}

    /** The steps as they stood when it began. */
    record Runbook(String name, String revision, String hash) {}

    /** What made it. */
    record Schedule(String name, Instant slot, String rollout) {}

    /** What a step came to. */
    record Step(
            String name,
            String type,
            StepOutcome result,
            Integer attempts,
            Instant startedAt,
            Instant finishedAt,
            String approvedBy,
            String message,
            Map<String, BigDecimal> measured,
            Changed changed) {}

    /** What a step has changed. */
    record Changed(String kind, String name, Integer before, Integer after, boolean givenBack) {}

    /**
     * How it differs from the run before.
     *
     * @param previousRun the run before; null when there is none
     * @param told the same in a sentence
     * @param differences the differences, the most important first; null when nothing of the run before is there any more
     * @param known what is known of them when nothing is there any more; else null
     * @param leftOut how many more there are; null when there are no more
     */
    record Comparison(
            PreviousRun previousRun,
            String told,
            List<RunDifference> differences,
            List<String> known,
            Integer leftOut) {

        /** The same with at most so many. */
        Comparison first(int most) {
            return differences == null || differences.size() <= most
                    ? this
                    : new Comparison(previousRun, told, differences.subList(0, most), null, differences.size() - most);
        }
    }

    /**
     * The report of a run whose end is in its status.
     *
     * @param previous the run that it is compared with; null when there is none, or it is gone
     */
    static RunReportDocument of(MaintenanceRun run, MaintenanceRun previous) {
        MaintenanceRunStatus status = run.getStatus();
        Optional<Condition> finished = Conditions.find(status.conditions(), "Finished");
        return new RunReportDocument(
                run(run),
                runbook(run),
                ScheduleRuns.label(run)
                        .map(name -> new Schedule(
                                name,
                                ScheduleRuns.slot(run).orElse(null),
                                ScheduleRuns.rollout(run).orElse(null)))
                        .orElse(null),
                status.startedAt(),
                status.completedAt(),
                status.duration(),
                status.outcome(),
                finished.map(Condition::reason).orElse(null),
                finished.map(Condition::message).orElse(null),
                status.report().counts(),
                status.steps().stream().map(RunReportDocument::step).toList(),
                status.undoCommand(),
                comparison(status, previous));
    }

    /** The same with at most so many differences. */
    RunReportDocument first(int differences) {
        return new RunReportDocument(
                run,
                runbook,
                schedule,
                startedAt,
                completedAt,
                duration,
                outcome,
                reason,
                message,
                counts,
                steps,
                undoCommand,
                comparison.first(differences));
    }

    private static Run run(MaintenanceRun run) {
        MaintenanceRunSpec spec = run.getSpec();
        return new Run(
                run.getMetadata().getNamespace(),
                run.getMetadata().getName(),
                run.getMetadata().getUid(),
                spec.applicationRef().name(),
                spec.dryRun(),
                spec.requestedBy(),
                spec.reason(),
                spec.parameters().isEmpty()
                        ? null
                        : spec.parameters().keySet().stream().sorted().toList(),
                run.getMetadata().getCreationTimestamp());
    }

    private static Runbook runbook(MaintenanceRun run) {
        FrozenRunbook frozen = run.getStatus().runbook();
        return new Runbook(
                run.getSpec().runbookRef().name(),
                frozen == null ? null : frozen.revision(),
                frozen == null ? null : frozen.hash());
    }

    private static Step step(RunStep line) {
        return new Step(
                line.name(),
                line.type(),
                line.outcome(),
                line.attempts(),
                line.startedAt(),
                line.finishedAt(),
                line.approvedBy(),
                line.message(),
                Decimals.of(line).isEmpty() ? null : Decimals.of(line),
                line.saved() == null
                        ? null
                        : new Changed(
                                line.saved().kind().text(),
                                line.saved().name(),
                                line.saved().before(),
                                line.saved().after(),
                                line.saved().settled()));
    }

    private static Comparison comparison(MaintenanceRunStatus status, MaintenanceRun previous) {
        PreviousRun told = status.report().previousRun();
        if (told != null && previous == null) {
            return new Comparison(
                    told,
                    status.report().comparison()
                            + " That run is gone since; of the differences those are known that are in"
                            + " the run's status.",
                    null,
                    status.report().told(),
                    status.report().moreDifferences());
        }
        return new Comparison(
                told,
                status.report().comparison(),
                previous == null
                        ? null
                        : RunDifferences.of(
                                previous.getStatus().steps(),
                                status.steps(),
                                status.report().first()),
                null,
                null);
    }
}

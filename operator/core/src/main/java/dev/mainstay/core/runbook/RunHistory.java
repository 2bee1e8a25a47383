package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.PreviousRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The finished runs that a run can be compared with, the newest first: of the same Runbook and application, of the same schedule
 * when it is from one, and none that did nothing, as a dry run.
 */
final class RunHistory {

    static final Comparator<MaintenanceRun> BY_END = Comparator.comparing(
                    (MaintenanceRun run) -> run.getStatus().completedAt())
            .thenComparing(run -> run.getMetadata().getName());

    private final List<MaintenanceRun> newestFirst;

    /** Those that were finished at a moment. */
    RunHistory(MaintenanceRun run, List<MaintenanceRun> others, Instant at) {
        Optional<String> schedule = ScheduleRuns.label(run);
        this.newestFirst = others.stream()
                .filter(other ->
                        !other.getMetadata().getName().equals(run.getMetadata().getName()))
                .filter(other -> other.getSpec() != null && RunLines.ended(other))
                .filter(other -> other.getSpec()
                                .runbookRef()
                                .equals(run.getSpec().runbookRef())
                        && other.getSpec().applicationRef().equals(run.getSpec().applicationRef()))
                .filter(other -> schedule.isEmpty() || ScheduleRuns.label(other).equals(schedule))
                .filter(other -> !other.getSpec().dryRun() && other.getStatus().startedAt() != null)
                .filter(other -> other.getStatus().completedAt() != null
                        && !other.getStatus().completedAt().isAfter(at))
                .sorted(BY_END.reversed())
                .toList();
    }

    /** The newest. */
    Optional<MaintenanceRun> previous() {
        return newestFirst.stream().findFirst();
    }

    /** The one that was the newest once; empty when it is gone. */
    Optional<MaintenanceRun> find(PreviousRun told) {
        return newestFirst.stream().filter(run -> of(run).equals(told)).findFirst();
    }

    /** Whether a step of that name came to Findings in one of them. */
    boolean hasFindings(String step) {
        return newestFirst.stream()
                .flatMap(run -> run.getStatus().steps().stream())
                .filter(line -> line.outcome() == StepOutcome.FINDINGS)
                .map(RunStep::name)
                .anyMatch(step::equals);
    }

    static PreviousRun of(MaintenanceRun run) {
        return new PreviousRun(
                run.getMetadata().getName(),
                run.getStatus().completedAt(),
                run.getStatus().outcome());
    }
}

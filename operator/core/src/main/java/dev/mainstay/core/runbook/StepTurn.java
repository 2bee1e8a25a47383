package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunbookStep;
import java.util.Map;

/**
 * The step of a run whose turn it is.
 *
 * @param run the run
 * @param application its application; null when there is none
 * @param step the step
 * @param attempt number of the attempt that is under way; 0 when none is
 * @param parameters the values of the Runbook's parameters
 */
public record StepTurn(
        MaintenanceRun run,
        ManagedApplication application,
        RunbookStep step,
        int attempt,
        Map<String, String> parameters) {

    /** The step of a Runbook without parameters. */
    public StepTurn(MaintenanceRun run, ManagedApplication application, RunbookStep step, int attempt) {
        this(run, application, step, attempt, Map.of());
    }
}

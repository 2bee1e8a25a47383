package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.SavedChange;

/**
 * What a step has changed, and is to be given back now.
 *
 * @param run the run
 * @param application its application; null when there is none
 * @param line the step, as the status has it: what the Runbook said of it may be lost
 */
public record Owed(MaintenanceRun run, ManagedApplication application, RunStep line) {

    /** What was there before. */
    public SavedChange saved() {
        return line.saved();
    }

    /** The type of the step. */
    public ReversibleStepType type() {
        return ReversibleStepType.of(line)
                .orElseThrow(() -> new IllegalStateException("a step that has changed something is of a known type"));
    }
}

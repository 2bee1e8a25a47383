package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.core.claims.Holder;
import java.util.List;
import java.util.Map;

/**
 * What is known about a MaintenanceRun.
 *
 * @param run the run
 * @param application the application that it names; null when there is none
 * @param otherRelease the release of Mainstay that works the application instead of this one; else null
 * @param runbook the Runbook that it names; null when there is none, or the run has begun
 * @param frozen the steps as they stood when it began; null before that, and when they are lost
 * @param recorded whether the record of the application's claims has a line of the run: who asked may have died before it was told
 * @param makeRoomFor the emergency that needs what the run has of the application; null when none does
 * @param others the other runs of the same Runbook for the same application
 * @param seen what is known of that which is to be given back, or else of that which the step looks at whose turn it is
 * @param foreseen what the steps look at of a dry run that is about to be told, by their names
 */
public record RunObservation(
        MaintenanceRun run,
        ManagedApplication application,
        String otherRelease,
        Runbook runbook,
        RunbookSpec frozen,
        boolean recorded,
        Holder makeRoomFor,
        List<MaintenanceRun> others,
        StepSeen seen,
        Map<String, StepSeen> foreseen) {

    /** Of a run that is no dry run, or not to be told yet. */
    public RunObservation(
            MaintenanceRun run,
            ManagedApplication application,
            String otherRelease,
            Runbook runbook,
            RunbookSpec frozen,
            boolean recorded,
            Holder makeRoomFor,
            List<MaintenanceRun> others,
            StepSeen seen) {
        this(run, application, otherRelease, runbook, frozen, recorded, makeRoomFor, others, seen, Map.of());
    }

    /** The same, with what the step looks at. */
    public RunObservation with(StepSeen looked) {
        return new RunObservation(
                run, application, otherRelease, runbook, frozen, recorded, makeRoomFor, others, looked, foreseen);
    }

    /** The same, with what the steps of a dry run look at. */
    public RunObservation foreseeing(Map<String, StepSeen> looked) {
        return new RunObservation(
                run, application, otherRelease, runbook, frozen, recorded, makeRoomFor, others, seen, looked);
    }
}

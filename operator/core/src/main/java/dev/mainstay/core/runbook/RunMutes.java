package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.core.Durations;
import dev.mainstay.core.alert.AlertMute;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What runs keep from being told of alerts: those whose Runbook, as it stood when they began, says {@code muteAlerts}. */
public final class RunMutes {

    private RunMutes() {}

    /**
     * What mutes the alerts of an application the longest; empty when no run does. It ends with the run, or at its end that is
     * set, or as soon as the run waits for a person: a person may let it wait for long.
     *
     * @param runs the runs for the application
     */
    public static Optional<AlertMute> of(List<MaintenanceRun> runs, Instant now) {
        return runs.stream()
                .filter(RunLines::begun)
                .filter(run -> !RunLines.ended(run))
                .filter(run -> !waitsForPerson(run))
                .flatMap(run ->
                        until(run)
                                .map(end -> new AlertMute(
                                        RunClaims.KIND + " " + run.getMetadata().getName(), end))
                                .stream())
                .filter(mute -> now.isBefore(mute.until()))
                .max(Comparator.comparing(AlertMute::until).thenComparing(AlertMute::by));
    }

    /** What changes when a run begins or ends to mute. */
    public static Object told(MaintenanceRun run) {
        return RunLines.begun(run) && !RunLines.ended(run) && !waitsForPerson(run) ? until(run) : Optional.empty();
    }

    private static Optional<Instant> until(MaintenanceRun run) {
        String duration = run.getStatus().runbook().muteAlerts();
        return duration == null || run.getStatus().startedAt() == null
                ? Optional.empty()
                : Optional.of(run.getStatus().startedAt().plus(Durations.parse(duration)));
    }

    private static boolean waitsForPerson(MaintenanceRun run) {
        return RunLines.current(run).filter(RunMutes::asked).isPresent();
    }

    private static boolean asked(RunStep line) {
        return line.askedAt() != null && line.approvedBy() == null;
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunSpec;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.ScheduleDecision.NewRun;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The runs of schedules, as objects. */
public final class ScheduleRuns {

    private ScheduleRuns() {}

    /** What selects the runs of a schedule. */
    public static String label(MaintenanceSchedule schedule) {
        return Names.label(schedule.getMetadata().getName());
    }

    /** The label of the schedule that has made a run; empty for a run that none has. */
    public static Optional<String> label(MaintenanceRun run) {
        return Optional.ofNullable(run.getMetadata().getLabels()).map(labels -> labels.get(Annotations.SCHEDULE));
    }

    /** The slot that it was made for; empty for one that a person asked for. */
    public static Optional<Instant> slot(MaintenanceRun run) {
        return instant(run, Annotations.SLOT);
    }

    /** Identifies the rollout that it was made for; empty for one that was not made for any. */
    static Optional<String> rollout(MaintenanceRun run) {
        return Optional.ofNullable(run.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.ROLLOUT));
    }

    /** Whether a schedule made it by itself, at a slot or for a rollout; what a person asked for is never among these. */
    static boolean byItself(MaintenanceSchedule schedule, MaintenanceRun run) {
        String name = schedule.getMetadata().getName();
        return slot(run)
                .map(slot -> Names.slot(name, slot))
                .or(() -> rollout(run).map(rollout -> Names.rollout(name, rollout)))
                .filter(run.getMetadata().getName()::equals)
                .isPresent();
    }

    /** When no step of it begins any more, but those of finally; empty when it may take as long as it takes. */
    static Optional<Instant> stopAfter(MaintenanceRun run) {
        return instant(run, Annotations.STOP_AFTER);
    }

    /**
     * A run, to be made.
     *
     * @param requestedBy the user that makes it, as the API server knows it: nobody has asked, and anybody else may approve
     */
    public static MaintenanceRun run(MaintenanceSchedule schedule, NewRun wanted, String requestedBy) {
        Map<String, String> annotations = new TreeMap<>();
        if (wanted.slot() != null) {
            annotations.put(Annotations.SLOT, wanted.slot().toString());
        }
        if (wanted.rollout() != null) {
            annotations.put(Annotations.ROLLOUT, wanted.rollout());
        }
        if (wanted.stopAfter() != null) {
            annotations.put(Annotations.STOP_AFTER, wanted.stopAfter().toString());
        }
        MaintenanceRun run = new MaintenanceRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(wanted.name())
                .withNamespace(schedule.getMetadata().getNamespace())
                .addToLabels(Annotations.SCHEDULE, label(schedule))
                .withAnnotations(annotations)
                .build());
        run.setSpec(new MaintenanceRunSpec(
                schedule.getSpec().applicationRef(),
                schedule.getSpec().runbookRef(),
                schedule.getSpec().parameters(),
                wanted.reason(),
                requestedBy,
                null,
                wanted.notAfter()));
        return run;
    }

    private static Optional<Instant> instant(MaintenanceRun run, String annotation) {
        try {
            return Optional.ofNullable(run.getMetadata().getAnnotations())
                    .map(annotations -> annotations.get(annotation))
                    .map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

package dev.mainstay.controller.watch;

import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.core.runbook.ScheduleRuns;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.function.Predicate;

/** MaintenanceSchedules, as {@link Wakeups} has the other kinds. */
public final class ScheduleWakeups {

    private static final String BY_LABEL = "by-label";

    private final SimpleInboundEventSource<MaintenanceSchedule> events =
            new SimpleInboundEventSource<>("woken-by-related-objects");

    private volatile IndexerResourceCache<MaintenanceSchedule> schedules;

    ScheduleWakeups() {}

    /** Takes over the cache of the schedules' controller; its events are to be added to that controller. */
    public SimpleInboundEventSource<MaintenanceSchedule> schedules(IndexerResourceCache<MaintenanceSchedule> cache) {
        cache.addIndexer(
                BY_LABEL,
                schedule -> List.of(schedule.getMetadata().getNamespace() + "/" + ScheduleRuns.label(schedule)));
        this.schedules = cache;
        return events;
    }

    /** All schedules; none before this process watches. */
    public List<MaintenanceSchedule> schedules() {
        return schedules == null ? List.of() : schedules.list().toList();
    }

    /** Wakes the schedule whose runs have this label. */
    void runChanged(String namespace, String label) {
        schedules.byIndex(BY_LABEL, namespace + "/" + label).forEach(this::wake);
    }

    void runbookChanged(String namespace, String name) {
        wake(namespace, schedule -> schedule.getSpec().runbookRef().name().equals(name));
    }

    void applicationChanged(String namespace, String name) {
        wake(namespace, schedule -> schedule.getSpec().applicationRef().name().equals(name));
    }

    /** Wakes the schedules that follow the rollouts of an application. */
    void rolloutSeen(String namespace, String application) {
        wake(
                namespace,
                schedule -> schedule.getSpec().trigger() != null
                        && schedule.getSpec().applicationRef().name().equals(application));
    }

    private void wake(String namespace, Predicate<MaintenanceSchedule> which) {
        schedules
                .list(schedule -> namespace.equals(schedule.getMetadata().getNamespace()) && schedule.getSpec() != null)
                .filter(which)
                .forEach(this::wake);
    }

    private void wake(MaintenanceSchedule schedule) {
        events.propagateEvent(ResourceID.fromResource(schedule));
    }
}

package dev.mainstay.controller.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.MaintenanceScheduleStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.runbook.MaintenanceScheduleDecider;
import dev.mainstay.core.runbook.RolloutSeen;
import dev.mainstay.core.runbook.ScheduleDecision;
import dev.mainstay.core.runbook.ScheduleObservation;
import dev.mainstay.core.runbook.ScheduleRuns;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** Observes, decides, acts and reports on MaintenanceSchedules. */
public final class MaintenanceScheduleReconciler implements Reconciler<MaintenanceSchedule> {

    private final MaintenanceRuns runs;
    private final OwnUser user;
    private final BiFunction<MaintenanceSchedule, ManagedApplication, List<RolloutSeen>> rollouts;
    private final BiFunction<String, String, Optional<String>> otherRelease;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    /**
     * Composes it.
     *
     * @param rollouts the Deployments whose rollouts a schedule follows, as they are
     * @param otherRelease the other release that works on an application, by namespace and name; empty when it is this one's
     */
    public MaintenanceScheduleReconciler(
            MaintenanceRuns runs,
            OwnUser user,
            BiFunction<MaintenanceSchedule, ManagedApplication, List<RolloutSeen>> rollouts,
            BiFunction<String, String, Optional<String>> otherRelease,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.runs = runs;
        this.user = user;
        this.rollouts = rollouts;
        this.otherRelease = otherRelease;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, MaintenanceSchedule>> prepareEventSources(
            EventSourceContext<MaintenanceSchedule> context) {
        return List.of(wakeups.runs().schedules().schedules(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<MaintenanceSchedule> reconcile(
            MaintenanceSchedule schedule, Context<MaintenanceSchedule> context) {
        if (context.isPrimaryResourceDeleted()
                || schedule.getMetadata().getDeletionTimestamp() != null
                || schedule.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<MaintenanceSchedule>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        if (claimedElsewhere(schedule)) {
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        ScheduleObservation seen = observe(schedule);
        ScheduleDecision decision = MaintenanceScheduleDecider.decide(seen, now);
        Optional<Declined> declined = make(schedule, decision);
        decision.remove().forEach(runs::remove);
        return report(
                schedule,
                declined.map(why -> MaintenanceScheduleDecider.decide(seen.with(why), now))
                        .orElse(decision),
                now);
    }

    /** Another release works on its application, and writes its status. */
    private boolean claimedElsewhere(MaintenanceSchedule schedule) {
        return schedule.getSpec() != null
                && otherRelease
                        .apply(
                                schedule.getMetadata().getNamespace(),
                                schedule.getSpec().applicationRef().name())
                        .isPresent();
    }

    private ScheduleObservation observe(MaintenanceSchedule schedule) {
        String namespace = schedule.getMetadata().getNamespace();
        boolean readable = schedule.getSpec() != null;
        Optional<ManagedApplication> application = readable
                ? wakeups.application(
                        namespace, schedule.getSpec().applicationRef().name())
                : Optional.empty();
        return new ScheduleObservation(
                schedule,
                application.orElse(null),
                readable
                        ? wakeups.runs()
                                .runbook(
                                        namespace,
                                        schedule.getSpec().runbookRef().name())
                                .orElse(null)
                        : null,
                wakeups.runs().runsOf(namespace, ScheduleRuns.label(schedule)),
                application
                        .filter(found -> schedule.getSpec().trigger() != null && found.getSpec() != null)
                        .map(found -> rollouts.apply(schedule, found))
                        .orElse(null),
                null);
    }

    /** Why the API server did not take the first of them that it did not take; empty when they are all there. */
    private Optional<Declined> make(MaintenanceSchedule schedule, ScheduleDecision decision) {
        return decision.make().stream()
                .map(wanted -> {
                    MaintenanceRun run = ScheduleRuns.run(schedule, wanted, user.name());
                    return runs.make(run);
                })
                .flatMap(Optional::stream)
                .findFirst();
    }

    private UpdateControl<MaintenanceSchedule> report(
            MaintenanceSchedule schedule, ScheduleDecision decision, Instant now) {
        MaintenanceScheduleStatus status = decision.status();
        if (!Objects.equals(status, schedule.getStatus())) {
            if (statuses.write(schedule, status) == Answer.CONFLICT) {
                return UpdateControl.<MaintenanceSchedule>noUpdate().rescheduleAfter(StatusWriter.LOOK_AGAIN);
            }
            events.transition(
                    schedule,
                    Optional.ofNullable(schedule.getStatus())
                            .map(MaintenanceScheduleStatus::conditions)
                            .orElse(List.of()),
                    status.conditions());
        }
        return decision.wakeUp() == null
                ? UpdateControl.noUpdate()
                : UpdateControl.<MaintenanceSchedule>noUpdate()
                        .rescheduleAfter(Duration.between(now, decision.wakeUp()));
    }
}

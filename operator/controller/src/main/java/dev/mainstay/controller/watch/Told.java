package dev.mainstay.controller.watch;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.application.FiringAlerts;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.restore.RestoreMaintenance;
import dev.mainstay.core.runbook.RunLines;
import dev.mainstay.core.runbook.RunReports;
import dev.mainstay.core.status.Conditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What objects tell each other by their status: only that is worth waking another one. */
public final class Told {

    private Told() {}

    /** What others look at in an object's status; empty when there is nothing. */
    public static Optional<?> by(HasMetadata object) {
        return switch (object) {
            // To a policy a phase brings all that it looks at with it.
            case DatabaseBackup backup ->
                Optional.ofNullable(backup.getStatus()).map(DatabaseBackupStatus::phase);
            // Each step that was written down is what the next one waits for.
            case RollbackRequest request ->
                Optional.ofNullable(request.getStatus())
                        .map(status -> Arrays.asList(status.phase(), status.claim(), status.plan()));
            case RestoreRequest request ->
                Optional.ofNullable(request.getStatus())
                        .map(status -> Arrays.asList(
                                status.phase(),
                                status.claim(),
                                status.steps(),
                                status.task(),
                                RestoreMaintenance.isStuck(request)));
            case MaintenanceRun run ->
                Optional.ofNullable(run.getStatus())
                        .map(status -> Arrays.asList(status.phase(), status.steps(), status.claim(), status.report()));
            // Which of them leads the Services back is decided by whether the others would.
            case MaintenanceMode mode ->
                Optional.ofNullable(mode.getStatus())
                        .map(status ->
                                Arrays.asList(status.phase(), status.services().isEmpty()));
            case BackupPolicy policy ->
                Optional.ofNullable(policy.getStatus()).map(status -> Arrays.asList(status.lastSuccess()));
            case AlertRule rule ->
                Optional.ofNullable(rule.getStatus()).map(status -> List.of(deliveries(rule), firing(rule)));
            case NotificationChannel channel ->
                Optional.ofNullable(channel.getStatus()).map(status -> usable(channel));
            case ManagedApplication application ->
                Optional.ofNullable(application.getStatus())
                        .map(status -> List.of(work(application), looks(application)));
            default -> Optional.empty();
        };
    }

    /** What those look at in an application that work on it. */
    static Optional<?> work(ManagedApplication application) {
        return Optional.ofNullable(application.getStatus())
                .map(status -> List.of(JobTemplateRefusal.told(application), List.copyOf(status.operations())));
    }

    /** What others look at in a maintenance mode, with all that a person may change of it. */
    static Object all(MaintenanceMode mode) {
        return Arrays.asList(
                generation(mode), annotations(mode), mode.getMetadata().getDeletionTimestamp(), by(mode));
    }

    /** How far a run is, for the schedule that has made it: one whose report is about to be kept needs the run before it. */
    static Object phase(MaintenanceRun run) {
        return Arrays.asList(run.getStatus() == null ? null : run.getStatus().phase(), RunReports.isComing(run));
    }

    /** What a run has, or waits for, of its application. */
    static Object claim(MaintenanceRun run) {
        return Arrays.asList(
                RunLines.ended(run),
                run.getStatus() == null ? null : run.getStatus().claim());
    }

    /** Which channels take messages of a rule, and which don't, since when and why. */
    static Map<String, Object> deliveries(AlertRule rule) {
        Map<String, Object> deliveries = new HashMap<>();
        if (rule.getStatus() != null) {
            rule.getStatus().notifications().stream()
                    .filter(line -> line.channel() != null && (line.failingSince() != null || line.sentAt() != null))
                    .forEach(line -> deliveries.merge(
                            line.channel(),
                            List.of(line.failingSince() == null ? "taken" : failing(line)),
                            (one, other) -> List.of(one, other)));
        }
        return deliveries;
    }

    /** Whether an alert fires and how grave it is, which is told to its application. */
    static String firing(AlertRule rule) {
        return String.valueOf(FiringAlerts.severity(rule));
    }

    /** Since when and why a channel does not take a message. */
    private static Object failing(AlertNotification line) {
        return Arrays.asList(line.failingSince(), line.failure());
    }

    /** Whether a channel has what it needs. */
    static Object usable(NotificationChannel channel) {
        return channel.getStatus() == null
                ? Optional.empty()
                : Conditions.find(channel.getStatus().conditions(), "Ready")
                        .map(ready -> List.of(ready.status(), ready.reason()));
    }

    /** When it was looked at its servers, which is told to restores that have kept a database there. */
    static List<?> looks(ManagedApplication application) {
        return application.getStatus() == null
                ? List.of()
                : application.getStatus().restoreReadiness().stream()
                        .filter(look -> look.keptCount() != null)
                        .map(look -> Arrays.asList(look.database(), look.checkedAt()))
                        .toList();
    }

    /** Grows with each change of the spec. */
    static Object generation(HasMetadata object) {
        return object.getMetadata().getGeneration();
    }

    static Object annotations(HasMetadata object) {
        return object.getMetadata().getAnnotations() == null
                ? Map.of()
                : object.getMetadata().getAnnotations();
    }
}

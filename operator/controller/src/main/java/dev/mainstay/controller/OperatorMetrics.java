package dev.mainstay.controller;

import dev.mainstay.api.MainstayResource;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceSchedule;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.controller.health.ApplicationMetrics;
import dev.mainstay.controller.health.ModeMetrics;
import dev.mainstay.controller.health.NotificationMetrics;
import dev.mainstay.controller.health.PolicyMetrics;
import dev.mainstay.controller.health.RestoreMetrics;
import dev.mainstay.controller.health.RollbackMetrics;
import dev.mainstay.controller.health.RunMetrics;
import dev.mainstay.controller.health.ScheduleMetrics;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;

/** What is told of the objects that are known. */
final class OperatorMetrics {

    /** All kinds, of which the definitions are looked at where they are served. */
    static final List<Class<? extends MainstayResource<?, ?>>> KINDS = List.of(
            ManagedApplication.class,
            BackupPolicy.class,
            DatabaseBackup.class,
            RollbackRequest.class,
            RestoreRequest.class,
            MaintenanceMode.class,
            Runbook.class,
            MaintenanceSchedule.class,
            MaintenanceRun.class,
            AlertRule.class,
            NotificationChannel.class);

    private OperatorMetrics() {}

    /**
     * Adds all that is read from objects.
     *
     * @param sent how many requests with messages on alerts ended how
     */
    static void register(PrometheusRegistry registry, Wakeups known, Supplier<List<Sample>> sent) {
        registry.register(new NotificationMetrics(known.alerts()::channels, sent));
        registry.register(new PolicyMetrics(known::policies));
        registry.register(new ApplicationMetrics(known::applications));
        registry.register(new ModeMetrics(known::modes));
        registry.register(new RestoreMetrics(known::restores));
        registry.register(new RollbackMetrics(known::rollbacks));
        registry.register(new RunMetrics(known.runs()::runs));
        registry.register(new ScheduleMetrics(known.runs().schedules()::schedules));
    }
}

package dev.mainstay.controller;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.controller.alert.AlertMutes;
import dev.mainstay.controller.alert.AlertRuleReconciler;
import dev.mainstay.controller.alert.AlertSampler;
import dev.mainstay.controller.alert.CutReports;
import dev.mainstay.controller.alert.LiveSources;
import dev.mainstay.controller.alert.NotificationChannelReconciler;
import dev.mainstay.controller.alert.NotificationOutbox;
import dev.mainstay.controller.alert.Remediations;
import dev.mainstay.controller.alert.RuleSources;
import dev.mainstay.controller.alert.SecretValues;
import dev.mainstay.controller.application.ApplicationWorkloads;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.KillSwitches;
import dev.mainstay.controller.kube.MaintenanceRuns;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.PodUsages;
import dev.mainstay.controller.kube.Secrets;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.metrics.PrometheusClient;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.EvaluationChange;
import dev.mainstay.core.alert.RolloutUnderWay;
import dev.mainstay.core.alert.SecretSeen;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;

/** Puts together what alert rules and notification channels need. */
final class AlertComposition implements AutoCloseable {

    private final Settings settings;
    private final KubernetesClient client;
    private final ApplicationWorkloads workloads;
    private final Wakeups wakeups;
    private final Clock clock;
    private final Secrets secrets;
    private final NotificationOutbox outbox;
    private final AlertSampler sampler;

    AlertComposition(
            Settings settings,
            KubernetesClient client,
            PrometheusClient prometheus,
            ApplicationWorkloads workloads,
            Wakeups wakeups,
            EventRecorder events,
            Clock clock) {
        this.settings = settings;
        this.client = client;
        this.workloads = workloads;
        this.wakeups = wakeups;
        this.clock = clock;
        this.secrets = new Secrets(client);
        this.outbox = NotificationOutbox.of(
                values(secrets), clock, wakeups.alerts()::wake, new CutReports(wakeups.alerts(), events));
        this.sampler = AlertSampler.start(
                new LiveSources(
                        prometheus,
                        new PodUsages(client, workloads::find),
                        wakeups::application,
                        application -> wakeups.policiesOf(
                                application.getMetadata().getNamespace(),
                                application.getMetadata().getName())),
                settings.allowFreeQueries(),
                EvaluationChange::mayChange,
                this::measured,
                clock);
    }

    /** Where messages are handed over. */
    NotificationOutbox outbox() {
        return outbox;
    }

    /** Has both kinds looked at. */
    void register(Controllers controllers, ClaimLeases leases, StatusWriter statuses, EventRecorder events) {
        wakeups.runs().alerts(wakeups.alerts()::wake, wakeups.alerts()::applicationChanged);
        controllers.register(
                new AlertRuleReconciler(
                        sampler,
                        outbox,
                        new AlertMutes(wakeups),
                        remediations(events),
                        leases::otherRelease,
                        new Finalizers(client),
                        statuses,
                        events,
                        wakeups,
                        clock),
                AlertRule.class);
        controllers.register(
                new NotificationChannelReconciler(
                        secrets,
                        new OwnUser(client),
                        new RuleSources(() -> sampler.failing().values(), wakeups::application),
                        outbox,
                        statuses,
                        events,
                        wakeups,
                        clock),
                NotificationChannel.class);
    }

    private Remediations remediations(EventRecorder events) {
        return new Remediations(
                new MaintenanceRuns(client),
                new OwnUser(client),
                new ExecutionMarks(client),
                new KillSwitches(client, settings.namespace()),
                application -> RolloutUnderWay.of(workloads.deployments(application)),
                wakeups.alerts()::rules,
                wakeups.runs(),
                events);
    }

    /** A source that does not answer any more, or again, is told of by channels. */
    private void measured(ResourceID rule) {
        wakeups.alerts().wakeRule(rule);
        rule.getNamespace()
                .ifPresent(namespace -> wakeups.alerts().channelsOf(namespace).values().stream()
                        .map(ResourceID::fromResource)
                        .forEach(wakeups.alerts()::wakeChannel));
    }

    private static SecretValues values(Secrets secrets) {
        return (namespace, key) -> {
            Secrets.Read read = secrets.read(namespace, key);
            return switch (read.seen()) {
                case SecretSeen.Present ignored ->
                    new SecretValues.Value(read.value().orElseThrow());
                case SecretSeen.NotFound ignored -> new SecretValues.NotFound();
                case SecretSeen.KeyMissing ignored -> new SecretValues.KeyMissing();
                case SecretSeen.Blank ignored -> new SecretValues.Empty();
                case SecretSeen.Forbidden ignored -> new SecretValues.Forbidden();
            };
        };
    }

    @Override
    public void close() {
        sampler.close();
        outbox.close();
    }
}

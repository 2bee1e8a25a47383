package dev.mainstay.controller;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.controller.alert.AlertMutes;
import dev.mainstay.controller.alert.AlertRuleReconciler;
import dev.mainstay.controller.alert.Evaluations;
import dev.mainstay.controller.alert.NotificationChannelReconciler;
import dev.mainstay.controller.alert.Outbox;
import dev.mainstay.controller.alert.SourceTroubles;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.OwnUser;
import dev.mainstay.controller.kube.Secrets;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.watch.Wakeups;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;

/** Puts together what alert rules and notification channels need. */
final class AlertComposition {

    private AlertComposition() {}

    /** Has both kinds looked at. */
    static void register(
            Controllers controllers,
            Settings settings,
            KubernetesClient client,
            ClaimLeases leases,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        Evaluations evaluations = new NoEvaluations(settings.allowFreeQueries());
        Outbox outbox = new NoOutbox();
        SourceTroubles troubles = channel -> List.of();
        controllers.register(
                new AlertRuleReconciler(
                        evaluations,
                        outbox,
                        new AlertMutes(wakeups),
                        leases::otherRelease,
                        new Finalizers(client),
                        statuses,
                        events,
                        wakeups,
                        clock),
                AlertRule.class);
        controllers.register(
                new NotificationChannelReconciler(
                        new Secrets(client), new OwnUser(client), troubles, outbox, statuses, events, wakeups, clock),
                NotificationChannel.class);
    }
}

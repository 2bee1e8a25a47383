package dev.mainstay.controller.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.AlertmanagerDestination;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.SlackDestination;
import dev.mainstay.api.alert.WebhookDestination;
import dev.mainstay.core.alert.AlertMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Messages of tests. The alert of an object has its uid as its name. */
final class AlertMessages {

    static final Instant BEGAN = Instant.parse("2026-05-01T02:58:00Z");

    private AlertMessages() {}

    static NotificationDestination slack(String secret) {
        return new NotificationDestination(new SlackDestination(new SecretKeyReference(secret, "url")), null, null);
    }

    static NotificationDestination webhook(String url) {
        return webhook(new WebhookDestination(url, null, null, null, null, 50));
    }

    static NotificationDestination webhook(WebhookDestination webhook) {
        return new NotificationDestination(null, webhook, null);
    }

    static NotificationDestination alertmanager(String... urls) {
        return new NotificationDestination(null, null, new AlertmanagerDestination(List.of(urls), null, null));
    }

    static AlertMessage of(String owner, NotificationKind kind, NotificationDestination destination) {
        return of(owner, kind, destination, BEGAN);
    }

    static AlertMessage of(String owner, NotificationKind kind, NotificationDestination destination, Instant began) {
        return new AlertMessage(
                owner + "-" + kind,
                owner + "-1",
                owner,
                "shop",
                "oncall",
                destination,
                kind,
                AlertSeverity.CRITICAL,
                "shop: " + owner + " " + kind,
                "The ratio was 2.4 %.",
                "https://runbooks.example.org/x",
                Map.of("alertname", owner, "namespace", "shop", "severity", "critical"),
                began,
                kind == NotificationKind.RESOLVE ? began.plusSeconds(60) : null);
    }

    /** The same under another key, as a later repeat has. */
    static AlertMessage numbered(AlertMessage message, int number) {
        return new AlertMessage(
                message.key() + "-" + number,
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                message.destination(),
                message.kind(),
                message.severity(),
                message.title() + " " + number,
                message.text(),
                message.runbookUrl(),
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }

    static AlertMessage titled(AlertMessage message, String title) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                message.destination(),
                message.kind(),
                message.severity(),
                title,
                message.text(),
                message.runbookUrl(),
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }

    static AlertMessage by(AlertMessage message, String channel) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                channel,
                message.destination(),
                message.kind(),
                message.severity(),
                message.title(),
                message.text(),
                message.runbookUrl(),
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.SecretKeyReference;
import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.SlackDestination;
import java.time.Instant;
import java.util.Map;

/** Messages of tests: those of the alert {@code error-rate} of the shop, but for what a test says otherwise. */
final class Messages {

    static final Instant BEGAN = Instant.parse("2026-05-01T03:00:00.25Z");
    static final Instant ENDED = Instant.parse("2026-05-01T03:12:00Z");

    private static final NotificationDestination SLACK =
            new NotificationDestination(new SlackDestination(new SecretKeyReference("slack", "url")), null, null);

    private Messages() {}

    static AlertMessage trigger(String rule) {
        return of(rule, NotificationKind.TRIGGER);
    }

    static AlertMessage of(String rule, NotificationKind kind) {
        boolean over = kind == NotificationKind.RESOLVE;
        return new AlertMessage(
                rule + "/1/" + kind,
                rule + "/1",
                "uid-" + rule,
                "shop",
                "oncall",
                SLACK,
                kind,
                AlertSeverity.CRITICAL,
                "shop: " + rule + (over ? " is over" : " fires"),
                "The ratio was 2.4 %, above 1 % since 03:00.",
                "https://runbooks.example.org/" + rule + "?a=1&b=2",
                Map.of("alertname", rule, "namespace", "shop", "severity", "critical"),
                BEGAN,
                over ? ENDED : null);
    }

    static AlertMessage says(AlertMessage message, String title, String text, String url) {
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
                text,
                url,
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }

    static AlertMessage to(AlertMessage message, NotificationDestination destination) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                destination,
                message.kind(),
                message.severity(),
                message.title(),
                message.text(),
                message.runbookUrl(),
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }

    static AlertMessage labelled(AlertMessage message, Map<String, String> labels, Instant startsAt, Instant endsAt) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                message.destination(),
                message.kind(),
                message.severity(),
                message.title(),
                message.text(),
                message.runbookUrl(),
                labels,
                startsAt,
                endsAt);
    }

    static AlertMessage grave(AlertMessage message, AlertSeverity severity) {
        return new AlertMessage(
                message.key(),
                message.dedupKey(),
                message.ownerUid(),
                message.namespace(),
                message.channel(),
                message.destination(),
                message.kind(),
                severity,
                message.title(),
                message.text(),
                message.runbookUrl(),
                message.labels(),
                message.startsAt(),
                message.endsAt());
    }
}

package dev.mainstay.core.alert;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What a webhook is told: the payload of version 4 that Alertmanager posts to webhooks, so that what takes that takes this. A
 * digest is an alert that is over, and a test is one that fires and is not heard of again.
 */
public final class WebhookBody {

    private static final String VERSION = "4";
    private static final String FIRING = "firing";
    private static final String RESOLVED = "resolved";

    /** What Alertmanager says where there is no time. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private WebhookBody() {}

    /**
     * The body, as JSON.
     *
     * @param messages what waits, at least one and all for one channel; of each episode the newest is told
     * @param maxAlerts how many alerts it may hold
     * @param more how many messages wait beside these
     */
    public static String of(List<AlertMessage> messages, int maxAlerts, int more) {
        List<AlertMessage> newest = SentTexts.newest(messages);
        List<Alert> alerts =
                newest.stream().limit(maxAlerts).map(WebhookBody::alert).toList();
        SortedMap<String, String> labels =
                SentLabels.common(alerts.stream().map(Alert::labels).toList());
        return TaskJson.write(new Payload(
                messages.getFirst().channel(),
                alerts.stream().anyMatch(alert -> alert.status().equals(FIRING)) ? FIRING : RESOLVED,
                alerts,
                labels,
                labels,
                SentLabels.common(alerts.stream().map(Alert::annotations).toList()),
                "",
                VERSION,
                groupKey(labels),
                newest.size() - alerts.size() + more));
    }

    private static Alert alert(AlertMessage message) {
        boolean over = message.kind() == NotificationKind.RESOLVE || message.kind() == NotificationKind.DIGEST;
        SortedMap<String, String> labels = SentLabels.of(message);
        Instant startsAt = Optional.ofNullable(message.startsAt()).orElse(NEVER);
        return new Alert(
                over ? RESOLVED : FIRING,
                labels,
                SentTexts.annotations(message),
                startsAt,
                over ? Optional.ofNullable(message.endsAt()).orElse(startsAt) : NEVER,
                "",
                SentLabels.fingerprint(labels));
    }

    /** In Alertmanager's own form. It is one alert's own where the body has one, whichever channel and message that is. */
    private static String groupKey(SortedMap<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=\""
                        + label.getValue()
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                        + "\"")
                .collect(Collectors.joining(", ", "{}:{", "}"));
    }

    /** The payload. */
    @JsonPropertyOrder({
        "receiver",
        "status",
        "alerts",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "version",
        "groupKey",
        "truncatedAlerts"
    })
    record Payload(
            String receiver,
            String status,
            List<Alert> alerts,
            Map<String, String> groupLabels,
            Map<String, String> commonLabels,
            Map<String, String> commonAnnotations,
            String externalURL,
            String version,
            String groupKey,
            int truncatedAlerts) {}

    /** One alert of it. */
    @JsonPropertyOrder({"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"})
    record Alert(
            String status,
            Map<String, String> labels,
            Map<String, String> annotations,
            Instant startsAt,
            Instant endsAt,
            String generatorURL,
            String fingerprint) {}
}

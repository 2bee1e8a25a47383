package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertSeverity;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import java.time.Instant;
import java.util.Map;

/**
 * What a channel is told. It is the same however often it is made, so that one which is sent again after a crash is known by its
 * key, and it holds no secret.
 *
 * @param key identifies the message: the same one is sent once, however often it is handed over
 * @param dedupKey identifies the episode of an alert: a receiver that knows it takes a repeat for one, and closes with the end what
 *     it has opened with the beginning
 * @param ownerUid the object whose status tells how far the message is
 * @param namespace where the channel and its Secrets are
 * @param channel name of the NotificationChannel
 * @param destination where it goes
 * @param kind what is told
 * @param severity how grave
 * @param title one line, such as {@code shop: error-rate fires}
 * @param text what was found, since when and what to do, in a few sentences of plain text
 * @param runbookUrl where it stands what to do; null when nothing says
 * @param labels the labels of the alert, as Alertmanager has them, {@code alertname} among them
 * @param startsAt when the alert began to fire
 * @param endsAt when it ended; null while it fires
 */
public record AlertMessage(
        String key,
        String dedupKey,
        String ownerUid,
        String namespace,
        String channel,
        NotificationDestination destination,
        NotificationKind kind,
        AlertSeverity severity,
        String title,
        String text,
        String runbookUrl,
        Map<String, String> labels,
        Instant startsAt,
        Instant endsAt) {

    /** Keeps a copy of the labels. */
    public AlertMessage {
        labels = Map.copyOf(labels);
    }
}

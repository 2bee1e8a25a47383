package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationChannelStatus;
import java.time.Instant;
import java.util.List;

/**
 * What is to be done for a notification channel.
 *
 * @param status the whole status
 * @param messages all messages of its own that are not taken yet: they are handed over once the status is written
 * @param open those that an Alertmanager has to be told again and again
 * @param wakeUp when to look again at the latest; null when only an event changes anything
 */
public record ChannelDecision(
        NotificationChannelStatus status, List<AlertMessage> messages, List<AlertMessage> open, Instant wakeUp) {

    /** Keeps copies of the lists. */
    public ChannelDecision {
        messages = List.copyOf(messages);
        open = List.copyOf(open);
    }
}

package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.status.Failure;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.Map;

/** What a channel was told of the alert: a line of the ledger, which stays until the channel knows that the alert is over. */
public record AlertNotification(
        @JsonPropertyDescription("Name of the NotificationChannel.") @Size(max = 253)
        String channel,

        @JsonPropertyDescription(
                "Where the channel led when it was told first. The end of the alert is told there too.")
        NotificationDestination destination,

        @JsonPropertyDescription("The episode that it is about.")
        Long episode,

        @JsonPropertyDescription("When the alert of that episode began to fire.")
        Instant firingSince,

        @JsonPropertyDescription("What the newest message says.")
        NotificationKind kind,

        @JsonPropertyDescription(
                "What the newest message tells as found: it stays the same for as long as that message is to be sent.")
        @Size(max = 1024)
        String facts,

        @JsonPropertyDescription("How far the newest message is.")
        NotificationState state,

        @JsonPropertyDescription(
                "Counts the messages on this episode to this channel: repeats have the same key and another number.")
        Integer number,

        @JsonPropertyDescription("Since when the newest message is to be sent.")
        Instant since,

        @JsonPropertyDescription("When the channel took the message that the alert fires; absent until then.")
        Instant triggeredAt,

        @JsonPropertyDescription(
                "Since when the channel may know that the alert fires: the message was sent and no answer came back. It is told "
                        + "the end, as one that took the message is. Absent where it was answered.")
        Instant unansweredAt,

        @JsonPropertyDescription("When the channel took a message last.")
        Instant sentAt,

        @JsonPropertyDescription("Since when the newest message is refused or not answered; absent while all is well.")
        Instant failingSince,

        @JsonPropertyDescription("Why the newest message was not taken.")
        Failure failure,

        @JsonPropertyDescription("The channel for which this one stands in; absent where it is told in its own right.")
        @Size(max = 253)
        String insteadOf,

        @JsonPropertyDescription(
                "The labels of the message that the alert fires. Its end has the same, whatever became of the rule: by them "
                        + "receivers know which alert is over.")
        @Size(max = 8)
        Map<String, @Size(max = 253) String> labels) {}

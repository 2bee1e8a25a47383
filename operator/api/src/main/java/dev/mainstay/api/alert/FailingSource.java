package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A source of metrics that does not answer, of which this channel is told once instead of once for each rule. */
public record FailingSource(
        @JsonPropertyDescription("What is asked, such as the URL of a Prometheus.") @Size(max = 512)
        String source,

        @JsonPropertyDescription(
                "Where the channel led when it was told. That the source answers again is told there too.")
        NotificationDestination destination,

        @JsonPropertyDescription("Since when it does not answer.")
        Instant since,

        @JsonPropertyDescription("Since when it answers again; absent while it does not.")
        Instant answersSince,

        @JsonPropertyDescription("How many rules of this channel ask it.")
        Integer rules,

        @JsonPropertyDescription("What the newest message says: Trigger or Resolve.")
        NotificationKind kind,

        @JsonPropertyDescription("How far the newest message is.")
        NotificationState state,

        @JsonPropertyDescription("When the channel took the message that it does not answer; absent until then.")
        Instant triggeredAt,

        @JsonPropertyDescription(
                "Since when the channel may know it: a message was sent and no answer came back. Absent when there was none such.")
        Instant unansweredAt) {}

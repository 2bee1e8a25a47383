package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** A message that was sent to see whether it arrives. */
public record ChannelTest(
        @JsonPropertyDescription("Value of the annotation mainstay.dev/test-send that asked for it.") @Size(max = 253)
        String value,

        @JsonPropertyDescription("Counts the tests; each is a message of its own.")
        Integer number,

        @JsonPropertyDescription("When it was asked for; once it is over, when that was.")
        Instant at,

        @JsonPropertyDescription(
                "How it ended: Sent or Refused; until then Sending, or Failing while it is tried again.")
        NotificationState state,

        @JsonPropertyDescription("What was answered, and what to do.") @Size(max = 1024)
        String message) {}

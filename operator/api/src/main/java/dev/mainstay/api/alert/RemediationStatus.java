package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What was done about the alert, and what keeps more from being done. */
public record RemediationStatus(
        @JsonPropertyDescription("The newest attempts, the oldest first.") @Size(max = 10)
        List<RemediationAttempt> attempts,

        @JsonPropertyDescription("No attempt is made before this moment; absent until there was one.")
        Instant nextAllowedAt,

        @JsonPropertyDescription(
                "Why nothing is done although the alert fires, as one word; absent while nothing is in the way.")
        @Size(max = 64)
        String blockedReason,

        @JsonPropertyDescription("The same in a sentence or two, with what to do.") @Size(max = 1024)
        String blockedMessage) {

    /** How many attempts are kept. */
    public static final int MOST_ATTEMPTS = 10;

    /** Nothing was done. */
    public static final RemediationStatus NONE = new RemediationStatus(null, null, null, null);

    /** The attempts; empty when there were none. */
    @Override
    public List<RemediationAttempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}

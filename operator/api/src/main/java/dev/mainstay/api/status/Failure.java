package dev.mainstay.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Why something failed. */
public record Failure(
        @JsonPropertyDescription("Why, as one word of the list in docs/reference/reasons.md.") @Size(max = 64)
        String reason,

        @JsonPropertyDescription("What was found and what to do.") @Size(max = 1024)
        String message,

        @JsonPropertyDescription("Last lines of the failed program, without those that carry rows of tables.")
        @Size(max = 20)
        List<String> logTail) {

    /** The lines; empty when there are none. */
    @Override
    public List<String> logTail() {
        return logTail == null ? List.of() : logTail;
    }
}

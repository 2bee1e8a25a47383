package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What the slots are counted by. */
public record Scheduled(
        @JsonPropertyDescription("The schedule that is followed.") @Size(max = 128)
        String schedule,

        @JsonPropertyDescription("Its time zone.") @Size(max = 64)
        String timeZone,

        @JsonPropertyDescription("What its two day fields mean together.")
        DayMatch dayMatch,

        @JsonPropertyDescription(
                "Since when it is followed: its creation, its last edit, or its last resume. No slot before is run.")
        Instant since,

        @JsonPropertyDescription("Why slots are skipped just now: Suspended or Paused; absent when they run.")
        @Size(max = 64)
        String held) {}

package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The task that a restore waits for. It is written before its Job exists. */
public record RestoreTaskState(
        @JsonPropertyDescription("What the task is for: "
                + "restore-plan, restore-copy, restore-swap, restore-into-empty or restore-settle.")
        @Size(max = 32)
        String kind,

        @JsonPropertyDescription("Which try of it this is, from 1.")
        int number,

        @JsonPropertyDescription("How many tries of it were lost before this one, each with its Pod.")
        int lost,

        @JsonPropertyDescription("Name of its Job, once it was seen to exist.") @Size(max = 63)
        String job,

        @JsonPropertyDescription("When this try begins, at the earliest.")
        Instant plannedAt) {}

package dev.mainstay.api.schedule;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the rollouts are counted by. */
public record Triggered(
        @JsonPropertyDescription("Which stage of a rollout is followed.")
        RolloutStage rollout,

        @JsonPropertyDescription("The Deployments that the spec names; absent when it means all.") @Size(max = 32)
        List<@Size(max = 253) String> workloads,

        @JsonPropertyDescription(
                "Since when rollouts are followed: the creation of the schedule, its last edit, or its "
                        + "last resume. No rollout that had begun before has a run.")
        Instant since,

        @JsonPropertyDescription(
                "Why rollouts are skipped just now: Suspended or Paused; absent when they have their runs.")
        @Size(max = 64)
        String held) {}

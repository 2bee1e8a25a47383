package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;

/** Tasks that follow an attempt whose own task ended without a result. */
public record FollowUps(
        @JsonPropertyDescription("How many settling tasks were planned.")
        int settles,

        @JsonPropertyDescription("How many verification tasks were planned.")
        int verifications,

        @JsonPropertyDescription("When the newest of them was planned.")
        Instant plannedAt) {

    /** No follow-up yet. */
    public static final FollowUps NONE = new FollowUps(0, 0, null);
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationChannelStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a channel can be used, and what it is told in its own right. */
public final class ChannelDecider {

    private ChannelDecider() {}

    /** What is to be done now. */
    public static ChannelDecision decide(ChannelObservation seen, Instant now) {
        return new ChannelDecision(
                Optional.ofNullable(seen.channel().getStatus()).orElse(NotificationChannelStatus.NONE),
                List.of(),
                List.of(),
                null);
    }
}

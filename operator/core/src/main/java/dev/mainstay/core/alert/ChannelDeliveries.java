package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.core.status.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a channel takes messages and why it does not, by what the rules say that have some for it: that survives a restart. */
public final class ChannelDeliveries {

    private ChannelDeliveries() {}

    /** The trouble that lasts longest; empty while all messages of rules are taken, or there are none. */
    public static Optional<Delivery.Failing> trouble(String channel, List<AlertRule> rules) {
        return lines(channel, rules)
                .filter(line -> line.failingSince() != null && line.failure() != null)
                .min(Comparator.comparing(AlertNotification::failingSince))
                .map(line -> new Delivery.Failing(
                        line.failingSince(),
                        Reason.of(line.failure().reason()).orElse(Reason.CONNECTION_FAILED),
                        line.failure().message()));
    }

    /** Whether the channel has taken a message on an alert that it is still told of. */
    public static boolean taken(String channel, List<AlertRule> rules) {
        return lines(channel, rules).anyMatch(line -> line.sentAt() != null);
    }

    private static Stream<AlertNotification> lines(String channel, List<AlertRule> rules) {
        return rules.stream()
                .filter(rule -> rule.getStatus() != null)
                .flatMap(rule -> rule.getStatus().notifications().stream())
                .filter(line -> channel.equals(line.channel()));
    }
}

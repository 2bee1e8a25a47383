package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import java.util.Map;

/**
 * What is seen of an alert rule.
 *
 * @param rule the rule
 * @param application the application that it names; null when there is none
 * @param channels the channels of its namespace, by name
 * @param query what is asked for it, as status.query tells it; null when it can't be asked
 * @param obstacle why it can't be asked; null when it can
 * @param evaluation the newest measurement of what {@code query} asks; null when none was made yet
 * @param mute what keeps it from being told; null when nothing does
 * @param deliveries how far messages are that this process was given for it, by key
 */
public record AlertObservation(
        AlertRule rule,
        ManagedApplication application,
        Map<String, NotificationChannel> channels,
        String query,
        AlertObstacle obstacle,
        Evaluation evaluation,
        AlertMute mute,
        Map<String, Delivery> deliveries) {

    /** Keeps copies of the maps. */
    public AlertObservation {
        channels = Map.copyOf(channels);
        deliveries = Map.copyOf(deliveries);
    }
}

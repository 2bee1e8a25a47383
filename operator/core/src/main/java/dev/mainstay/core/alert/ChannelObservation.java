package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is seen of a notification channel.
 *
 * @param channel the channel
 * @param channels the channels of its namespace, by name: those that stand in for it are among them
 * @param obstacle why nothing can be sent, such as a Secret that is not there; null when nothing is in the way
 * @param failing the sources of metrics that do not answer, of the rules that tell this channel at once
 * @param deliveries how far messages are that this process was given for the channel itself, by key
 * @param taken whether the channel has taken a message of a rule on an alert that is still told of
 * @param trouble why messages of rules to this channel are not taken now; null while they are, or there are none
 */
public record ChannelObservation(
        NotificationChannel channel,
        Map<String, NotificationChannel> channels,
        AlertObstacle obstacle,
        List<SourceTrouble> failing,
        Map<String, Delivery> deliveries,
        boolean taken,
        Delivery.Failing trouble) {

    /** Keeps copies. */
    public ChannelObservation {
        channels = Map.copyOf(channels);
        failing = List.copyOf(failing);
        deliveries = Map.copyOf(deliveries);
    }

    /**
     * A source that does not answer.
     *
     * @param source what is asked
     * @param since since when it does not answer
     * @param why what was found and what to do
     * @param rules how many rules of this channel ask it
     */
    public record SourceTrouble(String source, Instant since, String why, int rules) {}
}

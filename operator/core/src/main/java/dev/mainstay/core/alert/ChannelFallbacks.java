package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.core.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who stands in for a channel, and who for that one: one that does not exist is nobody, and a circle ends with nobody either. */
final class ChannelFallbacks {

    private static final int SHOWN = 8;

    private final NotificationChannel channel;
    private final Map<String, NotificationChannel> channels;

    ChannelFallbacks(NotificationChannel channel, Map<String, NotificationChannel> channels) {
        this.channel = channel;
        this.channels = channels;
    }

    /** What is wrong with it; empty when nothing is. Messages are sent all the same. */
    Optional<AlertObstacle> trouble() {
        return fallback(channel)
                .flatMap(name -> loop().map(this::circle)
                        .or(() -> Optional.of(name)
                                .filter(other -> !channels.containsKey(other))
                                .map(this::missing)));
    }

    /** The channels of the circle that this one is in, itself first; empty when it is in none. */
    private Optional<List<String>> loop() {
        List<String> chain = new ArrayList<>(List.of(name()));
        Optional<String> next = fallback(channel);
        while (next.isPresent() && !chain.contains(next.get())) {
            chain.add(next.get());
            next = Optional.ofNullable(channels.get(next.get())).flatMap(ChannelFallbacks::fallback);
        }
        return next.filter(name()::equals).map(ignored -> chain);
    }

    private AlertObstacle circle(List<String> chain) {
        if (chain.size() == 1) {
            return new AlertObstacle(
                    Reason.FALLBACK_LOOP,
                    "spec.fallback.channel names this channel itself, which can't stand in for itself. Name another, or remove"
                            + " spec.fallback. Messages are sent all the same.");
        }
        String shown = String.join(" -> ", chain.subList(0, Math.min(chain.size(), SHOWN)));
        return new AlertObstacle(
                Reason.FALLBACK_LOOP,
                "spec.fallback.channel leads in a circle: " + shown
                        + (chain.size() > SHOWN ? " -> " + (chain.size() - SHOWN) + " more" : "") + " -> " + name()
                        + ". When none of them takes a message, nobody else is told. Remove spec.fallback of one of them, or name"
                        + " a channel that is none of them. Messages are sent all the same.");
    }

    private AlertObstacle missing(String name) {
        return new AlertObstacle(
                Reason.CHANNEL_NOT_FOUND,
                "spec.fallback.channel names NotificationChannel " + name + ", which does not exist in namespace "
                        + channel.getMetadata().getNamespace()
                        + ". Create it, or correct the name. Messages are sent all the same, and nobody stands in.");
    }

    private String name() {
        return channel.getMetadata().getName();
    }

    private static Optional<String> fallback(NotificationChannel channel) {
        return Optional.ofNullable(channel.getSpec())
                .map(spec -> spec.fallback())
                .map(fallback -> fallback.channel());
    }
}

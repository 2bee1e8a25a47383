package dev.mainstay.core.alert;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.task.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an Alertmanager is told, by its API of version 2. One that fires ends by itself some minutes from now: it is told again
 * before that, and should the operator be gone for good, the Alertmanager takes it for over.
 */
public final class AlertmanagerBody {

    /** How long an Alertmanager believes it: that of Prometheus is four minutes at least. */
    private static final Duration BELIEVED = Duration.ofMinutes(5);

    private AlertmanagerBody() {}

    /** Whether it is told of such a message: it has told of each alert of a digest itself. */
    public static boolean tells(NotificationKind kind) {
        return kind != NotificationKind.DIGEST;
    }

    /**
     * The body, as JSON.
     *
     * @param messages what waits, and what fires still; of each episode the last one is told
     */
    public static String of(List<AlertMessage> messages, Instant now) {
        return TaskJson.write(
                SentTexts.newest(messages.stream()
                                .filter(message -> tells(message.kind()))
                                .toList())
                        .stream()
                        .map(message -> alert(message, now))
                        .toList());
    }

    private static Alert alert(AlertMessage message, Instant now) {
        Instant startsAt = earlier(message.startsAt(), now);
        Instant endsAt =
                switch (message.kind()) {
                    case RESOLVE -> earlier(message.endsAt(), now);
                    case TEST -> now;
                    default -> now.plus(BELIEVED);
                };
        return new Alert(
                SentLabels.of(message),
                SentTexts.annotations(message),
                startsAt,
                // An alert that ends before it begins is refused, and all with it.
                endsAt.isBefore(startsAt) ? startsAt : endsAt);
    }

    private static Instant earlier(Instant at, Instant now) {
        return Optional.ofNullable(at).filter(now::isAfter).orElse(now);
    }

    /** One alert. */
    @JsonPropertyOrder({"labels", "annotations", "startsAt", "endsAt"})
    record Alert(Map<String, String> labels, Map<String, String> annotations, Instant startsAt, Instant endsAt) {}
}

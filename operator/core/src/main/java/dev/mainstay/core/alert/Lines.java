package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines of the ledger: what a channel was told of an episode, and how far that is. */
final class Lines {

    private Lines() {}

    /** Identifies the newest message of a line; the moment keeps it apart from one to a channel that was taken out and put in again. */
    static String key(String uid, AlertNotification line) {
        return String.join(
                "/",
                uid,
                line.episode().toString(),
                line.channel(),
                Places.of(line.destination()),
                line.kind().name().toLowerCase(Locale.ROOT),
                line.number().toString(),
                Long.toString(line.since().getEpochSecond()));
    }

    /** A line that begins. */
    static AlertNotification begin(
            String channel,
            NotificationDestination destination,
            long episode,
            Instant firingSince,
            NotificationKind kind,
            String facts,
            String insteadOf,
            Map<String, String> labels,
            Instant now) {
        return new AlertNotification(
                channel,
                destination,
                episode,
                firingSince,
                kind,
                facts,
                NotificationState.SENDING,
                1,
                now,
                null,
                null,
                null,
                null,
                null,
                insteadOf,
                labels);
    }

    /** Another message on the same line. That the channel takes nothing goes on until it takes one. */
    static AlertNotification next(AlertNotification line, NotificationKind kind, String facts, Instant now) {
        boolean ends = kind == NotificationKind.RESOLVE;
        return new AlertNotification(
                line.channel(),
                line.destination(),
                line.episode(),
                line.firingSince(),
                kind,
                facts,
                NotificationState.SENDING,
                line.number() + 1,
                now,
                line.triggeredAt(),
                line.unansweredAt(),
                line.sentAt(),
                ends ? null : line.failingSince(),
                ends ? null : line.failure(),
                line.insteadOf(),
                line.labels());
    }

    /** The same receiver, with another way to log in. What was not taken yet is a new message. */
    static AlertNotification led(AlertNotification line, NotificationDestination destination, Instant now) {
        AlertNotification led = new AlertNotification(
                line.channel(),
                destination,
                line.episode(),
                line.firingSince(),
                line.kind(),
                line.facts(),
                line.state(),
                line.number(),
                line.since(),
                line.triggeredAt(),
                line.unansweredAt(),
                line.sentAt(),
                line.failingSince(),
                line.failure(),
                line.insteadOf(),
                line.labels());
        return line.state() == NotificationState.SENT ? led : next(led, line.kind(), line.facts(), now);
    }

    /** A line after what is known of its newest message. */
    static AlertNotification absorb(String uid, AlertNotification line, Map<String, Delivery> deliveries) {
        if (!isUnderWay(line)) {
            return line;
        }
        return switch (deliveries.get(key(uid, line))) {
            case null -> line;
            case Delivery.Waiting ignored -> line;
            case Delivery.Taken taken -> taken(line, taken.at().truncatedTo(ChronoUnit.SECONDS));
            case Delivery.Failing failing ->
                troubled(
                        line,
                        NotificationState.FAILING,
                        failing.unanswered() && tellsOfFiring(line) && !mayKnow(line)
                                ? failing.since().truncatedTo(ChronoUnit.SECONDS)
                                : line.unansweredAt(),
                        failing.since(),
                        failure(failing.reason().text(), failing.message()));
            case Delivery.Refused refused ->
                troubled(
                        line,
                        NotificationState.REFUSED,
                        line.unansweredAt(),
                        refused.at(),
                        failure(refused.reason().text(), refused.message()));
        };
    }

    /** Whether the channel knows, or may know, that the alert fires. */
    static boolean mayKnow(AlertNotification line) {
        return line.triggeredAt() != null || line.unansweredAt() != null;
    }

    /** Whether its newest message is still to be sent. */
    static boolean isUnderWay(AlertNotification line) {
        return line.state() == NotificationState.SENDING || line.state() == NotificationState.FAILING;
    }

    /** Whether it tells that an alert fires; what a newer version tells beside its end and what was muted, does. */
    static boolean tellsOfFiring(AlertNotification line) {
        return line.kind() != NotificationKind.RESOLVE && line.kind() != NotificationKind.DIGEST;
    }

    /** Whether the message waits for an older one to the same receiver, so that they arrive in their order. */
    static boolean isHeld(List<AlertNotification> lines, int index) {
        AlertNotification line = lines.get(index);
        return line.kind() == NotificationKind.TRIGGER && ahead(lines, index) != null;
    }

    /** The line that the one at this place waits for; null when it waits for none. */
    static AlertNotification ahead(List<AlertNotification> lines, int index) {
        AlertNotification line = lines.get(index);
        return lines.subList(0, index).stream()
                .filter(older -> older.channel().equals(line.channel())
                        && older.kind() != NotificationKind.DIGEST
                        && Places.same(older.destination(), line.destination()))
                .findFirst()
                .orElse(null);
    }

    private static AlertNotification taken(AlertNotification line, Instant at) {
        boolean triggers = line.triggeredAt() == null && tellsOfFiring(line);
        return new AlertNotification(
                line.channel(),
                line.destination(),
                line.episode(),
                line.firingSince(),
                line.kind(),
                line.facts(),
                NotificationState.SENT,
                line.number(),
                line.since(),
                triggers ? at : line.triggeredAt(),
                line.unansweredAt(),
                at,
                null,
                null,
                line.insteadOf(),
                line.labels());
    }

    private static AlertNotification troubled(
            AlertNotification line, NotificationState state, Instant unansweredAt, Instant since, Failure failure) {
        return new AlertNotification(
                line.channel(),
                line.destination(),
                line.episode(),
                line.firingSince(),
                line.kind(),
                line.facts(),
                state,
                line.number(),
                line.since(),
                line.triggeredAt(),
                unansweredAt,
                line.sentAt(),
                line.failingSince() == null ? since.truncatedTo(ChronoUnit.SECONDS) : line.failingSince(),
                failure,
                line.insteadOf(),
                line.labels());
    }

    private static Failure failure(String reason, String message) {
        return new Failure(reason, Conditions.cut(message), List.of());
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.backup.PolicyMetric.Type;
import dev.mainstay.core.status.Conditions;
import java.util.Optional;

/** What is measured of messages on alerts. docs/reference/metrics.md is made from this list. */
public enum NotificationMetric {
    SENT(
            "mainstay_notifications_total",
            Type.COUNTER,
            "Requests to receivers since the operator started; labels type (slack, webhook or alertmanager) and outcome (taken,"
                    + " failed or refused)."),
    FAILING(
            "mainstay_notification_failing",
            Type.GAUGE,
            "1 while the condition Delivering of a NotificationChannel is False, 0 while it is True, else no series; labels"
                    + " namespace and channel.");

    private final String text;
    private final Type type;
    private final String help;

    NotificationMetric(String text, Type type, String help) {
        this.text = text;
        this.type = type;
        this.help = help;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** How it is to be read. */
    public Type type() {
        return type;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Whether a channel does not take messages, as 1 or 0; empty while that is not known. */
    public static Optional<Double> failing(NotificationChannel channel) {
        return Optional.ofNullable(channel.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), "Delivering"))
                .filter(found -> found.status() == ConditionStatus.TRUE || found.status() == ConditionStatus.FALSE)
                .map(found -> found.status() == ConditionStatus.FALSE ? 1.0 : 0.0);
    }
}

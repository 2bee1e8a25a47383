package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.api.alert.NotificationState;
import java.util.Optional;
import java.util.stream.Collectors;

/** What stays behind when nothing more is told of an alert. */
public final class OpenAlerts {

    private OpenAlerts() {}

    /** What is said of a rule that goes while channels believe that its alert fires. */
    public static String leftOpen(AlertRule rule) {
        String name = "AlertRule " + rule.getMetadata().getName();
        if (rule.unreadableStatus().isPresent()) {
            return "status of " + name + " can't be read by this version of Mainstay: "
                    + rule.unreadableStatus().get()
                    + ". Whoever was told that its alert fires is not told that it is over: close that by hand.";
        }
        String channels = channels(rule);
        return channels.isEmpty()
                ? name + " goes; no channel was told of an alert that it does not know the end of."
                : name + " goes, and these channels are not told that its alert is over: " + channels
                        + ". Close it there by hand.";
    }

    /** Whether a channel was told that the alert fires, or may have been, and has not taken the message that it is over. */
    public static boolean isOpen(AlertRule rule) {
        return rule.unreadableStatus().isPresent() || !channels(rule).isEmpty();
    }

    private static String channels(AlertRule rule) {
        return Optional.ofNullable(rule.getStatus()).orElse(AlertRuleStatus.NONE).notifications().stream()
                .filter(Lines::mayKnow)
                .filter(line -> line.kind() != NotificationKind.RESOLVE || line.state() != NotificationState.SENT)
                .map(AlertNotification::channel)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}

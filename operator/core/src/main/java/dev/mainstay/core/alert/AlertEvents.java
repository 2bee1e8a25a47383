package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.ResolvedAlert;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is told as Events of a rule: that its alert began to fire, and that it ended. */
public final class AlertEvents {

    private AlertEvents() {}

    /**
     * An Event.
     *
     * @param reason in one word
     * @param message what is to be read
     */
    public record Told(Reason reason, String message) {}

    /**
     * What has changed between the status that a rule has and the one that is written: nothing where it tells of the same alert,
     * whichever process looks at it.
     *
     * @param rule as it was seen, with the status before
     * @param after the status that is written
     */
    public static List<Told> between(AlertRule rule, AlertRuleStatus after) {
        AlertRuleStatus before = Optional.ofNullable(rule.getStatus()).orElse(AlertRuleStatus.NONE);
        AlertTexts texts = new AlertTexts(
                new RuleView(new AlertObservation(rule, null, Map.of(), null, null, null, null, Map.of())));
        List<Told> told = new ArrayList<>();
        ResolvedAlert ended = after.lastResolved();
        if (ended != null && !Objects.equals(ended, before.lastResolved())) {
            told.add(new Told(
                    Reason.ALERT_RESOLVED,
                    "Episode " + ended.episode() + " is over, " + AlertTexts.word(ended.reason()) + ". "
                            + texts.over(ended)));
        }
        if (fires(after) && !(fires(before) && before.episode().equals(after.episode()))) {
            told.add(new Told(Reason.ALERT_FIRING, firing(texts, after)));
        }
        return told;
    }

    /** In the words of the message to channels, and whether they get one. */
    private static String firing(AlertTexts texts, AlertRuleStatus after) {
        String muted = after.muted() == null
                ? ""
                : " Nobody is told while " + after.muted().by() + " mutes it.";
        return "Episode " + after.episode() + " fires, " + texts.severity() + ". "
                + texts.fires(Standing.of(after, Instant.MAX), new AlertMuting(null, null)) + muted;
    }

    private static boolean fires(AlertRuleStatus status) {
        return Standing.of(status, Instant.MAX).fires();
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.MutedAlert;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.alert.ResolvedAlert;
import dev.mainstay.core.Texts;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a mute does to a rule in this pass.
 *
 * @param muted what the status tells; null when nothing mutes it
 * @param over what was muted until now; null when no mute ends in this pass
 */
record AlertMuting(MutedAlert muted, MutedAlert over) {

    private static final int LONGEST_NAME = 320;

    /** How it is after this pass. */
    static AlertMuting of(RuleView view, Standing next, Instant now) {
        MutedAlert before = view.status().muted();
        Optional<AlertMute> mute = view.mute();
        if (before == null && mute.isEmpty()) {
            return new AlertMuting(null, null);
        }
        int count = (before == null ? 0 : before.cameAndWent()) + (cameAndWent(view, next) ? 1 : 0);
        Instant since = before == null ? now : before.since();
        return mute.map(by -> new AlertMuting(
                        new MutedAlert(Texts.cut(by.by(), LONGEST_NAME, "…"), since, by.until(), count), null))
                .orElseGet(() -> new AlertMuting(null, new MutedAlert(before.by(), since, before.until(), count)));
    }

    boolean isMuted() {
        return muted != null;
    }

    /** Whether an alert has ended in this pass that nobody was told of. */
    private static boolean cameAndWent(RuleView view, Standing next) {
        ResolvedAlert ended = next.lastResolved();
        return ended != null
                && !Objects.equals(ended, view.status().lastResolved())
                && ended.reason() != ResolveReason.RULE_DELETED
                && view.status().notifications().stream()
                        .noneMatch(line -> ended.episode().equals(line.episode()));
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.alert.ResolvedAlert;
import java.time.Instant;

/**
 * How an alert stands, apart from whom it is told to: the part of the status that follows from what is measured.
 *
 * @param state how it stands
 * @param episode how often it began
 * @param query what is asked
 * @param activeSince since when what the rule watches for is there
 * @param firingSince since when it fires
 * @param recoveringSince since when the value of a firing alert is good again
 * @param value the value at the last change of state
 * @param lastResolved the last alert that was over
 */
record Standing(
        AlertState state,
        long episode,
        String query,
        Instant activeSince,
        Instant firingSince,
        Instant recoveringSince,
        String value,
        ResolvedAlert lastResolved) {

    /** What a status tells. No moment of it is in the future: a clock that went back gives no negative ages (VictoriaMetrics issue 10985). */
    static Standing of(AlertRuleStatus status, Instant now) {
        return new Standing(
                known(status),
                status.episode(),
                status.query(),
                notAfter(status.activeSince(), now),
                notAfter(status.firingSince(), now),
                notAfter(status.recoveringSince(), now),
                status.valueAtTransition(),
                status.lastResolved());
    }

    /** A moment, or now where it has not come yet. */
    static Instant notAfter(Instant moment, Instant now) {
        return moment != null && moment.isAfter(now) ? now : moment;
    }

    /** A state of a newer version is read from what it wrote beside it. */
    static AlertState known(AlertRuleStatus status) {
        if (status.state() != AlertState.UNRECOGNIZED) {
            return status.state();
        }
        if (status.firingSince() != null) {
            return AlertState.FIRING;
        }
        return status.activeSince() != null ? AlertState.PENDING : AlertState.UNKNOWN;
    }

    boolean fires() {
        return state == AlertState.FIRING;
    }

    /** Whether an episode is under way. */
    boolean isActive() {
        return fires() || state == AlertState.PENDING;
    }

    Standing asking(String query) {
        return new Standing(state, episode, query, activeSince, firingSince, recoveringSince, value, lastResolved);
    }

    /** No episode is under way. One that stands so already stays as it is, with the value that it came with. */
    Standing calm(AlertState state, String value) {
        return this.state == state ? this : new Standing(state, episode, query, null, null, null, value, lastResolved);
    }

    /** Another episode begins. */
    Standing begin(String value, Instant now) {
        return new Standing(AlertState.PENDING, episode + 1, query, now, null, null, value, lastResolved);
    }

    Standing fire(String value, Instant now) {
        return new Standing(AlertState.FIRING, episode, query, activeSince, now, null, value, lastResolved);
    }

    Standing recovering(Instant since) {
        return new Standing(state, episode, query, activeSince, firingSince, since, value, lastResolved);
    }

    /** The episode is over, if one is under way. One that never fired ends without a word. */
    Standing end(AlertState state, ResolveReason reason, String value, Instant now) {
        Standing ended = calm(state, value);
        return fires()
                ? new Standing(
                        state,
                        episode,
                        query,
                        null,
                        null,
                        null,
                        value,
                        new ResolvedAlert(episode, firingSince, now, reason, value))
                : ended;
    }
}

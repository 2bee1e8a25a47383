package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.core.status.Pause;
import java.util.Collection;
import java.util.List;

/**
 * How many alert rules fire at once: where many do, the cause is more likely a shared one, or a source of metrics that is wrong
 * (storm mode, medik8s/node-healthcheck-operator pull 378).
 *
 * @param firing how many fire
 * @param known of how many of which it is known
 */
public record FiringShare(int firing, int known) {

    /** No fewer are a storm, however few there are. */
    public static final int FEWEST = 5;

    /** More than so many of a hundred are one. */
    public static final int PERCENT = 30;

    /** Up to so many are told as they are. */
    private static final int EXACT = 100;

    /**
     * That of the rules of all applications. One of which nothing is known, since it is paused, new, or has no value, is
     * neither among those that fire nor among the others: rules that measure nothing must not make a storm look small.
     *
     * @param rules all that are watched, as they were written last
     * @param one the rule that is looked at
     * @param state how its alert stands as of now, which is not written yet
     */
    public static FiringShare of(Collection<AlertRule> rules, AlertRule one, AlertState state) {
        List<AlertState> known = rules.stream()
                .filter(rule -> !isSame(rule, one) && counts(rule))
                .map(rule -> Standing.known(rule.getStatus()))
                .filter(other -> other != AlertState.UNKNOWN)
                .toList();
        int own = state == AlertState.FIRING ? 1 : 0;
        return new FiringShare(
                own + (int) known.stream().filter(AlertState.FIRING::equals).count(),
                (state == AlertState.UNKNOWN ? 0 : 1) + known.size());
    }

    private static boolean isSame(AlertRule rule, AlertRule one) {
        return rule.getMetadata().getUid().equals(one.getMetadata().getUid());
    }

    private static boolean counts(AlertRule rule) {
        return rule.getStatus() != null
                && rule.getMetadata().getDeletionTimestamp() == null
                && Pause.message(rule).isEmpty();
    }

    /** Whether nothing is to be done about any of them. */
    boolean storm() {
        return firing >= FEWEST && (long) firing * 100 > (long) known * PERCENT;
    }

    /**
     * The share in words: {@code 7 of 12}, {@code about 340 of about 1200}. Of many it says no more than two figures, so that what
     * is told does not change each time that one of a thousand rules does.
     */
    String text() {
        return number(firing) + " of " + number(known);
    }

    private static String number(int count) {
        if (count <= EXACT) {
            return Integer.toString(count);
        }
        int unit = 1;
        while (count / unit >= EXACT) {
            unit *= 10;
        }
        return "about " + (count + unit / 2) / unit * unit;
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.core.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * How an alert goes from one state to the next. All it needs is in the status, so that neither a restart nor another leader begins
 * anew (prometheus/prometheus issues 422 and 13957).
 */
final class AlertClock {

    /** What stands in the place of a value. */
    static final String NO_VALUE = "no value";

    /** What stands in the place of a value that could not be found out. */
    static final String NO_ANSWER = "no answer";

    private AlertClock() {}

    /** How the alert stands now. */
    static Standing next(RuleView view, AlertObservation seen, Instant now) {
        Standing before = Standing.of(view.status(), now);
        if (view.deleted()) {
            return before.end(AlertState.UNKNOWN, ResolveReason.RULE_DELETED, null, now);
        }
        if (view.paused().isPresent()) {
            return before.end(AlertState.UNKNOWN, ResolveReason.PAUSED, null, now);
        }
        if (view.obstacle().isPresent()) {
            return before.isActive() ? before : before.calm(AlertState.UNKNOWN, null);
        }
        if (seen.query() != null && !seen.query().equals(before.query())) {
            return changed(view, before, seen, now);
        }
        return judge(view.spec(), before, seen.evaluation(), now);
    }

    /** Whether something else is asked than what the alert under way is about: it ends, and is judged anew the next time. */
    static boolean isOfAnother(RuleView view, AlertObservation seen, Instant now) {
        Standing before = Standing.of(view.status(), now);
        return before.isActive()
                && before.query() != null
                && seen.query() != null
                && !seen.query().equals(before.query());
    }

    private static Standing changed(RuleView view, Standing before, AlertObservation seen, Instant now) {
        if (isOfAnother(view, seen, now)) {
            return before.end(AlertState.UNKNOWN, ResolveReason.RULE_CHANGED, null, now)
                    .asking(seen.query());
        }
        Standing anew = before.isActive() ? before : before.calm(AlertState.UNKNOWN, null);
        return judge(view.spec(), anew.asking(seen.query()), seen.evaluation(), now);
    }

    /** What a measurement makes of a state. */
    static Standing judge(AlertRuleSpec spec, Standing before, Evaluation evaluation, Instant now) {
        if (evaluation == null) {
            return before;
        }
        String value = text(evaluation);
        return switch (Verdict.of(spec, evaluation)) {
            case BREACH -> rise(spec, before, value, now);
            case BETWEEN -> before.fires() ? before.recovering(null) : before.calm(AlertState.INACTIVE, value);
            case GOOD ->
                before.fires()
                        ? recover(spec, before, evaluation, value, now)
                        : before.calm(AlertState.INACTIVE, value);
            case DOUBTFUL -> before;
            case NONE -> before.isActive() ? before : before.calm(AlertState.UNKNOWN, null);
        };
    }

    private static Standing rise(AlertRuleSpec spec, Standing before, String value, Instant now) {
        if (before.fires()) {
            return before.recovering(null);
        }
        Standing pending = before.isActive() ? before : before.begin(value, now);
        return reached(pending.activeSince(), spec.pendingFor(), now) ? pending.fire(value, now) : pending;
    }

    private static Standing recover(
            AlertRuleSpec spec, Standing before, Evaluation evaluation, String value, Instant now) {
        Standing recovering = before.recoveringSince() == null ? before.recovering(now) : before;
        return reached(recovering.recoveringSince(), spec.keepFiringFor(), now)
                ? recovering.end(AlertState.INACTIVE, Verdict.reason(evaluation), value, now)
                : recovering;
    }

    /** The end of a time that began then. */
    static Instant end(Instant since, String duration) {
        return since.plus(Durations.parse(duration));
    }

    private static boolean reached(Instant since, String duration, Instant now) {
        Duration age = Duration.between(since, now);
        return age.compareTo(Durations.parse(duration)) >= 0;
    }

    private static String text(Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Measured measured -> AlertTexts.cut(measured.text(), 128);
            case Evaluation.NoData ignored -> NO_VALUE;
            case Evaluation.Failed ignored -> NO_ANSWER;
        };
    }
}

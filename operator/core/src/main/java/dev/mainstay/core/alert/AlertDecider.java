package dev.mainstay.core.alert;

import dev.mainstay.api.alert.Acknowledgement;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How an alert stands after a measurement, and what whom is to be told. */
public final class AlertDecider {

    /** How long a rule that is deleted waits for channels to hear that its alert is over. */
    static final Duration LONGEST_GOODBYE = Duration.ofSeconds(60);

    private AlertDecider() {}

    /** What is to be done now. */
    public static AlertDecision decide(AlertObservation seen, Instant moment) {
        Instant now = moment.truncatedTo(ChronoUnit.SECONDS);
        RuleView view = new RuleView(seen);
        Standing standing = AlertClock.next(view, seen, now);
        AlertMuting muting = AlertMuting.of(view, standing, now);
        Acknowledgement acknowledged = AlertAcknowledgement.of(view, standing, now);
        AlertLedger ledger = new AlertLedger(seen, view, standing, muting, acknowledged != null, now);
        AlertRuleStatus status = AlertReport.of(view, seen, standing, muting, acknowledged, ledger, now);
        return new AlertDecision(
                status,
                ledger.messages(),
                ledger.open(),
                finalizer(view, standing, ledger, now),
                isNewlyAlone(view, status) ? now.plusSeconds(1) : wakeUp(view, seen, standing, ledger, now));
    }

    /** Who stands in for channels that do not exist is decided once the status says that none does. */
    private static boolean isNewlyAlone(RuleView view, AlertRuleStatus status) {
        return status.state() == AlertState.FIRING
                && RuleReceivers.noneExists(status)
                && !RuleReceivers.noneExists(view.status());
    }

    private static boolean finalizer(RuleView view, Standing standing, AlertLedger ledger, Instant now) {
        boolean open = !ledger.lines().isEmpty();
        if (view.deleted()) {
            return open && !view.isForced() && now.isBefore(view.deletedAt().plus(LONGEST_GOODBYE));
        }
        return open
                || standing.fires() && ledger.targets().filter(List::isEmpty).isEmpty();
    }

    private static Instant wakeUp(
            RuleView view, AlertObservation seen, Standing standing, AlertLedger ledger, Instant now) {
        if (AlertClock.isOfAnother(view, seen, now)) {
            // The alert on what was asked before ends first; what is asked now is judged when that is written.
            return now.plusSeconds(1);
        }
        Stream<Instant> own = Stream.of(
                        standing.state() == AlertState.PENDING
                                ? AlertClock.end(
                                        standing.activeSince(), view.spec().pendingFor())
                                : null,
                        standing.recoveringSince() == null
                                ? null
                                : AlertClock.end(
                                        standing.recoveringSince(), view.spec().keepFiringFor()),
                        view.deleted() && !ledger.lines().isEmpty()
                                ? view.deletedAt().plus(LONGEST_GOODBYE)
                                : null)
                .filter(moment -> moment != null);
        return Stream.concat(own, ledger.due())
                .filter(moment -> moment.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}

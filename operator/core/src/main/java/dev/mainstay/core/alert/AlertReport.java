package dev.mainstay.core.alert;

import dev.mainstay.api.alert.Acknowledgement;
import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The status of a rule. Nothing in it changes with a value or with the time alone: the same facts make the same status. */
final class AlertReport {

    private static final String DELIVERED = "NotificationsDelivered";

    /** What is found out anew each time, and holds no longer than that. */
    private static final Set<String> PASSING = Set.of(
            Reason.CHANNEL_NOT_FOUND.text(),
            Reason.NO_CHANNEL_FOUND.text(),
            Reason.NOBODY_TO_TELL.text(),
            Reason.IN_PROGRESS.text());

    private final RuleView view;
    private final AlertObservation seen;
    private final Standing standing;
    private final AlertLedger ledger;
    private final Optional<RuleReceivers> receivers;
    private final List<Condition> before;
    private final Conditions conditions;

    private AlertReport(RuleView view, AlertObservation seen, Standing standing, AlertLedger ledger, Instant now) {
        this.view = view;
        this.seen = seen;
        this.standing = standing;
        this.ledger = ledger;
        this.receivers = RuleReceivers.of(view, seen);
        this.before = view.status().conditions();
        this.conditions = new Conditions(before, view.generation(), now);
    }

    /** The status to be written. */
    static AlertRuleStatus of(
            RuleView view,
            AlertObservation seen,
            Standing standing,
            AlertMuting muting,
            Acknowledgement acknowledged,
            AlertLedger ledger,
            Instant now) {
        AlertReport report = new AlertReport(view, seen, standing, ledger, now);
        report.readiness();
        report.found();
        report.acknowledgement(acknowledged);
        report.measured();
        report.delivered();
        return new AlertRuleStatus(
                view.generation(),
                report.conditions.list(),
                standing.state(),
                standing.episode(),
                standing.query(),
                standing.activeSince(),
                standing.firingSince(),
                standing.recoveringSince(),
                standing.value(),
                standing.lastResolved(),
                muting.muted(),
                acknowledged,
                ledger.lines());
    }

    private void readiness() {
        Optional<String> paused = view.paused();
        Optional<AlertObstacle> obstacle = view.obstacle();
        if (paused.isPresent()) {
            conditions.ready(Reason.PAUSED, paused.get());
        } else if (obstacle.isPresent()) {
            conditions.stalled(obstacle.get().reason(), obstacle.get().message());
        } else if (receivers.filter(found -> !found.missing().isEmpty()).isPresent()) {
            conditions.stalled(receivers.get().reason(), receivers.get().message());
        } else {
            conditions.ready(
                    Reason.READY,
                    "It is measured every " + view.spec().interval() + "."
                            + receivers
                                    .filter(found -> found.named().isEmpty())
                                    .map(found -> " " + found.message())
                                    .orElse(""));
        }
    }

    private void found() {
        receivers.ifPresentOrElse(
                found -> conditions.set(RuleReceivers.CONDITION, found.status(), found.reason(), found.message()),
                () -> conditions.keep(RuleReceivers.CONDITION));
    }

    /** That somebody has acknowledged it stands in a field of its own. */
    private void acknowledgement(Acknowledgement acknowledged) {
        AlertAcknowledgement.futile(view, standing, acknowledged)
                .ifPresent(message ->
                        conditions.set("Acknowledged", ConditionStatus.FALSE, Reason.ACKNOWLEDGES_NOTHING, message));
    }

    private void measured() {
        boolean another =
                view.status().query() != null && !Objects.equals(view.status().query(), standing.query());
        boolean asks = seen.evaluation() != null
                && !view.deleted()
                && view.paused().isEmpty()
                && view.obstacle().isEmpty();
        Stream.of("Evaluated", "DataAvailable").forEach(type -> {
            Optional<Condition> was = another ? Optional.empty() : Conditions.find(before, type);
            Optional<Finding> finding = asks ? Finding.of(type, seen.evaluation(), was) : Optional.empty();
            if (finding.isPresent()) {
                conditions.set(
                        type,
                        finding.get().status(),
                        finding.get().reason(),
                        finding.get().message());
            } else if (!another) {
                conditions.keep(type);
            }
        });
    }

    private void delivered() {
        List<AlertNotification> lines = ledger.lines();
        List<AlertNotification> troubled =
                lines.stream().filter(line -> line.failingSince() != null).toList();
        boolean missing = receivers.filter(found -> !found.missing().isEmpty()).isPresent();
        if (!troubled.isEmpty() || missing) {
            undelivered(troubled, missing);
        } else if (lines.isEmpty()) {
            nothingToTell();
        } else if (lines.stream().anyMatch(Lines::isUnderWay)) {
            conditions.set(DELIVERED, ConditionStatus.UNKNOWN, Reason.IN_PROGRESS, "Messages are on their way.");
        } else {
            conditions.set(DELIVERED, ConditionStatus.TRUE, Reason.READY, "Every message was taken.");
        }
    }

    private void undelivered(List<AlertNotification> troubled, boolean missing) {
        String refused = troubled.stream()
                .map(line -> "Channel " + line.channel() + " does not take messages: "
                        + (line.failure() == null ? "" : line.failure().message()))
                .distinct()
                .collect(Collectors.joining(" "));
        Reason reason = troubled.stream()
                .flatMap(line -> Optional.ofNullable(line.failure()).stream())
                .flatMap(failure -> Reason.of(failure.reason()).stream())
                .findFirst()
                .orElse(missing ? receivers.get().reason() : Reason.NOT_DELIVERED);
        String absent = missing ? receivers.get().message() : "";
        conditions.set(DELIVERED, ConditionStatus.FALSE, reason, (refused + " " + absent).strip());
    }

    /** What became of the last message stays known. */
    private void nothingToTell() {
        if (receivers.filter(found -> found.named().isEmpty()).isPresent()) {
            conditions.set(
                    DELIVERED,
                    ConditionStatus.UNKNOWN,
                    Reason.NOBODY_TO_TELL,
                    receivers.get().message());
            return;
        }
        if (!ledger.refusedEnds().isEmpty()) {
            undelivered(ledger.refusedEnds(), false);
            return;
        }
        boolean holds = Conditions.find(before, DELIVERED)
                .filter(condition -> !PASSING.contains(condition.reason()))
                .isPresent();
        if (holds || receivers.isEmpty()) {
            conditions.keep(DELIVERED);
        } else {
            conditions.set(
                    DELIVERED,
                    ConditionStatus.TRUE,
                    Reason.READY,
                    "Nothing is to be told. " + receivers.get().message());
        }
    }
}

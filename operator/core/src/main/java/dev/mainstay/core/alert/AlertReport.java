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
    private static final Set<String> PASSING =
            Set.of(Reason.CHANNEL_NOT_FOUND.text(), Reason.NOBODY_TO_TELL.text(), Reason.IN_PROGRESS.text());

    private final RuleView view;
    private final AlertObservation seen;
    private final Standing standing;
    private final AlertLedger ledger;
    private final List<Condition> before;
    private final Conditions conditions;

    private AlertReport(RuleView view, AlertObservation seen, Standing standing, AlertLedger ledger, Instant now) {
        this.view = view;
        this.seen = seen;
        this.standing = standing;
        this.ledger = ledger;
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
        } else {
            conditions.ready(
                    Reason.READY,
                    "It is measured every " + view.spec().interval() + "."
                            + AlertAcknowledgement.misspelt(view)
                                    .map(" "::concat)
                                    .orElse(""));
        }
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
        List<String> missing = ledger.targets().orElse(List.of()).stream()
                .map(AlertTarget::channel)
                .filter(channel -> !seen.channels().containsKey(channel))
                .toList();
        if (!troubled.isEmpty() || !missing.isEmpty()) {
            undelivered(troubled, missing);
        } else if (lines.isEmpty()) {
            nothingToTell();
        } else if (lines.stream().anyMatch(Lines::isUnderWay)) {
            conditions.set(DELIVERED, ConditionStatus.UNKNOWN, Reason.IN_PROGRESS, "Messages are on their way.");
        } else {
            conditions.set(DELIVERED, ConditionStatus.TRUE, Reason.READY, "Every message was taken.");
        }
    }

    private void undelivered(List<AlertNotification> troubled, List<String> missing) {
        String absent = missing.isEmpty()
                ? ""
                : "NotificationChannel " + String.join(", ", missing) + " does not exist in namespace "
                        + view.namespace() + ". Create it, or correct "
                        + (view.spec().notifyTargets() == null
                                ? "spec.notify of ManagedApplication " + view.applicationName()
                                : "spec.notify")
                        + ". Others are told all the same.";
        String refused = troubled.stream()
                .map(line -> "Channel " + line.channel() + " does not take messages: "
                        + (line.failure() == null ? "" : line.failure().message()))
                .distinct()
                .collect(Collectors.joining(" "));
        Reason reason = troubled.stream()
                .flatMap(line -> Optional.ofNullable(line.failure()).stream())
                .flatMap(failure -> Reason.of(failure.reason()).stream())
                .findFirst()
                .orElse(missing.isEmpty() ? Reason.NOT_DELIVERED : Reason.CHANNEL_NOT_FOUND);
        conditions.set(DELIVERED, ConditionStatus.FALSE, reason, (refused + " " + absent).strip());
    }

    /** What became of the last message stays known. */
    private void nothingToTell() {
        if (ledger.targets().filter(List::isEmpty).isPresent()) {
            conditions.set(
                    DELIVERED,
                    ConditionStatus.UNKNOWN,
                    Reason.NOBODY_TO_TELL,
                    "Nobody is told when it fires: name channels in spec.notify, or in spec.notify of ManagedApplication "
                            + view.applicationName() + " with a minSeverity that this rule reaches.");
            return;
        }
        if (!ledger.refusedEnds().isEmpty()) {
            undelivered(ledger.refusedEnds(), List.of());
            return;
        }
        boolean holds = Conditions.find(before, DELIVERED)
                .filter(condition -> !PASSING.contains(condition.reason()))
                .isPresent();
        if (holds || ledger.targets().isEmpty()) {
            conditions.keep(DELIVERED);
        } else {
            conditions.set(
                    DELIVERED,
                    ConditionStatus.TRUE,
                    Reason.READY,
                    "Nothing is to be told. Channels: "
                            + ledger.targets().get().stream()
                                    .map(AlertTarget::channel)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
    }
}

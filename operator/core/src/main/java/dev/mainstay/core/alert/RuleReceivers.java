package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the channels exist that are to be told of a rule's alert, and who is told while they do not.
 *
 * @param named those that the rule names, or its application for it
 * @param missing those of them that do not exist
 * @param standIns channels of the application that are told because none of them exists
 * @param message what was found, what to do, and who is told until that is done
 */
record RuleReceivers(List<String> named, List<String> missing, List<String> standIns, String message) {

    /** The condition that tells of it. */
    static final String CONDITION = "ReceiverFound";

    /** Of a rule; empty while it is not known whom it tells. */
    static Optional<RuleReceivers> of(RuleView view, AlertObservation seen) {
        return AlertTarget.named(seen.rule(), seen.application()).map(targets -> of(view, seen, targets));
    }

    private static RuleReceivers of(RuleView view, AlertObservation seen, List<AlertTarget> targets) {
        Set<String> existing = seen.channels().values().stream()
                .filter(channel -> channel.getSpec() != null)
                .map(channel -> channel.getMetadata().getName())
                .collect(Collectors.toSet());
        List<String> named = targets.stream().map(AlertTarget::channel).toList();
        List<String> missing =
                named.stream().filter(name -> !existing.contains(name)).toList();
        boolean own = view.spec().notifyTargets() != null;
        List<String> standIns = !own || missing.size() < named.size() || !view.isApplicationReadable()
                ? List.of()
                : AlertTarget.ofApplication(view.spec().severity(), seen.application()).stream()
                        .map(AlertTarget::channel)
                        .filter(existing::contains)
                        .toList();
        String found = missing.isEmpty()
                ? ""
                : "NotificationChannel " + String.join(", ", missing) + " does not exist in namespace "
                        + view.namespace() + ". Create it, or correct "
                        + (own ? "spec.notify" : "spec.notify of ManagedApplication " + view.applicationName()) + ". ";
        return new RuleReceivers(named, missing, standIns, found + told(view, named, missing, standIns));
    }

    private static String told(RuleView view, List<String> named, List<String> missing, List<String> standIns) {
        String application = "spec.notify of ManagedApplication " + view.applicationName();
        if (named.isEmpty()) {
            return "Nobody is told when it fires: name channels in spec.notify, or in " + application
                    + " with a minSeverity that this rule reaches.";
        }
        if (missing.isEmpty()) {
            return "Channels: " + String.join(", ", named) + ".";
        }
        if (missing.size() < named.size()) {
            return "Others are told all the same.";
        }
        return standIns.isEmpty()
                ? "Until then nobody is told when it fires."
                : "Until then these are told in its place, of " + application + ": " + String.join(", ", standIns)
                        + ", when it has fired for a minute.";
    }

    /** Whether a status says that none of the channels exists. */
    static boolean noneExists(AlertRuleStatus status) {
        return Conditions.find(status.conditions(), CONDITION)
                .filter(found -> found.reason().equals(Reason.NO_CHANNEL_FOUND.text()))
                .isPresent();
    }

    /** Whether all exist that are named, and any is. */
    ConditionStatus status() {
        return reason() == Reason.READY ? ConditionStatus.TRUE : ConditionStatus.FALSE;
    }

    /** In one word. */
    Reason reason() {
        if (named.isEmpty()) {
            return Reason.NOBODY_TO_TELL;
        }
        if (missing.isEmpty()) {
            return Reason.READY;
        }
        return missing.size() < named.size() ? Reason.CHANNEL_NOT_FOUND : Reason.NO_CHANNEL_FOUND;
    }
}

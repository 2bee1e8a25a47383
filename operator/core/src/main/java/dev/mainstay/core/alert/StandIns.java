package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertNotification;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.application.ManagedApplication;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Channels of the application that are told of an alert because none exists of those that its rule names: an alert that leads
 * nowhere is known from logs alone elsewhere (prometheus/alertmanager issue 1759).
 *
 * <p>That none exists is read from the status, where the pass before has said so. Nobody stands in while a channel of the rule
 * knows of the alert, nor in the first minute: a tool that deletes a channel and makes it again changes nothing for anybody. Who
 * was told in their place stays told until the alert is over.
 */
final class StandIns {

    /** How long an alert fires before they are told. */
    static final Duration AFTER = Duration.ofMinutes(1);

    private final AlertRule rule;
    private final AlertRuleStatus status;
    private final Set<String> named;

    /** Whether one of the rule's exists after all: the rule or its channels were changed since the status was written. */
    private final boolean found;

    private StandIns(AlertRule rule, List<AlertTarget> own, Set<String> existing) {
        this.rule = rule;
        this.status = Optional.ofNullable(rule.getStatus()).orElse(AlertRuleStatus.NONE);
        this.named = own.stream().map(AlertTarget::channel).collect(Collectors.toSet());
        this.found = named.stream().anyMatch(existing::contains);
    }

    /**
     * The names of those that are told.
     *
     * @param own those that the rule names
     * @param application the application that the rule names; null when there is none
     * @param existing the channels that exist, as far as that is known
     */
    static List<String> of(
            AlertRule rule, List<AlertTarget> own, ManagedApplication application, Set<String> existing) {
        return new StandIns(rule, own, existing).names(application);
    }

    private List<String> names(ManagedApplication application) {
        Set<String> told = told();
        if (application == null || application.getSpec() == null) {
            return told.stream().sorted().toList();
        }
        boolean wanted = RuleReceivers.noneExists(status) && !found && !isKnown();
        return AlertTarget.ofApplication(rule.getSpec().severity(), application).stream()
                .map(AlertTarget::channel)
                .filter(channel -> !named.contains(channel))
                .filter(channel -> wanted || told.contains(channel))
                .toList();
    }

    /** Whether a channel of the rule has taken the message that this alert fires, or another one for it. */
    private boolean isKnown() {
        return current()
                .filter(line -> named.contains(line.channel()) || line.insteadOf() != null)
                .anyMatch(line -> line.triggeredAt() != null);
    }

    /** Those that were told already. Who was told in its own right before the rule was edited, is none of them. */
    private Set<String> told() {
        return Objects.equals(status.observedGeneration(), rule.getMetadata().getGeneration())
                ? current()
                        .filter(line -> line.insteadOf() == null && !named.contains(line.channel()))
                        .map(AlertNotification::channel)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private Stream<AlertNotification> current() {
        return status.state() == AlertState.FIRING
                ? status.notifications().stream()
                        .filter(line ->
                                Lines.tellsOfFiring(line) && status.episode().equals(line.episode()))
                : Stream.empty();
    }
}

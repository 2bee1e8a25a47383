package dev.mainstay.core.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertMetric;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleSpec;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What several parts of the decision read of a rule and its application. */
final class RuleView {

    /** In the place of one that can't be read: what is open is told to its end all the same. */
    private static final AlertRuleSpec UNREADABLE = TaskJson.mapper().convertValue(Map.of(), AlertRuleSpec.class);

    private final AlertObservation seen;
    private final AlertRule rule;
    private final ManagedApplication application;

    RuleView(AlertObservation seen) {
        this.seen = seen;
        this.rule = seen.rule();
        this.application = seen.application();
    }

    AlertRuleSpec spec() {
        return rule.getSpec() == null ? UNREADABLE : rule.getSpec();
    }

    AlertRuleStatus status() {
        return Optional.ofNullable(rule.getStatus()).orElse(AlertRuleStatus.NONE);
    }

    String name() {
        return rule.getMetadata().getName();
    }

    String namespace() {
        return rule.getMetadata().getNamespace();
    }

    String uid() {
        return rule.getMetadata().getUid();
    }

    long generation() {
        return Optional.ofNullable(rule.getMetadata().getGeneration()).orElse(0L);
    }

    /** The name of the application, also of one that does not exist. */
    String applicationName() {
        return spec().applicationRef() == null
                ? name()
                : spec().applicationRef().name();
    }

    Optional<String> annotation(String key) {
        return Optional.ofNullable(rule.getMetadata().getAnnotations())
                .map((Map<String, String> annotations) -> annotations.get(key));
    }

    boolean deleted() {
        return rule.getMetadata().getDeletionTimestamp() != null;
    }

    Instant deletedAt() {
        return Instant.parse(rule.getMetadata().getDeletionTimestamp());
    }

    boolean isForced() {
        return annotation(Annotations.FORCE_RELEASE).filter("true"::equals).isPresent();
    }

    Optional<String> paused() {
        return Pause.message(rule).or(() -> Optional.ofNullable(application).flatMap(Pause::message));
    }

    /** Why nothing can be measured until a person has mended it. */
    Optional<AlertObstacle> obstacle() {
        if (rule.getSpec() == null || rule.unreadableSpec().isPresent()) {
            return unreadable("AlertRule " + name(), rule.unreadableSpec().orElse("it has no spec"));
        }
        if (application == null) {
            return Optional.of(new AlertObstacle(
                    Reason.APPLICATION_NOT_FOUND,
                    "ManagedApplication " + applicationName() + " does not exist in namespace " + namespace()
                            + ". Create it, or correct spec.applicationRef.name."));
        }
        if (!isApplicationReadable()) {
            return unreadable(
                    "ManagedApplication " + applicationName(),
                    application.unreadableSpec().orElse("it has no spec"));
        }
        return Optional.ofNullable(seen.obstacle());
    }

    boolean isApplicationReadable() {
        return application != null
                && application.getSpec() != null
                && application.unreadableSpec().isEmpty();
    }

    private static Optional<AlertObstacle> unreadable(String object, String why) {
        return Optional.of(new AlertObstacle(
                Reason.INVALID_SPEC,
                "The spec of " + object + " can not be read: " + why + ". Correct it, or upgrade Mainstay."));
    }

    /** Whether a channel is to be told of its alerts; it is where that is not known. */
    boolean tells(String channel) {
        return names(AlertTarget.of(rule, application), channel, true);
    }

    /** Whether a channel is told as one of the application's, though the rule names others. */
    boolean isToldForApplication(String channel) {
        return spec().notifyTargets() != null
                && !names(AlertTarget.named(rule, application), channel, false)
                && isApplicationReadable()
                && application.getSpec().notifyTargets().stream()
                        .anyMatch(target -> target.channel().equals(channel));
    }

    private static boolean names(Optional<List<AlertTarget>> targets, String channel, boolean unknown) {
        return targets.map(known ->
                        known.stream().anyMatch(target -> target.channel().equals(channel)))
                .orElse(unknown);
    }

    /** What keeps this rule from being told; a stale backup is told in maintenance too. */
    Optional<AlertMute> mute() {
        return Optional.ofNullable(seen.mute())
                .filter(mute -> spec().muteDuringMaintenance() && spec().metric() != AlertMetric.BACKUP_AGE);
    }
}

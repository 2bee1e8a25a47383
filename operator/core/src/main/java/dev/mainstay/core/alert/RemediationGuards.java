package dev.mainstay.core.alert;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.Remediation;
import dev.mainstay.api.alert.RemediationApproval;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What may keep something from being done about an alert that fires. The first that does is told. */
final class RemediationGuards {

    /** A value that is older than so many intervals is none. */
    private static final int STALE_INTERVALS = 3;

    private static final Duration STALE_AT_LEAST = Duration.ofMinutes(1);

    private static final int LONGEST_VALUE = 128;

    /** Kinds of operations beside which nothing is done; a step that needs the database waits for a backup, as in each run. */
    private static final Set<String> OTHERS =
            Set.of("RestoreRequest", "RollbackRequest", "MaintenanceRun", "MaintenanceMode");

    private final RemediationObservation seen;
    private final AlertRule rule;
    private final AlertRuleStatus alert;
    private final Remediation wanted;
    private final Instant now;

    RemediationGuards(RemediationObservation seen, Instant now) {
        this.seen = seen;
        this.rule = seen.rule();
        this.alert = seen.alert();
        this.wanted = rule.getSpec().remediation();
        this.now = now;
    }

    /** What keeps an attempt from being decided on; empty when nothing does. */
    Optional<RemediationBlock> beforeAttempt(List<RemediationAttempt> attempts) {
        return first(List.of(
                this::disabled,
                this::paused,
                this::unusable,
                this::notMeasured,
                this::recovering,
                this::justStarted,
                this::maintenance,
                this::storm,
                () -> wanted.dryRun() ? Optional.empty() : limits(attempts),
                this::claimed,
                this::rollout,
                this::killed));
    }

    /** What keeps the run of an attempt that was decided on from being made; empty when nothing does. */
    Optional<RemediationBlock> beforeRun() {
        return first(List.of(
                this::disabled,
                this::switchedToDryRun,
                this::paused,
                this::unusable,
                this::notMeasured,
                this::recovering,
                this::justStarted,
                this::maintenance,
                this::storm,
                this::claimed,
                this::rollout,
                this::killed));
    }

    /** Nothing is known of the alert. */
    static RemediationBlock unknown() {
        return new RemediationBlock(
                Reason.NOT_MEASURED, "Nothing is done, since it is not known whether the alert still fires.");
    }

    private static Optional<RemediationBlock> first(List<Supplier<Optional<RemediationBlock>>> guards) {
        return guards.stream().flatMap(guard -> guard.get().stream()).findFirst();
    }

    private Optional<RemediationBlock> disabled() {
        return Stream.of(rule, seen.application())
                .filter(object -> object != null && isDisabled(object))
                .findFirst()
                .map(object -> new RemediationBlock(
                        Reason.REMEDIATION_DISABLED,
                        object.getKind() + " " + object.getMetadata().getName() + " has the annotation "
                                + Annotations.REMEDIATION + ": disabled. Remove it to have something done."));
    }

    private static boolean isDisabled(HasMetadata object) {
        return object.getMetadata().getAnnotations() != null
                && "disabled".equals(object.getMetadata().getAnnotations().get(Annotations.REMEDIATION));
    }

    private Optional<RemediationBlock> switchedToDryRun() {
        return wanted.dryRun()
                ? block(Reason.REMEDIATION_DISABLED, "spec.remediation.dryRun was set to true before its run was made.")
                : Optional.empty();
    }

    private Optional<RemediationBlock> paused() {
        return Pause.message(rule)
                .or(() -> Optional.ofNullable(seen.application()).flatMap(Pause::message))
                .map(message -> new RemediationBlock(Reason.PAUSED, message));
    }

    private Optional<RemediationBlock> unusable() {
        if (wanted.approval() == RemediationApproval.UNRECOGNIZED) {
            return block(
                    Reason.INVALID_SPEC,
                    "spec.remediation.approval has a value that this version of Mainstay does not know. Write Required or"
                            + " None, or upgrade Mainstay.");
        }
        ManagedApplication application = seen.application();
        if (application == null || application.getSpec() == null) {
            return block(
                    Reason.APPLICATION_NOT_FOUND,
                    "spec.applicationRef names ManagedApplication "
                            + rule.getSpec().applicationRef().name()
                            + ", which does not exist in this namespace, or can't be read by this version of Mainstay.");
        }
        String named = "Runbook " + wanted.runbookRef().name();
        if (seen.runbook() == null) {
            return block(
                    Reason.RUNBOOK_NOT_FOUND,
                    "spec.remediation.runbookRef names " + named
                            + ", which does not exist in this namespace. Create it, or name another one.");
        }
        boolean ready = seen.runbook().getSpec() != null
                && (seen.runbook().getStatus() == null
                        || Conditions.find(seen.runbook().getStatus().conditions(), "Ready")
                                .filter(found -> found.status() == ConditionStatus.FALSE)
                                .isEmpty());
        return ready
                ? Optional.empty()
                : block(
                        Reason.INVALID_SPEC,
                        named + ", which spec.remediation.runbookRef names, is not Ready: its conditions say why.");
    }

    /** Only a value that is whole and new shows that there is something to be done. */
    private Optional<RemediationBlock> notMeasured() {
        Duration interval = Durations.parse(rule.getSpec().interval()).multipliedBy(STALE_INTERVALS);
        Instant oldest = now.minus(interval.compareTo(STALE_AT_LEAST) > 0 ? interval : STALE_AT_LEAST);
        String why =
                switch (seen.evaluation()) {
                    case null -> "nothing was measured yet";
                    case Evaluation.NoData ignored -> "there is no value";
                    case Evaluation.Failed ignored -> "the source did not answer";
                    case Evaluation.Measured measured
                    when measured.partial() != null || measured.coverage() != null ->
                        "the value is made from a part of what it should be made from";
                    case Evaluation.Measured measured when measured.at().isBefore(oldest) -> "the newest value is old";
                    case Evaluation.Measured ignored -> null;
                };
        return why == null
                ? Optional.empty()
                : block(
                        Reason.NOT_MEASURED,
                        "Nothing is done, since " + why
                                + ": an alert that fires for want of a value says nothing about the application. The"
                                + " conditions Evaluated and DataAvailable say more.");
    }

    private Optional<RemediationBlock> recovering() {
        return alert.recoveringSince() == null
                ? Optional.empty()
                : block(
                        Reason.RECOVERING,
                        "The value is good again. The alert ends when it has been for spec.keepFiringFor.");
    }

    /** What began before this process did may have another cause: it is watched for as long as a new alert would be. */
    private Optional<RemediationBlock> justStarted() {
        if (seen.watchedSince() == null) {
            return block(Reason.JUST_STARTED, "The operator has just started, and has not measured yet.");
        }
        // An alert begins at a whole second.
        Instant since = seen.watchedSince().truncatedTo(ChronoUnit.SECONDS);
        if (alert.activeSince() != null && !alert.activeSince().isBefore(since)) {
            return Optional.empty();
        }
        Instant until = since.plus(Durations.parse(rule.getSpec().pendingFor()));
        return now.isBefore(until)
                ? Optional.of(new RemediationBlock(
                        Reason.JUST_STARTED,
                        "The operator has just started. It measures for spec.pendingFor, until " + until
                                + ", before anything is done.",
                        until))
                : Optional.empty();
    }

    private Optional<RemediationBlock> maintenance() {
        if (seen.mute() != null) {
            return block(
                    Reason.UNDER_MAINTENANCE,
                    seen.mute().by() + " keeps alerts of the application from being told: somebody is at work.");
        }
        boolean mode = seen.application().getStatus() != null
                && Conditions.find(seen.application().getStatus().conditions(), "InMaintenance")
                        .filter(found -> found.status() != ConditionStatus.FALSE
                                || found.reason().equals(Reason.LEAVING_MAINTENANCE.text()))
                        .isPresent();
        return mode
                ? block(
                        Reason.UNDER_MAINTENANCE,
                        "ManagedApplication " + seen.application().getMetadata().getName()
                                + " is under maintenance (condition InMaintenance): somebody is at work.")
                : Optional.empty();
    }

    private Optional<RemediationBlock> storm() {
        return seen.share().storm()
                ? block(
                        Reason.ALERT_STORM,
                        seen.share().text()
                                + " alert rules fire at once, not counting those of which nothing is known. More than "
                                + FiringShare.PERCENT + " %, and at least " + FiringShare.FEWEST
                                + ", are taken for a storm: the cause is more likely a shared one, or a source of metrics. "
                                + "Look at those first.")
                : Optional.empty();
    }

    private Optional<RemediationBlock> limits(List<RemediationAttempt> attempts) {
        List<RemediationAttempt> ofThis = RemediationLimits.of(attempts, alert.episode());
        if (!ofThis.isEmpty() && ofThis.getLast().outcome() == RemediationOutcome.STOPPED) {
            return block(
                    Reason.STOPPED_BY_PERSON,
                    "A person has ended the last attempt, and no other one is made before the alert has ended and fires"
                            + " again.");
        }
        int count = wanted.maxAttempts().count();
        if (RemediationLimits.number(attempts, alert.episode()) >= count) {
            return block(
                    Reason.ATTEMPTS_EXHAUSTED,
                    "The alert still fires after " + count + (count == 1 ? " attempt" : " attempts")
                            + " (spec.remediation.maxAttempts.count): a person has to look. status.remediation.attempts"
                            + " has what was done.");
        }
        Instant full = RemediationLimits.fullUntil(attempts, wanted);
        if (full != null && now.isBefore(full)) {
            return Optional.of(new RemediationBlock(
                    Reason.ATTEMPTS_EXHAUSTED,
                    count + (count == 1 ? " attempt was" : " attempts were") + " made within "
                            + wanted.maxAttempts().per()
                            + " (spec.remediation.maxAttempts): a person has to look. The next one is not before "
                            + full
                            + ".",
                    full));
        }
        Instant cool = RemediationLimits.coolUntil(attempts, wanted);
        return cool != null && now.isBefore(cool)
                ? Optional.of(new RemediationBlock(
                        Reason.COOLING_DOWN,
                        "No attempt is made within " + wanted.cooldown()
                                + " (spec.remediation.cooldown) after the last one, before " + cool + ".",
                        cool))
                : Optional.empty();
    }

    private Optional<RemediationBlock> claimed() {
        return otherRun()
                .or(this::operation)
                .map(other -> new RemediationBlock(
                        Reason.CLAIMED,
                        other + " works on the application. Nothing else is done before it has ended."));
    }

    private Optional<String> otherRun() {
        return seen.runs().stream()
                .filter(run -> run.getSpec() != null
                        && run.getSpec().applicationRef().equals(rule.getSpec().applicationRef()))
                .filter(run -> RemediationRuns.working(run)
                        || RemediationRuns.label(run).isPresent() && RemediationRuns.aboutToBegin(run))
                .map(run -> "MaintenanceRun " + run.getMetadata().getName())
                .sorted()
                .findFirst();
    }

    private Optional<String> operation() {
        return seen.application().getStatus() == null
                ? Optional.empty()
                : seen.application().getStatus().operations().stream()
                        .filter(operation -> OTHERS.contains(operation.kind()))
                        .filter(operation -> seen.runs().stream()
                                .noneMatch(run -> operation.kind().equals("MaintenanceRun")
                                        && run.getMetadata().getName().equals(operation.name())
                                        && RemediationRuns.ended(run)))
                        .map(operation -> operation.kind() + " " + operation.name())
                        .sorted()
                        .findFirst();
    }

    private Optional<RemediationBlock> rollout() {
        return seen.rollout() == null
                ? Optional.empty()
                : block(Reason.ROLLOUT_UNDER_WAY, seen.rollout() + " Nothing is done before that has ended.");
    }

    private Optional<RemediationBlock> killed() {
        return switch (seen.killSwitch()) {
            case KillSwitch.Off ignored -> Optional.empty();
            case KillSwitch.NotRead ignored -> Optional.empty();
            case KillSwitch.On(String value) ->
                block(
                        Reason.REMEDIATION_DISABLED,
                        "ConfigMap " + KillSwitch.CONFIG_MAP + " in the operator's namespace stops all remediation ("
                                + KillSwitch.KEY + ": \"" + Texts.cut(value, LONGEST_VALUE, "…")
                                + "\"). Remove that key to go on.");
            case KillSwitch.Unreadable(String why) ->
                block(
                        Reason.REMEDIATION_DISABLED,
                        "ConfigMap " + KillSwitch.CONFIG_MAP
                                + " in the operator's namespace, which may stop all remediation, can't be read: "
                                + why);
        };
    }

    private static Optional<RemediationBlock> block(Reason reason, String message) {
        return Optional.of(new RemediationBlock(reason, message));
    }
}

package dev.mainstay.core.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.AlertRuleStatus;
import dev.mainstay.api.alert.AlertState;
import dev.mainstay.api.alert.Remediation;
import dev.mainstay.api.alert.RemediationApproval;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationOutcome;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.api.alert.ResolveReason;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.Durations;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be done about an alert: a pure function of what is known and the time. An attempt stands in the status before its run
 * is made, and the run is named after it: an operator that dies in between, or two of them, make one run.
 */
public final class RemediationDecider {

    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final RemediationObservation seen;
    private final AlertRule rule;
    private final AlertRuleStatus alert;
    private final Remediation wanted;
    private final Instant now;

    private RemediationDecider(RemediationObservation seen, Instant now) {
        this.seen = seen;
        this.rule = seen.rule();
        this.alert = seen.alert();
        this.wanted = rule.getSpec().remediation();
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Decides. The rule must have a readable spec. */
    public static RemediationDecision decide(RemediationObservation seen, Instant now) {
        return new RemediationDecider(seen, now).decide();
    }

    private RemediationDecision decide() {
        RemediationStatus before = rule.getStatus() == null || rule.getStatus().remediation() == null
                ? RemediationStatus.NONE
                : rule.getStatus().remediation();
        List<RemediationAttempt> attempts = new ArrayList<>(before.attempts());
        if (!attempts.isEmpty() && attempts.getLast().open()) {
            attempts.set(attempts.size() - 1, judged(attempts.getLast()));
        }
        if (wanted == null) {
            return decision(attempts, null, false, null, null, null);
        }
        return !attempts.isEmpty() && attempts.getLast().open() ? underWay(attempts) : next(attempts);
    }

    /** What is known of the newest attempt by now. */
    private RemediationAttempt judged(RemediationAttempt attempt) {
        if (attempt.finishedAt() != null) {
            return verified(attempt);
        }
        Optional<MaintenanceRun> run = run(attempt);
        if (run.isEmpty()) {
            return attempt.madeAt() == null
                    ? attempt
                    : attempt.ended(
                            RemediationOutcome.STOPPED,
                            now,
                            "MaintenanceRun " + attempt.run()
                                    + " was deleted before it had ended; it is not made again.");
        }
        if (!RemediationRuns.isOf(rule, attempt, run.get())) {
            return attempt.ended(
                    RemediationOutcome.NOT_DONE,
                    now,
                    "There is a MaintenanceRun " + attempt.run()
                            + " that was not made for this attempt. Delete it, or rename it.");
        }
        return RemediationRuns.ended(run.get())
                ? finished(attempt, run.get())
                : attempt.made(now, "MaintenanceRun " + attempt.run() + " is there; its status says how far it is.");
    }

    private Optional<MaintenanceRun> run(RemediationAttempt attempt) {
        return seen.runs().stream()
                .filter(run -> run.getMetadata().getName().equals(attempt.run()))
                .findFirst();
    }

    private RemediationAttempt finished(RemediationAttempt attempt, MaintenanceRun run) {
        Instant at = Objects.requireNonNullElse(RemediationRuns.status(run).completedAt(), now);
        String told = cut("MaintenanceRun " + attempt.run() + " ended as "
                + (RemediationRuns.status(run).outcome() == null
                        ? "unknown"
                        : RemediationRuns.status(run).outcome().text())
                + ". " + RemediationRuns.told(run));
        RemediationAttempt ended = attempt.finished(at, told);
        return switch (RemediationRuns.status(run).outcome()) {
            case PASSED, FINDINGS -> verified(ended);
            case CANCELLED, REFUSED -> ended.ended(stopped(run), at, told);
            case null, default -> ended.ended(RemediationOutcome.RUN_FAILED, at, told);
        };
    }

    private static RemediationOutcome stopped(MaintenanceRun run) {
        if (RemediationRuns.isCalledOff(run)) {
            return RemediationOutcome.NOT_DONE;
        }
        return switch (RemediationRuns.reason(run).orElse(null)) {
            case CANCELLED, APPROVAL_REJECTED -> RemediationOutcome.STOPPED;
            case PREEMPTED -> RemediationOutcome.RUN_FAILED;
            case null, default -> RemediationOutcome.NOT_DONE;
        };
    }

    /** The run did what it should: whether that helped is told by the alert alone. */
    private RemediationAttempt verified(RemediationAttempt attempt) {
        if (alert.state() == AlertState.UNKNOWN || alert.state() == AlertState.UNRECOGNIZED) {
            return attempt;
        }
        if (!fires(attempt.episode())) {
            boolean proven = alert.lastResolved() != null
                    && Objects.equals(alert.lastResolved().episode(), attempt.episode())
                    && alert.lastResolved().reason() == ResolveReason.RECOVERED;
            return proven
                    ? attempt.ended(
                            RemediationOutcome.HEALED,
                            now,
                            cut(attempt.message() + " The alert ended: a good value was" + " measured."))
                    : attempt.ended(
                            RemediationOutcome.UNPROVEN,
                            now,
                            cut(attempt.message()
                                    + " The alert ended, and no good value proves that the cause is gone."));
        }
        Instant until = wanted == null ? now : attempt.finishedAt().plus(Durations.parse(wanted.cooldown()));
        return now.isBefore(until) || alert.recoveringSince() != null
                ? attempt
                : attempt.ended(
                        RemediationOutcome.STILL_FIRING,
                        now,
                        cut(attempt.message() + " The alert still fired when spec.remediation.cooldown was over."));
    }

    private boolean fires(Long episode) {
        return alert.state() == AlertState.FIRING && Objects.equals(alert.episode(), episode);
    }

    /** The newest attempt is not over. */
    private RemediationDecision underWay(List<RemediationAttempt> attempts) {
        RemediationAttempt attempt = attempts.getLast();
        if (attempt.finishedAt() != null) {
            Instant until = attempt.finishedAt().plus(Durations.parse(wanted.cooldown()));
            return decision(attempts, null, false, null, null, now.isBefore(until) ? until : now.plus(AGAIN));
        }
        boolean over = alert.state() != AlertState.UNKNOWN
                && alert.state() != AlertState.UNRECOGNIZED
                && !fires(attempt.episode());
        if (attempt.madeAt() != null) {
            String cancel = run(attempt)
                    .filter(run -> over && !RemediationRuns.begun(run))
                    .map(run -> attempt.run())
                    .orElse(null);
            return decision(attempts, null, false, null, cancel, now.plus(AGAIN));
        }
        return over ? notDone(attempts, "The alert ended before its run was made.") : unmade(attempts, attempt);
    }

    /** It stands in the status, and there is no run yet. */
    private RemediationDecision unmade(List<RemediationAttempt> attempts, RemediationAttempt attempt) {
        Optional<RemediationBlock> block = alert.state() == AlertState.FIRING
                ? new RemediationGuards(seen, now).beforeRun()
                : Optional.of(RemediationGuards.unknown());
        Instant last = attempt.startedAt().plus(RemediationRuns.BEGIN_WITHIN);
        if (!now.isBefore(last)) {
            return notDone(
                    attempts,
                    "Its run could not be made within " + RemediationRuns.BEGIN_WITHIN.toMinutes() + " minutes. "
                            + block.map(RemediationBlock::message).orElse(""));
        }
        if (block.isPresent()) {
            return decision(
                    attempts,
                    block.get(),
                    false,
                    null,
                    null,
                    earlier(block.get().again(), now.plus(AGAIN)));
        }
        if (seen.declined() != null) {
            String said = "The API server does not take MaintenanceRun " + attempt.run() + ": "
                    + seen.declined().sentence();
            return seen.declined().passes()
                    ? decision(
                            attempts,
                            new RemediationBlock(seen.declined().reason(), said + " It is tried again."),
                            false,
                            null,
                            null,
                            now.plus(AGAIN))
                    : notDone(attempts, said);
        }
        MaintenanceRun make = RemediationRuns.run(rule, attempt, alert.valueAtTransition(), seen.requestedBy());
        return decision(attempts, null, true, make, null, now.plus(AT_ONCE));
    }

    private RemediationDecision notDone(List<RemediationAttempt> attempts, String why) {
        attempts.set(attempts.size() - 1, attempts.getLast().ended(RemediationOutcome.NOT_DONE, now, cut(why)));
        return decision(attempts, null, false, null, null, now.plus(AGAIN));
    }

    /** All attempts are over: whether another one is decided on. */
    private RemediationDecision next(List<RemediationAttempt> attempts) {
        if (alert.state() != AlertState.FIRING) {
            return decision(attempts, null, false, null, null, null);
        }
        boolean told = wanted.dryRun()
                && attempts.stream()
                        .anyMatch(attempt -> attempt.dryRun() && Objects.equals(attempt.episode(), alert.episode()));
        if (told) {
            return decision(attempts, null, false, null, null, null);
        }
        Optional<RemediationBlock> block = new RemediationGuards(seen, now).beforeAttempt(attempts);
        if (block.isPresent()) {
            return decision(
                    attempts,
                    block.get(),
                    false,
                    null,
                    null,
                    earlier(block.get().again(), now.plus(AGAIN)));
        }
        RemediationAttempt attempt = wanted.dryRun() ? dry() : attempt(attempts);
        return decision(
                RemediationLimits.with(attempts, attempt),
                null,
                true,
                null,
                null,
                now.plus(wanted.dryRun() ? AGAIN : AT_ONCE));
    }

    private RemediationAttempt dry() {
        return new RemediationAttempt(
                alert.episode(),
                0,
                null,
                now,
                null,
                now,
                RemediationOutcome.DRY_RUN,
                true,
                cut("Would make a MaintenanceRun of Runbook "
                        + wanted.runbookRef().name() + " for ManagedApplication "
                        + rule.getSpec().applicationRef().name()
                        + (wanted.approval() == RemediationApproval.NONE ? "" : ", which waits for approval")
                        + ". Nothing is done, since spec.remediation.dryRun is true."));
    }

    private RemediationAttempt attempt(List<RemediationAttempt> attempts) {
        int number = RemediationLimits.number(attempts, alert.episode()) + 1;
        String run = Names.remediation(
                rule.getMetadata().getName(), rule.getMetadata().getUid(), alert.episode(), number);
        return new RemediationAttempt(
                alert.episode(),
                number,
                run,
                now,
                null,
                null,
                null,
                null,
                "MaintenanceRun " + run + " of Runbook " + wanted.runbookRef().name() + " is about to be made.");
    }

    private RemediationDecision decision(
            List<RemediationAttempt> attempts,
            RemediationBlock block,
            boolean begins,
            MaintenanceRun make,
            String cancel,
            Instant wakeUp) {
        if (attempts.isEmpty() && block == null) {
            return new RemediationDecision(null, begins, make, cancel, wakeUp);
        }
        RemediationStatus status = new RemediationStatus(
                attempts.isEmpty() ? null : List.copyOf(attempts),
                wanted == null ? null : RemediationLimits.nextAllowed(attempts, wanted),
                block == null ? null : block.reason().text(),
                block == null ? null : cut(block.message()));
        return new RemediationDecision(status, begins, make, cancel, wakeUp);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || one.isAfter(other) ? other : one;
    }

    private static String cut(String message) {
        return Conditions.cut(message);
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.FrozenRunbook;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class RunStatusReport {

    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_USER = 256;

    /** All messages of the steps together. */
    private static final int ROOM = 16_384;

    private final MaintenanceRun run;
    private final MaintenanceRunStatus before;
    private final Instant now;

    private RunPhase phase;
    private RunOutcome outcome;
    private FrozenRunbook runbook;
    private List<RunStep> steps;
    private Failure failure;
    private Instant startedAt;
    private Instant completedAt;

    private RunStatusReport(MaintenanceRun run, Instant now) {
        this.run = run;
        this.before = RunLines.status(run);
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.phase = before.phase();
        this.outcome = before.outcome();
        this.runbook = before.runbook();
        this.steps = before.steps();
        this.failure = before.failure();
        this.startedAt = before.startedAt();
        this.completedAt = before.completedAt();
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static MaintenanceRunStatus of(MaintenanceRun run, RunDecision decision, Instant now) {
        return new RunStatusReport(run, now).status(decision);
    }

    private MaintenanceRunStatus status(RunDecision decision) {
        return switch (decision) {
            case RunDecision.LeaveAlone ignored -> run.getStatus();
            case RunDecision.LookAgain ignored -> run.getStatus();
            case RunDecision.Freeze ignored -> run.getStatus();
            case RunDecision.Act ignored -> run.getStatus();
            case RunDecision.Wait wait ->
                written(
                        wait.stuck()
                                ? conditions().stalled(wait.reason(), wait.message())
                                : conditions().reconciling(wait.reason(), wait.message()));
            case RunDecision.Begin begin -> {
                runbook = begin.runbook();
                steps = begin.steps();
                phase = RunPhase.RUNNING;
                startedAt = now;
                yield at(Reason.IN_PROGRESS, "Its steps are kept as they stand, and it begins.");
            }
            case RunDecision.AskPerson ask -> {
                change(ask.step(), line -> asked(line, ask.message()));
                yield at(Reason.WAITING_FOR_APPROVAL, told(ask.step(), ask.message()));
            }
            case RunDecision.Approved approved -> {
                change(approved.step(), line -> approved(line, approved.user()));
                yield at(Reason.IN_PROGRESS, told(approved.step(), "Approved by " + approved.user() + "."));
            }
            case RunDecision.Try attempt -> {
                change(attempt.step(), this::tried);
                yield at(Reason.IN_PROGRESS, told(attempt.step(), "It is begun."));
            }
            case RunDecision.Watch watch -> {
                change(watch.step(), line -> line.withMessage(watch.message()));
                yield at(Reason.IN_PROGRESS, told(watch.step(), watch.message()));
            }
            case RunDecision.Retry retry -> {
                change(retry.step(), line -> again(line, retry));
                yield at(Reason.RETRYING, told(retry.step(), again(retry)));
            }
            case RunDecision.Rest rest -> at(Reason.RETRYING, told(rest.step(), rest.message()));
            case RunDecision.Finish finish -> {
                change(finish.step(), line -> ended(line, finish.result(), now));
                failure = finish.stops() && failure == null ? failure(finish) : failure;
                yield at(
                        Reason.IN_PROGRESS,
                        told(
                                finish.step(),
                                finish.result().outcome().text() + ". "
                                        + finish.result().message()));
            }
            case RunDecision.Stop stop -> {
                failure = failure == null ? stop.why() : failure;
                steps = steps.stream()
                        .map(line -> stop.steps().contains(line.name())
                                ? ended(line, StepResult.skipped(stop.why().message()), now)
                                : line)
                        .toList();
                yield at(Reason.IN_PROGRESS, stop.why().message());
            }
            case RunDecision.End end -> over(end);
        };
    }

    private static Failure failure(RunDecision.Finish finish) {
        return new Failure(
                finish.result().reason().text(),
                Conditions.cut(told(finish.step(), finish.result().message())),
                List.of());
    }

    private MaintenanceRunStatus over(RunDecision.End end) {
        phase = RunPhase.FINISHED;
        outcome = end.outcome();
        completedAt = now;
        steps = end.steps() == null ? steps : end.steps();
        boolean good = outcome == RunOutcome.PASSED || outcome == RunOutcome.FINDINGS;
        Conditions conditions = (good
                        ? conditions().ready(end.reason(), end.message())
                        : conditions().stalled(end.reason(), end.message()))
                .set("Finished", ConditionStatus.TRUE, end.reason(), end.message())
                .set("Succeeded", good ? ConditionStatus.TRUE : ConditionStatus.FALSE, end.reason(), end.message());
        return written(conditions);
    }

    private void change(String step, UnaryOperator<RunStep> change) {
        steps = steps.stream()
                .map(line -> line.name().equals(step) ? change.apply(line) : line)
                .toList();
    }

    private RunStep asked(RunStep line, String message) {
        return new RunStep(
                line.name(),
                line.type(),
                null,
                begun(line),
                null,
                line.attempts(),
                line.attemptedAt(),
                line.retryAt(),
                line.askedAt() == null ? now : line.askedAt(),
                line.approvedBy(),
                message);
    }

    private RunStep approved(RunStep line, String user) {
        return new RunStep(
                line.name(),
                line.type(),
                null,
                begun(line),
                null,
                line.attempts(),
                line.attemptedAt(),
                line.retryAt(),
                line.askedAt(),
                Texts.cut(user, LONGEST_USER, "…"),
                "Approved by " + user + ".");
    }

    private RunStep tried(RunStep line) {
        return new RunStep(
                line.name(),
                line.type(),
                null,
                begun(line),
                null,
                line.attempts() + 1,
                now,
                null,
                line.askedAt(),
                line.approvedBy(),
                line.message());
    }

    private RunStep again(RunStep line, RunDecision.Retry retry) {
        return new RunStep(
                line.name(),
                line.type(),
                null,
                line.startedAt(),
                null,
                line.attempts(),
                line.attemptedAt(),
                retry.at().truncatedTo(ChronoUnit.SECONDS),
                line.askedAt(),
                line.approvedBy(),
                again(retry));
    }

    private static String again(RunDecision.Retry retry) {
        return "It is tried again at " + retry.at().truncatedTo(ChronoUnit.SECONDS) + ". "
                + retry.result().outcome().text() + ": " + retry.result().message();
    }

    /** A step that ends so. */
    static RunStep ended(RunStep line, StepResult result, Instant now) {
        Instant end = now.truncatedTo(ChronoUnit.SECONDS);
        return new RunStep(
                line.name(),
                line.type(),
                result.outcome(),
                line.startedAt(),
                end,
                line.attempts(),
                line.attemptedAt(),
                null,
                line.askedAt(),
                line.approvedBy(),
                (line.approvedBy() == null ? "" : "Approved by " + line.approvedBy() + ". ") + result.message());
    }

    private Instant begun(RunStep line) {
        return line.startedAt() == null ? now : line.startedAt();
    }

    private static String told(String step, String message) {
        return "Step " + step + ": " + message;
    }

    private MaintenanceRunStatus at(Reason reason, String message) {
        return written(conditions().reconciling(reason, message));
    }

    private Conditions conditions() {
        return new Conditions(before.conditions(), run.getMetadata().getGeneration(), now);
    }

    private List<RunStep> bounded() {
        int most = Math.min(LONGEST_MESSAGE, ROOM / Math.max(1, steps.size()));
        return steps.stream()
                .map(line -> line.message() == null || line.message().length() <= most
                        ? line
                        : line.withMessage(Texts.cut(line.message(), most, " … (cut)")))
                .toList();
    }

    private MaintenanceRunStatus written(Conditions conditions) {
        return new MaintenanceRunStatus(
                run.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                outcome,
                phase == RunPhase.FINISHED
                        ? null
                        : steps.stream()
                                .filter(line -> !line.ended())
                                .map(RunStep::name)
                                .findFirst()
                                .orElse(null),
                runbook,
                steps.isEmpty() ? null : bounded(),
                failure,
                startedAt,
                completedAt,
                startedAt == null || completedAt == null
                        ? null
                        : Durations.format(Duration.between(startedAt, completedAt)));
    }
}

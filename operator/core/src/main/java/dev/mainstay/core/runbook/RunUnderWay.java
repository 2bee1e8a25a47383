package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.Approval;
import dev.mainstay.api.runbook.FormerPod;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.SavedChange;
import dev.mainstay.api.runbook.StepCondition;
import dev.mainstay.api.runbook.StepFailurePolicy;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.runbook.RunDecision.End;
import dev.mainstay.core.runbook.RunDecision.Finish;
import dev.mainstay.core.runbook.RunDecision.Wait;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be done about a run that has begun: with what stands in its status, and the steps that were frozen. */
final class RunUnderWay {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final RunObservation observation;
    private final MaintenanceRun run;
    private final MaintenanceRunStatus before;
    private final Optional<String> cancelled;
    private final Instant now;

    /**
     * Prepares it.
     *
     * @param cancelled why it is to end, in the beginning of a sentence; empty when it is not
     */
    RunUnderWay(RunObservation observation, Optional<String> cancelled, Instant now) {
        this.observation = observation;
        this.run = observation.run();
        this.before = RunLines.status(run);
        this.cancelled = cancelled;
        this.now = now;
    }

    RunDecision decide() {
        Optional<RunStep> line = RunLines.current(run);
        Optional<StepTurn> turn = RunLines.turn(observation);
        return turn.flatMap(this::stop)
                .or(() -> new RunReturn(observation)
                        .decide(
                                turn.filter(this::needsClaim).isPresent(),
                                turn.filter(this::changes).isPresent()))
                .orElseGet(() -> line.isEmpty()
                        ? over()
                        : turn.map(of -> forward(of, line.get())).orElseGet(this::lost));
    }

    private RunDecision forward(StepTurn turn, RunStep line) {
        return StepType.of(turn.step())
                .map(type -> decide(turn, line, type))
                .orElseGet(() -> end(
                        turn,
                        StepResult.couldNotCheck(
                                Reason.INVALID_SPEC, "It is of a type that this version of Mainstay does not know."),
                        null));
    }

    /** Whether an attempt that claims something is under way, or begins as soon as it may. */
    private boolean needsClaim(StepTurn turn) {
        RunStep line = RunLines.of(turn).orElseThrow();
        return claims(turn)
                && (line.tried()
                        || forward(turn, line) instanceof RunDecision.Try
                        || forward(turn, line) instanceof RunDecision.TakeClaim);
    }

    private static boolean claims(StepTurn turn) {
        return StepType.of(turn.step())
                .filter(type -> !type.claims(turn).isEmpty())
                .isPresent();
    }

    private boolean changes(StepTurn turn) {
        return turn.attempt() > 0 && StepType.of(turn.step()).orElse(null) instanceof ReversibleStepType;
    }

    /** Nothing tells any more what is to be done. */
    private RunDecision lost() {
        String message = "ControllerRevision " + before.runbook().revision()
                + ", which held the steps of this run, is gone: the steps that were left are not done. Look at status.steps,"
                + " and make another run if it is still wanted.";
        return new End(
                RunOutcome.FAILED,
                Reason.PLAN_LOST,
                message,
                before.steps().stream()
                        .map(line -> line.ended()
                                ? line
                                : RunStatusReport.ended(line, StepResult.skipped("The steps are lost."), now))
                        .toList());
    }

    /**
     * A person has cancelled it, its time is over, or an emergency needs what it has: what is left is skipped, but for the steps of finally. Of those
     * the one that is under way makes room, too.
     */
    private Optional<RunDecision> stop(StepTurn turn) {
        Set<String> atTheEnd = observation.frozen().finallySteps().stream()
                .map(RunbookStep::name)
                .collect(Collectors.toSet());
        List<String> left = before.steps().stream()
                .filter(line -> !line.ended())
                .map(RunStep::name)
                .filter(name -> !atTheEnd.contains(name))
                .toList();
        StepTurn underWay = turn.attempt() > 0 ? turn : null;
        if (!left.isEmpty()) {
            return cancelled
                    .or(() -> timeIsOver(turn))
                    .map(why ->
                            new Failure(Reason.CANCELLED.text(), why + " at step " + left.getFirst() + ".", List.of()))
                    .or(() -> room().map(why -> new Failure(
                            Reason.PREEMPTED.text(),
                            why + " The run stops at step " + left.getFirst() + ".",
                            List.of())))
                    .map(why -> new RunDecision.Stop(why, left, underWay));
        }
        return room().filter(ignored -> underWay != null && claims(turn))
                .map(why -> new Finish(turn.step().name(), StepResult.skipped(why), false, underWay));
    }

    private Optional<String> room() {
        return Optional.ofNullable(observation.makeRoomFor())
                .filter(ignored -> RunClaims.granted(run))
                .map(emergency -> "It makes room for " + emergency + ", which needs " + RunClaims.text(run) + ".");
    }

    /** Told between two steps alone: the one under way is left to end. */
    private Optional<String> timeIsOver(StepTurn turn) {
        return ScheduleRuns.stopAfter(run)
                .filter(end -> turn.attempt() == 0 && !now.isBefore(end))
                .map(end ->
                        "Stopped, since its time was over at " + end + " (annotation " + Annotations.STOP_AFTER + "),");
    }

    private RunDecision decide(StepTurn turn, RunStep line, StepType type) {
        if (!line.tried() && line.attempts() == 0 && line.askedAt() == null && !wanted(turn)) {
            return new Finish(line.name(), StepResult.skipped(notWanted(turn)), false, null);
        }
        if (line.tried()) {
            return underWay(turn, line, type);
        }
        Optional<String> paused = RunDecider.paused(run, observation.application());
        if (paused.isPresent()) {
            return new Wait(Reason.PAUSED, paused.get(), false);
        }
        if (line.attempts() > 0) {
            Duration left = Duration.between(now, line.retryAt());
            return left.isPositive()
                    ? new RunDecision.Rest(line.name(), line.message(), left)
                    : attempt(turn, line, type);
        }
        if (RunChanges.isNeedless(observation, turn.step())) {
            return new Finish(
                    line.name(),
                    StepResult.skipped(
                            "There is nothing to give back: no step of this run has changed it, or it has been"
                                    + " given back already."),
                    false,
                    null);
        }
        Optional<String> needless = type.needless(turn, observation.seen(), now);
        if (needless.isPresent()) {
            return new Finish(line.name(), StepResult.skipped(needless.get()), false, null);
        }
        boolean waits = type.byPerson() || turn.step().approval() != null;
        return waits && line.approvedBy() == null ? person(turn, line, type) : attempt(turn, line, type);
    }

    /** Nobody else works on what it works on. */
    private RunDecision attempt(StepTurn turn, RunStep line, StepType type) {
        List<Claim> needed = observation.application() == null ? List.of() : type.claims(turn);
        return needed.isEmpty() || RunClaims.granted(run, needed)
                ? new RunDecision.Try(line.name())
                : new RunDecision.TakeClaim(line.name(), needed);
    }

    private boolean wanted(StepTurn turn) {
        boolean stopped = before.failure() != null;
        return switch (when(turn.step())) {
            case ON_SUCCESS, UNRECOGNIZED -> !stopped;
            case ON_FAILURE -> before.steps().stream().anyMatch(line -> RunLines.bad(line.outcome()));
            case ALWAYS -> true;
        };
    }

    private String notWanted(StepTurn turn) {
        return when(turn.step()) == StepCondition.ON_FAILURE
                ? "No step before it has failed (when: OnFailure)."
                : "The run has stopped before it.";
    }

    private StepCondition when(RunbookStep step) {
        if (step.when() != null) {
            return step.when();
        }
        return observation.frozen().finallySteps().contains(step) ? StepCondition.ALWAYS : StepCondition.ON_SUCCESS;
    }

    private RunDecision person(StepTurn turn, RunStep line, StepType type) {
        Optional<Approvals.Word> word = Approvals.of(run, line.name());
        if (word.isPresent() && word.get() instanceof Approvals.Word.Rejected(String user)) {
            return end(turn, StepResult.failed(Reason.APPROVAL_REJECTED, "Rejected by " + user + "."), null);
        }
        if (word.isPresent() && word.get() instanceof Approvals.Word.Approved(String user)) {
            return new RunDecision.Approved(line.name(), user);
        }
        Approval approval =
                turn.step().approval() == null ? Approval.DEFAULTS : turn.step().approval();
        Instant until = (line.askedAt() == null ? now.truncatedTo(ChronoUnit.SECONDS) : line.askedAt())
                .plus(Durations.parse(approval.expiresAfter()));
        if (!now.isBefore(until)) {
            return end(
                    turn,
                    StepResult.failed(
                            Reason.APPROVAL_EXPIRED,
                            "Nobody has approved it within " + approval.expiresAfter() + " (approval.expiresAfter)."),
                    null);
        }
        String message = type.plan(turn, observation.seen()) + " Waits until " + until + " for the annotation "
                + Annotations.APPROVE + "="
                + line.name() + "@<your user name>, or " + Annotations.REJECT + ", by "
                + (run.getSpec().requestedBy() == null
                        ? "somebody."
                        : "somebody else than " + run.getSpec().requestedBy() + ".")
                + word.map(said -> said instanceof Approvals.Word.Nothing(String why) ? " " + why : "")
                        .orElse("");
        return new RunDecision.AskPerson(line.name(), message, Duration.between(now, until));
    }

    private RunDecision underWay(StepTurn turn, RunStep line, StepType type) {
        StepProgress progress = type.judge(turn, observation.seen());
        if (progress instanceof StepProgress.Ended(StepResult result, boolean left)) {
            return end(turn, result, left ? turn : null);
        }
        Optional<Duration> limit =
                Optional.ofNullable(turn.step().timeout()).map(Durations::parse).or(type::timeout);
        Optional<Instant> over =
                limit.flatMap(time -> type.begunAt(line, observation.seen()).map(begun -> begun.plus(time)));
        if (over.filter(now::isAfter).isPresent()) {
            return end(
                    turn,
                    StepResult.failed(
                            Reason.DEADLINE_EXCEEDED,
                            "It did not end within " + Durations.format(limit.get()) + " (timeout)."
                                    + (progress instanceof StepProgress.Wait(String found) ? " " + found : "")),
                    turn);
        }
        return switch (progress) {
            case StepProgress.Act ignored -> new RunDecision.Act(turn);
            case StepProgress.Save save ->
                RunChanges.marked(run)
                        ? new RunDecision.Save(line.name(), untilEnd(turn, save.change()), claims(turn))
                        : new RunDecision.Mark();
            case StepProgress.Remember(List<FormerPod> pods) -> new RunDecision.Remember(line.name(), pods);
            case StepProgress.Change ignored -> new RunDecision.Change(turn);
            case StepProgress.Wait(String message) -> new RunDecision.Watch(line.name(), message);
            case StepProgress.Ended ignored -> throw new IllegalStateException("told above");
        };
    }

    private SavedChange untilEnd(StepTurn turn, SavedChange change) {
        return change.endsWithRun() || !RunChanges.isGivenBackLater(observation, turn.step())
                ? change
                : change.withRun();
    }

    /** What becomes of the run when an attempt, or the step, has ended so. */
    RunDecision end(StepTurn turn, StepResult result, StepTurn left) {
        RunbookStep step = turn.step();
        int attempts = turn.attempt();
        if (result.bad() && attempts > 0 && attempts <= step.retries()) {
            Instant at = now.plus(delay(attempts));
            return new RunDecision.Retry(step.name(), result, at, left);
        }
        return new Finish(step.name(), result, result.bad() && step.onFailure() != StepFailurePolicy.CONTINUE, left);
    }

    private static Duration delay(int attempts) {
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 10));
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }

    private RunDecision over() {
        List<RunStep> lines = before.steps();
        String summary = RunLines.summary(lines) + stays(lines);
        if (before.failure() != null
                && RunChanges.CUT_OFF.contains(before.failure().reason())) {
            return new End(
                    RunOutcome.CANCELLED,
                    Reason.of(before.failure().reason()).orElseThrow(),
                    before.failure().message() + " " + summary,
                    null);
        }
        RunOutcome outcome = RunLines.worst(lines);
        String told = lines.stream()
                .filter(line -> line.outcome() != StepOutcome.PASSED && line.outcome() != StepOutcome.SKIPPED)
                .filter(line -> RunLines.worst(List.of(line)) == outcome)
                .findFirst()
                .map(line -> " Step " + line.name() + ": " + line.message())
                .orElse("");
        return new End(
                outcome,
                switch (outcome) {
                    case FINDINGS -> Reason.FINDINGS;
                    case COULD_NOT_CHECK -> Reason.COULD_NOT_CHECK;
                    case FAILED ->
                        Optional.ofNullable(before.failure())
                                .flatMap(why -> Reason.of(why.reason()))
                                .orElse(Reason.STEP_FAILED);
                    default -> Reason.SUCCEEDED;
                },
                summary + told,
                null);
    }

    private static String stays(List<RunStep> lines) {
        List<String> changed =
                lines.stream().filter(RunStep::owes).map(RunStep::name).toList();
        return changed.isEmpty()
                ? ""
                : " What " + (changed.size() == 1 ? "step " : "steps ") + String.join(", ", changed)
                        + " changed stays so: status.undoCommand gives it back.";
    }
}

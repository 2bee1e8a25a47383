package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.runbook.FrozenRunbook;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunReport;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.StepOutcome;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class RunStatusReport {

    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_USER = 256;

    private static final String LATE =
            " The annotation " + Annotations.CANCEL + " came when only finally was left, which goes on to its end.";

    /** All messages of the steps together. */
    private static final int ROOM = 16_384;

    /** All numbers of the steps together. */
    private static final int MOST_FACTS = 512;

    private final MaintenanceRun run;
    private final MaintenanceRunStatus before;
    private final Instant now;

    private RunPhase phase;
    private RunOutcome outcome;
    private FrozenRunbook runbook;
    private List<RunStep> steps;
    private Failure failure;
    private HeldClaim claim;
    private RunReport report;
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
        this.claim = before.claim();
        this.report = before.report();
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
            case RunDecision.Mark ignored -> run.getStatus();
            case RunDecision.Unmark ignored -> run.getStatus();
            case RunDecision.TakeClaim ignored -> run.getStatus();
            case RunDecision.Change ignored -> run.getStatus();
            case RunDecision.GiveBack ignored -> run.getStatus();
            case RunDecision.KeepReport ignored -> run.getStatus();
            case RunDecision.ReportTold told -> before.withReport(told.report());
            case RunDecision ignored when RunLines.ended(run) -> run.getStatus();
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
            case RunDecision.AwaitClaim wait -> {
                claim = wait.claim();
                change(wait.step(), line -> line.ended() ? line : line.withMessage(wait.message()));
                yield at(Reason.CLAIMED, told(wait.step(), wait.message()));
            }
            case RunDecision.Claimed claimed -> {
                claim = claimed.claim();
                yield at(Reason.IN_PROGRESS, told(claimed.step(), "It works on the workloads now."));
            }
            case RunDecision.LetGo ignored when claim == null -> run.getStatus();
            case RunDecision.LetGo ignored -> {
                claim = null;
                yield at(Reason.IN_PROGRESS, "The workloads are free for others.");
            }
            case RunDecision.Save save -> {
                change(save.step(), line -> line.change().saved(save.change()).build());
                yield at(
                        Reason.IN_PROGRESS,
                        told(
                                save.step(),
                                "What it changes is written down: "
                                        + save.change().text() + "."));
            }
            case RunDecision.Remember remember -> {
                change(
                        remember.step(),
                        line -> line.change().pods(remember.pods()).build());
                yield at(Reason.IN_PROGRESS, told(remember.step(), "The Pods that are there are written down."));
            }
            case RunDecision.GivenBack back -> {
                change(back.step(), line -> givenBack(line, back.note()));
                yield at(Reason.IN_PROGRESS, told(back.step(), "Given back: " + back.note()));
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
        report = end.report();
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
        return line.change().started(now).asked(now).message(message).build();
    }

    private RunStep approved(RunStep line, String user) {
        return line.change()
                .started(now)
                .approvedBy(Texts.cut(user, LONGEST_USER, "…"))
                .message("Approved by " + user + ".")
                .build();
    }

    private RunStep tried(RunStep line) {
        return line.change().started(now).tried(now).build();
    }

    private RunStep again(RunStep line, RunDecision.Retry retry) {
        return line.change()
                .retryAt(retry.at().truncatedTo(ChronoUnit.SECONDS))
                .message(again(retry))
                .build();
    }

    private static String again(RunDecision.Retry retry) {
        return "It is tried again at " + retry.at().truncatedTo(ChronoUnit.SECONDS) + ". "
                + retry.result().outcome().text() + ": " + retry.result().message();
    }

    /** A step that ends so. */
    static RunStep ended(RunStep line, StepResult result, Instant now) {
        return line.change()
                .ended(result.outcome(), now.truncatedTo(ChronoUnit.SECONDS))
                .measured(result.measured())
                .decimals(result.decimals())
                .message(
                        (line.approvedBy() == null ? "" : "Approved by " + line.approvedBy() + ". ") + result.message())
                .build();
    }

    /** What it had changed is as it was; what it came to stands. */
    private static RunStep givenBack(RunStep line, String note) {
        String told = line.message() == null || line.message().isBlank() ? "" : line.message() + " ";
        return line.change()
                .saved(line.saved().back())
                .message(told + "Given back: " + note)
                .build();
    }

    private static String told(String step, String message) {
        return "Step " + step + ": " + message;
    }

    private MaintenanceRunStatus at(Reason reason, String message) {
        return written(conditions().reconciling(reason, message + (cancelledLate() ? LATE : "")));
    }

    /** With a step left out of it a cancelled run is stopped before anything else is told; else nothing was left to leave out. */
    private boolean cancelledLate() {
        Map<String, String> annotations = run.getMetadata().getAnnotations();
        boolean stopped = failure != null && RunChanges.CUT_OFF.contains(failure.reason())
                || steps.stream()
                        .anyMatch(line -> line.message() != null
                                && line.outcome() == StepOutcome.SKIPPED
                                && line.message().startsWith("Cancelled"));
        return RunLines.begun(run) && annotations != null && annotations.containsKey(Annotations.CANCEL) && !stopped;
    }

    private Conditions conditions() {
        return new Conditions(before.conditions(), run.getMetadata().getGeneration(), now);
    }

    private List<RunStep> bounded() {
        int most = Math.min(LONGEST_MESSAGE, ROOM / Math.max(1, steps.size()));
        int facts = MOST_FACTS
                / Math.max(1, (int)
                        steps.stream().filter(line -> !line.facts().isEmpty()).count());
        return steps.stream()
                .map(line -> line.message() == null || line.message().length() <= most
                        ? line
                        : line.withMessage(Texts.cut(line.message(), most, " … (cut)")))
                .map(line -> line.facts().size() <= facts ? line : fewer(line, facts))
                .toList();
    }

    private static RunStep fewer(RunStep line, int facts) {
        Map<String, Long> first = new TreeMap<>();
        line.facts().entrySet().stream().limit(facts).forEach(fact -> first.put(fact.getKey(), fact.getValue()));
        return line.change().measured(first).build();
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
                claim,
                RunChanges.undoCommand(steps, run.getMetadata().getNamespace()),
                report,
                startedAt,
                completedAt,
                startedAt == null || completedAt == null
                        ? null
                        : Durations.format(Duration.between(startedAt, completedAt)));
    }
}

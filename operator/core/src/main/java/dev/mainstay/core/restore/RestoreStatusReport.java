package dev.mainstay.core.restore;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.restore.RestoredDatabase;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.api.status.Failure;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.Durations;
import dev.mainstay.core.Texts;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.workload.WorkloadReturn;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The whole status that follows from a decision: a pure function, never less than was observed. */
public final class RestoreStatusReport {

    private static final int LONGEST_STEP_MESSAGE = 512;
    private static final int LONGEST_COMMAND = 2048;

    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final Instant now;

    private RestorePhase phase;
    private RestoreOutcome outcome;
    private RestoreStepName step;
    private List<RestoreStep> steps;
    private RestorePlan plan;
    private RestoreTaskState task;
    private RestoredDatabase restored;
    private List<StoppedWorkload> workloads;
    private PreviousDatabase previous;
    private String closedFor;
    private Failure failure;
    private HeldClaim claim;
    private Instant startedAt;
    private Instant completedAt;

    private RestoreStatusReport(RestoreRequest request, Instant now) {
        this.request = request;
        this.before = RestoreClaims.status(request);
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.phase = before.phase();
        this.outcome = before.outcome();
        this.step = before.step();
        this.steps = before.steps();
        this.plan = before.plan();
        this.task = before.task();
        this.restored = before.restored();
        this.workloads = before.workloads();
        this.previous = before.previous();
        this.closedFor = before.closedFor();
        this.failure = before.failure();
        this.claim = before.claim();
        this.startedAt = before.startedAt();
        this.completedAt = before.completedAt();
    }

    /** The status to be written; equal to the one observed when nothing has changed. */
    public static RestoreRequestStatus of(RestoreRequest request, RestoreDecision decision, Instant now) {
        return new RestoreStatusReport(request, now).status(decision);
    }

    private RestoreRequestStatus status(RestoreDecision decision) {
        return switch (decision) {
            case RestoreDecision.LeaveAlone ignored -> request.getStatus();
            case RestoreDecision.LookAgain ignored -> request.getStatus();
            case RestoreDecision.Rest ignored -> request.getStatus();
            case RestoreDecision.Mark ignored -> request.getStatus();
            case RestoreDecision.TakeClaim ignored -> request.getStatus();
            case RestoreDecision.MakeJob ignored -> request.getStatus();
            case RestoreDecision.EndJob ignored -> request.getStatus();
            case RestoreDecision.Wait wait -> waiting(wait.reason(), wait.message(), wait.stuck());
            case RestoreDecision.AwaitClaim await -> {
                claim = await.claim();
                yield written(conditions().reconciling(Reason.CLAIMED, await.message()));
            }
            case RestoreDecision.Granted granted -> {
                claim = granted.claim();
                if (granted.before() != null) {
                    mark(granted.before(), RestoreStepState.RUNNING, null);
                }
                yield working(Reason.IN_PROGRESS, "It has what it needs of the application.");
            }
            case RestoreDecision.Begin begin -> begun(begin);
            case RestoreDecision.Intend intend -> {
                task = intend.task();
                if (phase != RestorePhase.GIVING_BACK) {
                    failure = swapFailure(intend);
                    mark(intend.step(), RestoreStepState.RUNNING, intend.message());
                }
                yield waiting(intend.reason(), told(intend.step(), intend.message()), intend.stuck());
            }
            case RestoreDecision.Watch watch -> watched(watch);
            case RestoreDecision.Planned planned -> planned(planned);
            case RestoreDecision.Copied copied -> copied(copied.copy());
            case RestoreDecision.MakeBackup made -> {
                mark(RestoreStepName.SAFETY_BACKUP, RestoreStepState.RUNNING, null);
                String name = made.backup().getMetadata().getName();
                yield working(Reason.BACKING_UP, "DatabaseBackup " + name + " is made.");
            }
            case RestoreDecision.MakeMode mode -> {
                mark(RestoreStepName.ENTER_MAINTENANCE, RestoreStepState.RUNNING, null);
                String name = mode.mode().getMetadata().getName();
                yield working(Reason.ENTERING_MAINTENANCE, "MaintenanceMode " + name + " is made.");
            }
            case RestoreDecision.EndMode mode -> {
                if (phase != RestorePhase.GIVING_BACK) {
                    mark(mode.step(), RestoreStepState.RUNNING, null);
                }
                yield working(
                        phase == RestorePhase.GIVING_BACK ? Reason.GIVING_BACK : Reason.LEAVING_MAINTENANCE,
                        "MaintenanceMode " + mode.mode().getMetadata().getName() + " is ended.");
            }
            case RestoreDecision.SaveWorkloads save -> {
                workloads = save.lines();
                mark(RestoreStepName.STOP_WORKLOADS, RestoreStepState.RUNNING, saved());
                yield working(Reason.STOPPING_WORKLOADS, saved());
            }
            case RestoreDecision.ChangeWorkloads change -> {
                workloads = change.lines();
                if (phase != RestorePhase.GIVING_BACK) {
                    mark(change.step(), RestoreStepState.RUNNING, change.message());
                }
                yield working(
                        phase == RestorePhase.GIVING_BACK
                                ? Reason.GIVING_BACK
                                : change.stops() ? Reason.STOPPING_WORKLOADS : Reason.STARTING_WORKLOADS,
                        told(change.step(), change.message()));
            }
            case RestoreDecision.Swapped swapped -> swapped(swapped.swap());
            case RestoreDecision.Done done -> ended(done.step(), RestoreStepState.DONE, done.message());
            case RestoreDecision.Skip skip -> ended(skip.step(), RestoreStepState.SKIPPED, skip.message());
            case RestoreDecision.Unhealthy unhealthy -> {
                failure = unhealthy.why();
                String told = unhealthy.why().message();
                yield ended(RestoreStepName.CHECK_HEALTH, RestoreStepState.FAILED, told);
            }
            case RestoreDecision.NotLeft kept -> {
                failure = kept.after(failure);
                String told = kept.why().message();
                yield ended(RestoreStepName.LEAVE_MAINTENANCE, RestoreStepState.FAILED, told);
            }
            case RestoreDecision.Fail fail -> {
                steps = fail.swapUntouched() ? withoutSwap(fail.why()) : steps;
                yield failed(fail.why());
            }
            case RestoreDecision.End end -> over(end);
            case RestoreDecision.NotKept gone -> notKept(gone);
        };
    }

    private RestoreRequestStatus begun(RestoreDecision.Begin begin) {
        plan = begin.plan();
        phase = RestorePhase.RUNNING;
        startedAt = now;
        steps = begin.steps().stream()
                .map(name -> new RestoreStep(name, RestoreStepState.WAITING, null, null, null))
                .toList();
        step = begin.steps().getFirst();
        return working(
                Reason.PLANNING_RESTORE,
                "It is looked at what the restore costs, and what could keep it from succeeding.");
    }

    /** Why a swap is settled is what it fails with, unless it turns out to have been done. */
    private Failure swapFailure(RestoreDecision.Intend intend) {
        boolean settles = TaskKind.RESTORE_SETTLE.text().equals(intend.task().kind());
        return settles && intend.why() != null ? intend.why() : failure;
    }

    private RestoreRequestStatus watched(RestoreDecision.Watch watch) {
        task = watch.task();
        if (phase != RestorePhase.GIVING_BACK) {
            mark(watch.step(), RestoreStepState.RUNNING, watch.message());
        }
        return waiting(watch.reason(), told(watch.step(), watch.message()), watch.stuck());
    }

    private RestoreRequestStatus planned(RestoreDecision.Planned planned) {
        plan = RestoreFacts.planned(plan, planned, startedAt == null ? now : startedAt);
        return planned.blocked() == null
                ? ended(RestoreStepName.PLAN, RestoreStepState.DONE, RestoreWords.plan(request, plan))
                : failed(planned.blocked());
    }

    private RestoreRequestStatus copied(RestoreReport.Copy copy) {
        restored = RestoreFacts.copied(copy);
        return ended(
                IntoEmpty.restoring(plan),
                RestoreStepState.DONE,
                copy.rows() + " rows in " + copy.tables() + " tables"
                        + (copy.rowsCompared() ? ", as many as the backup holds" : "")
                        + (copy.leftOutCount() == 0
                                ? "."
                                : "; " + copy.leftOutCount()
                                        + " entries were left out; status.restored.leftOut says why, and what to do."));
    }

    private RestoreRequestStatus swapped(RestoreReport.Swap swap) {
        if (phase == RestorePhase.GIVING_BACK) {
            steps = RestoreStepLines.afterSwap(steps);
        }
        phase = RestorePhase.RUNNING;
        failure = null;
        if (IntoEmpty.is(plan)) {
            return ended(
                    RestoreStepName.RESTORE_INTO_EMPTY,
                    RestoreStepState.DONE,
                    "The backup is in the database, all of it and verified. Its Job could not tell so any more.");
        }
        previous = plan.previous() == null || !swap.keeps()
                ? null
                : new PreviousDatabase(
                        plan.previous(),
                        RestoreFacts.size(swap.previousBytes()),
                        swap.swappedAt() == null ? now : swap.swappedAt().truncatedTo(ChronoUnit.SECONDS));
        closedFor = swap.refusedMillis() == null ? null : swap.refusedMillis() + " ms";
        return ended(
                RestoreStepName.SWAP,
                RestoreStepState.DONE,
                (previous == null
                                ? "There was no database to keep."
                                : "The database before is " + plan.previous() + ".")
                        + (swap.endedSessions() == null ? "" : " Sessions ended: " + swap.endedSessions() + ".")
                        + (closedFor == null ? "" : " No connections for " + closedFor + "."));
    }

    private RestoreRequestStatus ended(RestoreStepName name, RestoreStepState state, String message) {
        mark(name, state, message);
        step = steps.stream()
                .filter(line -> line.state() == RestoreStepState.WAITING || line.state() == RestoreStepState.RUNNING)
                .map(RestoreStep::name)
                .findFirst()
                .orElse(name);
        return working(Reason.IN_PROGRESS, told(name, message));
    }

    private RestoreRequestStatus failed(Failure why) {
        // A plan that finds something in the way has nothing to give back, and nobody is to be told so.
        Reason reason = step == RestoreStepName.PLAN ? Reason.PLANNING_RESTORE : Reason.GIVING_BACK;
        failure = why;
        phase = RestorePhase.GIVING_BACK;
        steps = RestoreStepLines.failed(steps, cut(why.message(), LONGEST_STEP_MESSAGE), now);
        return written(conditions().reconciling(reason, why.message()));
    }

    private RestoreRequestStatus over(RestoreDecision.End end) {
        phase = RestorePhase.FINISHED;
        outcome = end.outcome();
        completedAt = now;
        step = null;
        for (RestoreStep line : end.givenBack()) {
            steps = RestoreStepLines.marked(
                    steps, line.name(), line.state(), cut(line.message(), LONGEST_STEP_MESSAGE), now);
        }
        if (end.failure() != null) {
            failure = end.failure();
        }
        boolean good = end.outcome() == RestoreOutcome.SUCCEEDED;
        String message = end.message();
        Conditions conditions = (good
                        ? conditions().ready(end.reason(), message)
                        : conditions().stalled(end.reason(), message))
                .set("Finished", ConditionStatus.TRUE, end.reason(), message)
                .set("Succeeded", good ? ConditionStatus.TRUE : ConditionStatus.FALSE, end.reason(), message);
        return written(conditions);
    }

    /** What it did stands as it was told; only that the database is kept is true no more. */
    private RestoreRequestStatus notKept(RestoreDecision.NotKept gone) {
        previous = null;
        return written(PreviousKept.ended(conditions(), before.conditions(), gone));
    }

    private List<RestoreStep> withoutSwap(Failure why) {
        return RestoreStepLines.withoutSwap(steps, cut(why.message(), LONGEST_STEP_MESSAGE), now);
    }

    private void mark(RestoreStepName name, RestoreStepState state, String message) {
        step = name;
        steps = RestoreStepLines.marked(
                steps, name, state, message == null ? null : cut(message, LONGEST_STEP_MESSAGE), now);
    }

    private static String told(RestoreStepName step, String message) {
        return step == null ? message : step.text() + ": " + message;
    }

    private RestoreRequestStatus waiting(Reason reason, String message, boolean stuck) {
        return written(
                stuck ? conditions().stalled(reason, message) : conditions().reconciling(reason, message));
    }

    private RestoreRequestStatus working(Reason reason, String message) {
        return written(conditions().reconciling(reason, message));
    }

    private Conditions conditions() {
        return new Conditions(before.conditions(), request.getMetadata().getGeneration(), now);
    }

    /** Until the copy is in place it is about what was stopped; after it, about the database that is kept. */
    private String undoCommand() {
        if (previous != null) {
            return RestoreWords.undo(request);
        }
        List<String> commands =
                WorkloadReturn.commands(workloads, request.getMetadata().getNamespace());
        String all = String.join(" && ", commands);
        return commands.isEmpty() || all.length() > LONGEST_COMMAND ? null : all;
    }

    /** Half a command does harm: where all of them are too long there are none, and it is told where to look. */
    private String saved() {
        return "What the workloads have is written down."
                + (undoCommand() == null && workloads.stream().anyMatch(line -> !line.settled())
                        ? " The commands that start them again are too long for status.undoCommand: status.workloads has what"
                                + " each had."
                        : "");
    }

    private RestoreRequestStatus written(Conditions conditions) {
        PreviousKept.tell(conditions, previous, plan);
        return new RestoreRequestStatus(
                request.getMetadata().getGeneration(),
                conditions.list(),
                phase,
                outcome,
                step,
                steps.isEmpty() ? null : steps,
                plan,
                task,
                restored,
                workloads.isEmpty() ? null : workloads,
                previous,
                closedFor,
                RestoreWords.bounded(failure),
                claim,
                startedAt,
                completedAt,
                startedAt == null || completedAt == null
                        ? null
                        : Durations.format(Duration.between(startedAt, completedAt)),
                undoCommand());
    }

    private static String cut(String text, int length) {
        return Texts.cut(text, length, "…");
    }
}

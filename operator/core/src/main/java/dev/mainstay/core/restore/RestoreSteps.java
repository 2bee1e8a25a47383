package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.restore.RestoreDecision.Done;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.core.task.TaskResult.Outcome;
import dev.mainstay.core.workload.StopRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to be done in each step of a restore. */
final class RestoreSteps {

    /** How long the application may take to become healthy with the restored database. */
    static final Duration HEALTHY_WITHIN = Duration.ofMinutes(5);

    /** How long a swap may be kept out: the application is down meanwhile, and a dead session is ended within a minute. */
    static final Duration LET_IN_WITHIN = Duration.ofMinutes(10);

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final TaskMaker tasks;
    private final Optional<String> ending;
    private final StepTime time;
    private final Instant now;

    RestoreSteps(RestoreObservation observation, TaskMaker tasks, Optional<String> ending, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.tasks = tasks;
        this.ending = ending;
        this.time = new StepTime(observation, now);
        this.now = now;
    }

    RestoreDecision decide(RestoreStepName step) {
        return switch (step) {
            case PLAN -> plan();
            case SAFETY_BACKUP -> new SafetyBackups(observation, before.claim().database()).decide(time);
            case RESTORE_COPY -> stopAgain(step).orElseGet(() -> restore(step, TaskKind.RESTORE_COPY));
            case RESTORE_INTO_EMPTY -> stopAgain(step).orElseGet(() -> restore(step, TaskKind.RESTORE_INTO_EMPTY));
            case ENTER_MAINTENANCE -> new RestorePage(observation, time).enter();
            case STOP_WORKLOADS -> new RestoreWorkloads(observation).stop(time);
            case SWAP ->
                isSwapToBeLeft()
                        ? new Fail(RestoreUnderWay.cancelled(ending.get()), true)
                        : new RestoreWorkloads(observation).stopAgain(step).orElseGet(this::swap);
            case START_WORKLOADS -> new RestoreWorkloads(observation).start();
            case CHECK_HEALTH -> health();
            case LEAVE_MAINTENANCE -> new RestorePage(observation, time).leave();
            case UNRECOGNIZED ->
                new Watch(
                        step,
                        before.task(),
                        Reason.INVALID_SPEC,
                        "status.steps has a step that this version of Mainstay does not know: a newer version wrote it."
                                + " Upgrade Mainstay.",
                        true,
                        Duration.ofMinutes(10));
        };
    }

    private Optional<RestoreDecision> stopAgain(RestoreStepName step) {
        return ending.isPresent() ? Optional.empty() : new RestoreWorkloads(observation).stopAgain(step);
    }

    private RestoreDecision plan() {
        return switch (view(TaskKind.RESTORE_PLAN, RestoreStepName.PLAN, Reason.PLANNING_RESTORE)) {
            case TaskView.Working working -> working.decision();
            case TaskView.ToBeMade made -> tasks.make(made, TaskKind.RESTORE_PLAN, false, now);
            case TaskView.Lost lost -> again(RestoreStepName.PLAN, lost.why());
            case TaskView.Ended ended when ending.isPresent() -> new Fail(RestoreUnderWay.cancelled(ending.get()));
            case TaskView.Ended ended ->
                succeeded(ended.result()) && ended.result().restore().facts() != null
                        ? planned(
                                request, ended.result().restore().facts(), new RestoreWorkloads(observation).refusals())
                        : failed(RestoreStepName.PLAN, ended.result());
        };
    }

    /** What follows from what the plan has found. */
    static RestoreDecision.Planned planned(
            RestoreRequest request, RestoreReport.Facts facts, List<StopRefusal> unstoppable) {
        List<String> findings = new ArrayList<>();
        Failure first = null;
        for (Finding finding : facts.findings()) {
            findings.add(finding.check() + ": " + finding.message());
            if (first == null && finding.severity() == Finding.Severity.ERROR) {
                first = new Failure(
                        finding.reason() == null ? Reason.RESTORE_BLOCKED.text() : finding.reason(),
                        finding.check() + ": " + finding.message(),
                        List.of());
            }
        }
        int errors = facts.errors() + unstoppable.size();
        for (StopRefusal refusal : unstoppable.reversed()) {
            String told = "workloads: " + refusal.message();
            findings.addFirst(told);
            first = new Failure(refusal.reason().text(), told, List.of());
        }
        if (RestoreClaims.status(request).plan().location() != null
                && !request.getSpec().acceptUnknownFreeSpace()) {
            String space = IntoEmpty.is(RestoreClaims.status(request).plan())
                    ? IntoEmpty.freeSpace(facts.copyBytes())
                    : "free space: nothing tells whether the server has room for a second copy"
                            + (facts.copyBytes() == null ? "" : " (" + ByteSizes.format(facts.copyBytes()) + ")")
                            + ". Look at its disk, and make the request with spec.acceptUnknownFreeSpace: true.";
            findings.addFirst(space);
            errors++;
            if (first == null) {
                first = new Failure(Reason.FREE_SPACE_UNKNOWN.text(), space, List.of());
            }
        }
        return new RestoreDecision.Planned(
                facts,
                findings,
                first == null
                        ? null
                        : new Failure(
                                first.reason(),
                                first.message()
                                        + (errors > 1
                                                ? " And " + (errors - 1) + " more: see status.plan.findings."
                                                : ""),
                                List.of()));
    }

    private RestoreDecision restore(RestoreStepName step, TaskKind kind) {
        return switch (view(kind, step, isCopy(kind) ? Reason.RESTORING_COPY : Reason.RESTORING_INTO_EMPTY)) {
            case TaskView.Working working -> working.decision();
            case TaskView.ToBeMade made -> tasks.make(made, kind, false, now);
            case TaskView.Lost lost -> again(step, lost.why());
            case TaskView.Ended ended ->
                succeeded(ended.result()) && ended.result().restore().copy() != null
                        ? new RestoreDecision.Copied(ended.result().restore().copy())
                        : failed(step, ended.result());
        };
    }

    private static boolean isCopy(TaskKind kind) {
        return kind == TaskKind.RESTORE_COPY;
    }

    /** One that was lost, say with its node, is tried again; what it left behind the next one removes. */
    private RestoreDecision again(RestoreStepName step, Failure why) {
        if (ending.isPresent()) {
            return new Fail(RestoreUnderWay.cancelled(ending.get()));
        }
        return before.task().lost() + 1 >= TaskRetry.TRIES
                ? new Fail(why)
                : TaskRetry.lost(before.task(), step, why, now);
    }

    /** What has failed would fail again; but not what was kept out by a session that may end. */
    private RestoreDecision failed(RestoreStepName step, TaskResult result) {
        return ending.isEmpty() && TaskRetry.keptOut(result) && isTimeLeft(step)
                ? TaskRetry.later(before.task(), step, Reason.ANOTHER_RUNNER, false, failure(result), now)
                : new Fail(failure(result));
    }

    private boolean isTimeLeft(RestoreStepName step) {
        return request.getSpec() != null
                && !time.over(step, Durations.parse(request.getSpec().timeout()));
    }

    private RestoreDecision swap() {
        boolean settling = before.task() != null
                && TaskKind.RESTORE_SETTLE.text().equals(before.task().kind());
        TaskKind kind = settling ? TaskKind.RESTORE_SETTLE : TaskKind.RESTORE_SWAP;
        return switch (TaskView.of(observation, kind, RestoreStepName.SWAP, Reason.SWAPPING, false, now)) {
            case TaskView.Working working -> working.decision();
            case TaskView.ToBeMade made -> tasks.make(made, kind, settling, now);
            case TaskView.Lost lost -> settle(settling, lost.why());
            case TaskView.Ended ended -> {
                RestoreReport.Swap swap =
                        succeeded(ended.result()) ? ended.result().restore().swap() : null;
                if (swap != null && swap.state() == RestoreReport.State.SWAPPED) {
                    yield new RestoreDecision.Swapped(swap);
                }
                if (!settling && TaskRetry.keptOut(ended.result())) {
                    yield keptOut(failure(ended.result()));
                }
                yield swap != null && settling
                        ? new Fail(before.failure() == null ? failure(ended.result()) : before.failure())
                        : settle(settling, failure(ended.result()));
            }
        };
    }

    /** Whether a swap is to end whose Job can't have done anything: none was made, and those before it were kept out. */
    private boolean isSwapToBeLeft() {
        // A namespace that ends is told by a refusal, and the Job was not looked for then.
        return RestoreDecider.ending(request).isPresent()
                && before.task().job() == null
                && TaskKind.RESTORE_SWAP.text().equals(before.task().kind())
                && !observation.jobs().containsKey(TaskView.currentJob(request).orElseThrow());
    }

    /** It has done nothing, and what was tried before it neither: whatever else had come of one would have been settled. */
    private RestoreDecision keptOut(Failure why) {
        if (ending.isPresent()) {
            return new Fail(RestoreUnderWay.cancelled(ending.get()), true);
        }
        return time.over(RestoreStepName.SWAP, LET_IN_WITHIN)
                ? new Fail(why, true)
                : TaskRetry.later(before.task(), RestoreStepName.SWAP, Reason.ANOTHER_RUNNER, true, why, now);
    }

    /** Whatever ended the swap: how the databases stand is found out, and not guessed. */
    private RestoreDecision settle(boolean settling, Failure why) {
        if (!settling) {
            return TaskRetry.first(TaskKind.RESTORE_SETTLE, RestoreStepName.SWAP, why, now);
        }
        return settleAgain(before.task(), why, RestoreStepName.SWAP, now);
    }

    /** It is tried until it succeeds: until then nobody knows whether the database takes connections. */
    static RestoreDecision settleAgain(RestoreTaskState task, Failure why, RestoreStepName step, Instant now) {
        return TaskRetry.later(task, step, Reason.SETTLING, true, why, now);
    }

    private RestoreDecision health() {
        if (observation.application() == null || observation.application().getSpec() == null) {
            return new Skip(
                    RestoreStepName.CHECK_HEALTH,
                    "The ManagedApplication is gone: nothing tells how the application is.");
        }
        if (observation.application().getSpec().health() == null
                || observation.application().getSpec().healthWorkload().isEmpty()) {
            return new Skip(
                    RestoreStepName.CHECK_HEALTH,
                    "spec.health of the ManagedApplication is not set: nothing tells how the application is.");
        }
        HealthSeen seen = observation.health();
        Optional<HealthSample.Finding> finding = Optional.ofNullable(seen.sample())
                .map(sample ->
                        sample.finding(observation.application().getSpec().health()));
        if (finding.filter(good -> good.outcome() == HealthSample.Outcome.GOOD).isPresent()) {
            int ready = finding.get().ready();
            return new Done(
                    RestoreStepName.CHECK_HEALTH,
                    ready + (ready == 1 ? " Pod is" : " Pods are") + " ready and healthy.");
        }
        boolean noneReady = finding.filter(some -> some.ready() > 0).isEmpty();
        Optional<RestoreDecision> kept = observation
                .application()
                .getSpec()
                .healthWorkload()
                .filter(ignored -> noneReady)
                .flatMap(new RestoreWorkloads(observation)::keptFromHealth);
        if (kept.isPresent()) {
            return kept.get();
        }
        String found = finding.map(this::found).orElse(seen.hindrance());
        if (time.over(RestoreStepName.CHECK_HEALTH, HEALTHY_WITHIN)) {
            return new RestoreDecision.Unhealthy(new Failure(
                    Reason.RESTORED_UNHEALTHY.text(),
                    "The application was not seen healthy within " + Durations.format(HEALTHY_WITHIN) + ": " + found
                            + ". Look at its Pods: kubectl get pods --namespace "
                            + request.getMetadata().getNamespace()
                            + "."
                            + (before.previous() == null
                                    ? ""
                                    : " status.undoCommand puts the database before it back."),
                    List.of()));
        }
        return new Watch(
                RestoreStepName.CHECK_HEALTH,
                before.task(),
                Reason.CHECKING_HEALTH,
                "Waiting for the application: " + found + ".",
                false,
                GLANCE);
    }

    private String found(HealthSample.Finding finding) {
        if (finding.ready() == 0) {
            return "no Pod of workload "
                    + observation.application().getSpec().health().workload() + " is ready";
        }
        return finding.wrong().isEmpty()
                ? "of " + finding.ready() + " ready Pods none answered (" + finding.why() + ")"
                : "of " + finding.ready() + " ready Pods some answered "
                        + finding.wrong().keySet();
    }

    private TaskView view(TaskKind kind, RestoreStepName step, Reason reason) {
        return TaskView.of(observation, kind, step, reason, ending.isPresent(), now);
    }

    static boolean succeeded(TaskResult result) {
        return result.outcome() == Outcome.COMMITTED && result.restore() != null;
    }

    static Failure failure(TaskResult result) {
        return new Failure(
                result.reason() == null ? Reason.INTERNAL_ERROR.text() : result.reason(),
                Conditions.cut(result.message() == null ? "The task gave no message." : result.message()),
                result.logTail());
    }
}

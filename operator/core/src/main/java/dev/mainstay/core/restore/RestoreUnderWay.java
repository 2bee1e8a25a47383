package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.claims.ReplayGuard;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.workload.KeptStopped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is to be done about a restore that has begun: with what stands in its status, and whatever of the rest is still there. */
final class RestoreUnderWay {

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final Optional<String> ending;
    private final TaskMaker tasks;
    private final Instant now;

    /**
     * Prepares it.
     *
     * @param ending why it is to end, in the beginning of a sentence; empty when it is not
     */
    RestoreUnderWay(RestoreObservation observation, Optional<String> ending, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.ending = ending;
        this.tasks = new TaskMaker(observation, ending);
        this.now = now;
    }

    RestoreDecision decide() {
        if (isUnmarked()) {
            return new RestoreDecision.Mark();
        }
        if (before.phase() == RestorePhase.GIVING_BACK) {
            return new GivingBack(observation, tasks, ending, now).decide();
        }
        RestoreStepName step = current();
        if (step == null) {
            return over();
        }
        boolean swapped = reached(IntoEmpty.placing(before.plan()), RestoreStepState.DONE);
        Optional<RestoreDecision> stands = swapped ? Optional.empty() : standstill();
        boolean late = swapped || step == RestoreStepName.SWAP && isSwapIntended();
        if (ending.isPresent() && !late && !runs(step)) {
            return new RestoreDecision.Fail(cancelled(ending.get()), true);
        }
        if (stands.isPresent() && ending.isEmpty()) {
            return stands.get();
        }
        if (RestoreClaims.needsAll(step)
                && !RestoreClaims.hasAll(request)
                && tasks.database().isPresent()) {
            String database = tasks.database().get().name();
            return new RestoreDecision.TakeClaim(RestoreClaims.alone(request, database), database, step);
        }
        return new RestoreSteps(observation, tasks, ending, now).decide(step);
    }

    /** It is written down before its Job is made: as long as it is not, nothing was done to the database. */
    private boolean isSwapIntended() {
        return before.task() != null
                && (TaskKind.RESTORE_SWAP.text().equals(before.task().kind())
                        || TaskKind.RESTORE_SETTLE.text().equals(before.task().kind()));
    }

    /** Its finalizer goes when Mainstay is uninstalled, and a restore that is found again afterwards needs it as before. */
    private boolean isUnmarked() {
        return request.getMetadata().getDeletionTimestamp() == null
                && before.steps().size() > 1
                && !ReplayGuard.marked(request.getMetadata(), Annotations.RESTORE_FINALIZER);
    }

    /** What it needs for going on, until the copy is in place, and has not any more. */
    private Optional<RestoreDecision> standstill() {
        if (request.unreadableSpec().isPresent() && !reached(RestoreStepName.SWAP, RestoreStepState.RUNNING)) {
            return Optional.of(RestoreDecider.unreadable(request));
        }
        return tasks.database().isPresent() ? Optional.empty() : Optional.of(tasks.databaseLost());
    }

    /** A task of the step runs, which has to be ended first. */
    private boolean runs(RestoreStepName step) {
        TaskKind kind =
                switch (step) {
                    case PLAN -> TaskKind.RESTORE_PLAN;
                    case RESTORE_COPY -> TaskKind.RESTORE_COPY;
                    case RESTORE_INTO_EMPTY -> TaskKind.RESTORE_INTO_EMPTY;
                    default -> null;
                };
        return kind != null
                && before.task() != null
                && kind.text().equals(before.task().kind());
    }

    static Failure cancelled(String why) {
        return new Failure(Reason.CANCELLED.text(), why + ".", List.of());
    }

    private RestoreStepName current() {
        return before.steps().stream()
                .filter(step -> step.state() == RestoreStepState.WAITING || step.state() == RestoreStepState.RUNNING)
                .map(RestoreStep::name)
                .findFirst()
                .orElse(null);
    }

    private boolean reached(RestoreStepName name, RestoreStepState state) {
        return before.step(name).filter(step -> step.state() == state).isPresent();
    }

    private RestoreDecision over() {
        RestorePlan plan = before.plan();
        if (request.getSpec() != null && request.getSpec().dryRun()) {
            return new End(
                    RestoreOutcome.SUCCEEDED,
                    Reason.WOULD_RESTORE,
                    RestoreWords.plan(request, plan) + " Nothing was changed (spec.dryRun).");
        }
        if (before.failure() != null) {
            return new End(
                    RestoreOutcome.UNHEALTHY,
                    Reason.of(before.failure().reason()).orElse(Reason.RESTORED_UNHEALTHY),
                    RestoreWords.restored(request, before) + RestoreWords.startedAgain(before) + keptStopped() + " "
                            + before.failure().message(),
                    before.failure());
        }
        return new End(
                RestoreOutcome.SUCCEEDED,
                Reason.SUCCEEDED,
                RestoreWords.restored(request, before) + RestoreWords.startedAgain(before) + keptStopped());
    }

    /** What does not run in spite of the restore, since it was stopped for something else, too. */
    private String keptStopped() {
        List<KeptStopped> kept =
                before.plan().previous() == null ? List.of() : new RestoreWorkloads(observation).keptStopped();
        return kept.isEmpty() ? "" : " " + KeptStopped.text(kept) + ".";
    }
}

package dev.mainstay.core.restore;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A restore that has failed or was cancelled. Where a swap was begun, or an empty database was being filled, it is made sure
 * first how the databases stand: nobody is let back to one that may be closed, or be filled this moment. Where none was, only the copy is left to be dropped, and the application does not
 * wait for that.
 */
final class GivingBack {

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final TaskMaker tasks;
    private final Optional<String> ending;
    private final Instant now;

    GivingBack(RestoreObservation observation, TaskMaker tasks, Optional<String> ending, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.tasks = tasks;
        this.ending = ending;
        this.now = now;
    }

    RestoreDecision decide() {
        boolean placingBegun = RestoreClaims.begun(request, IntoEmpty.placing(before.plan()));
        Settling settling = placingBegun ? settle(true) : Settling.NOTHING;
        if (settling.decision() != null) {
            return settling.decision();
        }
        Optional<RestoreDecision> owed = new RestoreWorkloads(observation).giveBack(before.step(), Reason.GIVING_BACK);
        if (owed.isPresent()) {
            return owed.get();
        }
        MaintenanceMode mode = observation.mode();
        boolean ours = mode != null && RestoreMaintenance.isOurs(request, mode);
        boolean kept = ours && mode.getMetadata().getDeletionTimestamp() == null;
        if (kept && observation.modeKept() == null) {
            return new RestoreDecision.EndMode(mode, before.step());
        }
        if (!placingBegun && RestoreClaims.begun(request, RestoreStepName.RESTORE_COPY)) {
            settling = settle(false);
            if (settling.decision() != null) {
                return settling.decision();
            }
        }
        boolean awaited = ending.isEmpty() || tasks.hindrance().isEmpty();
        if (kept) {
            String page = " " + RestorePage.kept(request, mode, observation.modeKept());
            return awaited && isTimeLeft()
                    ? watch(Reason.REJECTED, page, true, RestorePage.AGAIN)
                    : end(placingBegun, settling, page);
        }
        if (!ours || !awaited) {
            return end(placingBegun, settling, "");
        }
        String page = " MaintenanceMode " + mode.getMetadata().getName() + ": " + RestoreMaintenance.told(mode);
        // It holds what it works on itself, and goes on as soon as it can: nobody else has to wait for that.
        return RestoreMaintenance.stalled(mode).isPresent()
                ? end(placingBegun, settling, page + " It ends as soon as it can.")
                : watch(Reason.GIVING_BACK, page, false, GLANCE);
    }

    private Watch watch(Reason reason, String page, boolean stuck, Duration next) {
        return new Watch(before.step(), before.task(), reason, before.failure().message() + page, stuck, next);
    }

    /** Counted from when it began to give back: the end of its last step. */
    private boolean isTimeLeft() {
        return before.steps().stream()
                .map(RestoreStep::finishedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .map(ended -> observation.watchedSince() == null || ended.isAfter(observation.watchedSince())
                        ? ended
                        : observation.watchedSince())
                .filter(since -> !now.isAfter(since.plus(RestorePage.LEFT_WITHIN)))
                .isPresent();
    }

    private Settling settle(boolean placingBegun) {
        return new Settling.Course(observation, tasks, ending, placingBegun, now).next();
    }

    private End end(boolean placingBegun, Settling settling, String page) {
        Failure failure = before.failure();
        Reason reason = Reason.of(failure.reason()).orElse(Reason.RESTORE_FAILED);
        boolean planOnly = !placingBegun
                && !RestoreClaims.begun(request, RestoreStepName.RESTORE_COPY)
                && !RestoreClaims.begun(request, RestoreStepName.ENTER_MAINTENANCE)
                && !RestoreClaims.begun(request, RestoreStepName.STOP_WORKLOADS);
        RestoreOutcome outcome = reason == Reason.CANCELLED
                ? RestoreOutcome.CANCELLED
                : planOnly ? RestoreOutcome.BLOCKED : RestoreOutcome.FAILED;
        return new End(
                outcome,
                reason,
                failure.message() + page + " " + (planOnly ? "Nothing was changed." : standing(placingBegun, settling)),
                failure,
                lines());
    }

    /** The steps that would have given back page and workloads: they were not waited for, and it was done all the same. */
    private List<RestoreStep> lines() {
        List<RestoreStep> lines = new ArrayList<>();
        if (!before.workloads().isEmpty()) {
            lines.add(line(
                    RestoreStepName.START_WORKLOADS,
                    RestoreStepState.DONE,
                    new RestoreWorkloads(observation).givenBack()));
        }
        if (RestoreClaims.begun(request, RestoreStepName.ENTER_MAINTENANCE)) {
            MaintenanceMode mode = observation.mode();
            String name = "MaintenanceMode " + RestoreMaintenance.name(request);
            lines.add(
                    mode == null || !RestoreMaintenance.isOurs(request, mode)
                            ? line(RestoreStepName.LEAVE_MAINTENANCE, RestoreStepState.DONE, name + " is gone.")
                            : line(
                                    RestoreStepName.LEAVE_MAINTENANCE,
                                    RestoreStepState.FAILED,
                                    name + " is told to end, and is there still: " + RestoreMaintenance.told(mode)));
        }
        return lines;
    }

    private static RestoreStep line(RestoreStepName step, RestoreStepState state, String message) {
        return new RestoreStep(step, state, null, null, message);
    }

    private String standing(boolean placingBegun, Settling settling) {
        String left = settling.left();
        if (!settling.known()) {
            return placingBegun
                    ? RestoreRefusal.unknown(request, left)
                    : RestoreWords.untouched(before.plan()) + RestoreRefusal.copyLeft(request, left);
        }
        if (IntoEmpty.is(before.plan()) && left != null) {
            return left;
        }
        return RestoreWords.untouched(before.plan()) + (left == null ? "" : " " + left);
    }
}

package dev.mainstay.controller.restore;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.controller.kube.ApiErrors;
import dev.mainstay.controller.kube.DatabaseBackups;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.WorkloadWrites;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.restore.Declined;
import dev.mainstay.core.restore.RestoreDecider;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.restore.RestoreMaintenance;
import dev.mainstay.core.restore.RestoreObservation;
import dev.mainstay.core.restore.RestoreRefusal;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadReturn;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a restore changes in the cluster, and how it gives it back: each is done once, however often it is asked for. */
public final class RestoreEffects {

    /** Somebody may write a workload at the same moment, and nobody comes after this. */
    private static final int TRIES = 3;

    private final WorkloadScales scales;
    private final WorkloadWrites workloads;
    private final DatabaseBackups backups;
    private final MaintenanceModes modes;
    private final ExecutionMarks marks;
    private final EventRecorder events;

    public RestoreEffects(
            WorkloadScales scales,
            DatabaseBackups backups,
            MaintenanceModes modes,
            ExecutionMarks marks,
            EventRecorder events) {
        this.scales = scales;
        this.workloads = new WorkloadWrites(scales, events);
        this.backups = backups;
        this.modes = modes;
        this.marks = marks;
        this.events = events;
    }

    /** A pass that saw an older state must not make what another pass is done with. */
    RestoreDecision make(RestoreObservation observation, RestoreDecision.MakeBackup decision) {
        if (!marks.unchanged(observation.request())) {
            return new RestoreDecision.LookAgain();
        }
        return ApiErrors.declined(() -> backups.make(decision.backup()))
                .map(declined -> RestoreRefusal.notMade(observation, decision, declined))
                .orElse(decision);
    }

    /** Likewise. */
    RestoreDecision make(RestoreObservation observation, RestoreDecision.MakeMode decision, Instant now) {
        if (!marks.unchanged(observation.request())) {
            return new RestoreDecision.LookAgain();
        }
        return ApiErrors.declined(() -> modes.make(decision.mode()))
                .map(declined -> RestoreRefusal.notMade(observation, decision, declined, now))
                .orElse(decision);
    }

    /** Ends the mode; what the API server said if it does not let it be ended. */
    Optional<String> end(RestoreDecision.EndMode decision) {
        return ApiErrors.declined(() -> modes.delete(decision.mode())).map(Declined::said);
    }

    /** A pass that saw an older state must not stop what another pass has given back. */
    RestoreDecision change(RestoreRequest request, RestoreDecision.ChangeWorkloads decision) {
        if (!marks.unchanged(request)) {
            return new RestoreDecision.LookAgain();
        }
        return (decision.stops()
                        ? workloads.stop(request, decision.changes(), Reason.STOPPING_WORKLOADS)
                        : workloads.giveBack(request, decision.changes(), Reason.STARTING_WORKLOADS).stream()
                                .findFirst())
                .map(refusal -> refused(request, decision, refusal))
                .orElse(decision);
    }

    private static RestoreDecision refused(
            RestoreRequest request, RestoreDecision.ChangeWorkloads decision, WorkloadWrites.Refusal refusal) {
        // Somebody who writes it all the time must not hold up the step that is at work.
        if (refusal.why() instanceof Written.Changed && decision.stopsAgain()) {
            return decision;
        }
        return refusal.why() instanceof Written.Rejected rejected
                ? RestoreRefusal.notWritten(request, decision, refusal.change().seen(), rejected.message())
                : new RestoreDecision.LookAgain();
    }

    /** The field belongs to whoever applies the workload. */
    void letGo(RestoreRequest request, WorkloadSeen workload) {
        workloads.letGo(request, workload.kind(), workload.name());
    }

    /** Gives back what it has stopped, and ends its maintenance mode: before the operator is uninstalled. */
    public void giveBack(RestoreRequest request) {
        if (request.getStatus() == null) {
            return;
        }
        String namespace = request.getMetadata().getNamespace();
        List<StoppedWorkload> saved = request.getStatus().workloads();
        List<StoppedWorkload> owed = saved;
        for (int tries = 1; tries <= TRIES && WorkloadReturn.owes(owed, List.of()); tries++) {
            owed = giveBack(request, owed);
        }
        saved.forEach(line -> workloads.letGo(request, line.kind(), line.name()));
        if (RestoreDecider.mayHaveMode(request)) {
            modes.find(namespace, RestoreMaintenance.name(request)).ifPresent(modes::delete);
        }
        if (RestoreDecider.begun(request)) {
            events.tell(request, Reason.CANCELLED.text(), RestoreRefusal.uninstalled(request, owed));
        }
    }

    /** What is owed still afterwards. */
    private List<StoppedWorkload> giveBack(RestoreRequest request, List<StoppedWorkload> owed) {
        String namespace = request.getMetadata().getNamespace();
        WorkloadReturn.Next next = WorkloadReturn.decide(
                owed.stream()
                        .map(line -> scales.read(namespace, line.kind(), line.name()))
                        .toList(),
                owed,
                List.of());
        return next instanceof WorkloadReturn.Next.GiveBack back
                ? back.owed(
                        owed,
                        workloads.giveBack(request, back.changes(), Reason.STARTING_WORKLOADS).stream()
                                .map(WorkloadWrites.Refusal::change)
                                .toList())
                : owed;
    }
}

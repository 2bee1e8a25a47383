package dev.mainstay.controller.restore;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.ExecutionMarks;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.controller.kube.WorkloadScales;
import dev.mainstay.controller.kube.Written;
import dev.mainstay.core.restore.RestoreDecider;
import dev.mainstay.core.restore.RestoreDecision;
import dev.mainstay.core.restore.RestoreMaintenance;
import dev.mainstay.core.restore.RestoreRefusal;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.WorkloadReturn;
import java.util.List;

/** What a restore changes in the cluster, and how it gives it back: each is done once, however often it is asked for. */
public final class RestoreEffects {

    private final WorkloadScales scales;
    private final MaintenanceModes modes;
    private final ExecutionMarks marks;
    private final EventRecorder events;

    public RestoreEffects(WorkloadScales scales, MaintenanceModes modes, ExecutionMarks marks, EventRecorder events) {
        this.scales = scales;
        this.modes = modes;
        this.marks = marks;
        this.events = events;
    }

    /** A pass that saw an older state must not stop what another pass has given back. */
    RestoreDecision change(RestoreRequest request, RestoreDecision.ChangeWorkloads decision) {
        if (!marks.unchanged(request)) {
            return new RestoreDecision.LookAgain();
        }
        String namespace = request.getMetadata().getNamespace();
        for (ScaleChange change : decision.changes()) {
            switch (scales.write(namespace, change)) {
                case Written.There ignored -> {
                    events.tell(
                            scales.reference(namespace, change.seen()),
                            Reason.STOPPING_WORKLOADS.text(),
                            "RestoreRequest " + request.getMetadata().getName() + " sets " + change.text() + ".");
                    letGo(request, change.seen().kind(), change.seen().name());
                }
                case Written.Changed ignored -> {
                    return new RestoreDecision.LookAgain();
                }
                case Written.Rejected rejected -> {
                    return RestoreRefusal.notWritten(
                            request, decision, change.seen().text(), rejected.message());
                }
            }
        }
        return decision;
    }

    /** The field belongs to whoever applies the workload; that this is refused holds nothing up. */
    void letGo(RestoreRequest request, StoppableKind kind, String name) {
        scales.letGo(request.getMetadata().getNamespace(), kind, name)
                .ifPresent(refusal -> events.tell(
                        request,
                        Reason.FORBIDDEN.text(),
                        kind.text() + " " + name
                                + " stays with Mainstay's field manager, since the API server does not let it be given away: "
                                + refusal + " Who applies it next has to do that with force once."));
    }

    /** Gives back what it has stopped, and ends its maintenance mode: before the operator is uninstalled. */
    public void giveBack(RestoreRequest request) {
        if (request.getStatus() == null) {
            return;
        }
        String namespace = request.getMetadata().getNamespace();
        List<StoppedWorkload> saved = request.getStatus().workloads();
        WorkloadReturn.Next next = WorkloadReturn.decide(
                saved.stream()
                        .map(line -> scales.read(namespace, line.kind(), line.name()))
                        .toList(),
                saved,
                List.of());
        if (next instanceof WorkloadReturn.Next.GiveBack back) {
            back.changes().forEach(change -> scales.write(namespace, change));
        }
        saved.forEach(line -> letGo(request, line.kind(), line.name()));
        if (RestoreDecider.mayHaveMode(request)) {
            modes.find(namespace, RestoreMaintenance.name(request)).ifPresent(modes::delete);
        }
        if (RestoreDecider.begun(request)) {
            events.tell(request, Reason.CANCELLED.text(), RestoreRefusal.uninstalled(request));
        }
    }
}

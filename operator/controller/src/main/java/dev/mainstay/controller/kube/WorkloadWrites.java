package dev.mainstay.controller.kube;

import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import dev.mainstay.core.workload.ScaleOwnership;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;

/** Stops workloads for an operation and gives them back, tells of it in their Events, and lets go of what was written. */
public final class WorkloadWrites {

    private final WorkloadScales scales;
    private final EventRecorder events;

    public WorkloadWrites(WorkloadScales scales, EventRecorder events) {
        this.scales = scales;
        this.events = events;
    }

    /** A change that was not made. */
    public record Refusal(ScaleChange change, Written why) {}

    /** Stops them. All are tried before the first one is changed, so that what refuses one leaves nothing half done. */
    public Optional<Refusal> stop(HasMetadata holder, List<ScaleChange> changes, Reason reason) {
        for (ScaleChange change : changes) {
            Written written = scales.attempt(holder.getMetadata().getNamespace(), change);
            if (!(written instanceof Written.There)) {
                return Optional.of(new Refusal(change, written));
            }
        }
        for (ScaleChange change : changes) {
            Optional<Refusal> refusal = write(holder, change, reason);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** Gives them back what they had: what refuses one keeps none of the others stopped. Those that were not are told. */
    public List<Refusal> giveBack(HasMetadata holder, List<ScaleChange> changes, Reason reason) {
        return changes.stream()
                .flatMap(change -> tryToWrite(holder, change, reason).stream())
                .toList();
    }

    /** A webhook that fails may be served by one that is stopped as well, and whose turn is still to come. */
    private Optional<Refusal> tryToWrite(HasMetadata holder, ScaleChange change, Reason reason) {
        try {
            return write(holder, change, reason);
        } catch (KubernetesClientException e) {
            return Optional.of(new Refusal(change, new Written.Rejected(false, ApiErrors.message(e))));
        }
    }

    private Optional<Refusal> write(HasMetadata holder, ScaleChange change, Reason reason) {
        String namespace = holder.getMetadata().getNamespace();
        Written written = scales.write(namespace, change);
        if (!(written instanceof Written.There)) {
            return Optional.of(new Refusal(change, written));
        }
        events.tell(
                scales.reference(namespace, change.seen()),
                reason.text(),
                holder.getKind() + " " + holder.getMetadata().getName() + " writes " + change.text() + ".");
        letGo(holder, change.seen().kind(), change.seen().name());
        return Optional.empty();
    }

    /** The field belongs to whoever applies the workload; that this is refused, or fails, holds nothing up. */
    public void letGo(HasMetadata holder, StoppableKind kind, String name) {
        hindrance(holder, kind, name)
                .ifPresent(refusal -> events.tell(
                        holder,
                        Reason.FORBIDDEN.text(),
                        "What " + holder.getKind() + " " + holder.getMetadata().getName() + " wrote into " + kind.text()
                                + " " + name + " stays with the field manager " + ScaleOwnership.MANAGER
                                + ", since the API server does not let it be given away: " + refusal
                                + " Who applies it next has to do that with force once."));
    }

    private Optional<String> hindrance(HasMetadata holder, StoppableKind kind, String name) {
        try {
            return scales.letGo(holder.getMetadata().getNamespace(), kind, name);
        } catch (KubernetesClientException e) {
            return Optional.of(ApiErrors.message(e));
        }
    }
}

package dev.mainstay.core.mode;

import dev.mainstay.api.mode.Cut;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.StopRefusal;
import dev.mainstay.core.workload.StopTarget;
import dev.mainstay.core.workload.WorkloadSeen;
import dev.mainstay.core.workload.WorkloadStop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a MaintenanceMode with {@code cut: Hard} stops the application's workloads once its Services lead to the page. */
final class ModeStopping {

    private final ModeObservation observation;
    private final MaintenanceMode mode;

    ModeStopping(ModeObservation observation) {
        this.observation = observation;
        this.mode = observation.mode();
    }

    /** Whether it stops any. */
    static boolean stops(MaintenanceMode mode) {
        return mode.getSpec() != null && mode.getSpec().cut() == Cut.HARD;
    }

    /** What keeps it from beginning. */
    Optional<ModeDecision.Wait> hindrance() {
        if (mode.getSpec().cut() == Cut.UNRECOGNIZED) {
            return Optional.of(stuck(
                    Reason.INVALID_SPEC,
                    "spec.cut has a value that this version of Mainstay does not know; it knows Soft and Hard."
                            + " Correct it, or upgrade Mainstay."));
        }
        if (!stops(mode)) {
            return Optional.empty();
        }
        String application =
                "ManagedApplication " + mode.getSpec().applicationRef().name();
        List<String> unknown = StopTarget.unknown(
                observation.application().getSpec(), mode.getSpec().stopWorkloads());
        if (!unknown.isEmpty()) {
            return Optional.of(stuck(
                    Reason.WORKLOAD_NOT_FOUND,
                    "spec.stopWorkloads names " + String.join(", ", unknown)
                            + ", which is not among spec.workloads and spec.cronJobs of " + application
                            + ". Name it there, or delete this object and make one with the right names."));
        }
        if (observation.workloads().isEmpty()) {
            return Optional.of(stuck(
                    Reason.WORKLOAD_NOT_FOUND,
                    "spec.cut is Hard, and " + application
                            + " names no workloads that could be stopped. Name them there: spec.workloads: [{name: web}],"
                            + " or delete this object and make one without cut."));
        }
        return observation.workloads().stream()
                .flatMap(workload -> refusal(workload).stream())
                .findFirst()
                .map(refusal -> stuck(refusal.reason(), refusal.message() + " Nothing was changed."));
    }

    private Optional<StopRefusal> refusal(WorkloadSeen workload) {
        return StopRefusal.of(workload, mode.getMetadata().getNamespace(), observation.autoscalers());
    }

    /** What is to be done next, where nothing is left to do but this. */
    ModeDecision decide(ModeDecision.Stay stay) {
        List<StoppedWorkload> saved = ModeState.status(mode).workloads();
        if (!stops(mode) && saved.isEmpty()) {
            return stay;
        }
        List<String> warnings = new ArrayList<>(stay.warnings());
        List<WorkloadSeen> suitable = new ArrayList<>();
        for (WorkloadSeen workload : observation.workloads()) {
            boolean known = saved.stream().anyMatch(line -> line.names(workload.kind(), workload.name()));
            Optional<StopRefusal> refusal = known ? Optional.empty() : refusal(workload);
            refusal.ifPresentOrElse(
                    found -> warnings.add("It runs on: " + found.message()), () -> suitable.add(workload));
        }
        List<StoppedWorkload> elsewhere = observation.others().stream()
                .filter(other -> ModeState.marked(other) && !ModeState.ended(other))
                .flatMap(other -> ModeState.status(other).workloads().stream())
                .toList();
        return switch (WorkloadStop.decide(suitable, saved, elsewhere)) {
            case WorkloadStop.Next.Save save -> claimed(new ModeDecision.SaveWorkloads(save.lines()));
            case WorkloadStop.Next.Stop stop ->
                claimed(new ModeDecision.StopWorkloads(stop.changes(), stop.lines(), stop.again()));
            case WorkloadStop.Next.Await await -> new ModeDecision.AwaitStop(await.lines(), await.message());
            case WorkloadStop.Next.Stopped stopped ->
                new ModeDecision.Stay(
                        stay.services(),
                        stopped.lines(),
                        Stream.concat(stay.reverted().stream(), stopped.left().stream())
                                .toList(),
                        Stream.concat(warnings.stream(), stopped.running().stream())
                                .toList(),
                        stay.next());
            case WorkloadStop.Next.Unreadable unreadable -> stuck(Reason.FORBIDDEN, unreadable.message());
        };
    }

    /** Nothing of a workload is read for good, or written, before others are kept from doing the same. */
    private ModeDecision claimed(ModeDecision decision) {
        return observation.application() == null || ModeClaims.granted(mode) ? decision : new ModeDecision.TakeClaim();
    }

    private static ModeDecision.Wait stuck(Reason reason, String message) {
        return new ModeDecision.Wait(reason, message, true);
    }
}

package dev.mainstay.core.restore;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.restore.StopWorkloads;
import dev.mainstay.api.status.Failure;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.Durations;
import dev.mainstay.core.restore.RestoreDecision.ChangeWorkloads;
import dev.mainstay.core.restore.RestoreDecision.Done;
import dev.mainstay.core.restore.RestoreDecision.Skip;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.KeptStopped;
import dev.mainstay.core.workload.StopRefusal;
import dev.mainstay.core.workload.WorkloadReturn;
import dev.mainstay.core.workload.WorkloadStop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How a restore stops what writes to the database, and gives it back as it was. */
final class RestoreWorkloads {

    /** How long what was stopped may take to end, beyond the time that its Pods themselves ask for. */
    static final Duration ENDED_WITHIN = Duration.ofMinutes(10);

    private static final Duration GLANCE = Duration.ofSeconds(2);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;

    RestoreWorkloads(RestoreObservation observation) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
    }

    /**
     * Why an application can't be stopped for a swap: the server of the database would be stopped with it, and nothing could be
     * swapped, nor opened again. Known by its name, which is all that is known before.
     */
    static Optional<String> stopsTheServer(ManagedApplication application, Database database) {
        List<String> hosts = Stream.of(
                        database.postgres().host(), database.postgres().directHost())
                .filter(Objects::nonNull)
                .map(host -> host.split("\\.")[0])
                .toList();
        return application.getSpec().workloads().stream()
                .map(Workload::name)
                .filter(name -> hosts.stream()
                        .anyMatch(host -> host.replaceFirst("-[0-9]+$", "").equals(name) || host.equals(name)))
                .findFirst()
                .map(name -> "Workload " + name + " of ManagedApplication "
                        + application.getMetadata().getName()
                        + " is to be stopped before the swap, and by its name it is the"
                        + " server of database " + database.name()
                        + " (postgres.host). Take it out of spec.workloads, or make a request with spec.stopWorkloads:"
                        + " Never. Nothing was changed.");
    }

    /** The next thing that stops them. */
    RestoreDecision stop(StepTime time) {
        RestoreStepName step = RestoreStepName.STOP_WORKLOADS;
        if (request.getSpec().stopWorkloads() == StopWorkloads.NEVER) {
            return new Skip(
                    step,
                    "spec.stopWorkloads is Never: "
                            + (IntoEmpty.is(before.plan())
                                    ? "who writes to the database before it is restored makes the restore fail."
                                    : "sessions are ended when the copy takes its place."));
        }
        if (observation.workloads().stream().noneMatch(seen -> seen.exists() || seen.refusal() != null)) {
            return new Skip(
                    step,
                    "ManagedApplication " + request.getSpec().applicationRef().name()
                            + " names no workloads and no CronJobs that exist.");
        }
        Optional<StopRefusal> refusal = refusals().stream().findFirst();
        if (refusal.isPresent()) {
            return new RestoreDecision.Fail(
                    new Failure(refusal.get().reason().text(), refusal.get().message(), List.of()));
        }
        return switch (WorkloadStop.decide(
                observation.workloads(), before.workloads(), KeptStopped.all(observation.elsewhere()))) {
            case WorkloadStop.Next.Save save -> new RestoreDecision.SaveWorkloads(save.lines());
            case WorkloadStop.Next.Stop stop ->
                new ChangeWorkloads(
                        step,
                        true,
                        stop.changes(),
                        stop.lines(),
                        stop.again() == null ? "Workloads are told to stop." : stop.again());
            case WorkloadStop.Next.Await await ->
                time.over(step, ENDED_WITHIN.plus(await.grace()))
                        ? new RestoreDecision.Fail(runsOn(await))
                        : watch(step, Reason.STOPPING_WORKLOADS, await.message(), false);
            case WorkloadStop.Next.Stopped stopped -> new Done(step, told(stopped));
            case WorkloadStop.Next.Unreadable unreadable ->
                time.over(step, ENDED_WITHIN)
                        ? new RestoreDecision.Fail(
                                new Failure(Reason.FORBIDDEN.text(), unreadable.message(), List.of()))
                        : watch(step, Reason.FORBIDDEN, unreadable.message(), true);
        };
    }

    /** What stands against stopping what is to be stopped, and does not pass by itself. */
    List<StopRefusal> refusals() {
        return observation.workloads().stream()
                .filter(seen -> seen.exists() || seen.refusal() != null && !seen.passes())
                .filter(seen -> before.workloads().stream().noneMatch(line -> line.names(seen.kind(), seen.name())))
                .flatMap(seen ->
                        StopRefusal.of(seen, request.getMetadata().getNamespace(), observation.autoscalers()).stream())
                .toList();
    }

    /** Until the swap they stay stopped: what somebody starts again meanwhile is stopped again, as often as before, and named. */
    Optional<RestoreDecision> stopAgain(RestoreStepName step) {
        boolean stopped = before.step(RestoreStepName.STOP_WORKLOADS)
                .filter(line -> line.state() == RestoreStepState.DONE)
                .isPresent();
        return stopped
                        && WorkloadStop.decide(
                                        observation.workloads(),
                                        before.workloads(),
                                        KeptStopped.all(observation.elsewhere()))
                                instanceof WorkloadStop.Next.Stop stop
                ? Optional.of(new ChangeWorkloads(step, true, stop.changes(), stop.lines(), stop.again()))
                : Optional.empty();
    }

    private Failure runsOn(WorkloadStop.Next.Await await) {
        return new Failure(
                Reason.WORKLOAD_RUNS_ON.text(),
                "What was stopped does not end: after " + Durations.format(ENDED_WITHIN.plus(await.grace())) + ", "
                        + String.join("; ", await.awaited())
                        + ". Look at what keeps it (kubectl get pods --namespace "
                        + request.getMetadata().getNamespace()
                        + "): a finalizer, a volume that is not let go of, a lost node. Then make another request.",
                List.of());
    }

    private static String told(WorkloadStop.Next.Stopped stopped) {
        List<String> sentences = new ArrayList<>();
        sentences.add("Stopped: "
                + String.join(
                        ", ", stopped.lines().stream().map(line -> line.text()).toList()) + ".");
        Stream.concat(stopped.left().stream(), stopped.running().stream())
                .map(sentence -> sentence + ".")
                .forEach(sentences::add);
        return String.join(" ", sentences);
    }

    /** The next thing that gives them back; empty when nothing is owed to them. */
    Optional<RestoreDecision> giveBack(RestoreStepName step, Reason reason) {
        return switch (WorkloadReturn.decide(
                observation.workloads(), before.workloads(), KeptStopped.lasting(observation.elsewhere()))) {
            case WorkloadReturn.Next.GiveBack back ->
                Optional.of(new ChangeWorkloads(
                        step,
                        false,
                        back.changes(),
                        back.lines(),
                        back.notes().isEmpty()
                                ? "Workloads get back what they had."
                                : String.join("; ", back.notes()) + "."));
            case WorkloadReturn.Next.Done ignored -> Optional.empty();
            case WorkloadReturn.Next.Unreadable unreadable ->
                Optional.of(watch(step, Reason.FORBIDDEN, unreadable.message(), true));
        };
    }

    RestoreDecision start() {
        RestoreStepName step = RestoreStepName.START_WORKLOADS;
        if (before.workloads().isEmpty()) {
            return new Skip(step, "Nothing was stopped.");
        }
        return giveBack(step, Reason.STARTING_WORKLOADS).orElseGet(() -> new Done(step, givenBack()));
    }

    /** What became of what it has stopped, once nothing more is to be done about that. */
    String givenBack() {
        List<KeptStopped> kept = KeptStopped.only(
                keptStopped(),
                line -> before.workloads().stream().anyMatch(own -> own.names(line.kind(), line.name())));
        if (kept.isEmpty()) {
            return "They have back what they had.";
        }
        boolean others = before.workloads().stream().anyMatch(StoppedWorkload::settled);
        return KeptStopped.text(kept) + "." + (others ? " The others have back what they had." : "");
    }

    /** What modes keep stopped still: it is theirs to give back. */
    List<KeptStopped> keptStopped() {
        return KeptStopped.still(observation.elsewhere(), before.workloads());
    }

    /** Why nothing can be known of the application's health: its workload does not run. */
    Optional<RestoreDecision> keptFromHealth(Workload workload) {
        List<KeptStopped> kept = KeptStopped.only(
                keptStopped(),
                line -> line.kind().text().equals(workload.kind().text())
                        && line.name().equals(workload.name()));
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(new Skip(
                        RestoreStepName.CHECK_HEALTH,
                        KeptStopped.text(kept) + ". How healthy it is with this database shows then."));
    }

    private Watch watch(RestoreStepName step, Reason reason, String message, boolean stuck) {
        return new Watch(step, before.task(), reason, message, stuck, GLANCE);
    }
}

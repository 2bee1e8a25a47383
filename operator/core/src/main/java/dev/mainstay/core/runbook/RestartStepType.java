package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.Workload;
import dev.mainstay.api.runbook.RestartMethod;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.rollback.Managers;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * New Pods of the same template in the place of those that run. How {@link RestartEvictions} does that is told there; else the
 * template is marked with the moment at which the attempt
 * began, which stands in the run's status: whoever writes it again writes the same.
 */
public record RestartStepType() implements StepType {

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public boolean is(RunbookStep step) {
        return step.restart() != null;
    }

    @Override
    public String does() {
        return "has the Pods of `workloads`, or of all workloads of the ManagedApplication, replaced by new ones of the same"
                + " template: by their own update strategy, or with `method: Eviction` one after the other, as far as"
                + " PodDisruptionBudgets allow; Skipped when all are scaled to 0";
    }

    @Override
    public String judgedBy() {
        return "the Pods: all new and available is Passed, some kept by a StatefulSet's partition Findings; a rollout that stands"
                + " still, can't begin or is written over is Failed, and so is what a PodDisruptionBudget holds up until the time"
                + " is over";
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(Duration.ofMinutes(15));
    }

    @Override
    public List<Claim> claims(StepTurn turn) {
        return Operation.STEP_RESTART.claims(null);
    }

    /** Name of the attempt. */
    static String attempt(StepTurn turn) {
        return Names.runStep(
                turn.run().getMetadata().getName(),
                turn.run().getMetadata().getUid(),
                turn.step().name(),
                turn.attempt());
    }

    /** When the attempt began. */
    static Instant attemptedAt(StepTurn turn) {
        return RunLines.current(turn.run()).map(RunStep::attemptedAt).orElseThrow();
    }

    /** The workloads that are restarted, in the order of the application's spec. */
    public static List<Workload> workloads(StepTurn turn) {
        List<String> named = turn.step().restart().workloads();
        return all(turn.application()).stream()
                .filter(workload -> named.isEmpty() || named.contains(workload.name()))
                .toList();
    }

    private static List<Workload> all(ManagedApplication application) {
        return application == null || application.getSpec() == null
                ? List.of()
                : application.getSpec().workloads();
    }

    /** Those that the attempt still has to restart; none once one of them can't be. */
    public static List<RestartedWorkload> due(StepTurn turn, List<RestartedWorkload> seen) {
        return unknownMethod(turn).isEmpty()
                        && seen.stream()
                                .allMatch(workload -> hindrance(turn, workload).isEmpty())
                ? seen.stream()
                        .filter(workload -> !workload.atZero() && !workload.restartedSince(attemptedAt(turn)))
                        .toList()
                : List.of();
    }

    @Override
    public String plan(StepTurn turn) {
        return unnamed(turn).map(why -> "Can't restart anything: " + why).orElseGet(() -> {
            String named = workloads(turn).stream()
                    .map(workload -> workload.kind().text() + " " + workload.name())
                    .collect(Collectors.joining(", "));
            return RestartEvictions.by(turn)
                    ? "Evicts the Pods of " + named
                            + " one after the other, as far as PodDisruptionBudgets allow, and waits each time until the new one"
                            + " is available."
                    : "Restarts " + named + ", and waits until all their Pods are new and available.";
        });
    }

    @Override
    public Optional<String> needless(StepTurn turn, StepSeen seen, Instant now) {
        List<RestartedWorkload> workloads = restarted(seen);
        return allAtZero(workloads) ? Optional.of(atZero(workloads)) : Optional.empty();
    }

    private static List<RestartedWorkload> restarted(StepSeen seen) {
        return switch (seen) {
            case StepSeen.OfRestart(List<RestartedWorkload> workloads) -> workloads;
            case StepSeen.OfEviction(List<EvictedWorkload> workloads, var _) ->
                workloads.stream().map(EvictedWorkload::workload).toList();
            default -> List.of();
        };
    }

    private static boolean allAtZero(List<RestartedWorkload> workloads) {
        return !workloads.isEmpty() && workloads.stream().allMatch(workload -> workload.exists() && workload.atZero());
    }

    static String atZero(List<RestartedWorkload> workloads) {
        return names(workloads) + (workloads.size() == 1 ? " is" : " are")
                + " scaled to 0, so there is no Pod to replace.";
    }

    static String names(List<RestartedWorkload> workloads) {
        return workloads.stream().map(RestartedWorkload::text).collect(Collectors.joining(", "));
    }

    @Override
    public Optional<StepResult> foreseen(StepTurn turn, StepSeen seen) {
        Optional<String> unnamed = unnamed(turn);
        if (unnamed.isPresent()) {
            return failed(Reason.WORKLOAD_NOT_FOUND, unnamed.get()).bad();
        }
        Optional<StepResult> unsuitable = unknownMethod(turn)
                .or(() -> restarted(seen).stream()
                        .flatMap(workload -> unsuitable(turn, workload).stream())
                        .findFirst())
                .flatMap(StepProgress::bad);
        return seen instanceof StepSeen.OfEviction evicted && unsuitable.isEmpty()
                ? RestartEvictions.foreseen(turn, evicted)
                : unsuitable;
    }

    @Override
    public StepProgress judge(StepTurn turn, StepSeen seen) {
        Optional<String> unnamed = unnamed(turn);
        if (unnamed.isPresent()) {
            return failed(Reason.WORKLOAD_NOT_FOUND, unnamed.get());
        }
        Optional<StepProgress> unknown = unknownMethod(turn);
        if (unknown.isPresent()) {
            return unknown.get();
        }
        if (seen instanceof StepSeen.OfEviction evicted) {
            return evictions(turn, evicted);
        }
        if (!(seen instanceof StepSeen.OfRestart(List<RestartedWorkload> workloads))) {
            return new StepProgress.Wait("The workloads are about to be looked at.");
        }
        // A workload that can't be restarted keeps the others as they are, unless an operator died in between.
        Optional<StepProgress> hindered = workloads.stream()
                .flatMap(workload -> hindrance(turn, workload).stream())
                .findFirst();
        if (hindered.isPresent()) {
            return hindered.get();
        }
        if (allAtZero(workloads)) {
            return new StepProgress.Ended(StepResult.skipped(atZero(workloads)));
        }
        List<RestartedWorkload> running =
                workloads.stream().filter(workload -> !workload.atZero()).toList();
        return due(turn, workloads).isEmpty() ? rollouts(turn, workloads, running) : new StepProgress.Act();
    }

    /** Why it is not known how to restart them; empty when it is. */
    private static Optional<StepProgress> unknownMethod(StepTurn turn) {
        return turn.step().restart().method() == RestartMethod.UNRECOGNIZED
                ? Optional.of(failed(
                        Reason.INVALID_SPEC,
                        "restart.method has a value that this version of Mainstay does not know, so nothing is restarted."
                                + " Use Rollout or Eviction, or upgrade Mainstay."))
                : Optional.empty();
    }

    private static StepProgress evictions(StepTurn turn, StepSeen.OfEviction seen) {
        List<RestartedWorkload> workloads = restarted(seen);
        return workloads.stream()
                .flatMap(workload -> unsuitable(turn, workload).stream())
                .findFirst()
                .orElseGet(() -> allAtZero(workloads)
                        ? new StepProgress.Ended(StepResult.skipped(atZero(workloads)))
                        : RestartEvictions.judge(turn, seen));
    }

    /** Why nothing can be restarted, by what the step and the application name; empty when something can. */
    private static Optional<String> unnamed(StepTurn turn) {
        String application =
                "ManagedApplication " + turn.run().getSpec().applicationRef().name();
        List<String> known =
                all(turn.application()).stream().map(Workload::name).toList();
        if (known.isEmpty()) {
            return Optional.of(
                    application + " has no spec.workloads, so nothing of it is known to restart. Name them there.");
        }
        return turn.step().restart().workloads().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> "restart.workloads of the step names " + name + ", and spec.workloads of " + application
                        + " has only " + String.join(", ", known) + ". Correct the name, or add it there.");
    }

    /** What stands against restarting one, or against what was begun; empty when nothing does. */
    private static Optional<StepProgress> hindrance(StepTurn turn, RestartedWorkload workload) {
        String self = workload.text();
        if (workload.exists() && (workload.atZero() || workload.restartedSince(attemptedAt(turn)))) {
            return Optional.empty();
        }
        if (workload.exists() && workload.markedBy(attempt(turn))) {
            return Optional.of(failed(
                    Reason.CONFLICT,
                    self + " was restarted, and then its pod template was written by "
                            + Managers.of(workload.json(), "template")
                            + ", who took the restart out. Which Pods run is not known: look at them (kubectl get pods"
                            + " --namespace " + turn.run().getMetadata().getNamespace() + " --selector "
                            + workload.selector() + ")."));
        }
        return unsuitable(turn, workload)
                .or(() -> Optional.ofNullable(workload.refusal()).map(refusal -> refused(self, refusal)));
    }

    /** What stands against restarting one before anything was begun; empty when nothing does. */
    private static Optional<StepProgress> unsuitable(StepTurn turn, RestartedWorkload workload) {
        String self = workload.text();
        if (!workload.exists()) {
            return Optional.of(failed(
                    Reason.WORKLOAD_NOT_FOUND,
                    self + " does not exist, or is being deleted. Create it, or take it out of spec.workloads of"
                            + " ManagedApplication "
                            + turn.run().getSpec().applicationRef().name() + "."));
        }
        // What its controller makes of a change of the template is nothing to who evicts.
        if (workload.atZero() || RestartEvictions.by(turn)) {
            return Optional.empty();
        }
        if (workload.paused()) {
            return Optional.of(failed(
                    Reason.DEPLOYMENT_PAUSED,
                    self
                            + " is paused, so no Pod of it would be replaced. Resume it: kubectl rollout resume deployment "
                            + workload.name() + " --namespace "
                            + turn.run().getMetadata().getNamespace()));
        }
        return workload.unsuitable().map(why -> failed(Reason.WORKLOAD_UNSUITABLE, self + ": " + why));
    }

    /** A right may be given back at any moment; what a rule refuses, it refuses again. */
    private static StepProgress refused(String self, RestartedWorkload.Refusal refusal) {
        String said = "The API server does not take the restart of " + self + ": " + refusal.message();
        return refusal.forbidden()
                ? new StepProgress.Wait(said
                        + " Give the operator the rights of its chart back (docs/security.md), or mend"
                        + " the policy that refuses; it goes on by itself.")
                : failed(Reason.REJECTED, said + " Mend what it names, and make another run.");
    }

    /** All are restarted: how far they are. */
    private static StepProgress rollouts(
            StepTurn turn, List<RestartedWorkload> workloads, List<RestartedWorkload> running) {
        for (RestartedWorkload workload : running) {
            Optional<String> still = workload.standsStill(attemptedAt(turn));
            if (still.isPresent()) {
                return failed(
                        Reason.DEADLINE_EXCEEDED,
                        workload.text() + " was restarted, and its rollout stands still: " + still.get()
                                + " Its former Pods run on as far as its strategy lets them. Look why the new ones are not"
                                + " available: kubectl describe pods --namespace "
                                + turn.run().getMetadata().getNamespace() + " --selector " + workload.selector());
            }
        }
        List<String> toCome = running.stream()
                .flatMap(workload -> workload.toCome().stream()
                        .map(found -> workload.text() + ": " + found
                                + (workload.paused() ? "; it is paused, and waits to be resumed" : "") + "."))
                .toList();
        if (!toCome.isEmpty()) {
            return new StepProgress.Wait("Restarted, and waited for. " + String.join(" ", toCome));
        }
        return new StepProgress.Ended(done(workloads, running));
    }

    private static StepResult done(List<RestartedWorkload> workloads, List<RestartedWorkload> running) {
        List<RestartedWorkload> stopped =
                workloads.stream().filter(RestartedWorkload::atZero).toList();
        List<RestartedWorkload> parted =
                running.stream().filter(workload -> workload.kept() > 0).toList();
        String told = "All Pods of " + names(running) + " are new and available."
                + (stopped.isEmpty() ? "" : " " + atZero(stopped));
        return parted.isEmpty()
                ? StepResult.passed(told)
                : StepResult.findings(told.replace("All Pods", "The Pods") + " But "
                        + parted.stream()
                                .map(workload ->
                                        workload.kept() + " of " + workload.wanted() + " Pods of " + workload.text())
                                .collect(Collectors.joining(", "))
                        + " are the former ones, which spec.updateStrategy.rollingUpdate.partition keeps.");
    }

    private static StepProgress failed(Reason reason, String message) {
        return new StepProgress.Ended(StepResult.failed(reason, message));
    }
}

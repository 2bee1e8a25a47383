package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.FrozenRunbook;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.runbook.RunDecision.End;
import dev.mainstay.core.runbook.RunDecision.Wait;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What is to be done about a MaintenanceRun: a pure function of what is known and the time. */
public final class RunDecider {

    private final RunObservation observation;
    private final MaintenanceRun run;
    private final Instant now;

    private RunDecider(RunObservation observation, Instant now) {
        this.observation = observation;
        this.run = observation.run();
        this.now = now;
    }

    /** Decides. */
    public static RunDecision decide(RunObservation observation, Instant now) {
        RunDecision decision = new RunDecider(observation, now).decide();
        return decision instanceof End end ? end.with(RunReports.of(observation, end, now)) : decision;
    }

    private RunDecision decide() {
        if (observation.otherRelease() != null) {
            return new RunDecision.LeaveAlone();
        }
        if (RunLines.ended(run)) {
            return RunReports.isDue(run) ? RunReports.whole(observation) : new RunDecision.LeaveAlone();
        }
        if (RunChanges.deleting(run)) {
            return RunChanges.marked(run)
                    ? new RunReturn(observation).decide(false, false).orElseGet(RunDecision.LeaveAlone::new)
                    : new RunDecision.LeaveAlone();
        }
        Optional<String> cancelled = cancelled(run);
        if (run.unreadableSpec().isPresent()) {
            return stuck(
                    Reason.INVALID_SPEC,
                    "spec can't be read by this version of Mainstay: "
                            + run.unreadableSpec().get() + ". Upgrade Mainstay, or delete this run.");
        }
        if (RunLines.begun(run)) {
            return new RunUnderWay(observation, cancelled, now).decide();
        }
        if (cancelled.isPresent()) {
            return new End(
                    RunOutcome.CANCELLED,
                    Reason.CANCELLED,
                    cancelled.get() + " before it began; nothing was done.",
                    null);
        }
        return pending();
    }

    /** Why it is to end, in the beginning of a sentence; empty when it is not. */
    private static Optional<String> cancelled(MaintenanceRun run) {
        Map<String, String> annotations = run.getMetadata().getAnnotations();
        String why = annotations == null ? null : annotations.get(Annotations.CANCEL);
        return Optional.ofNullable(why)
                .map(text -> "Cancelled" + (text.isBlank() || text.equals("true") ? "" : " (\"" + text + "\")"));
    }

    private RunDecision pending() {
        Instant notAfter = run.getSpec().notAfter();
        if (notAfter != null && now.isAfter(notAfter)) {
            return new End(
                    RunOutcome.REFUSED,
                    Reason.TOO_LATE,
                    "It was meant to begin by " + notAfter
                            + " (spec.notAfter), and nothing could begin it. Nothing was done. Make another run if it is still"
                            + " wanted.",
                    null);
        }
        String application = run.getSpec().applicationRef().name();
        if (observation.application() == null) {
            return stuck(
                    Reason.APPLICATION_NOT_FOUND,
                    "spec.applicationRef names ManagedApplication " + application
                            + ", which does not exist in this namespace. Create it, or delete this run and make one with the"
                            + " right name: kubectl get managedapplications --namespace "
                            + run.getMetadata().getNamespace());
        }
        if (observation.application().unreadableSpec().isPresent()) {
            return stuck(
                    Reason.INVALID_SPEC,
                    "spec of ManagedApplication " + application + " can't be read by this version of Mainstay: "
                            + observation.application().unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        String named = "Runbook " + run.getSpec().runbookRef().name();
        Runbook runbook = observation.runbook();
        if (runbook == null) {
            return stuck(
                    Reason.RUNBOOK_NOT_FOUND,
                    "spec.runbookRef names " + named
                            + ", which does not exist in this namespace. Create it, or delete this run and make one with the"
                            + " right name: kubectl get runbooks --namespace "
                            + run.getMetadata().getNamespace());
        }
        Optional<String> unusable = RunbookDecider.unreadable(runbook);
        if (unusable.isPresent()) {
            return stuck(Reason.INVALID_SPEC, named + ": " + unusable.get());
        }
        Optional<String> paused = paused(run, observation.application());
        if (paused.isPresent()) {
            return new Wait(Reason.PAUSED, paused.get(), false);
        }
        return begin(runbook.getSpec());
    }

    /** What stops new work; empty when nothing does. */
    static Optional<String> paused(MaintenanceRun run, ManagedApplication application) {
        return Pause.message(run).or(() -> Optional.ofNullable(application).flatMap(Pause::message));
    }

    private RunDecision begin(RunbookSpec spec) {
        Optional<RunbookStep> approved = RunLines.all(spec).stream()
                .filter(step -> step.approval() != null)
                .findFirst();
        String requestedBy = run.getSpec().requestedBy();
        if ((approved.isPresent() || run.getSpec().approval() != null)
                && (requestedBy == null || requestedBy.isBlank())) {
            return new End(
                    RunOutcome.REFUSED,
                    Reason.REQUESTER_MISSING,
                    approved.map(step -> "Step " + step.name() + " of Runbook "
                                            + run.getSpec().runbookRef().name())
                                    .orElse("The run (spec.approval)")
                            + " has to be approved by somebody else than the one who asks, and spec.requestedBy does not say"
                            + " who that is. Make a run that names you there. Nothing was done.",
                    null);
        }
        Optional<String> parameters = RunParameters.refusal(spec, run.getSpec());
        if (parameters.isPresent()) {
            return new End(RunOutcome.REFUSED, Reason.PARAMETERS_WRONG, parameters.get() + " Nothing was done.", null);
        }
        return run.getSpec().dryRun()
                ? new DryRun(observation, spec, now).told()
                : RunApproval.missing(run, now).orElseGet(() -> new RunDecision.Freeze(spec));
    }

    /** What follows once the steps are kept. */
    public static RunDecision begun(MaintenanceRun run, RunbookSpec kept) {
        return new RunDecision.Begin(
                new FrozenRunbook(
                        Names.runbook(
                                run.getMetadata().getName(), run.getMetadata().getUid()),
                        hash(kept),
                        kept.muteAlerts() == null ? null : kept.muteAlerts().duration(),
                        RunApproval.by(run)),
                RunLines.of(kept));
    }

    /** What follows when the API server does not take what a step changes. */
    public static RunDecision rejected(
            RunObservation observation, RunDecision.Change change, boolean forbidden, String said, Instant now) {
        return new RunUnderWay(observation, Optional.empty(), now)
                .end(
                        change.turn(),
                        StepResult.failed(
                                forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                                "The API server does not take the change of "
                                        + RunLines.of(change.turn())
                                                .orElseThrow()
                                                .saved()
                                                .text()
                                        + ": " + said),
                        null);
    }

    /** What follows when it does not take what is given back: nobody else would do that. */
    public static RunDecision kept(Owed owed, boolean forbidden, String said) {
        return stuck(
                forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                "What step " + owed.line().name()
                        + " has changed can't be given back; it is tried again. The API server"
                        + " does not take the change of " + owed.saved().text() + ": " + said
                        + " By hand: "
                        + owed.type()
                                .command(owed.saved(), owed.run().getMetadata().getNamespace()));
    }

    /** Tells steps apart from others. */
    static String hash(RunbookSpec spec) {
        return Names.digest(TaskJson.write(spec));
    }

    private static RunDecision stuck(Reason reason, String message) {
        return new Wait(reason, message, true);
    }
}

package dev.mainstay.core.runbook;

import dev.mainstay.api.runbook.Parameter;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookSpec;
import dev.mainstay.api.runbook.RunbookStatus;
import dev.mainstay.api.runbook.RunbookStep;
import dev.mainstay.api.runbook.StepCondition;
import dev.mainstay.api.runbook.StepFailurePolicy;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the steps of a Runbook can be done: a pure function of what is known. */
public final class RunbookDecider {

    private RunbookDecider() {}

    /**
     * The status to be written; equal to the one observed when nothing has changed.
     *
     * @param policies names of the BackupPolicies of its namespace
     */
    public static RunbookStatus status(Runbook runbook, Set<String> policies, Instant now) {
        List<Condition> before =
                runbook.getStatus() == null ? List.of() : runbook.getStatus().conditions();
        Conditions conditions = new Conditions(before, runbook.getMetadata().getGeneration(), now);
        Optional<String> unreadable = unreadable(runbook);
        if (unreadable.isPresent()) {
            conditions.stalled(Reason.INVALID_SPEC, unreadable.get());
        } else {
            missing(runbook, policies)
                    .ifPresentOrElse(
                            message -> conditions.stalled(Reason.POLICY_NOT_FOUND, message),
                            () -> conditions.ready(
                                    Reason.READY,
                                    "A MaintenanceRun that names it can do its steps: "
                                            + RunLines.all(runbook.getSpec()).size() + "."));
        }
        return new RunbookStatus(runbook.getMetadata().getGeneration(), conditions.list());
    }

    /** What of it this version can't read, in a sentence; empty when it can read all. */
    static Optional<String> unreadable(Runbook runbook) {
        if (runbook.unreadableSpec().isPresent()) {
            return Optional.of("spec can't be read by this version of Mainstay: "
                    + runbook.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        return RunLines.all(runbook.getSpec()).stream()
                .filter(step -> StepType.of(step).isEmpty()
                        || step.onFailure() == StepFailurePolicy.UNRECOGNIZED
                        || step.when() == StepCondition.UNRECOGNIZED)
                .findFirst()
                .map(step -> "step " + step.name()
                        + " has a type, onFailure or when that this version of Mainstay does not know. Upgrade Mainstay, or"
                        + " write the step with what this version knows.")
                .or(() -> job(runbook.getSpec()));
    }

    /** What may not be in the template of a step's own Job. */
    private static Optional<String> job(RunbookSpec spec) {
        Set<String> parameters = spec.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        return RunLines.all(spec).stream()
                .filter(step -> step.job() != null)
                .flatMap(step -> CustomPods.fault(step.job().template(), parameters).stream()
                        .map(fault -> "step " + step.name() + ": " + fault))
                .findFirst();
    }

    private static Optional<String> missing(Runbook runbook, Set<String> policies) {
        return RunLines.all(runbook.getSpec()).stream()
                .filter(step -> step.backup() != null)
                .filter(step -> !policies.contains(policy(step)))
                .findFirst()
                .map(step -> "backup.policyRef of step " + step.name() + " names BackupPolicy " + policy(step)
                        + ", which does not exist in this namespace. Create it, or correct the name.");
    }

    private static String policy(RunbookStep step) {
        return step.backup().policyRef().name();
    }
}

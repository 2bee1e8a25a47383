package dev.mainstay.core.runbook;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.RunbookStep;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;

/** The first attempt of a step, which began at {@link #ATTEMPTED}. */
final class StepTurns {

    static final Instant ATTEMPTED = Instant.parse("2026-03-29T03:00:00Z");

    private StepTurns() {}

    /**
     * The attempt of a step.
     *
     * @param step what the step does, as YAML in one line
     */
    static StepTurn of(String step) {
        return of(step, "");
    }

    /**
     * The same.
     *
     * @param told what the run's status says of the step
     */
    static StepTurn of(String step, String told) {
        return new StepTurn(run(told), application("[{name: web}, {kind: StatefulSet, name: cache}]"), step(step), 1);
    }

    /** The attempt of a run whose status is known. */
    static StepTurn turn(MaintenanceRun run, String step) {
        return new StepTurn(run, application("[{name: web}, {kind: StatefulSet, name: cache}]"), step(step), 1);
    }

    static RunbookStep step(String step) {
        return Serialization.unmarshal("spec: {steps: [{name: it, %s}]}".formatted(step), Runbook.class)
                .getSpec()
                .steps()
                .getFirst();
    }

    static ManagedApplication application(String workloads) {
        return Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop}\nspec: {workloads: %s}".formatted(workloads),
                ManagedApplication.class);
    }

    private static MaintenanceRun run(String told) {
        return Serialization.unmarshal("""
                metadata: {name: tuesday, namespace: shop, uid: uid-run, generation: 1}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: it is Tuesday, requestedBy: bob}
                status:
                  phase: Running
                  steps: [{name: it, attempts: 1, attemptedAt: "%s", message: "%s"}]
                """.formatted(ATTEMPTED, told), MaintenanceRun.class);
    }
}

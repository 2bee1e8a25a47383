package dev.mainstay.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.core.workload.ScaleOwnership;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Optional;

/** The application of a {@link RollingShop}, and runs that scale its web server, which has two Pods. */
public final class ScaledShop {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final TestNamespace namespace;
    private final String name;
    private final RollingShop rolling;

    public ScaledShop(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
        this.rolling = new RollingShop(namespace, name);
    }

    /** Makes the application and its Runbook, whose steps are YAML lists in one line. */
    public ScaledShop open(String steps, String finallySteps) {
        rolling.application();
        rolling.release("1.0.0");
        namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: %s}
                spec: {steps: [%s], finally: [%s]}
                """.formatted(name, steps.formatted(web()), finallySteps.formatted(web())), Runbook.class));
        return this;
    }

    public RollingShop rolling() {
        return rolling;
    }

    public String web() {
        return rolling.web();
    }

    public String run() {
        return name + "-run";
    }

    /** Begins the run. */
    public ScaledShop begin() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, runbookRef: {name: %s}, reason: it is Tuesday, requestedBy: bob}
                """.formatted(run(), name, name), MaintenanceRun.class));
        return this;
    }

    public void annotate(String annotation, String value) {
        namespace
                .all(MaintenanceRun.class)
                .withName(run())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    public Optional<MaintenanceRun> find() {
        return Optional.ofNullable(namespace.find(MaintenanceRun.class, run()));
    }

    public MaintenanceRunStatus status() {
        return find().map(MaintenanceRun::getStatus).orElse(MaintenanceRunStatus.NONE);
    }

    /** What {@code Ready} says of the run, with its reason in front. */
    public String told() {
        return status().conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.reason() + ": " + condition.message())
                .findFirst()
                .orElse("");
    }

    public ScaledShop awaitReason(String reason) {
        await().atMost(LONG).until(() -> told().startsWith(reason + ":"));
        return this;
    }

    public MaintenanceRunStatus finished() {
        await().atMost(LONG).until(() -> status().phase() == RunPhase.FINISHED);
        return status();
    }

    public int replicas() {
        return rolling.find(web()).getSpec().getReplicas();
    }

    /** Nothing of the run is left: no finalizer, no claim, no field that is held against others. */
    public void holdsNothing() {
        find().ifPresent(run -> assertThat(run.getMetadata().getFinalizers()).isEmpty());
        await("its claims are gone")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(grants()).doesNotContain(run()));
        assertThat(rolling.find(web()).getMetadata().getManagedFields())
                .noneMatch(entry -> entry.getManager().equals(ScaleOwnership.MANAGER));
    }

    private String grants() {
        Lease lease = namespace.find(Lease.class, name + ".claims.mainstay.dev");
        return lease.getMetadata().getAnnotations().getOrDefault(Annotations.GRANTS, "");
    }
}

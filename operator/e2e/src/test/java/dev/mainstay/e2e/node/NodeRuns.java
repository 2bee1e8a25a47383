package dev.mainstay.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Runbooks of an application and their runs, which name nobody as asking: the installed operator has a policy on that. */
final class NodeRuns {

    private final TestNamespace namespace;
    private final String application;

    NodeRuns(TestNamespace namespace, String application) {
        this.namespace = namespace;
        this.application = application;
    }

    /** Makes a Runbook; its steps as YAML in one line. */
    void runbook(String name, String steps) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: %s}
                spec: {steps: [%s]}
                """.formatted(name, steps), GenericKubernetesResource.class));
    }

    /** Makes a run of a Runbook, and waits for its end. */
    MaintenanceRunStatus run(String runbook, String name) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, runbookRef: {name: %s}, reason: the steps are tried}
                """.formatted(name, application, runbook), MaintenanceRun.class));
        return finished(name);
    }

    MaintenanceRunStatus finished(String name) {
        return await(name + " is finished")
                .atMost(NodeShop.PATIENCE)
                .until(
                        () -> namespace.find(MaintenanceRun.class, name).getStatus(),
                        status -> status != null && status.phase() == RunPhase.FINISHED);
    }
}

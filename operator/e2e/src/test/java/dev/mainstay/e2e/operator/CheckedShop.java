package dev.mainstay.e2e.operator;

import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.RunStep;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An application with a policy and one Pod that answers at an address of this machine, a Runbook that saves it, looks at it and
 * asks a person, and its runs; all of one name.
 */
public final class CheckedShop {

    private static final Duration LONG = Duration.ofMinutes(10);

    private static final String WORKLOAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s}
            spec:
              replicas: 1
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec:
                  schedulerName: nobody
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: web
                    image: "web:1.4.2"
                    ports: [{name: http, containerPort: %2$d}]
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """;

    /** What {@link #open()} makes. All backups that the tests' runner makes hold the data of one fixed day. */
    public static final String STEPS = """
            {"steps": [
              {"name": "save", "backup": {"policyRef": {"name": "%1$s"}, "ifOlderThan": "9999d"}},
              {"name": "look", "httpCheck": {"path": "/ready"}, "retries": 1},
              {"name": "confirm", "manual": {"text": "Look at the dashboard."}, "approval": {"expiresAfter": "1h"}}],
             "finally": [{"name": "last", "httpCheck": {}}]}""";

    private final TestNamespace namespace;
    private final String name;
    private final String address;
    private final int port;

    public CheckedShop(TestNamespace namespace, String name, String address, int port) {
        this.namespace = namespace;
        this.name = name;
        this.address = address;
        this.port = port;
    }

    /** Makes everything but a run. */
    public CheckedShop open() {
        namespace.create(Serialization.unmarshal(WORKLOAD.formatted(name, port), Deployment.class));
        await().atMost(LONG).until(() -> pods().size() == 1);
        makeReady(pods().getFirst());
        Shop shop = new Shop(namespace, name);
        shop.application(
                "workloads: [{name: %1$s}]\n  health: {workload: %1$s, port: http, timeout: 5s}".formatted(name));
        shop.policy("1m");
        return runbook(STEPS.formatted(name));
    }

    /** Makes the Runbook, or changes it. */
    public CheckedShop runbook(String spec) {
        if (namespace.find(Runbook.class, name) == null) {
            namespace.create(Serialization.unmarshal("""
                    apiVersion: mainstay.dev/v1alpha1
                    kind: Runbook
                    metadata: {name: %s}
                    spec: %s
                    """.formatted(name, spec), Runbook.class));
        } else {
            namespace
                    .all(Runbook.class)
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":%s}".formatted(spec));
        }
        return this;
    }

    /** A run that bob asks for; more of its spec as YAML in one line. */
    public CheckedShop run(String run, String more) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, runbookRef: {name: %s}, reason: it is Tuesday, requestedBy: bob, %s}
                """.formatted(run, name, name, more), MaintenanceRun.class));
        return this;
    }

    public void annotate(String run, String annotation, String value) {
        namespace
                .all(MaintenanceRun.class)
                .withName(run)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    public MaintenanceRunStatus status(String run) {
        return namespace.find(MaintenanceRun.class, run).getStatus();
    }

    /** Waits until {@code Ready} has a reason. */
    public MaintenanceRunStatus awaitReason(String run, String reason) {
        await().atMost(LONG).until(() -> {
            MaintenanceRunStatus status = status(run);
            return status != null
                    && status.conditions().stream()
                            .filter(condition -> condition.type().equals("Ready"))
                            .map(Condition::reason)
                            .anyMatch(reason::equals);
        });
        return status(run);
    }

    public MaintenanceRunStatus finished(String run) {
        await().atMost(LONG).until(() -> status(run) != null && status(run).phase() == RunPhase.FINISHED);
        return status(run);
    }

    /** What each step came to. */
    public static Map<String, StepOutcome> outcomes(MaintenanceRunStatus status) {
        Map<String, StepOutcome> outcomes = new TreeMap<>();
        for (RunStep line : status.steps()) {
            outcomes.put(line.name(), line.outcome());
        }
        return outcomes;
    }

    private List<Pod> pods() {
        return namespace.list(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().matches(name + "-[a-z0-9]+-[a-z0-9]+"))
                .toList();
    }

    /** As a kubelet would. */
    private void makeReady(Pod pod) {
        namespace
                .all(Pod.class)
                .withName(pod.getMetadata().getName())
                .editStatus(seen -> new PodBuilder(seen)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(address)
                        .withPodIPs(new PodIP(address))
                        .withConditions(new PodConditionBuilder()
                                .withType("Ready")
                                .withStatus("True")
                                .build())
                        .endStatus()
                        .build());
    }
}

package dev.mainstay.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ReleaseSummary;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An application of Deployments web and worker whose versions a pipeline applies, and requests that go back. */
public final class RollingShop {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final TestNamespace namespace;
    private final String name;

    public RollingShop(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    public String web() {
        return name + "-web";
    }

    public String worker() {
        return name + "-worker";
    }

    /** The application, whose states count as good after a second. */
    public RollingShop application() {
        return application("services: []");
    }

    /** The same with more of its spec as YAML in one line. */
    public RollingShop application(String more) {
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %s}
                spec:
                  workloads: [{name: %s}, {name: %s}]
                  releases: {soakTime: 1s}
                  %s
                """.formatted(name, web(), worker(), more), ManagedApplication.class));
        return this;
    }

    /** Both Deployments of a version are applied. */
    public void deploy(String version) {
        deploy(version, "");
    }

    /** The same with more of the pod's spec as YAML in one line, ended by a comma. */
    public void deploy(String version, String podSpec) {
        apply(web(), version, "replicas: 2", podSpec);
        apply(worker(), version, "replicas: 1", podSpec);
    }

    /** One Deployment is applied, with more of its spec as YAML in one line. */
    public Deployment apply(String deployment, String version, String spec, String podSpec) {
        Deployment object = Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %5$s}
                spec:
                  %3$s
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, app.kubernetes.io/version: "%2$s"}}
                    spec: {%4$s
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
                      containers: [{name: main, image: "registry.invalid/shop:%2$s", env: [{name: SINCE_%6$s, value: "1"}],
                        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}
                """.formatted(deployment, version, spec, podSpec, namespace.name(), version.replaceAll("[^0-9]", "_")),
                Deployment.class);
        return namespace
                .client()
                .resource(object)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("pipeline")
                        // As Helm 4 applies.
                        .withForce(false)
                        .build());
    }

    /** A version is deployed and written down as one that works. */
    public void release(String version) {
        deploy(version);
        awaitRelease(version);
    }

    public void awaitRelease(String version) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(releases())
                        .first()
                        .extracting(ReleaseSummary::version)
                        .isEqualTo(version));
    }

    public List<ReleaseSummary> releases() {
        ManagedApplication application = namespace.find(ManagedApplication.class, name);
        return application.getStatus() == null
                ? List.of()
                : application.getStatus().releases();
    }

    public ManagedApplication findApplication() {
        return namespace.find(ManagedApplication.class, name);
    }

    /** A request, with more of its spec as YAML in one line. */
    public RollbackRequest request(String requestName, String more) {
        return request(requestName, more, "1s");
    }

    /** The same, with how long it is verified. */
    public RollbackRequest request(String requestName, String more, String stableFor) {
        return namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: RollbackRequest
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, reason: errors, verify: {stableFor: %s}%s%s}
                """.formatted(
                                requestName,
                                name,
                                stableFor,
                                more.contains("timeout:") ? "" : ", timeout: 2h",
                                more.isEmpty() ? "" : ", " + more),
                RollbackRequest.class));
    }

    public Optional<RollbackRequestStatus> status(String requestName) {
        return Optional.ofNullable(namespace.find(RollbackRequest.class, requestName))
                .map(RollbackRequest::getStatus);
    }

    /** The end of a request. */
    public RollbackRequestStatus awaitEnd(String requestName) {
        return await().atMost(SOON)
                .until(
                        () -> status(requestName).orElse(RollbackRequestStatus.NONE),
                        status -> status.phase() == RollbackPhase.FINISHED);
    }

    /** A request made and done. */
    public RollbackRequestStatus roll(String requestName, String more, RollbackOutcome outcome) {
        request(requestName, more);
        RollbackRequestStatus status = awaitEnd(requestName);
        assertThat(status.outcome()).as(message(status)).isEqualTo(outcome);
        return status;
    }

    public static String message(RollbackRequestStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.message())
                .findFirst()
                .orElse("");
    }

    public Deployment find(String deployment) {
        return namespace.find(Deployment.class, deployment);
    }

    public String version(String deployment) {
        return find(deployment)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels()
                .get("app.kubernetes.io/version");
    }

    /** A request that is past its writes. */
    public void awaitVerifying(String requestName) {
        await().atMost(SOON)
                .until(() -> status(requestName)
                        .filter(status -> status.phase() == RollbackPhase.VERIFYING)
                        .isPresent());
    }

    /** Pods of a version of the web server. */
    public List<Pod> pods(String version) {
        return namespace
                .all(Pod.class)
                .withLabel("app", web())
                .withLabel("app.kubernetes.io/version", version)
                .list()
                .getItems();
    }

    /** Marks both Deployments as Flux marks what it applies. */
    public void markAsFlux() {
        List.of(web(), worker())
                .forEach(deployment -> namespace
                        .all(Deployment.class)
                        .withName(deployment)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), """
                                {"metadata": {"labels": {"kustomize.toolkit.fluxcd.io/name": "apps",
                                  "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}}}
                                """));
    }

    /** Whether Flux leaves a Deployment alone. */
    public boolean isHeld(String deployment) {
        return "disabled".equals(annotations(deployment).get("kustomize.toolkit.fluxcd.io/reconcile"));
    }

    public Map<String, String> annotations(String deployment) {
        return find(deployment).getMetadata().getAnnotations();
    }

    /**
     * The kubelet's words; written when nobody else writes the Pods' status any more, and over whatever is there. What is done
     * about the first Pod may take the others away.
     */
    public void crash(String version, String reason) {
        List<Pod> crashing = await().atMost(SOON)
                .until(
                        () -> pods(version),
                        pods -> !pods.isEmpty() && pods.stream().allMatch(RollingShop::isLeftAlone));
        for (Pod pod : crashing) {
            try {
                namespace
                        .all(Pod.class)
                        .withName(pod.getMetadata().getName())
                        .subresource("status")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), crashed(reason));
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    throw e;
                }
            }
        }
    }

    /** Whether the simulated kubelet has nothing to say of a Pod: no node ever takes it, or it has its address, which comes last. */
    private static boolean isLeftAlone(Pod pod) {
        return pod.getSpec().getSchedulerName().equals("nobody")
                || pod.getStatus().getPodIP() != null;
    }

    private static String crashed(String reason) {
        return """
                {"status": {"containerStatuses": [{"name": "main", "image": "registry.invalid/shop", "imageID": "", "ready": false,
                  "restartCount": 4, "state": {"waiting": {"reason": "%s", "message": "back-off"}}}]}}""".formatted(reason);
    }
}

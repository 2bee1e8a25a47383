package dev.mainstay.e2e.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.awaitility.Awaitility;

/** The operator of the chart's release, in its Pod. */
public final class InstalledOperator {

    /** Where it is. */
    public static final String NAMESPACE = "mainstay-system";

    private static final String NAME = "mainstay";
    private static final String RUNNER_IMAGE = "MAINSTAY_RUNNER_IMAGE";
    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";
    private static final String PROXY = "MAINSTAY_JOBS_HTTPS_PROXY";
    private static final String ENVIRONMENT =
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"operator\",\"env\":[%s]}]}}}}";

    private final KubernetesClient client;

    public InstalledOperator(KubernetesClient client) {
        this.client = client;
    }

    /** Takes the Pod away; returns when it is gone. */
    public void stop() {
        scale(0);
        Awaitility.await("the operator is gone").atMost(NodeShop.PATIENCE).until(() -> pods().isEmpty());
    }

    /** Brings the Pod back, and returns when it is ready. */
    public void start() {
        scale(1);
        awaitReady();
    }

    /** Where its packets come from. */
    String address() {
        return pods().getFirst().getStatus().getPodIP();
    }

    /** Starts it again with another image for its Jobs; returns the one that it had. */
    String useRunner(String image) {
        String before = runnerImage(deployment().get());
        patch(ENVIRONMENT.formatted(variable(RUNNER_IMAGE, image)));
        awaitReady();
        return before;
    }

    /** Starts it again with a proxy for what its Jobs ask by https, as proxy.https of the chart's values does; null for none. */
    void useProxy(String url) {
        set(PROXY, url);
        awaitReady();
    }

    /** Gives the next start further options of Java; null for none. */
    public void useJavaOptions(String options) {
        set(JAVA_OPTIONS, options);
    }

    private void set(String name, String value) {
        patch(ENVIRONMENT.formatted(
                value == null ? "{\"$patch\":\"delete\",\"name\":\"" + name + "\"}" : variable(name, value)));
    }

    /** Its process, on its node, which is this machine. */
    public ProcessHandle process() {
        return ContainerProcesses.of(status()).main();
    }

    String log() {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withName(pods().getFirst().getMetadata().getName())
                .getLog();
    }

    private ContainerStatus status() {
        return pods().getFirst().getStatus().getContainerStatuses().getFirst();
    }

    /** SIGKILL; returns when it is there again. */
    void kill() {
        int restarts = status().getRestartCount();
        process().destroyForcibly();
        Awaitility.await("the operator is started again")
                .atMost(NodeShop.PATIENCE)
                .until(() -> status().getRestartCount() > restarts);
        awaitReady();
    }

    private void scale(int replicas) {
        patch("{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    }

    private void awaitReady() {
        Awaitility.await("the operator is ready").atMost(NodeShop.PATIENCE).until(() -> {
            Deployment now = deployment().get();
            return now.getMetadata().getGeneration().equals(now.getStatus().getObservedGeneration())
                    && Integer.valueOf(1).equals(now.getStatus().getUpdatedReplicas())
                    && Integer.valueOf(1).equals(now.getStatus().getReadyReplicas())
                    && Integer.valueOf(1).equals(now.getStatus().getReplicas());
        });
    }

    /** Strategic, and without a resourceVersion: the Deployment's own controller writes it all the time. */
    private void patch(String change) {
        deployment().patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change);
    }

    private static String variable(String name, String value) {
        return "{\"name\":\"%s\",\"value\":\"%s\"}".formatted(name, value);
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(NAMESPACE).withName(NAME);
    }

    private List<Pod> pods() {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withLabels(deployment().get().getSpec().getSelector().getMatchLabels())
                .list()
                .getItems();
    }

    private static String runnerImage(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(RUNNER_IMAGE))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}

package dev.mainstay.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** A Deployment of one Pod with one of the project's images, its Service and its ManagedApplication, all of one name. */
final class NodeDeployment {

    private final TestNamespace namespace;
    private final String name;

    NodeDeployment(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /**
     * Makes all of them, and waits until the Pod is ready.
     *
     * @param container more of the container, as YAML in one line
     * @param volumes the Pod's volumes, as YAML in one line
     * @param port on which it listens
     * @param application more of the application's spec, as YAML in one line
     */
    NodeDeployment open(String image, String container, String volumes, int port, String application) {
        namespace.create(
                Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      automountServiceAccountToken: false
                      terminationGracePeriodSeconds: 5
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                      - {name: main, image: "%2$s", readinessProbe: {tcpSocket: {port: %4$d}, periodSeconds: 1},
                         securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, %3$s}
                      volumes: %5$s
                """.formatted(name, image, container, port, volumes), Deployment.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {selector: {app: %1$s}, ports: [{port: %2$d}]}
                """.formatted(name, port), Service.class));
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %1$s}
                spec: {workloads: [{name: %1$s}], %2$s}
                """.formatted(name, application), ManagedApplication.class));
        await("the Pod of " + name + " is ready")
                .atMost(NodeShop.PATIENCE)
                .until(() -> Integer.valueOf(1)
                        .equals(namespace
                                .find(Deployment.class, name)
                                .getStatus()
                                .getReadyReplicas()));
        return this;
    }

    /** Scales it to 0; returns when its Pod is gone. */
    void stop() {
        namespace.all(Deployment.class).withName(name).edit(deployment -> {
            deployment.getSpec().setReplicas(0);
            return deployment;
        });
        await("the Pod of " + name + " is gone").atMost(NodeShop.PATIENCE).until(() -> pods().isEmpty());
    }

    private List<Pod> pods() {
        return namespace.all(Pod.class).withLabel("app", name).list().getItems();
    }
}

package dev.mainstay.e2e.operator;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.naming.Names;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An application behind a Service that a pipeline applies, and maintenance modes of it. */
public final class ServedShop {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final TestNamespace namespace;
    private final String name;

    public ServedShop(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /** Pods, a Service that leads to them, and an application that names it; returns when it leads there. */
    public ServedShop open() {
        namespace.create(Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, track: stable}}
                    spec:
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                      - name: main
                        image: registry.invalid/shop:1
                        ports: [{name: http, containerPort: 8080}]
                        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """.formatted(name), Deployment.class));
        applyService("app: " + name + ", track: stable");
        namespace.create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: %1$s}
                spec: {services: [{name: %1$s}]}
                """.formatted(name), ManagedApplication.class));
        Awaitility.await().atMost(SOON).until(() -> leadsTo(name + "-", 2));
        return this;
    }

    /** As a pipeline does, without force: somebody else's field is a conflict. */
    public void applyService(String selector) {
        Service service = Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec:
                  selector: {%s}
                  ports: [{name: http, port: 80, targetPort: http}, {name: http-admin, port: 81, targetPort: 81}]
                """.formatted(name, namespace.name(), selector), Service.class);
        namespace
                .client()
                .resource(service)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("pipeline")
                        .withForce(false)
                        .build());
    }

    /** A maintenance mode, with more of its spec as YAML in one line. */
    public MaintenanceMode enter(String mode, String more) {
        return namespace.create(Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, reason: moving%s}
                """.formatted(mode, name, more.isEmpty() ? "" : ", " + more), MaintenanceMode.class));
    }

    public void leave(String mode) {
        namespace.all(MaintenanceMode.class).withName(mode).delete();
    }

    public MaintenanceMode mode(String mode) {
        return namespace.find(MaintenanceMode.class, mode);
    }

    public MaintenanceModeStatus status(String mode) {
        return Optional.ofNullable(mode(mode)).map(MaintenanceMode::getStatus).orElse(MaintenanceModeStatus.NONE);
    }

    public MaintenanceModeStatus awaitPhase(String mode, ModePhase phase) {
        return Awaitility.await(mode + " is " + phase)
                .atMost(SOON)
                .until(() -> status(mode), status -> status.phase() == phase);
    }

    public void awaitGone(String mode) {
        Awaitility.await().atMost(SOON).until(() -> mode(mode) == null);
    }

    public static String condition(MaintenanceModeStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> condition.status() + " " + condition.reason() + ": " + condition.message())
                .findFirst()
                .orElse("");
    }

    public static Optional<Condition> find(MaintenanceModeStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    public Service service() {
        return namespace.find(Service.class, name);
    }

    public Map<String, String> selector() {
        return service().getSpec().getSelector();
    }

    /** The selector before. */
    public Map<String, String> own() {
        return Map.of("app", name, "track", "stable");
    }

    /** The selector meanwhile. */
    public Map<String, String> toPage() {
        return Map.of(Annotations.PAGE, name);
    }

    /** The page's Deployment; null when there is none. */
    public Deployment page() {
        return namespace.find(Deployment.class, Names.page(name));
    }

    /** Who has written the Service, as its managedFields tell. */
    public List<String> managers() {
        return service().getMetadata().getManagedFields().stream()
                .map(ManagedFieldsEntry::getManager)
                .toList();
    }

    /** Names of the Pods that the Service leads to. */
    public List<String> endpoints() {
        return namespace
                .all(EndpointSlice.class)
                .withLabel("kubernetes.io/service-name", name)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> Stream.ofNullable(slice.getEndpoints()).flatMap(List::stream))
                .filter(endpoint ->
                        !Boolean.FALSE.equals(endpoint.getConditions().getReady()))
                .map(Endpoint::getTargetRef)
                .map(target -> target.getName())
                .toList();
    }

    /** Whether the Service leads to so many Pods, all of whose names begin so. */
    public boolean leadsTo(String prefix, int pods) {
        List<String> found = endpoints();
        return found.size() == pods && found.stream().allMatch(pod -> pod.startsWith(prefix));
    }
}

package dev.mainstay.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Optional;

/** The maintenance mode {@code shop} of the application of that name, and clients of its Services. */
final class ShopMode {

    static final Duration PATIENCE = Duration.ofMinutes(4);

    private final TestNamespace namespace;

    ShopMode(TestNamespace namespace) {
        this.namespace = namespace;
    }

    /** Begins it, with more of the spec as YAML in one line. */
    void enter(String more) {
        namespace.create(
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceMode
                metadata: {name: shop}
                spec: {applicationRef: {name: shop}, reason: measured%s}
                """.formatted(more.isEmpty() ? "" : ", " + more), MaintenanceMode.class));
    }

    /** Ends it, and returns when it is gone. */
    void leave() {
        namespace.all(MaintenanceMode.class).delete();
        await("no mode is left")
                .atMost(PATIENCE)
                .until(() -> namespace.list(MaintenanceMode.class).isEmpty());
    }

    void awaitActive() {
        await("the mode is active").atMost(PATIENCE).until(() -> is("Active"));
    }

    boolean is(String condition) {
        return condition(condition)
                .filter(found -> found.status() == ConditionStatus.TRUE)
                .isPresent();
    }

    /** What it says of itself; nothing before it has said anything. */
    String message() {
        return condition("Ready").map(Condition::message).orElse("");
    }

    /** A client of one of the Services in the namespace. */
    SteadyClient client(String service, int port, boolean reuses) {
        return new SteadyClient(namespace.find(Service.class, service).getSpec().getClusterIP(), port, reuses);
    }

    private Optional<Condition> condition(String type) {
        return Optional.ofNullable(namespace.find(MaintenanceMode.class, "shop").getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), type));
    }
}

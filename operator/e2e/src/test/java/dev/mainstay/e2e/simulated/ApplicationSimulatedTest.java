package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said of an application whose workloads come and go. */
@Tag("simulated")
class ApplicationSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    @Test
    void givenAMissingWorkload_whenItAppearsAndGoes_thenTheApplicationIsReadyJustWhileItIsThere() {
        new Shop(NAMESPACE, "shop").application("workloads: [{name: web}]");
        awaitReady("FALSE/WorkloadNotFound");
        assertThat(Shop.condition(application().getStatus().conditions(), "Stalled"))
                .isEqualTo("TRUE/WorkloadNotFound");

        Deployment web = NAMESPACE.create(Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web, app.kubernetes.io/version: 1.4.2}}
                    spec: {containers: [{name: web, image: "web:1.4.2"}]}
                """, Deployment.class));
        awaitReady("TRUE/Ready");
        assertThat(application().getStatus().version()).isEqualTo("1.4.2");

        NAMESPACE.client().resource(web).delete();
        awaitReady("FALSE/WorkloadNotFound");
    }

    private static void awaitReady(String wanted) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(application().getStatus()).isNotNull();
            assertThat(Shop.condition(application().getStatus().conditions(), "Ready"))
                    .isEqualTo(wanted);
            assertThat(application().getStatus().observedGeneration())
                    .isEqualTo(application().getMetadata().getGeneration());
        });
    }

    private static ManagedApplication application() {
        return NAMESPACE.find(ManagedApplication.class, "shop");
    }
}

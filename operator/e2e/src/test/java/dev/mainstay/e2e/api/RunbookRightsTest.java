package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That people on call can begin a run, and can't write what it does, nor allow Jobs of one's own: with the role that is shipped. */
@Tag("api")
class RunbookRightsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static BoundPolicy policy;

    @BeforeAll
    static void install() {
        policy = new BoundPolicy(NAMESPACE, "requested-by.mainstay.dev").onCall(List.of("bob"), List.of());
        NAMESPACE.create(runbook("release"));
        // The API server takes rights from a cache.
        await().atMost(SOON).ignoreExceptions().until(() -> {
            as("bob", run("probe"));
            return true;
        });
    }

    @AfterAll
    static void uninstall() {
        policy.close();
    }

    @Test
    void givenSomebodyOnCall_whenTheyMakeARunWithParameters_thenTheyMay() {
        assertThatCode(() -> as("bob", run("mine"))).doesNotThrowAnyException();
        assertThat(NAMESPACE.find(MaintenanceRun.class, "mine").getSpec().parameters())
                .containsEntry("day", "Tuesday");
    }

    @Test
    void givenSomebodyOnCall_whenTheyWriteARunbook_thenTheyAreRefused() {
        refused(() -> as("bob", runbook("own")));
        refused(() -> BoundPolicy.as(
                NAMESPACE,
                "bob",
                null,
                client -> client.resources(Runbook.class)
                        .inNamespace(NAMESPACE.name())
                        .withName("release")
                        .edit(runbook -> {
                            runbook.getMetadata().setAnnotations(Map.of("note", "changed"));
                            return runbook;
                        })));
    }

    @Test
    void givenSomebodyOnCall_whenTheyAllowJobsOfOnesOwn_thenTheyAreRefused() {
        refused(() -> BoundPolicy.as(
                NAMESPACE,
                "bob",
                null,
                client -> client.resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(NAMESPACE.name())
                                .addToLabels("mainstay.dev/allow-custom-jobs", "true")
                                .endMetadata()
                                .build())
                        .patch()));
    }

    private static void refused(ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(403));
    }

    private static void as(String user, HasMetadata object) {
        object.getMetadata().setNamespace(NAMESPACE.name());
        BoundPolicy.as(NAMESPACE, user, null, client -> client.resource(object).create());
    }

    private static Runbook runbook(String name) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: Runbook
                metadata: {name: %s}
                spec: {parameters: [{name: day}], steps: [{name: look, httpCheck: {}}]}
                """.formatted(name), Runbook.class);
    }

    private static MaintenanceRun run(String name) {
        return Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {name: %s}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: it is Tuesday, requestedBy: bob,
                  parameters: {day: Tuesday}}
                """.formatted(name), MaintenanceRun.class);
    }
}

package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That nobody asks in another one's name, with the policy that is shipped, bound to one namespace, and users who are impersonated. */
@Tag("api")
class RequestedByTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** The requests, and what their specs must have beside. */
    private static final Map<String, String> KINDS = Map.of(
            "RollbackRequest",
            "",
            "RestoreRequest",
            "source: {policyRef: {name: shop-main}}, ",
            "MaintenanceRun",
            "runbookRef: {name: release}, ");

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static BoundPolicy policy;

    @BeforeAll
    static void install() {
        NAMESPACE.create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("pipeline")
                .endMetadata()
                .build());
        policy = new BoundPolicy(NAMESPACE, "requested-by.mainstay.dev").onCall(List.of("alice"), List.of("pipeline"));
        // The API server takes rights and policies from caches.
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            KINDS.keySet()
                    .forEach(kind -> assertThatThrownBy(() -> ask(kind, "alice", null, "bob"))
                            .hasMessageContaining("spec.requestedBy"));
            ask(account(), null, "");
        });
    }

    @AfterAll
    static void uninstall() {
        policy.close();
    }

    @Test
    void givenThePolicy_whenTheApiServerHasLookedAtIt_thenItWarnsOfNothing() {
        await().atMost(SOON).untilAsserted(() -> assertThat(policy.warnings()).isNotNull());
        assertThat(policy.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"alice, , alice", "alice, , ''", "alice, , ", "root, system:masters, root", "root, system:masters, "})
    void givenAUser_whenTheNameIsTheirsOrNone_thenTheRequestIsMade(String user, String group, String requestedBy) {
        assertThatCode(() -> ask(user, group, requestedBy)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"alice, , bob", "alice, , on-call", "alice, , Alice", "root, system:masters, alice"})
    void givenAUser_whenTheNameIsAnothers_thenItIsRefusedWithBothNames(String user, String group, String requestedBy) {
        KINDS.keySet()
                .forEach(kind -> assertThatThrownBy(() -> ask(kind, user, group, requestedBy))
                        .isInstanceOfSatisfying(
                                KubernetesClientException.class,
                                e -> assertThat(e.getCode()).isEqualTo(403))
                        .hasMessageContaining(
                                "spec.requestedBy is \"%s\", and you are \"%s\": leave it out, or put your own name there"
                                        .formatted(requestedBy, user)));
    }

    @Test
    void givenAPipeline_whenItAsks_thenItIsNoException() {
        assertThatCode(() -> ask(account(), null, account())).doesNotThrowAnyException();
        KINDS.keySet()
                .forEach(kind -> assertThatThrownBy(() -> ask(kind, account(), null, "alice"))
                        .hasMessageContaining("leave it out"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roll-back.yaml",
                "roll-back-dry-run.yaml",
                "restore.yaml",
                "restore-dry-run.yaml",
                "restore-undo.yaml"
            })
    void givenTheExamples_whenSomebodyOnCallCreatesThem_thenTheyAreTaken(String file) {
        GenericKubernetesResource request = Serialization.unmarshal(text(file), GenericKubernetesResource.class);
        request.getMetadata().setNamespace(NAMESPACE.name());

        assertThatCode(() -> create("alice", null, request)).doesNotThrowAnyException();
    }

    private static String account() {
        return "system:serviceaccount:" + NAMESPACE.name() + ":pipeline";
    }

    private static void ask(String user, String group, String requestedBy) {
        KINDS.keySet().forEach(kind -> ask(kind, user, group, requestedBy));
    }

    private static void ask(String kind, String user, String group, String requestedBy) {
        create(
                user,
                group,
                Serialization.unmarshal(
                        """
                apiVersion: mainstay.dev/v1alpha1
                kind: %s
                metadata: {generateName: shop-, namespace: %s}
                spec: {applicationRef: {name: shop}, %sreason: errors%s}
                """.formatted(
                                        kind,
                                        NAMESPACE.name(),
                                        KINDS.get(kind),
                                        requestedBy == null ? "" : ", requestedBy: \"" + requestedBy + "\""),
                        GenericKubernetesResource.class));
    }

    private static void create(String user, String group, GenericKubernetesResource request) {
        BoundPolicy.create(NAMESPACE, user, group, request);
    }

    private static String text(String file) {
        try {
            return Files.readString(
                    ClusterClient.REPOSITORY.resolve("examples/on-call").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

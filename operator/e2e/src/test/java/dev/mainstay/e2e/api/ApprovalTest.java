package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That nobody decides on a step in another one's name, nor on a run of their own: with the policy that is shipped. */
@Tag("api")
class ApprovalTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static BoundPolicy policy;

    private String run;

    @BeforeAll
    static void install() {
        policy = new BoundPolicy(NAMESPACE, "approvals.mainstay.dev")
                .onCall(List.of("alice", "bob", "bob@alice", "carol"), List.of());
        // The API server takes rights and policies from caches. Each look takes a run of its own: an annotation that
        // got through before the policy was there is no change the next time, so nothing refuses it.
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            String probe = run("requestedBy: bob", "");
            assertThatThrownBy(() -> annotate("alice", null, probe, Annotations.APPROVE, "look@carol"))
                    .hasMessageContaining("in your own name only");
            annotate("carol", null, probe, "note", "seen");
        });
    }

    @AfterAll
    static void uninstall() {
        policy.close();
    }

    @BeforeEach
    void make() {
        run = run("requestedBy: bob", "");
    }

    @Test
    void givenThePolicy_whenTheApiServerHasLookedAtIt_thenItWarnsOfNothing() {
        await().atMost(SOON).untilAsserted(() -> assertThat(policy.warnings()).isNotNull());
        assertThat(policy.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, , look@alice",
        "carol, , look@carol",
        "bob@alice, , look@bob@alice",
        "root, system:masters, look@root"
    })
    void givenSomebodyElse_whenTheyDecideInTheirOwnName_thenTheyMay(String user, String group, String value) {
        assertThatCode(() -> {
                    annotate(user, group, run, Annotations.APPROVE, value);
                    annotate(user, group, run, Annotations.REJECT, value);
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, , look@carol",
        "alice, , look@bob@alice",
        "alice, , look",
        "alice, , alice",
        "alice, , look@",
        "root, system:masters, look@alice"
    })
    void givenSomebody_whenTheyDecideInAnothersName_thenTheyAreRefused(String user, String group, String value) {
        for (String annotation : List.of(Annotations.APPROVE, Annotations.REJECT)) {
            assertThatThrownBy(() -> annotate(user, group, run, annotation, value))
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(403))
                    .hasMessageContaining("the annotation " + annotation + " must be \"<step>@" + user + "\"");
        }
    }

    @Test
    void givenWhoHasAsked_whenTheyDecide_thenTheyAreRefused() {
        assertThatThrownBy(() -> annotate("bob", null, run, Annotations.APPROVE, "look@bob"))
                .hasMessageContaining("spec.requestedBy is \"bob\", and you are that: somebody else has to decide");
    }

    @Test
    void givenADecision_whenAnotherAnnotationIsSet_thenWhoeverMayDoesSo() {
        annotate("alice", null, run, Annotations.APPROVE, "look@alice");

        assertThatCode(() -> annotate("bob", null, run, Annotations.CANCEL, "never mind"))
                .doesNotThrowAnyException();
    }

    @Test
    void givenARun_whenItIsMadeWithADecision_thenItIsRefused() {
        assertThatThrownBy(() -> run("requestedBy: bob", "annotations: {mainstay.dev/approve: look@carol}"))
                .hasMessageContaining("nobody can decide on a step of a run before it is there");
    }

    private static String run(String requestedBy, String metadata) {
        GenericKubernetesResource object = Serialization.unmarshal(
                """
                apiVersion: mainstay.dev/v1alpha1
                kind: MaintenanceRun
                metadata: {generateName: shop-, namespace: %s, %s}
                spec: {applicationRef: {name: shop}, runbookRef: {name: release}, reason: it is Tuesday, %s}
                """.formatted(NAMESPACE.name(), metadata, requestedBy), GenericKubernetesResource.class);
        return NAMESPACE.client().resource(object).create().getMetadata().getName();
    }

    private static void annotate(String user, String group, String run, String annotation, String value) {
        BoundPolicy.as(
                NAMESPACE,
                user,
                group,
                client -> client.resources(MaintenanceRun.class)
                        .inNamespace(NAMESPACE.name())
                        .withName(run)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value)));
    }
}

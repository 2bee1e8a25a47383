package dev.mainstay.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.ShippedInstall;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
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

/** That nobody acknowledges an alert in another one's name, and who may annotate a rule writes no spec: with the policy that is shipped. */
@Tag("api")
class AcknowledgementTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static BoundPolicy policy;

    private String rule;

    @BeforeAll
    static void install() {
        policy = new BoundPolicy(NAMESPACE, "acknowledgements.mainstay.dev")
                .onCall(List.of("alice", "bob@alice", "carol"), List.of());
        ShippedInstall install = ShippedInstall.get();
        NAMESPACE.create(new RoleBindingBuilder()
                .withNewMetadata()
                .withName("editor")
                .endMetadata()
                .withNewRoleRef(
                        "rbac.authorization.k8s.io",
                        "ClusterRole",
                        install.namespace() + ":" + install.serviceAccount() + "-editor")
                .addNewSubject("rbac.authorization.k8s.io", "User", "erin", null)
                .build());
        // The API server takes rights and policies from caches. Each look takes a rule of its own: an annotation that
        // got through before the policy was there is no change the next time, so nothing refuses it.
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            String probe = rule("");
            assertThatThrownBy(() -> annotate("alice", null, probe, "1@carol"))
                    .hasMessageContaining("in your own name only");
            annotate("carol", null, probe, "1@carol");
            patch("erin", null, probe, "{\"spec\": {\"summary\": \"seen\"}}");
        });
    }

    @AfterAll
    static void uninstall() {
        policy.close();
    }

    @BeforeEach
    void make() {
        rule = rule("");
    }

    @Test
    void givenThePolicy_whenTheApiServerHasLookedAtIt_thenItWarnsOfNothing() {
        await().atMost(SOON).untilAsserted(() -> assertThat(policy.warnings()).isNotNull());
        assertThat(policy.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"alice, , 1@alice", "bob@alice, , 12@bob@alice", "erin, , 3@erin", "root, system:masters, 4@root"})
    void givenSomebody_whenTheyAcknowledgeInTheirOwnName_thenTheyMay(String user, String group, String value) {
        assertThatCode(() -> annotate(user, group, rule, value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, , 1@carol",
        "alice, , 1@bob@alice",
        "alice, , alice",
        "alice, , 1",
        "alice, , 1@",
        "alice, , @alice",
        "alice, , first@alice",
        "alice, , ' 1@alice'",
        "erin, , 1@alice",
        "root, system:masters, 1@alice"
    })
    void givenSomebody_whenTheyAcknowledgeInAnothersNameOrNoEpisode_thenTheyAreRefused(
            String user, String group, String value) {
        assertThatThrownBy(() -> annotate(user, group, rule, value))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(403))
                .hasMessageContaining("the annotation mainstay.dev/acknowledge must be \"<episode>@" + user + "\"");
    }

    @Test
    void givenAnAcknowledgement_whenAnotherAnnotationIsSetOrItIsTakenBack_thenWhoeverMayDoesSo() {
        annotate("alice", null, rule, "1@alice");

        assertThatCode(() -> {
                    patch("carol", null, rule, "{\"metadata\": {\"annotations\": {\"mainstay.dev/paused\": \"why\"}}}");
                    patch(
                            "carol",
                            null,
                            rule,
                            "{\"metadata\": {\"annotations\": {\"%s\": null}}}".formatted(Annotations.ACKNOWLEDGE));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void givenARule_whenItIsMadeWithAnAcknowledgement_thenItIsRefused() {
        assertThatThrownBy(() -> rule("annotations: {mainstay.dev/acknowledge: 1@carol}"))
                .hasMessageContaining("nobody can acknowledge an alert of a rule before it is there");
    }

    @Test
    void givenWhoMayAnnotate_whenTheyChangeTheSpec_thenTheyAreRefused() {
        assertThatThrownBy(() -> patch("alice", null, rule, "{\"spec\": {\"muteDuringMaintenance\": false}}"))
                .hasMessageContaining("you may annotate AlertRule " + rule + ", and not change its spec");
    }

    @ParameterizedTest
    @CsvSource({"erin, ", "root, system:masters"})
    void givenWhoMayUpdate_whenTheyChangeTheSpec_thenTheyMay(String user, String group) {
        assertThatCode(() -> patch(user, group, rule, "{\"spec\": {\"muteDuringMaintenance\": false}}"))
                .doesNotThrowAnyException();
    }

    private static String rule(String metadata) {
        GenericKubernetesResource object =
                Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {generateName: shop-, namespace: %s, %s}
                spec: {applicationRef: {name: shop}, metric: HealthCheck}
                """.formatted(NAMESPACE.name(), metadata), GenericKubernetesResource.class);
        return NAMESPACE.client().resource(object).create().getMetadata().getName();
    }

    private static void annotate(String user, String group, String rule, String value) {
        patch(
                user,
                group,
                rule,
                "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(Annotations.ACKNOWLEDGE, value));
    }

    private static void patch(String user, String group, String rule, String patch) {
        BoundPolicy.as(
                NAMESPACE,
                user,
                group,
                client -> client.resources(AlertRule.class)
                        .inNamespace(NAMESPACE.name())
                        .withName(rule)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }
}

package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.alert.NotificationChannel;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.e2e.operator.ShippedInstall;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the operator says of rules and channels before anything is measured or sent. */
@Tag("simulated")
class AlertRuleSimulatedTest {

    /** A Secret that was not there is looked for every 30 seconds. */
    private static final Duration NEXT_LOOK = Duration.ofMinutes(2);

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenNoApplication_whenARuleIsMade_thenItIsStalledUntilThereIsOne() {
        rule("stray", "stray");

        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(conditions("stray"))).isEqualTo("FALSE/ApplicationNotFound"));
        assertThat(conditions("stray")).anySatisfy(condition -> {
            assertThat(condition.type()).isEqualTo("Stalled");
            assertThat(condition.message()).contains("stray");
        });

        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: stray}
                spec: {}
                """, ManagedApplication.class));

        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(conditions("stray"))).doesNotContain("ApplicationNotFound"));
    }

    @Test
    void givenARule_whenItIsPaused_thenItSaysSo() {
        rule("paused", "paused");
        annotate("paused", Annotations.PAUSED, "holidays");

        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(conditions("paused"))).isEqualTo("TRUE/Paused"));
    }

    @Test
    void givenARuleThatNamesAChannelWhichDoesNotExist_whenItIsMade_thenItIsStalledUntilItIsThere() {
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: ManagedApplication
                metadata: {name: lonely}
                spec: {metrics: {prometheus: {url: "http://127.0.0.1:1"}, labels: {job: web}}}
                """, ManagedApplication.class));
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: lonely}
                spec:
                  applicationRef: {name: lonely}
                  metric: ErrorRate
                  comparison: GreaterThan
                  threshold: {percent: 1}
                  notify: [{channel: later}]
                """, AlertRule.class));
        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(conditions("lonely"))).isEqualTo("FALSE/NoChannelFound"));
        assertThat(Shop.condition(conditions("lonely"), "ReceiverFound")).isEqualTo("FALSE/NoChannelFound");
        assertThat(told(conditions("lonely")))
                .contains("NotificationChannel later does not exist", "Until then nobody is told when it fires.");

        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: NotificationChannel
                metadata: {name: later}
                spec: {webhook: {url: "http://127.0.0.1:1/hook"}}
                """, NotificationChannel.class));

        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(conditions("lonely"))).isEqualTo("TRUE/Ready"));
        assertThat(Shop.condition(conditions("lonely"), "ReceiverFound")).isEqualTo("TRUE/Ready");
    }

    @Test
    void givenARuleThatSomebodyHolds_whenItIsDeletedWithNothingOpen_thenItGoesAtOnce() {
        AlertRule rule = rule("held", "held");
        await().atMost(ScriptedShops.SOON).until(() -> !conditions("held").isEmpty());
        SHOPS.namespace()
                .all(AlertRule.class)
                .withName("held")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"finalizers\": [\"%s\"]}}".formatted(Annotations.ALERT_FINALIZER));

        SHOPS.namespace().all(AlertRule.class).withName("held").delete();

        await().atMost(ScriptedShops.SOON)
                .until(() -> SHOPS.namespace()
                                .find(AlertRule.class, rule.getMetadata().getName())
                        == null);
    }

    @Test
    void givenAChannel_whenItsSecretMayBeReadAndIsThere_thenItIsReadyAndSaysBeforeWhatItLacks() {
        SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: NotificationChannel
                metadata: {name: team}
                spec: {slack: {urlSecretRef: {name: slack, key: url}}}
                """, NotificationChannel.class));
        await().atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(ready(channel())).isEqualTo("FALSE/Forbidden"));
        ShippedInstall install = ShippedInstall.get();
        assertThat(told(channel()))
                .contains("spec.slack.urlSecretRef")
                .contains("kubectl create role team-secrets --namespace="
                        + SHOPS.namespace().name())
                .contains("--serviceaccount=" + install.namespace() + ":" + install.serviceAccount());

        letTheOperatorRead("slack");
        await().atMost(NEXT_LOOK)
                .untilAsserted(() -> assertThat(ready(channel())).isEqualTo("FALSE/CredentialsMissing"));
        SHOPS.namespace()
                .create(new SecretBuilder()
                        .withNewMetadata()
                        .withName("slack")
                        .endMetadata()
                        .addToStringData("url", "https://127.0.0.1:1/hook")
                        .build());

        await().atMost(NEXT_LOOK)
                .untilAsserted(() -> assertThat(ready(channel())).isEqualTo("TRUE/Ready"));
    }

    /** What the command in the message does. */
    private static void letTheOperatorRead(String secret) {
        ShippedInstall install = ShippedInstall.get();
        SHOPS.namespace()
                .create(new RoleBuilder()
                        .withNewMetadata()
                        .withName("team-secrets")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("secrets")
                        .withResourceNames(secret)
                        .withVerbs("get")
                        .endRule()
                        .build());
        SHOPS.namespace()
                .create(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("team-secrets")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "team-secrets")
                        .addNewSubject(null, "ServiceAccount", install.serviceAccount(), install.namespace())
                        .build());
    }

    private static List<Condition> channel() {
        NotificationChannel found = SHOPS.namespace().find(NotificationChannel.class, "team");
        return found.getStatus() == null ? List.of() : found.getStatus().conditions();
    }

    private static AlertRule rule(String name, String application) {
        return SHOPS.namespace().create(Serialization.unmarshal("""
                apiVersion: mainstay.dev/v1alpha1
                kind: AlertRule
                metadata: {name: %s}
                spec: {applicationRef: {name: %s}, metric: HealthCheck}
                """.formatted(name, application), AlertRule.class));
    }

    private static void annotate(String name, String annotation, String value) {
        SHOPS.namespace()
                .all(AlertRule.class)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(annotation, value));
    }

    private static List<Condition> conditions(String rule) {
        AlertRule found = SHOPS.namespace().find(AlertRule.class, rule);
        return found.getStatus() == null ? List.of() : found.getStatus().conditions();
    }

    private static String ready(List<Condition> conditions) {
        return Shop.condition(conditions, "Ready");
    }

    private static String told(List<Condition> conditions) {
        return Conditions.find(conditions, "Ready").map(Condition::message).orElse("");
    }
}

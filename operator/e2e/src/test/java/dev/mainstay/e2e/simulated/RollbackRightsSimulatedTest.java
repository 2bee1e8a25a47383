package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import dev.mainstay.e2e.operator.ShippedInstall;
import dev.mainstay.e2e.operator.Shop;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Rollbacks of an operator that loses its rights in the cluster and gets them back. It runs under an account of its own with the
 * shipped rules: what is refused to it must not stand in the audit log as refused to the shipped one.
 */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackRightsSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    private ClusterRoleBinding binding;
    private OperatorProcess operator;

    @BeforeEach
    void start() {
        ShippedInstall install = ShippedInstall.get();
        namespace.create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("operator")
                .endMetadata()
                .build());
        bind("", "");
        operator = new OperatorProcess(
                ClusterClient.get().server(), namespace.name(), Map.of(), install.token(namespace.name(), "operator"));
        operator.start();
        operator.awaitReady();
    }

    @AfterEach
    void stop() {
        operator.close();
        namespace.client().resource(binding).delete();
        namespace.client().resource(role("", "")).delete();
    }

    @Test
    void givenTheClusterRoleBindingTakenAwayMidway_whenItIsBack_thenTheLogSaidSoAndTheRollbackEndsWell() {
        RollingShop shop = verifying("15s");

        namespace.client().resource(binding).delete();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(operator.log())
                        .contains("the operator lacks a right that the chart gives; it is tried again"));
        assertThat(shop.status("shop-1").orElseThrow().phase()).isEqualTo(RollbackPhase.VERIFYING);
        bind("", "");

        assertThat(shop.awaitEnd("shop-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        assertThat(operator.isAlive()).isTrue();
    }

    @Test
    void givenARoleWithoutReplicaSetsMidway_whenItIsWholeAgain_thenTheStatusSaidSoAndTheRollbackEndsWell() {
        RollingShop shop = verifying("15s");

        bind("list", "replicasets");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                RollingShop.message(shop.status("shop-1").orElseThrow()))
                        .startsWith("The API server refuses what the operator needs for this: ")
                        .contains("replicasets.apps is forbidden", "helm upgrade"));
        RollbackRequestStatus waiting = shop.status("shop-1").orElseThrow();
        assertThat(Shop.condition(waiting.conditions(), "Stalled")).isEqualTo("TRUE/Forbidden");
        assertThat(waiting.workloads())
                .allSatisfy(line -> assertThat(line.writtenAt()).isNotNull());
        bind("", "");

        assertThat(shop.awaitEnd("shop-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
    }

    @Test
    void givenARoleThatMayNotPatchDeployments_whenRolledBack_thenNothingIsChangedAndTheRightIsNamed() {
        RollingShop shop = released();
        bind("patch", "deployments");
        // The authorizer reads roles from a cache.
        await().atMost(SOON).until(() -> !mayPatchDeployments());

        RollbackRequestStatus status = shop.roll("shop-1", "", RollbackOutcome.BLOCKED);

        assertThat(RollingShop.message(status))
                .contains("cannot patch resource", "Nothing was changed. Give the operator the rights");
        assertThat(shop.version(shop.web())).isEqualTo("1.5.0");
    }

    private boolean mayPatchDeployments() {
        return namespace
                .client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + namespace.name() + ":operator")
                        .withNewResourceAttributes()
                        .withNamespace(namespace.name())
                        .withVerb("patch")
                        .withGroup("apps")
                        .withResource("deployments")
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }

    private RollingShop verifying(String stableFor) {
        RollingShop shop = released();
        shop.request("shop-1", "", stableFor);
        shop.awaitVerifying("shop-1");
        return shop;
    }

    private RollingShop released() {
        RollingShop shop = new RollingShop(namespace, "shop").application();
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        return shop;
    }

    /** The account of this test gets the shipped rules, but for a verb of a resource. */
    private void bind(String verb, String resource) {
        namespace.client().resource(role(verb, resource)).createOr(existing -> existing.update());
        binding = new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(namespace.name())
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", namespace.name())
                .addNewSubject(null, "ServiceAccount", "operator", namespace.name())
                .build();
        namespace.client().resource(binding).createOr(existing -> existing.update());
    }

    private ClusterRole role(String verb, String resource) {
        List<PolicyRule> rules = ShippedInstall.get().rights().stream()
                .filter(ClusterRole.class::isInstance)
                .map(ClusterRole.class::cast)
                .filter(role -> !role.getMetadata().getName().matches(".*-(viewer|oncall|editor)"))
                .flatMap(role -> role.getRules().stream())
                .map(rule -> rule.getResources().contains(resource) ? without(verb, rule) : rule)
                .filter(rule -> !rule.getVerbs().isEmpty())
                .toList();
        return new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(namespace.name())
                .endMetadata()
                .withRules(rules)
                .build();
    }

    private static PolicyRule without(String verb, PolicyRule rule) {
        return new PolicyRuleBuilder(rule)
                .withVerbs(rule.getVerbs().stream()
                        .filter(other -> !other.equals(verb))
                        .toList())
                .build();
    }
}

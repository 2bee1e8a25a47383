package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Rollbacks in a namespace whose quota is full; each test has a namespace of its own, since a quota is everybody's. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackQuotaSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @Test
    void givenAQuotaBelowTheSurge_whenRolledBack_thenNothingIsChangedUntilOneOfTheCommandsIsRun() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            RollingShop shop = released();
            full("3");

            assertThat(RollingShop.message(shop.roll("shop-1", "", RollbackOutcome.BLOCKED)))
                    .startsWith(
                            "ResourceQuota full has room for 0 of pods, and the rolling update of Deployment shop-web,"
                                    + " shop-worker needs 2 more for 2 new Pods")
                    .contains("kubectl patch resourcequota full --namespace " + namespace.name()
                            + " --type merge --patch '{\"spec\":{\"hard\":{\"pods\":\"5\"}}}'");
            assertThat(shop.version(shop.web())).isEqualTo("1.5.0");

            // The other command of the message: without a surge it goes one by one.
            for (String deployment : new String[] {shop.web(), shop.worker()}) {
                namespace
                        .all(Deployment.class)
                        .withName(deployment)
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                "{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":1}}}}");
            }
            shop.roll("shop-2", "", RollbackOutcome.SUCCEEDED);
            assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
            assertThat(operator.isAlive()).isTrue();
        }
    }

    /** As one that is filled up after the plan was made. */
    @Test
    void givenAQuotaThatCanNotBeJudged_whenItIsFull_thenItIsWarnedOfAndNamedWithinAMinute() {
        try (OperatorProcess operator = OperatorProcess.started(namespace.name())) {
            RollingShop shop = released();
            full("0", "NotTerminating");

            RollbackRequestStatus status = shop.roll("shop-1", "", RollbackOutcome.VERIFY_FAILED);

            assertThat(status.warnings())
                    .contains(
                            "Whether ResourceQuota full has room for the new Pods was not judged, since it is limited to"
                                    + " NotTerminating.");
            assertThat(RollingShop.message(status)).contains("exceeded quota: full");
            assertThat(operator.isAlive()).isTrue();
        }
    }

    private RollingShop released() {
        RollingShop shop = new RollingShop(namespace, "shop").application();
        shop.release("1.4.2");
        shop.release("1.5.0");
        return shop;
    }

    private void full(String pods, String... scopes) {
        namespace.create(new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("full")
                .endMetadata()
                .withNewSpec()
                .withHard(Map.of("pods", new Quantity(pods)))
                .withScopes(scopes)
                .endSpec()
                .build());
        await().atMost(SOON).until(() -> {
            ResourceQuota quota = namespace.find(ResourceQuota.class, "full");
            return quota.getStatus().getUsed() != null
                    && new Quantity("3").equals(quota.getStatus().getUsed().get("pods"));
        });
    }
}

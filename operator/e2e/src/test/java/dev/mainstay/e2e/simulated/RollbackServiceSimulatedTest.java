package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whether the Services of an application lead to what was rolled back. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackServiceSimulatedTest {

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
    void givenAServiceOfTheTarget_whenRolledBack_thenItsReadyEndpointsAreAmongTheChecks() {
        RollingShop shop = shop("served", Map.of("app", "served-web"));

        RollbackRequestStatus status = shop.roll("served-1", "", RollbackOutcome.SUCCEEDED);

        assertThat(check(status, "served"))
                .hasValueSatisfying(check -> assertThat(check.verdict()).isEqualTo(CheckVerdict.PASS));
    }

    /** As charts do that put the version into the Service. */
    @Test
    void givenAServiceThatSelectsTheBadVersion_whenRolledBack_thenThatIsToldBeforeAndFailsIt() {
        RollingShop shop = shop("pinned", Map.of("app", "pinned-web", "app.kubernetes.io/version", "1.5.0"));
        String command =
                "kubectl set selector service pinned app.kubernetes.io/version=1.4.2,app=pinned-web --namespace "
                        + NAMESPACE.name();

        assertThat(shop.roll("pinned-dry", "dryRun: true", RollbackOutcome.SUCCEEDED)
                        .warnings())
                .anySatisfy(warning -> assertThat(warning).endsWith(command));
        RollbackRequestStatus status = shop.roll("pinned-1", "", RollbackOutcome.VERIFY_FAILED);

        assertThat(RollingShop.message(status)).contains("Endpoints pinned: spec.selector of Service pinned", command);
    }

    @Test
    void givenAServiceSelectorThatMatchesNothing_whenItIsCorrected_thenTheRollbackSucceeds() {
        RollingShop shop = shop("mistyped", Map.of("app", "mistyped-wbe"));
        shop.request("mistyped-1", "");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                RollingShop.message(shop.status("mistyped-1").orElseThrow()))
                        .isEqualTo(
                                "Endpoints mistyped: spec.selector of Service mistyped (app=mistyped-wbe) matches no Pod."
                                        + " Correct the selector, such as: kubectl set selector service mistyped"
                                        + " app=mistyped-web --namespace " + NAMESPACE.name()));
        NAMESPACE
                .client()
                .services()
                .inNamespace(NAMESPACE.name())
                .withName("mistyped")
                .edit(found -> new ServiceBuilder(found)
                        .editSpec()
                        .withSelector(Map.of("app", "mistyped-web"))
                        .endSpec()
                        .build());

        assertThat(shop.awaitEnd("mistyped-1").outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
    }

    @Test
    void givenAServiceThatDoesNotExist_whenTheTimeIsOver_thenItIsNamedAndNothingIsPutBack() {
        RollingShop shop = new RollingShop(NAMESPACE, "unserved").application("services: [{name: nowhere}]");
        shop.release("1.4.2");
        shop.deploy("1.5.0");

        RollbackRequestStatus status =
                shop.roll("unserved-1", "timeout: 60s, onFailure: RestorePrevious", RollbackOutcome.INCONCLUSIVE);

        assertThat(RollingShop.message(status)).contains("Service nowhere does not exist in this namespace. Create it");
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    /** A shop with a good release and a bad one, and a Service of its name. */
    private static RollingShop shop(String name, Map<String, String> selector) {
        NAMESPACE.create(new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withSelector(selector)
                .addNewPort()
                .withPort(80)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build());
        RollingShop shop = new RollingShop(NAMESPACE, name).application("services: [{name: " + name + "}]");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        return shop;
    }

    private static Optional<VerificationCheck> check(RollbackRequestStatus status, String service) {
        return status.checks().stream()
                .filter(check -> check.name().equals("Endpoints " + service))
                .findFirst();
    }
}

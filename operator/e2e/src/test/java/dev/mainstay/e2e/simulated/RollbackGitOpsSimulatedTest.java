package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.OperatorProcess;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a rollback does about Flux and Argo CD, by the marks that they leave; the programs themselves have a level of their own. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RollbackGitOpsSimulatedTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String RECONCILE = "kustomize.toolkit.fluxcd.io/reconcile";

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    @AutoClose
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        CustomResourceDefinition applications = Serialization.unmarshal("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: applications.argoproj.io
                  annotations: {api-approved.kubernetes.io: unapproved}
                spec:
                  group: argoproj.io
                  scope: Namespaced
                  names: {kind: Application, plural: applications, singular: application, listKind: ApplicationList}
                  versions:
                  - name: v1alpha1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """, CustomResourceDefinition.class);
        NAMESPACE.client().resource(applications).serverSideApply();
        await().atMost(SOON)
                .until(() -> NAMESPACE.client().resource(applications).get().getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True")));
        operator = OperatorProcess.started(NAMESPACE.name());
    }

    /** What is held when the operator goes would keep the namespace from going. */
    @AfterAll
    static void release() {
        operator.release();
    }

    @Test
    void givenADeploymentOfFlux_whenRolledBack_thenFluxIsHeldUntilTheRequestIsDeleted() {
        RollingShop shop = ofFlux("held");

        shop.request("held-1", "");
        RollbackRequestStatus status = awaitPhase(shop, "held-1", RollbackPhase.HOLDING);

        assertThat(status.outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
        assertThat(RollingShop.message(status))
                .endsWith(
                        " Flux leaves Deployment held-web, held-worker alone until this request is deleted: change its"
                                + " repository before that.");
        assertThat(shop.annotations(shop.web())).containsEntry(RECONCILE, "disabled");
        assertThat(shop.annotations(shop.worker())).containsEntry(RECONCILE, "disabled");

        NAMESPACE.all(RollbackRequest.class).withName("held-1").delete();

        await().atMost(SOON).until(() -> shop.status("held-1").isEmpty());
        assertThat(Stream.of(shop.web(), shop.worker()))
                .allSatisfy(
                        name -> assertThat(shop.annotations(name)).doesNotContainKeys(RECONCILE, Annotations.HELD_BY));
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
    }

    @Test
    void givenATimeForHolding_whenItIsOver_thenFluxMayApplyAgain() {
        RollingShop shop = ofFlux("timed");
        Instant until = Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);

        shop.request("timed-1", "holdUntil: \"" + until + "\"");
        awaitPhase(shop, "timed-1", RollbackPhase.HOLDING);
        RollbackRequestStatus status = shop.awaitEnd("timed-1");

        assertThat(Instant.now()).isAfterOrEqualTo(until);
        assertThat(status.outcome()).isEqualTo(RollbackOutcome.SUCCEEDED);
        assertThat(RollingShop.message(status))
                .startsWith("timed 1.5.0 → 1.4.2 (")
                .endsWith(" Since " + until + " (spec.holdUntil) Flux may apply it again.");
        assertThat(shop.annotations(shop.web())).doesNotContainKeys(RECONCILE, Annotations.HELD_BY);
    }

    @Test
    void givenAHeldDeployment_whenAnotherRequestGoesFurtherBack_thenThatOneHoldsIt() {
        RollingShop shop = ofFlux("further");
        shop.request("further-1", "");
        awaitPhase(shop, "further-1", RollbackPhase.HOLDING);

        RollbackRequest second = shop.request("further-2", "to: {version: 1.4.1}");
        awaitPhase(shop, "further-2", RollbackPhase.HOLDING);
        NAMESPACE.all(RollbackRequest.class).withName("further-1").delete();
        await().atMost(SOON).until(() -> shop.status("further-1").isEmpty());

        assertThat(shop.version(shop.web())).isEqualTo("1.4.1");
        assertThat(shop.annotations(shop.web()))
                .containsEntry(RECONCILE, "disabled")
                .containsEntry(Annotations.HELD_BY, second.getMetadata().getUid());
    }

    @Test
    void givenATargetThatFails_whenWhatRanIsPutBack_thenFluxIsNotHeldFromIt() {
        RollingShop shop = new RollingShop(NAMESPACE, "failing").application();
        shop.deploy("1.4.2", "schedulerName: default-scheduler,");
        shop.awaitRelease("1.4.2");
        shop.deploy("1.5.0");
        shop.markAsFlux();
        shop.request("failing-1", "onFailure: RestorePrevious", "1h");
        await().atMost(SOON).until(() -> shop.annotations(shop.web()).containsKey(RECONCILE));

        shop.crash("1.4.2", "CrashLoopBackOff");
        RollbackRequestStatus status = shop.awaitEnd("failing-1");

        assertThat(status.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(shop.version(shop.web())).isEqualTo("1.5.0");
        assertThat(shop.annotations(shop.web())).doesNotContainKeys(RECONCILE, Annotations.HELD_BY);
    }

    @Test
    void givenAnApplicationThatHeals_whenRolledBack_thenItIsBlockedUntilTheCommandInTheMessageWasRun() {
        RollingShop shop = ofArgo("healing", true);

        RollbackRequestStatus blocked = shop.roll("healing-1", "", RollbackOutcome.BLOCKED);

        assertThat(RollingShop.message(blocked)).contains("Argo CD Application " + NAMESPACE.name() + "/healing heals");
        assertThat(shop.version(shop.web())).isEqualTo("1.5.0");
        String message = RollingShop.message(blocked);
        String command = message.substring(message.indexOf("kubectl patch"));
        Programs.run(new ProcessBuilder("bash", "-c", command), "");
        RollbackRequestStatus status = shop.roll("healing-2", "", RollbackOutcome.SUCCEEDED);
        assertThat(status.warnings())
                .anySatisfy(warning -> assertThat(warning).contains("It does not heal itself now"));
    }

    @Test
    void givenAnApplicationThatHeals_whenItIsPatchedAnyway_thenWhoPutsItBackIsNamed() {
        RollingShop shop = ofArgo("anyway", true);

        shop.request("anyway-1", "gitOps: PatchAnyway", "1h");
        awaitPhase(shop, "anyway-1", RollbackPhase.VERIFYING);
        assertThat(shop.version(shop.web())).isEqualTo("1.4.2");
        shop.deploy("1.5.0");
        RollbackRequestStatus status = shop.awaitEnd("anyway-1");

        assertThat(status.outcome()).isEqualTo(RollbackOutcome.REVERTED);
        assertThat(RollingShop.message(status)).contains("\"pipeline\" (field manager");
    }

    private static RollbackRequestStatus awaitPhase(RollingShop shop, String request, RollbackPhase phase) {
        return await().atMost(SOON)
                .until(
                        () -> shop.status(request).orElse(RollbackRequestStatus.NONE),
                        status -> status.phase() == phase);
    }

    /** A bad release on two good ones, as Flux would have applied it. */
    private static RollingShop ofFlux(String name) {
        RollingShop shop = bad(name);
        shop.markAsFlux();
        return shop;
    }

    /** A bad release on two good ones, as an Application in a namespace of its own choice would have applied it. */
    private static RollingShop ofArgo(String name, boolean selfHeal) {
        GenericKubernetesResource application = Serialization.unmarshal(
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %s, namespace: %s}
                spec: {syncPolicy: {automated: {selfHeal: %s}}}
                """.formatted(name, NAMESPACE.name(), selfHeal), GenericKubernetesResource.class);
        NAMESPACE.client().resource(application).create();
        RollingShop shop = bad(name);
        Stream.of(shop.web(), shop.worker())
                .forEach(deployment -> merge(
                        deployment,
                        Map.of(
                                "annotations",
                                Map.of(
                                        "argocd.argoproj.io/tracking-id",
                                        NAMESPACE.name() + "_" + name + ":apps/Deployment:" + NAMESPACE.name() + "/"
                                                + deployment))));
        return shop;
    }

    private static RollingShop bad(String name) {
        RollingShop shop = new RollingShop(NAMESPACE, name).application();
        shop.release("1.4.1");
        shop.release("1.4.2");
        shop.deploy("1.5.0");
        return shop;
    }

    private static void merge(String deployment, Map<String, ?> metadata) {
        NAMESPACE
                .all(Deployment.class)
                .withName(deployment)
                .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("metadata", metadata)));
    }
}

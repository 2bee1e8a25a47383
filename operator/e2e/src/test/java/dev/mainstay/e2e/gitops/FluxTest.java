package dev.mainstay.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.NodeShop;
import dev.mainstay.e2e.operator.RollingShop;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A shop that a real Flux applies from a repository, every ten seconds. */
@Tag("gitops")
class FluxTest {

    private static final String RECONCILE = "kustomize.toolkit.fluxcd.io/reconcile";
    private static final int INTERVALS = 3;

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @TempDir
    private Path folder;

    private ShopInGit shop;
    private EngineObject source;
    private EngineObject kustomization;

    @BeforeEach
    void applyFromGit() {
        NodeShop.copySecrets(namespace);
        shop = new ShopInGit(namespace, folder);
        shop.push("1.4.1");
        List<ObjectNode> objects = EngineObject.example("flux/kustomization.yaml");
        objects.forEach(object -> object.withObject("/metadata").put("name", namespace.name()));
        objects.getFirst()
                .withObject("/spec")
                .put("url", shop.repository().url())
                .put("interval", "5s");
        objects.getLast()
                .withObject("/spec")
                .put("targetNamespace", namespace.name())
                .put("interval", "10s")
                .put("retryInterval", "5s")
                .put("timeout", "1m")
                .withObject("/sourceRef")
                .put("name", namespace.name());
        source = EngineObject.create("gitrepositories", objects.getFirst());
        kustomization = EngineObject.create("kustomizations", objects.getLast());
    }

    @AfterEach
    void leave() {
        kustomization.delete();
        source.delete();
    }

    @Test
    void givenObjectsFromGit_whenFluxWaitsForThem_thenItIsReadyWhenTheyAre() {
        awaitReady();

        shop.push("1.4.1", "other");
        ShopInGit.await("Flux finds the policy failed").untilAsserted(() -> {
            assertThat(ready().path("reason").asText()).isEqualTo("HealthCheckFailed");
            assertThat(ready().path("message").asText())
                    .contains("BackupPolicy/" + namespace.name() + "/shop status: 'Failed'");
        });

        shop.push("1.4.1");
        awaitReady();
    }

    @Test
    void givenAHeldDeployment_whenFluxReconciles_thenItLeavesItAloneUntilTheRequestIsDeleted() {
        deployBadVersion();

        shop.request("shop-1", "verify: {stableFor: 5s}");
        RollbackRequestStatus status = shop.awaitOutcome("shop-1", RollbackOutcome.SUCCEEDED);
        shop.awaitPhase("shop-1", RollbackPhase.HOLDING);
        System.out.println("shop-1: " + RollingShop.message(status));
        assertThat(shop.annotations("web")).containsEntry(RECONCILE, "disabled");
        assertThat(shop.annotations("worker")).containsEntry(RECONCILE, "disabled");

        for (int interval = 0; interval < INTERVALS; interval++) {
            awaitReconciled();
            assertThat(shop.version()).isEqualTo("1.4.1");
        }

        shop.delete("shop-1");
        shop.awaitVersion("1.5.0-bad");
        assertThat(shop.annotations("web")).doesNotContainKey(RECONCILE);
    }

    @Test
    void givenATimeForHolding_whenItIsOver_thenFluxAppliesWhatTheRepositorySays() {
        deployBadVersion();
        Instant until = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);

        shop.request("shop-1", "verify: {stableFor: 5s}, holdUntil: \"" + until + "\"");
        shop.awaitOutcome("shop-1", RollbackOutcome.SUCCEEDED);
        assertThat(Instant.now()).isBefore(until);
        awaitReconciled();
        assertThat(shop.version()).isEqualTo("1.4.1");

        shop.awaitVersion("1.5.0-bad");
        assertThat(Instant.now()).isAfterOrEqualTo(until);
        shop.awaitPhase("shop-1", RollbackPhase.FINISHED);
    }

    @Test
    void givenARollbackThatHoldsNothing_whenFluxReconciles_thenFluxIsNamed() {
        deployBadVersion();

        shop.request("shop-1", "gitOps: PatchAnyway, verify: {stableFor: 2m}");
        RollbackRequestStatus status = shop.awaitOutcome("shop-1", RollbackOutcome.REVERTED);

        System.out.println("shop-1: " + RollingShop.message(status));
        assertThat(RollingShop.message(status)).contains("kustomize-controller");
        assertThat(shop.annotations("web")).doesNotContainKey(RECONCILE);
        assertThat(shop.version()).isEqualTo("1.5.0-bad");
    }

    private void deployBadVersion() {
        shop.awaitRelease("1.4.1");
        shop.push("1.5.0-bad");
        awaitReady();
        assertThat(shop.version()).isEqualTo("1.5.0-bad");
    }

    /** Flux has applied the newest commit, and all of its objects are as they should be. */
    private void awaitReady() {
        ShopInGit.await("Flux has applied " + shop.commit()).untilAsserted(() -> {
            assertThat(ready().path("status").asText()).isEqualTo("True");
            assertThat(kustomization.get().at("/status/lastAppliedRevision").asText())
                    .isEqualTo("main@sha1:" + shop.commit());
        });
    }

    /** A pass of Flux that began after this call is over, and succeeded. */
    private void awaitReconciled() {
        String now = Instant.now().toString();
        kustomization.annotate("reconcile.fluxcd.io/requestedAt", now);
        ShopInGit.await("Flux has reconciled once more")
                .until(() -> kustomization
                                .get()
                                .at("/status/lastHandledReconcileAt")
                                .asText()
                                .equals(now)
                        && ready().path("status").asText().equals("True"));
    }

    /** Missing until Flux has seen the object. */
    private JsonNode ready() {
        return kustomization
                .get()
                .at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("Ready"))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}

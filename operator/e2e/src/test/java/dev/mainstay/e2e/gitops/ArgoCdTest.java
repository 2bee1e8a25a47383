package dev.mainstay.e2e.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.harness.Programs;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.node.NodeShop;
import dev.mainstay.e2e.operator.RollingShop;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A shop that a real Argo CD applies from a repository, and heals. */
@Tag("gitops")
class ArgoCdTest {

    @RegisterExtension
    final TestNamespace namespace = new TestNamespace();

    @TempDir
    private Path folder;

    private ShopInGit shop;
    private EngineObject application;

    @BeforeEach
    void applyFromGit() {
        NodeShop.copySecrets(namespace);
        shop = new ShopInGit(namespace, folder);
        shop.push("1.4.1");
        ObjectNode object = EngineObject.example("argocd/application.yaml").getFirst();
        object.withObject("/metadata").put("name", namespace.name());
        object.withObject("/spec/source").put("repoURL", shop.repository().url());
        object.withObject("/spec/destination").put("namespace", namespace.name());
        application = EngineObject.create("applications", object);
    }

    @AfterEach
    void leave() {
        application.delete();
    }

    @Test
    void givenObjectsFromGit_whenTheyChange_thenArgoCdTellsTheirHealth() {
        awaitSynced("Healthy");
        assertThat(health("ManagedApplication").path("status").asText()).isEqualTo("Healthy");
        assertThat(health("ManagedApplication").path("message").asText())
                .isEqualTo(ShopInGit.message(shop.application().getStatus().conditions()));
        assertThat(health("BackupPolicy").path("status").asText()).isEqualTo("Healthy");
        assertThat(health("BackupPolicy").path("message").asText())
                .isEqualTo(ShopInGit.message(shop.policy().getStatus().conditions()));

        shop.push("1.4.1", "other");
        awaitSynced("Degraded");
        assertThat(health("BackupPolicy").path("status").asText()).isEqualTo("Degraded");
        assertThat(health("BackupPolicy").path("message").asText()).contains("other");

        shop.push("1.4.1");
        awaitSynced("Healthy");
    }

    @Test
    void givenAPolicyFromGit_whenItIsPausedInTheCluster_thenItStaysSoAndIsHealthy() {
        awaitSynced("Healthy");

        namespace
                .all(BackupPolicy.class)
                .withName("shop")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"mainstay.dev/paused\": \"by an action\"}}}");

        ShopInGit.await("Argo CD tells of the pause")
                .until(() -> health("BackupPolicy").path("message").asText().contains("is paused"));
        shop.push("1.4.2");
        awaitSynced("Healthy");
        assertThat(shop.policy().getMetadata().getAnnotations()).containsKey("mainstay.dev/paused");
        assertThat(health("BackupPolicy").path("status").asText()).isEqualTo("Healthy");
    }

    @Test
    void givenABackupAsAHook_whenACommitIsSynced_thenItIsMadeBefore() throws IOException {
        awaitSynced("Healthy");
        String hook =
                Files.readString(ClusterClient.REPOSITORY.resolve("deploy/gitops/argocd/backup-before-sync.yaml"));

        shop.pushBeside("1.4.2", "backup.yaml", hook);
        awaitSynced("Healthy");
        assertThat(shop.version()).isEqualTo("1.4.2");
        assertThat(shop.policy().getStatus().lastSuccess()).isNotNull();
        assertThat(namespace.list(DatabaseBackup.class))
                .as("what succeeded is gone")
                .isEmpty();

        shop.pushBeside("1.4.1", "backup.yaml", hook.replace("name: shop", "name: none"));
        application.annotate("argocd.argoproj.io/refresh", "normal");
        ShopInGit.await("the sync fails with its backup").untilAsserted(() -> {
            JsonNode result = application.get().at("/status/operationState/syncResult");
            assertThat(result.path("revision").asText()).isEqualTo(shop.commit());
            assertThat(result.at("/resources/0/hookPhase").asText()).isEqualTo("Failed");
            assertThat(result.at("/resources/0/message").asText()).contains("BackupPolicy none");
        });
        assertThat(shop.version()).isEqualTo("1.4.2");
    }

    @Test
    void givenAnApplicationThatHeals_whenRolledBack_thenItIsBlockedUntilTheCommandOfTheMessageWasRun() {
        deployBadVersion();

        shop.request("shop-1", "verify: {stableFor: 20s}");
        RollbackRequestStatus blocked = shop.awaitOutcome("shop-1", RollbackOutcome.BLOCKED);
        String message = RollingShop.message(blocked);
        System.out.println("shop-1: " + message);
        assertThat(blocked.conditions())
                .anyMatch(condition ->
                        condition.type().equals("Ready") && condition.reason().equals("GitOpsSelfHeal"));
        assertThat(message).startsWith("Argo CD Application argocd/" + namespace.name() + " heals Deployment web");
        assertThat(shop.version()).isEqualTo("1.5.0-bad");

        Programs.run(new ProcessBuilder("bash", "-c", message.substring(message.indexOf("kubectl patch"))), "");
        shop.request("shop-2", "verify: {stableFor: 20s}");
        RollbackRequestStatus status = shop.awaitOutcome("shop-2", RollbackOutcome.SUCCEEDED);
        System.out.println("shop-2: " + RollingShop.message(status));
        assertThat(shop.version()).isEqualTo("1.4.1");
        assertThat(application.get().at("/spec/syncPolicy/automated/prune").asBoolean())
                .isTrue();

        application.patch("{\"spec\": {\"syncPolicy\": {\"automated\": {\"selfHeal\": true}}}}");
        shop.awaitVersion("1.5.0-bad");
    }

    @Test
    void givenAnApplicationThatHeals_whenItIsPatchedAnyway_thenArgoCdIsNamed() {
        deployBadVersion();

        shop.request("shop-1", "gitOps: PatchAnyway, verify: {stableFor: 2m}");
        RollbackRequestStatus status = shop.awaitOutcome("shop-1", RollbackOutcome.REVERTED);

        System.out.println("shop-1: " + RollingShop.message(status));
        assertThat(RollingShop.message(status)).contains("argocd-controller");
        assertThat(status.phase()).isEqualTo(RollbackPhase.FINISHED);
        assertThat(shop.version()).isEqualTo("1.5.0-bad");
    }

    private void deployBadVersion() {
        shop.awaitRelease("1.4.1");
        shop.push("1.5.0-bad");
        awaitSynced("Healthy");
        assertThat(shop.version()).isEqualTo("1.5.0-bad");
    }

    /** Argo CD has applied the newest commit, and finds the objects so. */
    private void awaitSynced(String health) {
        application.annotate("argocd.argoproj.io/refresh", "normal");
        ShopInGit.await("Argo CD has synced " + shop.commit() + ", which is " + health)
                .until(() -> {
                    JsonNode status = application.get().path("status");
                    return status.at("/sync/status").asText().equals("Synced")
                            && status.at("/sync/revision").asText().equals(shop.commit())
                            && status.at("/health/status").asText().equals(health);
                });
    }

    private JsonNode health(String kind) {
        return application
                .get()
                .at("/status/resources")
                .valueStream()
                .filter(resource -> resource.path("kind").asText().equals(kind))
                .map(resource -> resource.path("health"))
                .findFirst()
                .orElseThrow();
    }
}

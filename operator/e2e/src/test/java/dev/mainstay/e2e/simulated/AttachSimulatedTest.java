package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.simulated.ScriptedShops.SOON;
import static dev.mainstay.e2e.simulated.ScriptedShops.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.AttachedBackups;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.e2e.harness.TestNamespace;
import dev.mainstay.e2e.operator.RestoredShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Objects of backups that are gone while the bucket is left. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class AttachSimulatedTest {

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    private static final TestNamespace NAMESPACE = SHOPS.namespace();

    @Test
    void givenAPolicyWhoseObjectsAreGone_whenItIsMadeAgain_thenTheyAreThereAgainAndNothingRuns() {
        Shop shop = shop("lost");
        shop.backup("lost-by-hand");
        shop.slotBackup("lost-20260101t0100z", "2026-01-01T01:00:00Z");
        await().atMost(SOON).until(() -> succeeded(shop) == 2);
        List<DatabaseBackup> before = shop.backups();
        delete(shop);

        shop.open();

        AttachedBackups attached = attached(shop);
        assertThat(attached.found()).isEqualTo(2);
        assertThat(attached.made()).isEqualTo(2);
        assertThat(shop.backups()).hasSize(2);
        before.forEach(was -> {
            DatabaseBackup is =
                    NAMESPACE.find(DatabaseBackup.class, was.getMetadata().getName());
            assertThat(is.getMetadata().getUid()).isNotEqualTo(was.getMetadata().getUid());
            assertThat(is.getStatus().phase()).isEqualTo(BackupPhase.SUCCEEDED);
            assertThat(is.getStatus().location()).isEqualTo(was.getStatus().location());
            assertThat(is.getStatus().slot()).isEqualTo(was.getStatus().slot());
            assertThat(is.getStatus().size()).isEqualTo(was.getStatus().size());
            assertThat(is.getStatus().verified()).isEqualTo(was.getStatus().verified());
            assertThat(is.getStatus().sha256()).isEqualTo(was.getStatus().sha256());
        });
        assertThat(shop.tasks()).as("Jobs of the new objects").isEmpty();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(NAMESPACE.list(Event.class))
                        .filteredOn(event -> "Attached".equals(event.getReason()))
                        .filteredOn(event -> event.getRegarding().getName().equals("lost"))
                        .singleElement()
                        .satisfies(event -> assertThat(event.getNote()).isEqualTo(attached.message())));
    }

    @Test
    void givenAnObjectThatWasDeleted_whenTheBucketIsNotLookedThroughAgain_thenItStaysAwayUntilAPersonAsks() {
        Shop shop = shop("kept");
        shop.backup();
        await().atMost(SOON).until(() -> succeeded(shop) == 1);
        attached(shop);
        NAMESPACE.all(DatabaseBackup.class).withName("kept").delete();

        shop.runNow("once more");
        await().atMost(SOON).until(() -> succeeded(shop) == 1);
        String first = shop.findPolicy().getStatus().preflight().key();
        await("a preflight after that").atMost(SOON).until(() -> {
            BackupPolicyStatus status = shop.findPolicy().getStatus();
            return status.lastRunNow() != null
                    && !first.equals(status.preflight().key());
        });
        assertThat(NAMESPACE.find(DatabaseBackup.class, "kept")).isNull();

        shop.annotatePolicy(Annotations.ATTACH, "it is missed");
        await().atMost(SOON).until(() -> succeeded(shop) == 2);
        assertThat(shop.status().orElseThrow().phase()).isEqualTo(BackupPhase.SUCCEEDED);
    }

    @Test
    void givenBackupsThatWereAttached_whenTheNewestIsAskedFor_thenItIsRestored() {
        SHOPS.script("restored", task -> Behaviour.SUCCEED);
        SHOPS.runner().listed("restored");
        RestoredShop shop = new RestoredShop(NAMESPACE, SHOPS.runner().databases(), "restored").open();
        shop.backUp("newest");
        await().atMost(SOON)
                .until(() -> shop.backup("newest").getStatus() != null
                        && shop.backup("newest").getStatus().phase() == BackupPhase.SUCCEEDED);
        NAMESPACE.all(BackupPolicy.class).withName("restored").delete();
        List.of("restored", "newest")
                .forEach(name ->
                        NAMESPACE.all(DatabaseBackup.class).withName(name).delete());

        shop.policy();
        attached(new Shop(NAMESPACE, "restored"));
        shop.restore("restored-1", "");

        RestoreRequestStatus status = shop.finished("restored-1", SOON);
        assertThat(status.outcome()).as("%s", status).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(status.plan().backup()).isEqualTo("newest");
    }

    private static Shop shop(String name) {
        SHOPS.runner().listed(name);
        return SHOPS.shop(name, task -> Behaviour.SUCCEED).open();
    }

    private static void delete(Shop shop) {
        NAMESPACE.all(BackupPolicy.class).withName(shop.name()).delete();
        NAMESPACE.all(ManagedApplication.class).withName(shop.name()).delete();
        shop.backups()
                .forEach(backup -> NAMESPACE
                        .all(DatabaseBackup.class)
                        .withName(backup.getMetadata().getName())
                        .delete());
        await().atMost(SOON).until(() -> shop.backups().isEmpty() && shop.findPolicy() == null);
    }

    private static AttachedBackups attached(Shop shop) {
        return await("the bucket of " + shop.name() + " is looked through")
                .atMost(SOON)
                .until(
                        () -> Optional.ofNullable(shop.findPolicy().getStatus()).map(BackupPolicyStatus::attached),
                        Optional::isPresent)
                .orElseThrow();
    }
}

package dev.mainstay.e2e.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A backup and a step that works on its database follow each other, whichever came first. */
@Tag("simulated")
class RunClaimsSimulatedTest {

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenABackup_whenARunIsToMaintainItsDatabase_thenItWaitsUntilTheBackupHasEnded() {
        Shop shop = shop("backup-first", TaskKind.BACKUP);
        shop.backup();
        ScriptedShops.awaitRunning(shop);
        CheckedShop run = run("backup-first");

        MaintenanceRunStatus waiting = run.awaitReason("backup-first-1", "Claimed");
        assertThat(waiting.claim().waitingFor().kind()).isEqualTo("DatabaseBackup");
        assertThat(waiting.steps().getFirst().message())
                .startsWith("DatabaseBackup backup-first works on database main of ManagedApplication backup-first");
        SHOPS.script("backup-first", task -> Behaviour.SUCCEED);
        SHOPS.runner().lookAgain();

        assertThat(run.finished("backup-first-1").outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(ScriptedShops.end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
    }

    @Test
    void givenARunThatMaintainsADatabase_whenABackupOfItIsMade_thenItWaitsUntilTheRunIsCancelled() {
        Shop shop = shop("run-first", TaskKind.STEP);
        CheckedShop run = run("run-first");
        await().atMost(ScriptedShops.SOON)
                .until(() -> run.status("run-first-1") != null
                        && run.status("run-first-1").steps().stream()
                                .anyMatch(line -> String.valueOf(line.message()).endsWith(" is at work.")));
        assertThat(run.status("run-first-1").claim().resources()).containsExactly("database/main");
        shop.backup();

        HeldClaim waiting = await().atMost(ScriptedShops.SOON)
                .until(
                        () -> shop.status().orElse(DatabaseBackupStatus.NONE).claim(),
                        claim -> claim != null && claim.waitingFor() != null);
        assertThat(waiting.waitingFor().kind()).isEqualTo("MaintenanceRun");
        assertThat(waiting.waitingFor().name()).isEqualTo("run-first-1");
        run.annotate("run-first-1", Annotations.CANCEL, "the backup is wanted");

        assertThat(run.finished("run-first-1").outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(ScriptedShops.end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(run.status("run-first-1").claim()).isNull();
    }

    /** One whose tasks of a kind run on. */
    private static Shop shop(String name, TaskKind runsOn) {
        Shop shop = SHOPS.shop(name, task -> task.kind() == runsOn ? Behaviour.RUN_ON : Behaviour.SUCCEED)
                .open();
        SHOPS.namespace().all(ManagedApplication.class).withName(name).patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "add", "path": "/spec/databases/0/postgres/adminSecretRef", "value": {"name": "db"}}]""");
        return shop;
    }

    private static CheckedShop run(String name) {
        return new CheckedShop(SHOPS.namespace(), name, null, 0)
                .runbook(
                        "{\"steps\": [{\"name\": \"tidy\", \"databaseMaintain\": {\"vacuum\": {\"tables\": [\"public.orders\"]}}}], \"finally\": null}")
                .run(name + "-1", "");
    }
}

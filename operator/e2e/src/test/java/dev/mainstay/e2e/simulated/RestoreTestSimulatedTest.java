package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.simulated.ScriptedShops.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPolicyStatus;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.RestoreTestOutcome;
import dev.mainstay.api.backup.RestoreTestStatus;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Restore tests of policies, with Jobs whose ends are played. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class RestoreTestSimulatedTest {

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    private final Map<String, Task> tests = new ConcurrentHashMap<>();

    private Shop shop(String name, Behaviour behaviour) {
        Shop shop = SHOPS.shop(name, task -> play(task, behaviour)).open();
        shop.stored(name, null);
        return shop;
    }

    private Behaviour play(Task task, Behaviour behaviour) {
        if (task.kind() != TaskKind.RESTORE_TEST) {
            return Behaviour.SUCCEED;
        }
        tests.put("" + task.attempt(), task);
        return behaviour;
    }

    private static String tested(Shop shop) {
        return Shop.condition(shop.findPolicy().getStatus().conditions(), "RestoreTested");
    }

    private static List<Job> jobs(Shop shop) {
        return SHOPS.namespace()
                .all(Job.class)
                .withLabel(
                        Annotations.OWNER_UID, shop.findPolicy().getMetadata().getUid())
                .withLabel(Annotations.TASK, TaskKind.RESTORE_TEST.text())
                .list()
                .getItems();
    }

    private static Optional<RestoreTestStatus> status(Shop shop) {
        return Optional.ofNullable(shop.findPolicy().getStatus()).map(BackupPolicyStatus::restoreTest);
    }

    @Test
    void givenATestThatIsDue_whenItPasses_thenPolicyAndBackupSaySo() {
        Shop shop = shop("passes", Behaviour.SUCCEED);
        shop.restoreTestIsDue();

        await().atMost(SOON).until(() -> tested(shop).equals("TRUE/Restored"));

        BackupPolicyStatus status = shop.findPolicy().getStatus();
        assertThat(status.lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.PASSED);
        assertThat(status.lastRestoreTest().backup()).isEqualTo("passes");
        assertThat(status.lastRestoreTest().recoveryTime()).isEqualTo("42s");
        assertThat(status.restoreTest().running()).isNull();
        assertThat(jobs(shop)).hasSize(1);
        assertThat(SHOPS.runner().databases().has(tests.get("1").restore().copy()))
                .isFalse();
        await().atMost(SOON)
                .until(() -> shop.status()
                        .filter(backup -> backup.verified().level() == VerificationLevel.RESTORE_TEST)
                        .isPresent());
        assertThat(shop.status().orElseThrow().verified().rows()).isEqualTo(1000);
        await().atMost(SOON)
                .until(() -> shop.findPolicy().getStatus().lastSuccess().verified() == VerificationLevel.RESTORE_TEST);
    }

    @Test
    void givenAPodThatDies_whenItsTestIsMadeAgain_thenWhatItLeftIsGone() {
        Shop shop = SHOPS.shop(
                        "dies",
                        task -> play(task, task.attempt() == 1 ? Behaviour.KILLED_BEFORE_COMMIT : Behaviour.SUCCEED))
                .open();
        shop.stored("dies", null);
        shop.restoreTestIsDue();

        await().atMost(SOON).until(() -> tested(shop).equals("TRUE/Restored"));

        assertThat(tests.get("2").restore()).isEqualTo(tests.get("1").restore());
        assertThat(SHOPS.runner().databases().has(tests.get("2").restore().copy()))
                .isFalse();
        assertThat(jobs(shop)).hasSize(2);
    }

    @Test
    void givenATestThatFails_whenItHasEnded_thenThePolicySaysWhyAndTheBackupIsAsBefore() {
        Shop shop = shop("fails", Behaviour.FAIL);
        shop.restoreTestIsDue();

        await().atMost(SOON).until(() -> tested(shop).equals("FALSE/UploadFailed"));

        assertThat(shop.findPolicy().getStatus().lastRestoreTest().outcome()).isEqualTo(RestoreTestOutcome.FAILED);
        assertThat(shop.status().orElseThrow().verified().level()).isEqualTo(VerificationLevel.FULL_READ);
    }

    @Test
    void givenATestThatRuns_whenABackupIsAskedFor_thenItDoesNotWait() {
        Shop shop = shop("beside", Behaviour.RUN_ON);
        shop.restoreTestIsDue();
        await().atMost(SOON).until(() -> tests.containsKey("1"));

        DatabaseBackup backup = shop.backup("beside-now");

        await().atMost(SOON)
                .until(() -> Shop.condition(
                                SHOPS.namespace()
                                        .find(
                                                DatabaseBackup.class,
                                                backup.getMetadata().getName())
                                        .getStatus()
                                        .conditions(),
                                "Succeeded")
                        .startsWith("TRUE"));
        assertThat(status(shop).orElseThrow().running().backup()).isEqualTo("beside");
    }

    @Test
    void givenATestThatRuns_whenItIsTakenOutOfTheSpec_thenItsJobEnds() {
        Shop shop = shop("removed", Behaviour.RUN_ON);
        shop.restoreTestIsDue();
        await().atMost(SOON).until(() -> tests.containsKey("1"));

        shop.policySpec("{\"verification\": null}");

        await().atMost(SOON)
                .until(() -> tested(shop).isEmpty()
                        && status(shop).map(RestoreTestStatus::running).isEmpty());
        await().atMost(SOON).until(() -> jobs(shop).getFirst().getSpec().getActiveDeadlineSeconds() == 1);
    }
}

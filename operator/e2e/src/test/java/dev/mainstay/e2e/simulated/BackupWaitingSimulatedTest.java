package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.simulated.ScriptedShops.SOON;
import static dev.mainstay.e2e.simulated.ScriptedShops.end;
import static dev.mainstay.e2e.simulated.ScriptedShops.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What keeps a backup's Job from being made, or its Pod from being started. */
@Tag("simulated")
@Execution(ExecutionMode.CONCURRENT)
class BackupWaitingSimulatedTest {

    /** As the operator has it when nobody says otherwise. */
    private static final int JOBS_PER_NAMESPACE = 5;

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @Test
    void givenManyBackupsAtOnce_whenTheyWantMoreJobsThanMayRun_thenTheLimitIsKeptAndAllSucceedInTheEnd() {
        Shop shop = SHOPS.shop("burst", task -> Behaviour.RUN_ON).open();
        for (int i = 1; i <= 3 * JOBS_PER_NAMESPACE; i++) {
            shop.backup("burst-" + i);
        }

        await().atMost(SOON)
                .until(() -> shop.backups().stream()
                        .allMatch(backup -> backup.getStatus() != null
                                && (backup.getStatus().phase() == BackupPhase.RUNNING || waitsForAPlace(backup))));
        // A Job of another test may have had a place at first.
        await().atMost(SOON).until(() -> shop.tasks().size() >= JOBS_PER_NAMESPACE);
        List<String> atOnce = shop.tasks();
        SHOPS.script("burst", task -> Behaviour.SUCCEED);
        assertThat(atOnce).hasSize(JOBS_PER_NAMESPACE);

        SHOPS.runner().lookAgain();
        await().atMost(SOON).until(() -> succeeded(shop) == 3 * JOBS_PER_NAMESPACE);
    }

    private static boolean waitsForAPlace(DatabaseBackup backup) {
        return backup.getStatus().conditions().stream()
                .anyMatch(condition -> condition.reason().equals("ConcurrencyLimit"));
    }

    @Test
    void givenNoNodeForThePod_whenPendingTimeoutIsOver_thenTheBackupFailsAndThePodIsTakenBack() {
        Shop shop = SHOPS.shop("unschedulable", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{nodeSelector: {no: such-node}}", "2s");

        assertThat(end(shop).failure().reason()).isEqualTo("Unschedulable");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(SHOPS.of(backup, Pod.class))
                        .as("Pods that could start later")
                        .isEmpty());
    }

    @Test
    void givenAServiceAccountThatIsNotAllowed_whenABackupIsMade_thenItWaitsAndNamesIt() {
        Shop shop = SHOPS.shop("not-allowed", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{serviceAccountName: default}", "1m");

        awaitStalled(shop, "ServiceAccountNotAllowed", "default");
        assertThat(SHOPS.of(backup, Job.class)).isEmpty();
    }

    @Test
    void givenATemplateOfWhichNoJobCanBeMade_whenABackupIsMade_thenTheApplicationsFieldIsNamed() {
        Shop shop = SHOPS.shop("no-job", task -> Behaviour.SUCCEED);
        DatabaseBackup backup = backup(shop, "{resources: {limits: {memory: 1Gi}, requests: {memory: 2Gi}}}", "1m");

        String[] told = {"ManagedApplication no-job, spec.jobTemplate", "memory limit of 1Gi"};
        awaitStalled(shop, "InvalidSpec", told);
        await().atMost(SOON)
                .until(() -> stalled(shop.findApplication().getStatus().conditions(), "InvalidSpec", told));
        await().atMost(SOON).until(() -> stalled(shop.findPolicy().getStatus().conditions(), "InvalidSpec", told));
        assertThat(SHOPS.of(backup, Job.class)).isEmpty();

        shop.jobTemplate("""
                {"resources": {"requests": null}}""");

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        await().atMost(SOON)
                .until(() -> Conditions.find(shop.findPolicy().getStatus().conditions(), "Stalled")
                        .isEmpty());
    }

    @Test
    void givenAServiceAccountThatIsAllowed_whenABackupIsMade_thenItsPodRunsAsIt() {
        SHOPS.namespace()
                .create(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("runner")
                        .addToLabels(Annotations.ALLOW_JOBS, "true")
                        .endMetadata()
                        .build());
        Shop shop = SHOPS.shop("allowed", task -> Behaviour.SUCCEED);
        shop.application("jobTemplate: {serviceAccountName: runner}");
        shop.policy("1m");
        DatabaseBackup backup = shop.backup();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(SHOPS.of(backup, Pod.class))
                .extracting(pod -> pod.getSpec().getServiceAccountName())
                .containsExactly("runner");
    }

    @Test
    void givenAForeignJobOfTheNameThatIsNeeded_whenItIsDeleted_thenTheBackupGoesOn() {
        Shop shop = SHOPS.shop("foreign", task -> Behaviour.SUCCEED);
        shop.application("");
        // Without its policy the backup waits, and its name is known.
        DatabaseBackup backup = shop.backup();
        Job foreign = SHOPS.namespace()
                .create(Serialization.unmarshal(
                        """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec:
                  suspend: true
                  template:
                    spec: {restartPolicy: Never, containers: [{name: other, image: other}]}
                """.formatted(Names.job(
                                backup.getMetadata().getName(),
                                backup.getMetadata().getUid(),
                                1,
                                TaskKind.BACKUP,
                                1)),
                        Job.class));
        shop.policy("1m");

        awaitStalled(shop, "ForeignJob");
        SHOPS.namespace().client().resource(foreign).delete();

        assertThat(end(shop).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.tasks()).containsExactly("backup 1");
    }

    /** Begins a backup whose Pods are made by this template, in YAML. */
    private static DatabaseBackup backup(Shop shop, String jobTemplate, String pendingTimeout) {
        shop.application("jobTemplate: " + jobTemplate);
        shop.policy(pendingTimeout);
        return shop.backup();
    }

    /** Waits until the backup can't go on for this reason, with a message that tells all of these. */
    private static void awaitStalled(Shop shop, String reason, String... told) {
        await().atMost(SOON)
                .until(() -> shop.status()
                        .filter(status -> stalled(status.conditions(), reason, told))
                        .isPresent());
    }

    private static boolean stalled(List<Condition> conditions, String reason, String... told) {
        return Conditions.find(conditions, "Stalled")
                .filter(condition -> condition.status() == ConditionStatus.TRUE
                        && condition.reason().equals(reason)
                        && Stream.of(told).allMatch(condition.message()::contains))
                .isPresent();
    }
}

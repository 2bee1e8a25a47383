package dev.mainstay.e2e.simulated;

import static dev.mainstay.e2e.operator.CheckedShop.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.MaintenanceRunStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.Runbook;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.e2e.harness.ClusterClient;
import dev.mainstay.e2e.operator.CheckedShop;
import dev.mainstay.e2e.operator.PodServers;
import dev.mainstay.e2e.operator.Shop;
import dev.mainstay.e2e.runner.Behaviour;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs from beginning to end: what they do, whom they wait for, and how they end. */
@Tag("simulated")
class MaintenanceRunSimulatedTest {

    private static final String POD = "127.0.8.1";

    @RegisterExtension
    static final ScriptedShops SHOPS = new ScriptedShops();

    @AutoClose
    private static final PodServers SERVERS = new PodServers(POD);

    @Test
    void givenARunbook_whenARunIsMade_thenItsStepsAreDoneAndTheNextRunSkipsTheBackup() {
        CheckedShop shop = shop("passes", Behaviour.SUCCEED);
        shop.run("first", "");
        MaintenanceRunStatus waiting = shop.awaitReason("first", "WaitingForApproval");
        assertThat(waiting.step()).isEqualTo("confirm");
        ControllerRevision kept = SHOPS.namespace()
                .find(ControllerRevision.class, waiting.runbook().revision());
        assertThat(kept.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getName()).isEqualTo("first"));

        shop.runbook("{\"steps\": [{\"name\": \"other\", \"httpCheck\": {}}], \"finally\": null}");
        shop.annotate("first", Annotations.APPROVE, "confirm@bob");
        await().atMost(ScriptedShops.SOON)
                .until(() -> shop.status("first").conditions().stream()
                        .anyMatch(condition -> condition.message().contains("\"bob\" has asked for the run")));
        assertThat(shop.status("first").phase()).isEqualTo(RunPhase.RUNNING);

        shop.annotate("first", Annotations.APPROVE, "confirm@alice");
        MaintenanceRunStatus status = shop.finished("first");
        assertThat(status.outcome()).as("%s", status).isEqualTo(RunOutcome.PASSED);
        assertThat(outcomes(status).keySet()).containsExactly("confirm", "last", "look", "save");
        assertThat(outcomes(status).values()).containsOnly(StepOutcome.PASSED);
        assertThat(Shop.condition(status.conditions(), "Succeeded")).isEqualTo("TRUE/Succeeded");
        await("Events tell of the wait and of the end")
                .atMost(ScriptedShops.SOON)
                .untilAsserted(() -> assertThat(SHOPS.namespace().list(Event.class))
                        .filteredOn(event -> event.getRegarding().getName().equals("first"))
                        .extracting(Event::getReason)
                        .contains("WaitingForApproval", "Succeeded"));

        shop.runbook(CheckedShop.STEPS.formatted("passes")).run("second", "");
        shop.awaitReason("second", "WaitingForApproval");
        assertThat(outcomes(shop.status("second"))).containsEntry("save", StepOutcome.SKIPPED);
        assertThat(madeBy("second")).isEmpty();
    }

    @Test
    void givenAPersonSaysNo_whenTheRunWaits_thenItFailsAndFinallyIsDone() {
        CheckedShop shop = shop("rejected", Behaviour.SUCCEED);
        shop.run("rejected-1", "").awaitReason("rejected-1", "WaitingForApproval");
        shop.annotate("rejected-1", Annotations.REJECT, "confirm@alice");

        MaintenanceRunStatus status = shop.finished("rejected-1");
        assertThat(status.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(Shop.condition(status.conditions(), "Stalled")).isEqualTo("TRUE/ApprovalRejected");
        assertThat(outcomes(status))
                .isEqualTo(Map.of(
                        "save", StepOutcome.PASSED,
                        "look", StepOutcome.PASSED,
                        "confirm", StepOutcome.FAILED,
                        "last", StepOutcome.PASSED));
    }

    @Test
    void givenARunThatIsApprovedAsAWhole_whenAPersonSaysNo_thenNothingOfItIsDone() {
        CheckedShop shop = shop("whole", Behaviour.SUCCEED);
        shop.run("whole-1", "approval: {}").awaitReason("whole-1", "WaitingForApproval");
        assertThat(shop.status("whole-1").steps()).isEmpty();
        shop.annotate("whole-1", Annotations.REJECT, "Run@alice");

        MaintenanceRunStatus refused = shop.finished("whole-1");
        assertThat(refused.outcome()).isEqualTo(RunOutcome.REFUSED);
        assertThat(Shop.condition(refused.conditions(), "Stalled")).isEqualTo("TRUE/ApprovalRejected");
        assertThat(refused.steps()).isEmpty();
        assertThat(madeBy("whole-1")).isEmpty();

        shop.run("whole-2", "approval: {}").awaitReason("whole-2", "WaitingForApproval");
        shop.annotate("whole-2", Annotations.APPROVE, "Run@alice");
        await().atMost(ScriptedShops.SOON)
                .until(() -> shop.status("whole-2").step() != null
                        && shop.status("whole-2").step().equals("confirm"));
        assertThat(shop.status("whole-2").runbook().approvedBy()).isEqualTo("alice");
        shop.annotate("whole-2", Annotations.APPROVE, "confirm@alice");
        assertThat(shop.finished("whole-2").outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenNobodyAnswers_whenTheTimeIsOver_thenTheRunFails() {
        CheckedShop shop = shop("expired", Behaviour.SUCCEED);
        shop.runbook("""
                {"steps": [{"name": "confirm", "manual": {"text": "Look."}, "approval": {"expiresAfter": "2s"}}]}""");
        shop.run("expired-1", "");

        assertThat(Shop.condition(shop.finished("expired-1").conditions(), "Ready"))
                .isEqualTo("FALSE/ApprovalExpired");
    }

    @Test
    void givenABackupThatRuns_whenTheRunIsCancelled_thenTheBackupEndsAndFinallyIsDone() {
        CheckedShop shop = shop("cancelled", Behaviour.RUN_ON);
        shop.run("cancelled-1", "");
        await().atMost(ScriptedShops.SOON)
                .until(() -> madeBy("cancelled-1").stream()
                        .anyMatch(backup -> backup.getStatus() != null
                                && !backup.getStatus().attempts().isEmpty()));
        shop.annotate("cancelled-1", Annotations.CANCEL, "never mind");

        MaintenanceRunStatus status = shop.finished("cancelled-1");
        assertThat(status.outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(outcomes(status))
                .isEqualTo(Map.of(
                        "save", StepOutcome.SKIPPED,
                        "look", StepOutcome.SKIPPED,
                        "confirm", StepOutcome.SKIPPED,
                        "last", StepOutcome.PASSED));
        await().atMost(ScriptedShops.SOON)
                .until(() -> madeBy("cancelled-1").stream()
                        .allMatch(backup -> backup.getStatus().phase().terminal()));
    }

    @Test
    void givenADryRun_whenItEnds_thenNothingWasMade() {
        CheckedShop shop = shop("dry", Behaviour.SUCCEED);
        shop.run("dry-1", "dryRun: true");

        MaintenanceRunStatus status = shop.finished("dry-1");
        assertThat(Shop.condition(status.conditions(), "Ready")).isEqualTo("TRUE/WouldRun");
        assertThat(status.steps())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.message()).startsWith("Dry run."));
        assertThat(madeBy("dry-1")).isEmpty();
        assertThat(status.runbook()).isNull();
    }

    @Test
    void givenARunBeforeItsRunbookAndApplication_whenTheyAppear_thenItBegins() {
        SHOPS.script("late", task -> Behaviour.SUCCEED);
        CheckedShop shop = new CheckedShop(SHOPS.namespace(), "late", POD, SERVERS.port());
        shop.run("late-1", "");
        shop.awaitReason("late-1", "ApplicationNotFound");
        shop.open();

        shop.awaitReason("late-1", "WaitingForApproval");
        assertThat(Shop.condition(
                        SHOPS.namespace()
                                .find(Runbook.class, "late")
                                .getStatus()
                                .conditions(),
                        "Ready"))
                .isEqualTo("TRUE/Ready");
    }

    @Test
    void givenARunThatHoldsTheWorkloads_whenABackupIsMade_thenItGoesOnBeside() {
        CheckedShop shop = shop("beside", Behaviour.SUCCEED);
        shop.runbook("""
                {"steps": [
                  {"name": "none", "scale": {"workload": "beside", "to": 0}},
                  {"name": "confirm", "manual": {"text": "Look."}},
                  {"name": "as-before", "scale": {"workload": "beside", "restore": true}}], "finally": null}""");
        shop.run("beside-1", "").awaitReason("beside-1", "WaitingForApproval");
        assertThat(replicas("beside")).isZero();
        Shop backups = new Shop(SHOPS.namespace(), "beside");
        backups.backup();
        assertThat(ScriptedShops.end(backups).phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(shop.status("beside-1").claim().grantedAt()).isNotNull();

        shop.annotate("beside-1", Annotations.CANCEL, "enough");
        assertThat(shop.finished("beside-1").outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(replicas("beside")).isEqualTo(1);
    }

    private static int replicas(String deployment) {
        return SHOPS.namespace().find(Deployment.class, deployment).getSpec().getReplicas();
    }

    /** In the namespace of this test, without the policy that one has: the operator judges them, as far as they get. */
    @Test
    void givenTheExamples_whenTheyAreApplied_thenTheApiServerTakesThemAndTheOperatorTellsWhatIsMissing()
            throws IOException {
        List<String> taken = new ArrayList<>();
        Path folder = ClusterClient.REPOSITORY.resolve("examples/maintenance-runs");
        for (String file : List.of(
                "runbook.yaml",
                "scale-for-a-release.yaml",
                "evict.yaml",
                "run.yaml",
                "dry-run.yaml",
                "rollback.yaml",
                "job.yaml")) {
            YAMLMapper yaml = new YAMLMapper();
            try (MappingIterator<GenericKubernetesResource> documents = yaml.readerFor(GenericKubernetesResource.class)
                    .readValues(folder.resolve(file).toFile())) {
                while (documents.hasNext()) {
                    taken.add(SHOPS.namespace()
                            .create(documents.next())
                            .getMetadata()
                            .getName());
                }
            }
        }

        await().atMost(ScriptedShops.SOON).untilAsserted(() -> {
            assertThat(SHOPS.namespace()
                            .find(Runbook.class, "release")
                            .getStatus()
                            .conditions())
                    .anyMatch(condition -> condition.reason().equals("PolicyNotFound"));
            assertThat(SHOPS.namespace().list(MaintenanceRun.class))
                    .filteredOn(run -> taken.contains(run.getMetadata().getName()))
                    .hasSize(3)
                    .allMatch(run -> Shop.condition(run.getStatus().conditions(), "Ready")
                            .equals("FALSE/ApplicationNotFound"));
        });
    }

    private static CheckedShop shop(String name, Behaviour ofBackups) {
        SHOPS.script(name, task -> task.kind() == TaskKind.BACKUP ? ofBackups : Behaviour.SUCCEED);
        return new CheckedShop(SHOPS.namespace(), name, POD, SERVERS.port()).open();
    }

    private static List<DatabaseBackup> madeBy(String run) {
        return SHOPS.namespace().list(DatabaseBackup.class).stream()
                .filter(backup -> backup.getMetadata().getAnnotations() != null
                        && run.equals(backup.getMetadata().getAnnotations().get(Annotations.MADE_BY_RUN)))
                .toList();
    }
}

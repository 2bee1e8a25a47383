package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.rollback.RollbackDecision;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a dry run tells of what stands against a step, and that it does nothing. */
class DryRunTest {

    private static final String BACKUP = "backup: {policyRef: {name: nightly}, ifOlderThan: 4h}";
    private static final String MODE = "maintenanceMode: {enabled: true}";

    @ParameterizedTest
    @CsvSource({
        "worker, , false, FAILED, 'scale.workload of the step names worker, which is not among spec.workloads'",
        "web, 2, true, FAILED, Deployment web is scaled by KEDA's ScaledObject web-scaled",
        "web, 12, false, FAILED, HorizontalPodAutoscaler web-hpa allows 10 replicas",
        "web, 2, false, SKIPPED, 'HorizontalPodAutoscaler web-hpa sets its replicas: spec.minReplicas there would go from 2 to 5.'",
        "web, , false, SKIPPED, Deployment web would go from 3 to 5."
    })
    void givenAWorkload_whenItWouldBeScaled_thenItSaysWhatStandsAgainstItOrWhatIsSet(
            String workload, Integer minReplicas, boolean keda, StepOutcome outcome, String told) {
        int to = minReplicas != null && minReplicas > 10 ? 12 : 5;
        RunWorld world = dry("scale: {workload: " + workload + ", to: " + to + "}");
        world.changed.minReplicas = minReplicas == null ? null : 2;
        world.changed.keda = keda;
        world.changed.known = workload.equals("web");

        expect(world, outcome, told);
        assertThat(world.changed.writes).isEmpty();
        assertThat(world.changed.claims.grants()).isEmpty();
    }

    @Test
    void givenNoPolicy_whenABackupWouldBeMade_thenItCouldNotCheck() {
        RunWorld world = dry(BACKUP);
        world.policy = null;

        expect(world, StepOutcome.COULD_NOT_CHECK, "BackupPolicy nightly, which backup.policyRef of the step names");
        assertThat(world.ready().map(Condition::reason)).contains("PolicyNotFound");
        assertThat(world.made).isEmpty();
    }

    @Test
    void givenAPausedPolicy_whenABackupWouldBeMade_thenThatIsFound() {
        RunWorld world = dry(BACKUP);
        world.policy.getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "the store moves"));

        expect(world, StepOutcome.FINDINGS, "BackupPolicy nightly is paused: \"the store moves\".");
        assertThat(world.ready().map(Condition::reason)).contains("WouldRun");
    }

    @Test
    void givenAStalledPolicy_whenABackupWouldBeMade_thenItsMessageIsTold() {
        RunWorld world = dry(BACKUP);
        world.policy = Serialization.unmarshal("""
                metadata: {name: nightly, namespace: shop, uid: uid-nightly}
                spec: {applicationRef: {name: shop}, storage: {s3: {bucket: b}}}
                status: {conditions: [{type: Stalled, status: "True", reason: Any, message: The bucket is gone.}]}
                """, BackupPolicy.class);

        expect(world, StepOutcome.FINDINGS, "BackupPolicy nightly is Stalled: The bucket is gone.");
    }

    @Test
    void givenABackupThatIsNewEnough_whenOneWouldBeMade_thenItWouldBeSkipped() {
        RunWorld world = dry(BACKUP);
        world.backups.put(
                "old",
                RunWorld.ended(
                        Serialization.unmarshal(
                                "metadata: {name: old, namespace: shop}\nspec: {policyRef: {name: nightly}}",
                                DatabaseBackup.class),
                        BackupPhase.SUCCEEDED,
                        world.now));

        expect(world, StepOutcome.SKIPPED, "It would be Skipped as things stand: DatabaseBackup old holds the data");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_TARGET, FAILED, The RollbackRequest would end as NoTarget. No release is known.",
        "BLOCKED, FAILED, The RollbackRequest would end as Blocked. No release is known.",
        "NO_OP, SKIPPED, The RollbackRequest would end as NoOp. No release is known."
    })
    void givenAnEndOfTheRequest_whenARollbackWouldBegin_thenThatIsTold(
            RollbackOutcome end, StepOutcome outcome, String told) {
        RunWorld world = dry("rollback: {}");
        world.rollback = ended(end);

        expect(world, outcome, told);
    }

    @Test
    void givenARequestThatCanBePlanned_whenARollbackWouldBegin_thenOnlyItsPlanIsTold() {
        RunWorld world = dry("rollback: {}");
        world.rollback = new RollbackDecision.Tell(null);

        expect(world, StepOutcome.SKIPPED, "takes all Deployments of ManagedApplication shop back");
    }

    @Test
    void givenNoServices_whenAPageWouldBeShown_thenTheStepWouldFail() {
        expect(dry(MODE), StepOutcome.FAILED, "ManagedApplication shop names no Services");
    }

    @Test
    void givenAServiceThatIsMissing_whenAPageWouldBeShown_thenItSaysThatTheStepWouldWait() {
        RunWorld world = dry(MODE);
        world.services = List.of(new ServiceState("web", null, List.of(), null));

        expect(world, StepOutcome.FINDINGS, "does not exist. Create it");
    }

    @Test
    void givenAServiceThatSuits_whenAPageWouldBeShown_thenNothingStandsAgainstIt() {
        RunWorld world = dry(MODE);
        world.services = List.of(new ServiceState(
                "web",
                Serialization.unmarshal(
                        "spec: {selector: {app: web}, ports: [{name: http, port: 80}]}", JsonNode.class),
                List.of(),
                null));

        expect(world, StepOutcome.SKIPPED, "Dry run. Makes a MaintenanceMode, and waits until the page is shown.");
    }

    @Test
    void givenAStepForAFailure_whenItCouldNotDoItsWork_thenTheDryRunDoesNotFail() {
        RunWorld world = new RunWorld("steps: [{name: it, when: OnFailure, rollback: {}}]", "dryRun: true");
        world.rollback = ended(RollbackOutcome.NO_TARGET);

        expect(world, StepOutcome.FINDINGS, "It would be Failed if a step before it failed: ");
    }

    @Test
    void givenOneStepOfSeveral_whenItWouldFail_thenTheRunSaysWhichAndHowMany() {
        RunWorld world =
                new RunWorld("steps: [{name: page, " + MODE + "}, {name: look, httpCheck: {}}]", "dryRun: true");
        world.rest();

        assertThat(world.ready().map(Condition::message).orElseThrow())
                .startsWith("As things stand, 1 of 2 steps would not pass.")
                .contains("Nothing was done (spec.dryRun). Step page: ");
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void givenNoHealth_whenThePodsWouldBeAsked_thenItCouldNotCheck() {
        RunWorld world = dry("httpCheck: {}");
        world.application = Serialization.unmarshal(
                "metadata: {name: shop, namespace: shop}\nspec: {workloads: [{name: web}]}", ManagedApplication.class);

        expect(world, StepOutcome.COULD_NOT_CHECK, "has no spec.health");
    }

    private static RollbackDecision ended(RollbackOutcome outcome) {
        return new RollbackDecision.End(
                outcome, Reason.NO_EARLIER_RELEASE, "No release is known.", null, null, List.of());
    }

    private static RunWorld dry(String step) {
        return new RunWorld("steps: [{name: it, " + step + "}]", "dryRun: true");
    }

    private static void expect(RunWorld world, StepOutcome outcome, String told) {
        world.rest();
        assertThat(world.step("it").outcome()).as(world.step("it").message()).isEqualTo(outcome);
        assertThat(world.step("it").message()).startsWith("Dry run. ").contains(told);
        assertThat(world.run.getStatus().outcome())
                .isEqualTo(
                        switch (outcome) {
                            case FAILED -> RunOutcome.FAILED;
                            case COULD_NOT_CHECK -> RunOutcome.COULD_NOT_CHECK;
                            case FINDINGS -> RunOutcome.FINDINGS;
                            default -> RunOutcome.PASSED;
                        });
        assertThat(world.run.getStatus().runbook()).as("nothing is kept").isNull();
    }
}

package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step scales, whom it waits for, and when that is given back. */
class ScaleStepTest {

    private static final String BRACKET = """
            steps:
            - {name: more, scale: {workload: web, by: 2, ceiling: 10}}
            - {name: look, httpCheck: {}, onFailure: %s}
            - {name: less, scale: {workload: web, restore: true}}
            - {name: after, httpCheck: {}}
            finally:
            - {name: last, httpCheck: {}}
            """;

    private static final String LASTING = """
            steps:
            - {name: more, scale: {workload: web, to: 5}}
            - {name: look, httpCheck: {}, onFailure: %s}
            """;

    @ParameterizedTest
    @CsvSource({
        "'by: 2, ceiling: 10', , 3, PASSED, Deployment web 5, 5 Pods of Deployment web of 5 are ready.",
        "'by: 2, ceiling: 4', , 3, PASSED, Deployment web 4, was set from 3 to 4",
        "'by: 2, ceiling: 2', , 3, PASSED, '', 3 Pods of Deployment web of 3 are ready.",
        "'to: 1', , 3, PASSED, Deployment web 1, was set from 3 to 1",
        "'to: 0', , 3, PASSED, Deployment web 0, 0 Pods of Deployment web of 0 are ready.",
        "'to: 3', , 3, PASSED, '', 3 Pods of Deployment web of 3 are ready.",
        "'by: 2, ceiling: 10', 2, 3, PASSED, HorizontalPodAutoscaler web-hpa 5, HorizontalPodAutoscaler web-hpa was set from 2 to 5",
        "'to: 1', 2, 3, PASSED, HorizontalPodAutoscaler web-hpa 1, was set from 2 to 1",
        "'to: 0', 2, 3, PASSED, Deployment web 0, was set from 3 to 0",
        "'to: 2', 2, 0, PASSED, Deployment web 2, was set from 0 to 2",
        "'to: 11', 2, 3, FAILED, '', HorizontalPodAutoscaler web-hpa allows 10 replicas of Deployment web (spec.maxReplicas)"
    })
    void givenAWorkload_whenItIsScaled_thenTheReplicasOrTheAutoscalersMinimumAre(
            String how, Integer minReplicas, int replicas, StepOutcome outcome, String written, String message) {
        RunWorld world = new RunWorld("steps: [{name: more, scale: {workload: web, " + how + "}}]", "");
        world.changed.minReplicas = minReplicas;
        world.changed.replicas = replicas;
        world.changed.ready = replicas;
        world.rest();

        assertThat(world.step("more").outcome()).as("%s", world.run.getStatus()).isEqualTo(outcome);
        assertThat(world.step("more").message()).contains(message);
        assertThat(world.changed.writes).isEqualTo(written.isEmpty() ? List.of() : List.of(written));
        assertThat(world.run.getMetadata().getFinalizers()).isEmpty();
        assertThat(world.changed.claims.grants()).isEmpty();
    }

    @Test
    void givenKeda_whenTheStepsTurnComes_thenItFailsAndSaysWhy() {
        RunWorld world = new RunWorld(LASTING.formatted("Stop"), "");
        world.changed.minReplicas = 2;
        world.changed.keda = true;

        assertThat(world.rest().step("more").message())
                .contains("KEDA's ScaledObject web-scaled")
                .contains("minReplicaCount");
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(world.changed.writes).isEmpty();
    }

    @Test
    void givenNoWorkloadOfThatName_whenTheStepsTurnComes_thenItHasFailedAsARestartWould() {
        RunWorld world = new RunWorld(LASTING.formatted("Stop"), "");
        world.changed.known = false;

        assertThat(world.rest().step("more").outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(world.step("more").message()).startsWith("scale.workload of the step names web, which is not among");
        assertThat(world.ready().map(Condition::reason)).contains("WorkloadNotFound");

        StepProgress restart = new RestartStepType()
                .judge(StepTurns.of("restart: {workloads: [nobody]}"), new StepSeen.OfRestart(List.of()));
        assertThat(restart.bad().map(StepResult::outcome)).contains(StepOutcome.FAILED);
        assertThat(restart.bad().map(StepResult::reason)).contains(Reason.WORKLOAD_NOT_FOUND);
    }

    @Test
    void givenTheApplicationIsGone_whenTheStepsTurnComes_thenItSaysThatAndNotThatItNamesTooLittle() {
        RunWorld world = new RunWorld("""
                steps: [{name: wait, manual: {text: Wait.}}, {name: more, scale: {workload: web, to: 5}}]""", "");
        world.rest();
        world.application = null;
        world.approve("wait@alice").rest();

        assertThat(world.step("more").message()).startsWith("ManagedApplication shop is gone.");
    }

    @Test
    void givenAStatefulSetThatLosesVolumes_whenItIsScaledDown_thenItFailsAndNothingIsWritten() {
        RunWorld world = new RunWorld("steps: [{name: less, scale: {workload: web, to: 1}}]", "");
        world.changed.statefulSet = true;

        assertThat(world.rest().step("less").message()).contains("whenScaled: Delete");
        assertThat(world.changed.writes).isEmpty();
    }

    @Test
    void givenAModeKeepsItStopped_whenItIsScaledUp_thenItFailsAndSaysSo() {
        RunWorld world = new RunWorld(LASTING.formatted("Stop"), "");
        world.changed.replicas = 0;
        world.changed.stopped =
                List.of(new StoppedWorkload(StoppableKind.DEPLOYMENT, "web", "uid-web", 3, null, 0, null, null));

        assertThat(world.rest().step("more").message()).contains("is kept stopped by a MaintenanceMode");
        assertThat(world.changed.writes).isEmpty();
    }

    @Test
    void givenABracket_whenItIsUnderWay_thenWhatWasThereIsWrittenDownAndOthersWait() {
        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "");
        world.changed.podsComeUp = false;
        world.rest();

        assertThat(world.changed.replicas).isEqualTo(5);
        assertThat(world.run.getStatus().undoCommand())
                .isEqualTo("kubectl scale deployment web --replicas 3 --namespace shop");
        assertThat(world.step("more").saved().before()).isEqualTo(3);
        assertThat(world.step("more").saved().endsWithRun()).isTrue();
        assertThat(world.run.getMetadata().getFinalizers()).containsExactly(Annotations.RUN_FINALIZER);
        assertThat(world.changed.claims.of(RunClaims.holder(world.run))).isPresent();

        world.changed.podsComeUp = true;
        world.rest();
        assertThat(world.run.getStatus().outcome())
                .as("%s", world.run.getStatus())
                .isEqualTo(RunOutcome.PASSED);
        assertThat(world.outcomes()).containsOnly(StepOutcome.PASSED);
        assertThat(world.changed.writes).containsExactly("Deployment web 5", "Deployment web 3");
        assertThat(world.run.getStatus().undoCommand()).isNull();
        assertThat(world.run.getStatus().claim()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Stop, 'Deployment web 5, Deployment web 3', 'PASSED, FAILED, SKIPPED, SKIPPED, FAILED'",
        "Undo, 'Deployment web 5, Deployment web 3', 'PASSED, FAILED, SKIPPED, SKIPPED, FAILED'",
        "Continue, 'Deployment web 5, Deployment web 3', 'PASSED, FAILED, PASSED, FAILED, FAILED'"
    })
    void givenABracket_whenAStepInItFails_thenItIsGivenBackAllTheSame(
            String onFailure, String writes, String outcomes) {
        RunWorld world = new RunWorld(BRACKET.formatted(onFailure), "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();

        assertThat(world.changed.writes.toString()).isEqualTo("[" + writes + "]");
        assertThat(world.outcomes().toString()).isEqualTo("[" + outcomes + "]");
        assertThat(world.step("more").message()).contains("Given back: Deployment web has 3 again.");
    }

    @ParameterizedTest
    @CsvSource({"Stop, 'Deployment web 5'", "Undo, 'Deployment web 5, Deployment web 3'", "Continue, 'Deployment web 5'"
    })
    void givenNoStepThatGivesItBack_whenAStepFails_thenItIsUndoneOnlyIfThatSaysSo(String onFailure, String writes) {
        RunWorld world = new RunWorld(LASTING.formatted(onFailure), "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();

        assertThat(world.changed.writes.toString()).isEqualTo("[" + writes + "]");
        assertThat(world.run.getStatus().phase()).isEqualTo(RunPhase.FINISHED);
        assertThat(world.run.getMetadata().getFinalizers()).isEmpty();
        assertThat(world.run.getStatus().undoCommand() == null).isEqualTo(onFailure.equals("Undo"));
        assertThat(world.ready()
                        .map(Condition::message)
                        .orElse("")
                        .contains("What step more changed stays so: status.undoCommand gives it back."))
                .isEqualTo(!onFailure.equals("Undo"));
    }

    @Test
    void givenThePodsNeverGetReady_whenTheStepUndoes_thenItsOwnChangeIsGivenBackToo() {
        RunWorld world =
                new RunWorld("steps: [{name: more, scale: {workload: web, to: 5}, onFailure: Undo, timeout: 5m}]", "");
        world.changed.podsComeUp = false;
        world.rest().later(Duration.ofMinutes(5).plusSeconds(1));

        assertThat(world.changed.writes).containsExactly("Deployment web 5", "Deployment web 3");
        assertThat(world.step("more").outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(world.step("more").message()).contains("3 Pods of Deployment web of 5 are ready");
    }

    @Test
    void givenTwoSteps_whenALaterOneUndoes_thenTheNewestChangeIsGivenBackFirst() {
        RunWorld world = new RunWorld("""
                steps:
                - {name: one, scale: {workload: web, to: 5}}
                - {name: two, scale: {workload: web, to: 7}}
                - {name: look, httpCheck: {}, onFailure: Undo}
                """, "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();

        assertThat(world.changed.writes)
                .containsExactly("Deployment web 5", "Deployment web 7", "Deployment web 5", "Deployment web 3");
    }

    @ParameterizedTest
    @CsvSource({"true, 'Deployment web 5, Deployment web 3'", "false, 'Deployment web 5, Deployment web 3'"})
    void givenAStepThatIsNotDone_whenTheRunIsCancelledOrDeleted_thenItIsGivenBack(boolean deleted, String writes) {
        RunWorld world = new RunWorld(LASTING.formatted("Stop"), "");
        world.changed.podsComeUp = false;
        world.rest();
        if (deleted) {
            world.delete();
        } else {
            world.annotate(Annotations.CANCEL, "never mind");
        }
        world.rest();

        assertThat(world.changed.writes.toString()).isEqualTo("[" + writes + "]");
        assertThat(world.changed.claims.grants()).isEmpty();
        assertThat(world.gone()).isEqualTo(deleted);
        assertThat(deleted || world.run.getStatus().outcome() == RunOutcome.CANCELLED)
                .isTrue();
    }

    @Test
    void givenARollback_whenTheStepsTurnComes_thenItWaitsAndNamesIt() {
        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "");
        world.changed.emergencyBegins(world.now);
        world.rest();

        assertThat(world.ready().map(Condition::reason)).contains("Claimed");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("RollbackRequest emergency works on the workloads of ManagedApplication shop");
        assertThat(world.run.getStatus().claim().waitingFor().name()).isEqualTo("emergency");
        assertThat(world.step("more").attempts()).isZero();
        assertThat(world.changed.writes).isEmpty();

        world.changed.emergencyEnds();
        assertThat(world.rest().run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenARunThatWaitsInABracket_whenARollbackComes_thenItGivesBackAndMakesRoom() {
        RunWorld world = new RunWorld("""
                steps:
                - {name: more, scale: {workload: web, to: 5}}
                - {name: confirm, manual: {text: Look.}}
                - {name: less, scale: {workload: web, restore: true}}
                """, "").rest();
        assertThat(world.ready().map(Condition::reason)).contains("WaitingForApproval");
        assertThat(world.changed.emergencyBegins(world.now)).isFalse();
        world.rest();

        assertThat(world.changed.writes).containsExactly("Deployment web 5", "Deployment web 3");
        assertThat(world.changed.emergencyBegins(world.now)).isTrue();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(world.ready().map(Condition::reason)).contains("Preempted");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("It makes room for RollbackRequest emergency");
    }

    @Test
    void givenAStepThatLasts_whenAPersonIsWaitedForAfterIt_thenNothingIsHeld() {
        RunWorld world = new RunWorld("""
                steps:
                - {name: more, scale: {workload: web, to: 5}}
                - {name: again, scale: {workload: web, to: 6}, approval: {}}
                """, "").rest();

        assertThat(world.ready().map(Condition::reason)).contains("WaitingForApproval");
        assertThat(world.changed.claims.grants()).isEmpty();
        assertThat(world.run.getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void givenSomebodyElseScales_whenItIsToBeGivenBack_thenItIsLeftAsItIs() {
        RunWorld world = new RunWorld("""
                steps:
                - {name: more, scale: {workload: web, to: 5}}
                - {name: confirm, manual: {text: Look.}}
                - {name: less, scale: {workload: web, restore: true}}
                """, "").rest();
        world.changed.replicas = 8;
        world.approve("confirm@alice").rest();

        assertThat(world.changed.writes).containsExactly("Deployment web 5");
        assertThat(world.step("more").message()).contains("is left as it is: it has 8, written by somebody meanwhile");
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
    }

    @Test
    void givenItWasMadeAnew_whenItIsToBeGivenBack_thenItIsLeftAsItIs() {
        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "");
        world.changed.podsComeUp = false;
        world.rest();
        world.changed.uid = "another";
        world.rest();

        assertThat(world.step("more").outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(world.changed.writes).containsExactly("Deployment web 5");
        assertThat(world.run.getStatus().phase()).isEqualTo(RunPhase.FINISHED);
    }

    @Test
    void givenNothingWasChanged_whenAStepGivesBack_thenItIsSkipped() {
        RunWorld world = new RunWorld("steps: [{name: less, scale: {workload: web, restore: true}}]", "").rest();

        assertThat(world.step("less").outcome()).isEqualTo(StepOutcome.SKIPPED);
        assertThat(world.step("less").message()).contains("There is nothing to give back");
    }

    @Test
    void givenAnApiServerThatRefuses_whenItIsChanged_thenTheStepFailsAndWhenItIsGivenBackItIsTriedAgain() {
        RunWorld refused = new RunWorld(LASTING.formatted("Stop"), "");
        refused.changed.rejection = "no";
        assertThat(refused.rest().step("more").message()).contains("does not take the change of Deployment web: no");

        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "");
        world.changed.podsComeUp = false;
        world.rest();
        world.changed.rejection = "no";
        world.changed.podsComeUp = true;
        world.rest();
        assertThat(world.ready().map(Condition::reason)).contains("Rejected");
        assertThat(world.ready().map(Condition::message).orElse(""))
                .contains("By hand: kubectl scale deployment web --replicas 3");
        world.changed.rejection = null;
        assertThat(world.rest().run.getStatus().outcome()).isEqualTo(RunOutcome.PASSED);
        assertThat(world.changed.replicas).isEqualTo(3);
    }

    @Test
    void givenTheStepsAreLost_whenSomethingIsChanged_thenItIsGivenBack() {
        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "");
        world.changed.podsComeUp = false;
        world.rest();
        world.kept = null;
        world.rest();

        assertThat(world.changed.writes).containsExactly("Deployment web 5", "Deployment web 3");
        assertThat(world.ready().map(Condition::reason)).contains("PlanLost");
        assertThat(world.run.getMetadata().getFinalizers()).isEmpty();
        assertThat(world.changed.claims.grants()).isEmpty();
    }

    @Test
    void givenADryRun_whenItEnds_thenItSaysWhatEachStepWouldScale() {
        RunWorld world = new RunWorld(BRACKET.formatted("Stop"), "dryRun: true").rest();

        assertThat(world.step("more").message())
                .isEqualTo(
                        "Dry run. Scales web by 2, to 10 at most, and waits until the Pods are ready. Deployment web would"
                                + " go from 3 to 5.");
        assertThat(world.step("less").message())
                .isEqualTo("Dry run. Gives web back what it had before the run's earlier steps.");
        assertThat(world.changed.writes).isEmpty();
    }
}

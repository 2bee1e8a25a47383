package dev.mainstay.core.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.api.runbook.RunPhase;
import dev.mainstay.api.runbook.StepOutcome;
import dev.mainstay.core.application.ProbeAnswer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page that a run shows, and that does not outlive it. */
class MaintenanceModeStepTest {

    private static final String BRACKET = """
            steps:
            - {name: page, maintenanceMode: {enabled: true, duration: 2h}, timeout: 10m}
            - {name: confirm, manual: {text: Look.}}
            - {name: look, httpCheck: {}}
            - {name: front, maintenanceMode: {enabled: false}}
            """;

    private static final String OPEN = """
            steps:
            - {name: page, maintenanceMode: {enabled: true}, timeout: 10m}
            - {name: confirm, manual: {text: Look.}}
            finally:
            - {name: last, httpCheck: {}}
            """;

    private static final String MODE = "tuesday-page-1-";

    @Test
    void givenAPage_whenItIsActive_thenTheStepSaysWhenItEndsByItselfAndNotThatItIsActiveForEver() {
        RunWorld world = new RunWorld(BRACKET, "").rest();

        assertThat(world.step("page").outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(world.step("page").message())
                .endsWith(" became active, and ends at 2026-03-29T05:00:00Z by itself if nothing ends it before.");
    }

    @Test
    void givenOnAndOff_whenTheRunPasses_thenThePageIsShownInBetween() {
        RunWorld world = new RunWorld(BRACKET, "").rest();

        MaintenanceMode mode = only(world);
        assertThat(mode.getMetadata().getName()).startsWith(MODE);
        assertThat(mode.getSpec().reason()).isEqualTo("Step page of MaintenanceRun tuesday: it is Tuesday");
        assertThat(mode.getSpec().duration()).isEqualTo("2h");
        assertThat(mode.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-run"));
        assertThat(world.step("page").outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(world.run.getStatus().undoCommand())
                .isEqualTo(
                        "kubectl delete maintenancemode " + mode.getMetadata().getName() + " --namespace shop");
        assertThat(world.run.getMetadata().getFinalizers()).containsExactly(Annotations.RUN_FINALIZER);
        assertThat(world.changed.claims.grants()).as("traffic is not claimed").isEmpty();

        world.approve("confirm@alice").rest();
        assertThat(world.run.getStatus().outcome())
                .as("%s", world.run.getStatus())
                .isEqualTo(RunOutcome.PASSED);
        assertThat(world.outcomes()).containsOnly(StepOutcome.PASSED);
        assertThat(world.changed.modes).isEmpty();
        assertThat(world.run.getMetadata().getFinalizers()).isEmpty();
        assertThat(world.run.getStatus().undoCommand()).isNull();
    }

    @Test
    void givenTheModeIsOnStill_whenTheRunEnds_thenItIsEndedBeforeFinally() {
        RunWorld world = new RunWorld(OPEN, "").rest().reject("confirm@carol");
        world.changed.pagesWork = false;
        world.rest();
        assertThat(world.step("last").ended()).isFalse();
        assertThat(world.run.getStatus().phase()).isEqualTo(RunPhase.RUNNING);

        world.changed.pagesWork = true;
        world.rest();
        assertThat(world.changed.modes).isEmpty();
        assertThat(world.step("last").outcome()).isEqualTo(StepOutcome.PASSED);
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givenTheModeIsOn_whenTheRunIsCancelledOrDeleted_thenItIsEnded(boolean deleted) {
        RunWorld world = new RunWorld(BRACKET, "").rest();
        (deleted ? world.delete() : world.annotate(Annotations.CANCEL, "true")).rest();

        assertThat(world.changed.modes).isEmpty();
        assertThat(world.gone()).isEqualTo(deleted);
    }

    @Test
    void givenThePageNeverComes_whenTheTimeIsOver_thenTheStepHasFailedAndTheModeIsEnded() {
        RunWorld world = new RunWorld(BRACKET, "");
        world.changed.pagesWork = false;
        world.rest().later(Duration.ofMinutes(10).plusSeconds(1));
        world.changed.pagesWork = true;
        world.rest();

        assertThat(world.step("page").outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(world.changed.modes).isEmpty();
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void givenAnApplicationWithoutServices_whenTheModeSaysSo_thenTheStepHasFailedAtOnce() {
        RunWorld world = new RunWorld(OPEN, "");
        world.changed.pagesWork = false;
        world.rest();
        only(world)
                .setStatus(Serialization.unmarshal(
                        "conditions: [{type: Stalled, status: 'True', reason: NoServices, message: No.},"
                                + " {type: Ready, status: 'False', reason: NoServices, message: It names no Services.}]",
                        MaintenanceModeStatus.class));
        world.rest();

        assertThat(world.step("page").outcome()).isEqualTo(StepOutcome.FAILED);
        assertThat(world.step("page").message()).contains("It names no Services.");
    }

    @Test
    void givenAModeOfSomebodyElseUnderItsName_whenTheStepsTurnComes_thenItFailsAndTheModeStays() {
        RunWorld world = new RunWorld(OPEN, "");
        world.changed.pagesWork = false;
        world.rest();
        only(world).getMetadata().setOwnerReferences(List.of());
        world.rest();

        assertThat(world.step("page").message()).contains("was made by somebody else");
        assertThat(world.changed.modes).hasSize(1);
        assertThat(world.run.getStatus().outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void givenAStepThatUndoes_whenItFails_thenScaleAndPageAreGivenBackNewestFirst() {
        RunWorld world = new RunWorld("""
                steps:
                - {name: page, maintenanceMode: {enabled: true}}
                - {name: none, scale: {workload: web, to: 0}}
                - {name: look, httpCheck: {}, onFailure: Undo}
                """, "");
        world.answers = List.of(new ProbeAnswer.Answered(503));
        world.rest();

        assertThat(world.changed.writes).hasSize(4).element(2).isEqualTo("Deployment web 3");
        assertThat(world.changed.writes.getLast()).startsWith("delete " + MODE);
        assertThat(world.changed.modes).isEmpty();
    }

    @Test
    void givenNoMode_whenItIsToBeEnded_thenTheStepIsSkipped() {
        RunWorld world = new RunWorld("steps: [{name: front, maintenanceMode: {enabled: false}}]", "").rest();

        assertThat(world.step("front").outcome()).isEqualTo(StepOutcome.SKIPPED);
    }

    private static MaintenanceMode only(RunWorld world) {
        assertThat(world.changed.modes).hasSize(1);
        return world.changed.modes.values().iterator().next();
    }
}

package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.IMAGE;
import static dev.mainstay.core.mode.Modes.NOW;
import static dev.mainstay.core.mode.Modes.annotated;
import static dev.mainstay.core.mode.Modes.application;
import static dev.mainstay.core.mode.Modes.mode;
import static dev.mainstay.core.mode.Modes.noPage;
import static dev.mainstay.core.mode.Modes.page;
import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.core.rollback.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeLeavingTest {

    private static final String ENDING = "until: 2026-03-29T00:59:00Z";
    private static final String ACTIVE = "phase: Active\nservices: [{name: web, selector: app=web, redone: 0}]";
    private static final String LEAVING =
            "phase: Leaving\nleavingSince: %s\n" + "services: [{name: web, selector: app=web, redone: 0}]";
    private static final ServiceState OWN = service("web", "{'app': 'web'}", "", List.of("web-1"));
    private static final ServiceState LED = annotated(
            service(
                    "web",
                    "{'mainstay.dev/maintenance-page': 'shop'}",
                    "",
                    List.of(Modes.PAGE + "-0", Modes.PAGE + "-1")),
            "app=web");
    private static final Set<String> ANSWERS = Set.of("web");

    @ParameterizedTest
    @CsvSource({"until: 2026-03-29T01:00:00Z", "duration: 30m", "until: 2020-01-01T00:00:00Z"})
    void givenAnEnd_whenItHasCome_thenTheServicesAreLedBack(String end) {
        assertThat(decide(mode(end, ACTIVE), List.of(), LED, ANSWERS))
                .isEqualTo(new ModeDecision.LeadBack(List.of(new Redirection(LED, Map.of("app", "web"), null))));
    }

    @Test
    void givenADeletionOrACancellation_whenItIsDecidedOn_thenTheServicesAreLedBack() {
        MaintenanceMode deleted = mode("", ACTIVE);
        deleted.getMetadata().setDeletionTimestamp("2026-03-29T00:59:00Z");
        MaintenanceMode cancelled = mode("", ACTIVE);
        cancelled.getMetadata().setAnnotations(Map.of(Annotations.CANCEL, "done"));

        assertThat(decide(deleted, List.of(), LED, ANSWERS)).isInstanceOf(ModeDecision.LeadBack.class);
        assertThat(decide(cancelled, List.of(), LED, ANSWERS)).isInstanceOf(ModeDecision.LeadBack.class);
    }

    @Test
    void givenAModeThatIsLeaving_whenItsEndIsPutOff_thenItLeavesAllTheSame() {
        assertThat(decide(mode("until: 2027-01-01T00:00:00Z", LEAVING.formatted(NOW)), List.of(), LED, ANSWERS))
                .isInstanceOf(ModeDecision.LeadBack.class);
    }

    @Test
    void givenAModeThatIsOverBeforeItBegan_whenItIsDecidedOn_thenNothingIsDone() {
        ModeDecision decision = decide(mode("night", ENDING, false), List.of(), OWN, Set.of());

        assertThat(decision).isEqualTo(new ModeDecision.End("It was over (spec.until) before anything was changed."));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "119, true", "120, false"})
    void givenAnApplicationWithoutAReadyPod_whenItLeaves_thenThePageStaysForAWhile(long seconds, boolean waits) {
        MaintenanceMode mode = mode(ENDING, LEAVING.formatted(NOW.minusSeconds(seconds)));

        assertThat(decide(mode, List.of(), LED, Set.of()) instanceof ModeDecision.Await)
                .isEqualTo(waits);
    }

    /** As in a namespace that is being deleted: nobody serves a page that would be worth to wait for. */
    @Test
    void givenNoPage_whenNoPodOfTheApplicationIsReady_thenTheServicesAreLedBackAtOnce() {
        assertThat(ModeDecider.decide(observation(mode(ENDING, ACTIVE), List.of(), LED, Set.of(), noPage()), NOW))
                .isInstanceOf(ModeDecision.LeadBack.class);
    }

    @Test
    void givenAnotherActiveMode_whenOneEnds_thenTheServicesStayWithThePage() {
        MaintenanceMode other = mode("", ACTIVE);
        other.getMetadata().setName("other");

        assertThat(decide(mode(ENDING, ACTIVE), List.of(other), LED, ANSWERS))
                .isEqualTo(new ModeDecision.End(
                        "It is over (spec.until). The Services still lead to the page, for MaintenanceMode other."));
    }

    @Test
    void givenAnotherModeThatEndsToo_orHasNotBegun_whenOneEnds_thenTheServicesAreLedBack() {
        MaintenanceMode unmarked = mode("other", "", false);
        MaintenanceMode unsaved = mode("other", "", true);

        for (MaintenanceMode other : List.of(mode(ENDING, ACTIVE), unmarked, unsaved)) {
            assertThat(decide(mode(ENDING, ACTIVE), List.of(other), LED, ANSWERS))
                    .isInstanceOf(ModeDecision.LeadBack.class);
        }
    }

    @Test
    void givenServicesThatLeadBack_whenEndpointsStillNameThePage_thenThatIsWaitedFor() {
        ServiceState lagging = service("web", "{'app': 'web'}", "", List.of("web-1", Modes.PAGE + "-1"));

        assertThat(decide(mode(ENDING, LEAVING.formatted(NOW)), List.of(), lagging, Set.of()))
                .isInstanceOf(ModeDecision.Await.class);
        assertThat(decide(mode(ENDING, LEAVING.formatted(NOW.minusSeconds(300))), List.of(), lagging, Set.of()))
                .isInstanceOf(ModeDecision.Drain.class);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "14, false", "15, true"})
    void givenEndpointsWithoutThePage_whenFifteenSecondsHavePassed_thenItGoes(long seconds, boolean goes) {
        MaintenanceMode mode =
                mode(ENDING, LEAVING.formatted(NOW.minusSeconds(30)) + "\nbackSince: " + NOW.minusSeconds(seconds));

        assertThat(decide(mode, List.of(), OWN, Set.of()))
                .isInstanceOf(goes ? ModeDecision.RemovePage.class : ModeDecision.Drain.class);
    }

    @Test
    void givenANewModeThatNeedsThePage_whenTheFirstIsThrough_thenThePageStays() {
        MaintenanceMode mode =
                mode(ENDING, LEAVING.formatted(NOW.minusSeconds(30)) + "\nbackSince: " + NOW.minusSeconds(20));

        assertThat(decide(mode, List.of(mode("next", "", true)), OWN, Set.of())).isInstanceOf(ModeDecision.End.class);
    }

    @Test
    void givenNoPageAnyMore_whenTheServicesLeadBack_thenItIsOver() {
        MaintenanceMode mode = mode(ENDING, LEAVING.formatted(NOW.minusSeconds(30)));
        ModeDecision decision = ModeDecider.decide(observation(mode, List.of(), OWN, Set.of(), noPage()), NOW);

        assertThat(decision)
                .asInstanceOf(type(ModeDecision.End.class))
                .satisfies(end -> assertThat(end.message())
                        .isEqualTo("It is over (spec.until). Service web leads to the application."));
        MaintenanceModeStatus status = ModeReport.of(mode, decision, NOW);
        assertThat(status.phase()).isEqualTo(ModePhase.ENDED);
        assertThat(status.endedAt()).isEqualTo(NOW);
        assertThat(status.undoCommand()).isNull();
        assertThat(status.conditions())
                .extracting(condition -> condition.type() + "=" + condition.status())
                .containsExactly("Active=FALSE", "Finished=TRUE", "Ready=TRUE", "Succeeded=TRUE");
        mode.setStatus(status);
        assertThat(decide(mode, List.of(), LED, ANSWERS)).isInstanceOf(ModeDecision.LeaveAlone.class);
    }

    @Test
    void givenAServiceThatMayNotBeRead_whenItLeaves_thenItDoesNotEndWithoutKnowing() {
        ServiceState closed = new ServiceState("web", null, List.of(), "no right");

        assertThat(decide(mode(ENDING, ACTIVE), List.of(), closed, Set.of())).isInstanceOf(ModeDecision.Wait.class);
    }

    @Test
    void givenAServiceThatIsGone_whenItLeaves_thenThereIsNothingToLeadBack() {
        ServiceState gone = new ServiceState("web", null, List.of(), null);

        assertThat(decide(mode(ENDING, ACTIVE), List.of(), gone, Set.of())).isInstanceOf(ModeDecision.Drain.class);
    }

    @Test
    void givenAMergedSelector_whenItLeaves_thenTheServiceGetsWhatItsOwnerWants() {
        ServiceState merged = annotated(
                service("web", "{'mainstay.dev/maintenance-page': 'shop', 'app': 'web-v2'}", "", List.of()), "app=web");

        assertThat(decide(mode(ENDING, ACTIVE), List.of(), merged, ANSWERS))
                .asInstanceOf(type(ModeDecision.LeadBack.class))
                .satisfies(
                        back -> assertThat(back.changes().getFirst().selector()).isEqualTo(Map.of("app", "web-v2")));
    }

    private static ModeDecision decide(
            MaintenanceMode mode, List<MaintenanceMode> others, ServiceState service, Set<String> answering) {
        PageState page = page(PageSpec.of(List.of(mode), application("[]"), List.of(OWN), IMAGE), 2);
        return ModeDecider.decide(observation(mode, others, service, answering, page), NOW);
    }

    private static ModeObservation observation(
            MaintenanceMode mode,
            List<MaintenanceMode> others,
            ServiceState service,
            Set<String> answering,
            PageState page) {
        return new ModeObservation(
                mode,
                application("[{name: web}]"),
                null,
                others,
                List.of(service),
                answering,
                List.of(),
                List.of(),
                page,
                IMAGE);
    }
}

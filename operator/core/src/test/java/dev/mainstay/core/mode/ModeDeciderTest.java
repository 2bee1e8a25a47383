package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.IMAGE;
import static dev.mainstay.core.mode.Modes.NOW;
import static dev.mainstay.core.mode.Modes.annotated;
import static dev.mainstay.core.mode.Modes.application;
import static dev.mainstay.core.mode.Modes.mode;
import static dev.mainstay.core.mode.Modes.noPage;
import static dev.mainstay.core.mode.Modes.observation;
import static dev.mainstay.core.mode.Modes.page;
import static dev.mainstay.core.mode.Modes.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.ManagedApplicationSpec;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeDeciderTest {

    private static final String SAVED = "phase: Entering\nservices: [{name: web, selector: app=web}]";
    private static final String ACTIVE = "phase: Active\nservices: [{name: web, selector: app=web, redone: %d}]";
    private static final ServiceState OWN = service("web", "{'app': 'web'}", "", List.of("web-1"));
    private static final ServiceState LED = annotated(
            service(
                    "web",
                    "{'mainstay.dev/maintenance-page': 'shop'}",
                    "",
                    List.of(Modes.PAGE + "-0", Modes.PAGE + "-1")),
            "app=web");

    @Test
    void givenANewMode_whenItIsDecidedOn_thenItIsMarkedBeforeAnythingIsMade() {
        assertThat(decide(observation(mode("night", "", false), List.of(OWN), noPage())))
                .isInstanceOf(ModeDecision.Mark.class);
    }

    @Test
    void givenAMarkedMode_whenThereIsNoPage_thenItIsMadeFirst() {
        assertThat(decide(observation(mode("page: {title: Back soon}"), List.of(OWN), noPage())))
                .asInstanceOf(type(ModeDecision.ApplyPage.class))
                .satisfies(apply -> {
                    assertThat(apply.page().content().title()).isEqualTo("Back soon");
                    assertThat(apply.page().ports().names()).containsOnlyKeys("http");
                });
    }

    @Test
    void givenAPageThatDoesNotServe_whenItIsDecidedOn_thenNoServiceIsChanged() {
        MaintenanceMode mode = mode("");

        assertThat(decide(observation(mode, List.of(OWN), page(wanted(mode), 0))))
                .asInstanceOf(type(ModeDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.message())
                        .contains("kubectl get pods --namespace shop --selector mainstay.dev/maintenance-page=shop"));
    }

    @Test
    void givenAPageThatCanNotBeMade_whenItIsDecidedOn_thenItsControllersWordsAreTold() {
        MaintenanceMode mode = mode("");
        PageState page = page(wanted(mode), 0);
        ((ObjectNode) page.deployment().path("status"))
                .set(
                        "conditions",
                        Modes.json("[{'type': 'ReplicaFailure', 'status': 'True', 'message': 'exceeded quota'}]"));

        assertThat(decide(observation(mode, List.of(OWN), page)))
                .isEqualTo(new ModeDecision.Wait(
                        Reason.PAGE_NOT_READY,
                        "The Pods of the maintenance page do not become ready: exceeded quota. Look at them: kubectl get pods"
                                + " --namespace shop --selector mainstay.dev/maintenance-page=shop",
                        true));
    }

    @Test
    void givenAPageThatServes_whenNothingIsWrittenDown_thenTheSelectorsAreBeforeTheyAreChanged() {
        MaintenanceMode mode = mode("");

        assertThat(decide(observation(mode, List.of(OWN), page(wanted(mode), 2))))
                .isEqualTo(new ModeDecision.Save(List.of(new RedirectedService("web", "app=web", null))));
    }

    @Test
    void givenSelectorsThatAreWrittenDown_whenThePageServes_thenTheServicesAreLedToIt() {
        MaintenanceMode mode = mode("", SAVED);

        assertThat(decide(observation(mode, List.of(OWN), page(wanted(mode), 2))))
                .asInstanceOf(type(ModeDecision.Redirect.class))
                .satisfies(redirect -> {
                    assertThat(redirect.changes()).containsExactly(new Redirection(OWN, Modes.TO_PAGE, "app=web"));
                    assertThat(redirect.services()).containsExactly(new RedirectedService("web", "app=web", 0));
                    assertThat(redirect.again()).isNull();
                });
    }

    @Test
    void givenServicesWithThePagesSelector_whenTheirEndpointsAreStillTheApplications_thenItIsNotActiveYet() {
        MaintenanceMode mode = mode("", SAVED);
        ServiceState lagging = annotated(
                service("web", "{'mainstay.dev/maintenance-page': 'shop'}", "", List.of("web-1", Modes.PAGE + "-0")),
                "app=web");

        assertThat(decide(observation(mode, List.of(lagging), page(wanted(mode), 2))))
                .isInstanceOf(ModeDecision.Wait.class);
        assertThat(decide(observation(mode, List.of(LED), page(wanted(mode), 2))))
                .isInstanceOf(ModeDecision.Stay.class);
    }

    @Test
    void givenAnActiveMode_whenItIsReported_thenItSaysWhereAndUntilWhenAndHowToUndoIt() {
        MaintenanceMode mode = mode("until: 2026-03-29T02:00:00Z", SAVED);

        MaintenanceModeStatus status = report(mode, observation(mode, List.of(LED), page(wanted(mode), 2)));

        assertThat(status.phase()).isEqualTo(ModePhase.ACTIVE);
        assertThat(status.activeSince()).isEqualTo(NOW);
        assertThat(status.endsAt()).isEqualTo(Instant.parse("2026-03-29T02:00:00Z"));
        assertThat(status.page()).isEqualTo(Modes.PAGE);
        assertThat(status.undoCommand()).isEqualTo("kubectl set selector service web 'app=web' --namespace shop");
        assertThat(condition(status, "Active").message())
                .isEqualTo("Service web leads new connections to the maintenance page, until 2026-03-29T02:00:00Z."
                        + " Connections that were open before may go on.");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 3"})
    void givenASelectorThatWasPutBack_whenItIsTheFirstTimes_thenItIsRedoneAndTheManagerNamed(int redone, int after) {
        MaintenanceMode mode = mode("", ACTIVE.formatted(redone));

        assertThat(decide(observation(mode, List.of(by("argocd", "{'app': 'web-v2'}")), page(wanted(mode), 2))))
                .asInstanceOf(type(ModeDecision.Redirect.class))
                .satisfies(redirect -> {
                    assertThat(redirect.services()).containsExactly(new RedirectedService("web", "app=web-v2", after));
                    assertThat(redirect.again()).contains("Service web was led back to app=web-v2 by \"argocd\"");
                });
    }

    @Test
    void givenASelectorThatWasPutBackOnceTooOften_whenItIsDecidedOn_thenItIsLeftAndTold() {
        MaintenanceMode mode = mode("", ACTIVE.formatted(3));
        ModeObservation observation = observation(mode, List.of(by("argocd", "{'app': 'web'}")), page(wanted(mode), 2));

        assertThat(decide(observation)).isInstanceOf(ModeDecision.Stay.class);
        MaintenanceModeStatus status = report(mode, observation);
        assertThat(condition(status, "Stalled").reason()).isEqualTo("Reverted");
        assertThat(condition(status, "Stalled").message()).contains("\"argocd\"", "overruled 3 times");
        assertThat(condition(status, "Active").status().name()).isEqualTo("FALSE");
    }

    @Test
    void givenAModeThatWasSwitchedAndNotTold_whenItIsDecidedOn_thenThatCountsAsNoRedoing() {
        MaintenanceMode mode = mode("", SAVED);

        assertThat(report(mode, observation(mode, List.of(LED), page(wanted(mode), 2)))
                        .services())
                .containsExactly(new RedirectedService("web", "app=web", 0));
    }

    @Test
    void givenTwoModes_whenThePageIsMade_thenTheEarlierGivesTheTextAndTheLaterTheEnd() {
        MaintenanceMode later = mode("page: {title: Later}, until: 2026-03-29T05:00:00Z");
        MaintenanceMode earlier = mode("early", "page: {title: Earlier}, until: 2026-03-29T03:00:00Z", true);
        earlier.getMetadata().setCreationTimestamp("2026-03-29T00:10:00Z");

        PageSpec page =
                ((ModeDecision.ApplyPage) decide(observation(later, List.of(earlier), List.of(OWN), noPage()))).page();

        assertThat(page.content().title()).isEqualTo("Earlier");
        assertThat(page.content().expectedEnd()).isEqualTo(Instant.parse("2026-03-29T05:00:00Z"));
        assertThat(page)
                .isEqualTo(
                        ((ModeDecision.ApplyPage) decide(observation(earlier, List.of(later), List.of(OWN), noPage())))
                                .page());
    }

    @Test
    void givenAPageOfTheApplication_whenTheModeSaysLess_thenEachFieldThatItLeavesOutIsTheApplications() {
        ManagedApplication application = application("[{name: web}]");
        application.setSpec(Serialization.unmarshal("""
                maintenancePage: {title: The shop is closed, message: Call us., contact: "#shop", language: de, retryAfter: 9m,
                  passPaths: [{path: /healthz}]}
                """, ManagedApplicationSpec.class));

        assertThat(PageSpec.of(
                                List.of(mode("page: {message: Soon., contact: me, passPaths: []}")),
                                application,
                                List.of(OWN),
                                IMAGE)
                        .content())
                .extracting(
                        PageContent::title,
                        PageContent::message,
                        PageContent::contact,
                        PageContent::language,
                        PageContent::retryAfterSeconds,
                        PageContent::passPaths)
                .containsExactly("The shop is closed", "Soon.", "me", "de", 540L, List.of());
        assertThat(wanted(mode("page: {contact: me}")).content().title()).isEqualTo("Under maintenance");
        assertThat(TaskJson.write(mode("page: {contact: me}").getSpec()))
                .as("what a client that knows the kind writes")
                .doesNotContain("Under maintenance");
        assertThat(PageSpec.of(List.of(mode("")), application, List.of(OWN), IMAGE)
                        .content()
                        .passPaths())
                .hasSize(1);
    }

    @Test
    void givenTwoModesOfWhichOneHasNoEnd_whenThePageIsMade_thenItPromisesNone() {
        assertThat(((ModeDecision.ApplyPage) decide(observation(
                                mode("duration: 4h"), List.of(mode("other", "", true)), List.of(OWN), noPage())))
                        .page()
                        .content()
                        .expectedEnd())
                .isNull();
    }

    @Test
    void givenASecondMode_whenTheServicesLeadToThePageAlready_thenItTakesOverWhereTheyLed() {
        MaintenanceMode mode = mode("");

        assertThat(decide(observation(mode, List.of(LED), page(wanted(mode), 2))))
                .isEqualTo(new ModeDecision.Save(List.of(new RedirectedService("web", "app=web", null))));
    }

    @Test
    void givenAServiceWithoutItsNote_whenAnotherModeKnowsWhereItLed_thenThatIsTaken() {
        MaintenanceMode mode = mode("");
        MaintenanceMode other = mode("", ACTIVE.formatted(0));
        ServiceState bare = service("web", "{'mainstay.dev/maintenance-page': 'shop'}", "", List.of(Modes.PAGE + "-0"));
        ModeObservation observation = observation(mode, List.of(other), List.of(bare), page(wanted(mode, other), 2));

        assertThat(decide(observation))
                .isEqualTo(new ModeDecision.Save(List.of(new RedirectedService("web", "app=web", null))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]           | NoServices",
                "[{name: web}] | ServiceNotFound",
            })
    void givenNothingToLead_whenItIsDecidedOn_thenItIsStuckAndSaysWhatToDo(String services, String reason) {
        ModeObservation observation = new ModeObservation(
                mode("night", "", false),
                application(services),
                null,
                List.of(),
                services.equals("[]") ? List.of() : List.of(new ServiceState("web", null, List.of(), null)),
                Set.of(),
                List.of(),
                List.of(),
                noPage(),
                IMAGE);

        assertThat(decide(observation))
                .asInstanceOf(type(ModeDecision.Wait.class))
                .satisfies(wait -> {
                    assertThat(wait.reason().text()).isEqualTo(reason);
                    assertThat(wait.stuck()).isTrue();
                });
    }

    @Test
    void givenNoApplication_whenItIsDecidedOn_thenItIsToldAndWaitedFor() {
        ModeObservation observation = new ModeObservation(
                mode("night", "", false),
                null,
                null,
                List.of(),
                List.of(),
                Set.of(),
                List.of(),
                List.of(),
                noPage(),
                IMAGE);

        assertThat(decide(observation))
                .asInstanceOf(type(ModeDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.reason()).isEqualTo(Reason.APPLICATION_NOT_FOUND));
    }

    @Test
    void givenAnApplicationOfAnotherRelease_whenItIsDecidedOn_thenItIsLeftAlone() {
        ModeObservation observation = new ModeObservation(
                mode(""),
                application("[]"),
                "other/mainstay",
                List.of(),
                List.of(OWN),
                Set.of(),
                List.of(),
                List.of(),
                noPage(),
                IMAGE);

        assertThat(decide(observation)).isInstanceOf(ModeDecision.LeaveAlone.class);
    }

    @Test
    void givenAForeignDeploymentOfThePagesName_whenItIsDecidedOn_thenItIsNotTouched() {
        PageState foreign = new PageState(Modes.json("{'metadata': {'name': 'x'}}"), noPage().probe());

        assertThat(decide(observation(mode(""), List.of(OWN), foreign)))
                .asInstanceOf(type(ModeDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.reason()).isEqualTo(Reason.NAME_TAKEN));
    }

    @Test
    void givenAPausedApplication_whenAModeBegins_thenItWaits_andWhenItIsActive_thenItStays() {
        ModeObservation fresh = observation(mode("night", "", false), List.of(OWN), noPage());
        fresh.application().getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "audit"));
        MaintenanceMode active = mode("", ACTIVE.formatted(0));
        ModeObservation stays = observation(active, List.of(LED), page(wanted(active), 2));
        stays.application().getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "audit"));

        assertThat(decide(fresh))
                .asInstanceOf(type(ModeDecision.Wait.class))
                .satisfies(wait -> assertThat(wait.reason()).isEqualTo(Reason.PAUSED));
        assertThat(decide(stays)).isInstanceOf(ModeDecision.Stay.class);
    }

    /** A restore that has begun is no new work, and neither is its page. */
    @Test
    void givenAPausedApplication_whenTheModeOfARestoreBegins_thenItDoesNotWait() {
        ModeObservation fresh = observation(mode("night", "", false), List.of(OWN), noPage());
        fresh.application().getMetadata().setAnnotations(Map.of(Annotations.PAUSED, "audit"));
        fresh.mode()
                .getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("mainstay.dev/v1alpha1")
                        .withKind("RestoreRequest")
                        .withName("undo")
                        .withUid("uid-undo")
                        .withController(true)
                        .build()));

        assertThat(decide(fresh)).isInstanceOf(ModeDecision.Mark.class);
    }

    private static ServiceState by(String manager, String selector) {
        ServiceState service = annotated(service("web", selector, "", List.of("web-1")), "app=web");
        ((ObjectNode) service.json().path("metadata"))
                .set(
                        "managedFields",
                        Modes.json("[{'manager': '" + manager
                                + "', 'time': '2026-03-29T00:59:00Z', 'fieldsV1': {'f:spec': {'f:selector': {}}}}]"));
        return service;
    }

    private static PageSpec wanted(MaintenanceMode... modes) {
        return PageSpec.of(List.of(modes), application("[{name: web}]"), List.of(OWN), IMAGE);
    }

    private static ModeDecision decide(ModeObservation observation) {
        return ModeDecider.decide(observation, NOW);
    }

    private static MaintenanceModeStatus report(MaintenanceMode mode, ModeObservation observation) {
        return ModeReport.of(mode, decide(observation), NOW);
    }

    private static Condition condition(MaintenanceModeStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }
}

package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.BAD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WEB;
import static dev.mainstay.core.rollback.RollbackSteps.GOOD_WORKER;
import static dev.mainstay.core.rollback.RollbackSteps.condition;
import static dev.mainstay.core.rollback.RollbackSteps.decide;
import static dev.mainstay.core.rollback.RollbackSteps.mark;
import static dev.mainstay.core.rollback.RollbackSteps.message;
import static dev.mainstay.core.rollback.RollbackSteps.report;
import static dev.mainstay.core.rollback.RollbackSteps.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackPhase;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestSpec;
import dev.mainstay.core.rollback.RollbackDecision.AwaitPage;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.rollback.RollbackDecision.EnterMaintenance;
import dev.mainstay.core.rollback.RollbackDecision.ShowPage;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target that does not work, and a request that wants the maintenance page then. */
class RollbackMaintenanceTest {

    private static final Map<String, List<TargetPod>> CRASH =
            Map.of("web", List.of(new TargetPod("web-1", "Pod web-1 crashes.", Map.of())));
    private static final Instant LATER = NOW.plusSeconds(4);

    private RollbackRequest request;
    private RollbackPlan plan;

    @BeforeEach
    void theTargetCrashes() {
        request = request("onFailure: MaintenanceMode");
        plan = written(request);
        RollbackDecision show = decide(seen().pods(CRASH).observation(), NOW.plusSeconds(3));
        assertThat(show).isInstanceOf(ShowPage.class);
        report(request, show, NOW.plusSeconds(3));
    }

    @Test
    void givenItFailed_whenTold_thenThePageIsToCome() {
        assertThat(request.getStatus().phase()).isEqualTo(RollbackPhase.ENTERING_MAINTENANCE);
        assertThat(condition(request, "Reconciling")).isEqualTo("EnteringMaintenance");
        assertThat(RollbackClaims.held(request, "shop")).isPresent();
    }

    @Test
    void givenNoMode_whenDecided_thenOneIsMadeThatNothingEndsButAPerson() {
        EnterMaintenance enter = (EnterMaintenance) decide(seen().observation(), LATER);

        MaintenanceMode mode = enter.mode();
        assertThat(mode.getMetadata().getName()).isEqualTo(enter.name()).startsWith("shop-1-mode-");
        assertThat(mode.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(mode.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(mode.getSpec().until()).isNull();
        assertThat(mode.getSpec().duration()).isNull();
        assertThat(mode.getSpec().stopWorkloads()).isEmpty();
        assertThat(mode.getSpec().reason())
                .startsWith("RollbackRequest shop-1: shop 1.5.0 → 1.4.2 does not work. It was made for: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 256})
    void givenALongReason_whenTheModeIsMade_thenItsOwnFits(int length) {
        request = request("onFailure: MaintenanceMode");
        request.setSpec(Serialization.unmarshal(
                Serialization.asJson(request.getSpec()).replace("errors", "\ud83d\udd25".repeat(length / 2)),
                RollbackRequestSpec.class));
        plan = written(request);
        report(request, decide(seen().pods(CRASH).observation(), LATER), LATER);

        MaintenanceMode mode = ((EnterMaintenance) decide(seen().observation(), LATER)).mode();

        assertThat(mode.getSpec().reason()).hasSizeLessThanOrEqualTo(256).endsWith("\ud83d\udd25 …");
    }

    @Test
    void givenAPassThatCouldNotTellOfItsMode_whenDecided_thenNoOtherOneIsMade() {
        PageState own = page(((EnterMaintenance) decide(seen().observation(), LATER)).name(), LATER);

        EnterMaintenance again =
                (EnterMaintenance) decide(seen().observation(List.of(page("by-hand", NOW), own)), LATER);

        assertThat(again.mode()).isNull();
        assertThat(again.name()).isEqualTo(own.name());
    }

    @Test
    void givenItsPageIsShown_whenDecided_thenTheEndSaysHowToTakeItOff() {
        PageState own = entered();

        AwaitPage await = (AwaitPage) decide(seen().observation(List.of(own)), LATER);
        assertThat(await.message()).endsWith("is waited for: it has not begun.");
        report(request, await, LATER);
        End end = (End) decide(seen().observation(List.of(active(own))), LATER);
        report(request, end, LATER);

        String name = own.name();
        assertThat(end.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(message(request))
                .isEqualTo("shop 1.5.0 → 1.4.2 is in place, and does not work. MaintenanceMode " + name
                        + " shows the maintenance page until a person takes it off (kubectl delete maintenancemode "
                        + name
                        + " --namespace shop). Rollout web: Pod web-1 crashes.");
        assertThat(request.getStatus().maintenanceMode()).isEqualTo(name);
        assertThat(request.getStatus().phase()).isEqualTo(RollbackPhase.FINISHED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                     | until a person takes it off (kubectl delete maintenancemode by-hand --namespace shop).",
                "2026-03-29T04:00:00Z | until 2026-03-29T04:00:00Z, or until a person takes it off"
            })
    void givenAModeOfAPerson_whenDecided_thenItIsLeftAloneAndNamed(Instant endsAt, String until) {
        PageState theirs = new PageState("by-hand", NOW, NOW, true, endsAt, true, false, "It is there.");

        EnterMaintenance enter = (EnterMaintenance) decide(seen().observation(List.of(theirs)), LATER);
        assertThat(enter.mode()).isNull();
        report(request, enter, LATER);
        End end = (End) decide(seen().observation(List.of(theirs)), LATER);

        assertThat(end.message())
                .contains("MaintenanceMode by-hand, which was there before, shows the maintenance page")
                .contains(until);
        assertThat(request.getStatus().maintenanceMode()).isEqualTo("by-hand");
    }

    @Test
    void givenAModeOfAPersonThatEnds_whenDecided_thenItIsNotReliedOn() {
        PageState over = leaving(page("by-hand", NOW));

        assertThat(((EnterMaintenance) decide(seen().observation(List.of(over)), LATER)).mode())
                .isNotNull();
    }

    @Test
    void givenAModeOfAPersonThatEndsBeforeItsPageIsThere_whenDecided_thenOneIsMade() {
        PageState theirs = page("by-hand", NOW);
        report(request, decide(seen().observation(List.of(theirs)), LATER), LATER);

        assertThat(((EnterMaintenance) decide(seen().observation(List.of(leaving(theirs))), LATER)).mode())
                .isNotNull();
    }

    @Test
    void givenItsModeIsDeletedMeanwhile_whenDecided_thenThatIsAPersonsWishAndNoOtherIsMade() {
        entered();

        End end = (End) decide(seen().observation(), LATER);

        assertThat(end.message()).contains("which was to show the maintenance page, was ended meanwhile.");
    }

    @ParameterizedTest
    @CsvSource({"true, 0, Service web is gone.", "false, 61, No node takes its Pods."})
    void givenThePageCannotBeShown_whenDecided_thenTheEndSaysWhy(boolean stalled, int seconds, String why) {
        PageState own = new PageState(entered().name(), LATER, LATER, true, null, false, stalled, why);

        End end = (End) decide(seen().observation(List.of(own)), LATER.plusSeconds(seconds));

        assertThat(end.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(end.message()).contains("was made (kubectl delete").contains("does not show the page: " + why);
    }

    /** The verification failed at 3 s: a mode that was there before that is waited for from then on. */
    @ParameterizedTest
    @CsvSource({
        "made now,            4,    4,   64, true",
        "made now,            4,    4,   65, false",
        "the operator is new, 4,  600,   660, true",
        "the operator is new, 4,  600,   661, false",
        "there before,     -600, -600,   63, true",
        "there before,     -600, -600,   64, false"
    })
    void givenAPageThatIsNotThereYet_whenDecided_thenItIsWaitedForAMinuteFromWhenItCouldCome(
            String mode, int made, int awaited, int seconds, boolean waits) {
        PageState page = new PageState(
                mode, NOW.plusSeconds(made), NOW.plusSeconds(awaited), true, null, false, false, "It starts.");
        report(request, decide(seen().observation(List.of(page)), LATER), LATER);
        assertThat(request.getStatus().maintenanceMode()).isEqualTo(mode);

        assertThat(decide(seen().observation(List.of(page)), NOW.plusSeconds(seconds)))
                .isInstanceOf(waits ? AwaitPage.class : End.class);
    }

    @Test
    void givenTheModeIsNotTaken_whenDecided_thenTheEndSaysSo() {
        EnterMaintenance enter = (EnterMaintenance) decide(seen().observation(), LATER);

        End end = (End) RollbackMaintenance.refused(request, enter, "a policy refuses it.");

        assertThat(end.outcome()).isEqualTo(RollbackOutcome.VERIFY_FAILED);
        assertThat(end.message())
                .contains("is not shown")
                .contains("a policy refuses it.")
                .contains("make one yourself");
    }

    /** Who deploys something else now wants it to be seen; taking the page off is theirs too. */
    @Test
    void givenSomebodyDeploysMeanwhile_whenDecided_thenThePageIsShownAllTheSame() {
        PageState own = entered();

        assertThat(decide(new Seen(request).plan(plan, BAD_WEB, BAD_WORKER).observation(List.of(own)), LATER))
                .isInstanceOf(AwaitPage.class);
    }

    /** A page without an end must have a name, though the operator ended between making it and telling of it. */
    @ParameterizedTest
    @CsvSource({
        "cancelled, true,  own,     true",
        "cancelled, true,  nothing, true",
        "cancelled, false, own,     true",
        "cancelled, false, leaving, false",
        "cancelled, false, by-hand, false",
        "cancelled, false, nothing, false",
        "plan lost, true,  own,     true",
        "plan lost, false, own,     true",
        "plan lost, false, nothing, false"
    })
    void givenAModeThatWasMade_whenTheRequestEndsBeforeItsPageIsThere_thenItIsSaidThatItStays(
            String end, boolean told, String mode, boolean named) {
        EnterMaintenance enter = (EnterMaintenance) decide(seen().observation(), LATER);
        if (told) {
            report(request, enter, LATER);
        }
        PageState own = page(enter.name(), LATER);
        List<PageState> pages =
                switch (mode) {
                    case "own" -> List.of(own);
                    case "leaving" -> List.of(leaving(own));
                    case "by-hand" -> List.of(page("by-hand", LATER));
                    default -> List.of();
                };
        Seen seen = seen();
        if (end.equals("cancelled")) {
            mark(request);
            Map<String, String> annotations =
                    new HashMap<>(request.getMetadata().getAnnotations());
            annotations.put(Annotations.CANCEL, "it works");
            request.getMetadata().setAnnotations(annotations);
        } else {
            seen = seen.plan(null);
        }

        End ended = (End) decide(seen.observation(pages), LATER);

        assertThat(ended.outcome())
                .isEqualTo(end.equals("cancelled") ? RollbackOutcome.CANCELLED : RollbackOutcome.FAILED);
        assertThat(ended.message())
                .endsWith(
                        named
                                ? "Deployment web, worker. MaintenanceMode " + own.name()
                                        + " stays, too (kubectl delete maintenancemode " + own.name()
                                        + " --namespace shop ends it)."
                                : "Deployment web, worker.");
    }

    @ParameterizedTest
    @CsvSource({"MaintenanceMode, false, true", "MaintenanceMode, true, false", "Hold, false, false"})
    void givenAnApplicationWithoutServices_whenPlanned_thenTheWarningSaysThatNoPageCanBeShown(
            String onFailure, boolean services, boolean warned) {
        ManagedApplication application = services
                ? Deploys.application("[{name: web}, {name: worker}], services: [{name: web}]")
                : Deploys.application("[{name: web}, {name: worker}]");
        RollbackRequest asked = request("onFailure: " + onFailure, "dryRun: true");

        RollbackDecision.Tell tell = (RollbackDecision.Tell) decide(
                new Seen(asked)
                        .application(application)
                        .inputs(BAD_WEB, BAD_WORKER)
                        .observation(),
                NOW);

        assertThat(tell.plan().warnings().stream()
                        .anyMatch(warning -> warning.contains("no maintenance page can be shown")))
                .isEqualTo(warned);
    }

    private Seen seen() {
        return new Seen(request).plan(plan, GOOD_WEB, GOOD_WORKER);
    }

    private PageState entered() {
        EnterMaintenance enter = (EnterMaintenance) decide(seen().observation(), LATER);
        report(request, enter, LATER);
        return page(enter.name(), LATER);
    }

    private static PageState page(String name, Instant made) {
        return new PageState(name, made, made, true, null, false, false, "it has not begun.");
    }

    private static PageState active(PageState page) {
        return new PageState(
                page.name(), page.made(), page.awaited(), true, page.endsAt(), true, false, "It is there.");
    }

    private static PageState leaving(PageState page) {
        return new PageState(page.name(), page.made(), page.awaited(), false, page.endsAt(), true, false, "It ends.");
    }
}

package dev.mainstay.core.mode;

import static dev.mainstay.core.mode.Modes.IMAGE;
import static dev.mainstay.core.mode.Modes.NOW;
import static dev.mainstay.core.mode.Modes.annotated;
import static dev.mainstay.core.mode.Modes.application;
import static dev.mainstay.core.mode.Modes.mode;
import static dev.mainstay.core.mode.Modes.page;
import static dev.mainstay.core.mode.Modes.service;
import static dev.mainstay.core.workload.Workloads.cronJob;
import static dev.mainstay.core.workload.Workloads.deployment;
import static dev.mainstay.core.workload.Workloads.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.status.Condition;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadSeen;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModeStoppingTest {

    private static final ManagedApplication APPLICATION =
            application("[{name: web}], workloads: [{name: web}, {name: worker}], cronJobs: [nightly]");
    private static final String LED = """
            phase: %s
            services: [{name: web, selector: app=web, redone: 0}]
            """;
    private static final String ENTERING = LED.formatted("Entering");
    private static final String CLAIM = "claim: {application: shop, grantedAt: 2026-03-29T00:59:59Z}\n";
    private static final String LEFT = "phase: Leaving\nleavingSince: 2026-03-29T00:59:50Z\n"
            + "services: [{name: web, selector: app=web, redone: 0}]\n";
    private static final String SAVED =
            "workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3, redone: 0}]\n";
    private static final ServiceState SERVICE = annotated(
            service(
                    "web",
                    "{'mainstay.dev/maintenance-page': 'shop'}",
                    "",
                    List.of(Modes.PAGE + "-0", Modes.PAGE + "-1")),
            "app=web");

    @Test
    void givenThatTheServicesLeadToThePage_whenItStops_thenItAsksFirstThenSavesThenStops() {
        WorkloadSeen web = deployment("web", 3, "web-1");
        assertThat(decide(mode("cut: Hard", ENTERING), web)).isInstanceOf(ModeDecision.TakeClaim.class);
        assertThat(decide(mode("cut: Hard", ENTERING + CLAIM), web))
                .isEqualTo(new ModeDecision.SaveWorkloads(List.of(line("web", 3, null))));
        assertThat(decide(mode("cut: Hard", ENTERING + CLAIM + SAVED.replace(", redone: 0", "")), web))
                .asInstanceOf(type(ModeDecision.StopWorkloads.class))
                .satisfies(stop -> assertThat(stop.workloads()).containsExactly(line("web", 3, 0)));
    }

    @Test
    void givenThatAllWereToldToStop_whenPodsAreLeft_thenItIsNotActiveYet() {
        MaintenanceMode mode = mode("cut: Hard", ENTERING + SAVED);
        ModeDecision decision = decide(mode, deployment("web", 0, "web-1"));
        assertThat(decision).isInstanceOf(ModeDecision.AwaitStop.class);

        MaintenanceModeStatus status = ModeReport.of(mode, decision, NOW);
        assertThat(status.phase()).isEqualTo(ModePhase.ENTERING);
        assertThat(message(status, "Active")).contains("Pod web-1 of Deployment web still exists");
        assertThat(decide(mode, deployment("web", 0))).isInstanceOf(ModeDecision.Stay.class);
    }

    @Test
    void givenThatAllIsStopped_thenTheClaimIsLetGoOfAndTheCommandSaysHowToUndoIt() {
        MaintenanceMode mode = mode("cut: Hard", ENTERING + SAVED + CLAIM);
        ModeDecision decision = decide(mode, deployment("web", 0));

        assertThat(ModeClaims.letsGo(mode, decision)).isTrue();
        MaintenanceModeStatus status = ModeReport.of(mode, decision, NOW);
        assertThat(status.phase()).isEqualTo(ModePhase.ACTIVE);
        assertThat(status.claim()).isNull();
        assertThat(message(status, "Active")).endsWith(" Stopped: Deployment web.");
        assertThat(status.undoCommand())
                .isEqualTo("kubectl scale deployment web --replicas 3 --namespace shop"
                        + " && kubectl set selector service web 'app=web' --namespace shop");
    }

    @Test
    void givenOthersWhoWorkOnTheWorkloads_thenItWaitsVisiblyAndKeepsItsPlace() {
        MaintenanceMode mode = mode("cut: Hard", ENTERING);
        ModeDecision wait = ModeClaims.answered(
                mode, new ClaimAnswer.Wait(new Holder("RollbackRequest", "back", "uid-back"), NOW), NOW);
        MaintenanceModeStatus status = ModeReport.of(mode, wait, NOW);

        assertThat(message(status, "Reconciling"))
                .isEqualTo("RollbackRequest back works on the workloads of ManagedApplication shop (kubectl describe"
                        + " rollbackrequest back --namespace shop). This mode waits for its turn.");
        assertThat(status.claim().waitingFor().name()).isEqualTo("back");
        mode.setStatus(status);
        assertThat(ModeClaims.letsGo(mode, wait)).isFalse();
        assertThat(ModeClaims.letsGo(mode, new ModeDecision.Wait(Reason.REJECTED, "no", true)))
                .as("one that is stuck keeps nobody away")
                .isTrue();
    }

    @Test
    void givenAClaimThatWasLost_thenItIsSeenByWhenItWasGranted() {
        MaintenanceMode mode = mode("cut: Hard", ENTERING + CLAIM);
        HeldClaim claim = mode.getStatus().claim();
        assertThat(ModeClaims.still(
                        mode, new ClaimAnswer.Granted(claim.grantedAt().plusNanos(5))))
                .isTrue();
        assertThat(ModeClaims.still(mode, new ClaimAnswer.Granted(NOW))).isFalse();
        assertThat(ModeClaims.held(mode, "shop")).isPresent();
        assertThat(ModeClaims.held(mode, "blog")).isEmpty();
    }

    @Test
    void givenAStrangerWhoDoesNotGiveIn_thenItIsToldAndTheModeIsNotActive() {
        MaintenanceMode mode = mode("cut: Hard", LED.formatted("Active") + SAVED.replace("redone: 0", "redone: 3"));
        MaintenanceModeStatus status = ModeReport.of(mode, decide(mode, deployment("web", 2, "web-1")), NOW);
        assertThat(message(status, "Stalled")).contains("Deployment web has 2 replicas again");
        assertThat(message(status, "Active")).contains("overruled 3 times");
    }

    @Test
    void givenAnotherModeThatKeepsItStopped_thenWhatItHadIsTakenFromThere() {
        MaintenanceMode other = mode("other", "cut: Hard", true);
        other.setStatus(mode("", ENTERING + SAVED).getStatus());
        assertThat(ModeDecider.decide(
                        observation(mode("cut: Hard", ENTERING + CLAIM), List.of(other), deployment("web", 0)), NOW))
                .isEqualTo(new ModeDecision.SaveWorkloads(List.of(line("web", 3, null))));
    }

    @Test
    void givenWhatCanNotBeStopped_whenTheModeHasNotBegun_thenNothingIsChanged() {
        assertThat(stuck("cut: Hard, stopWorkloads: [web, db]", deployment("web", 3)))
                .startsWith("spec.stopWorkloads names db, which is not among spec.workloads and spec.cronJobs of"
                        + " ManagedApplication shop.");
        assertThat(stuck(
                        "cut: Hard",
                        WorkloadSeen.missing(cronJob("nightly", false).kind(), "nightly")))
                .startsWith("CronJob nightly is to be stopped and does not exist.")
                .endsWith("Nothing was changed.");
        assertThat(stuck("cut: Hard")).startsWith("spec.cut is Hard, and ManagedApplication shop names no workloads");
        assertThat(stuck("cut: Unrecognized"))
                .startsWith("spec.cut has a value that this version of Mainstay does not know");
    }

    @Test
    void givenWhatCanNotBeStopped_whenTheModeHasBegun_thenItRunsOnAndIsTold() {
        MaintenanceMode mode = mode("cut: Hard", LED.formatted("Active") + SAVED);
        ModeDecision decision = decide(
                mode,
                deployment("web", 0),
                WorkloadSeen.missing(cronJob("nightly", false).kind(), "nightly"));
        assertThat(decision)
                .asInstanceOf(type(ModeDecision.Stay.class))
                .satisfies(stay -> assertThat(stay.warnings())
                        .containsExactly(
                                "It runs on: CronJob nightly is to be stopped and does not exist. Create it, or take it"
                                        + " out of spec.cronJobs of the ManagedApplication."));
    }

    @Test
    void givenItsEnd_whenWorkloadsAreStopped_thenTheyAreGivenBackBeforeTheServices() {
        WorkloadSeen web = deployment("web", 0);
        MaintenanceMode mode = mode("until: 2026-03-29T00:59:00Z, cut: Hard", LED.formatted("Active") + SAVED);
        assertThat(decide(mode, web)).isInstanceOf(ModeDecision.TakeClaim.class);

        MaintenanceMode claimed = mode("until: 2026-03-29T00:59:00Z, cut: Hard", LEFT + SAVED + CLAIM);
        ModeDecision back = decide(claimed, web);
        assertThat(back).isInstanceOf(ModeDecision.GiveBack.class);
        MaintenanceModeStatus status = ModeReport.of(claimed, back, NOW);
        assertThat(status.workloads()).containsExactly(line("web", 3, 0).back());
        assertThat(status.workloadsBackSince()).isEqualTo(NOW);
        assertThat(status.claim()).isNotNull();
        assertThat(status.undoCommand()).isEqualTo("kubectl set selector service web 'app=web' --namespace shop");
    }

    @Test
    void givenWorkloadsThatWereGivenBack_thenThePageStaysUntilTheyAreReadyOrForTwoMinutes() {
        String back = SAVED.replace("redone: 0", "redone: 0, givenBack: true");
        MaintenanceMode mode =
                mode("until: 2026-03-29T00:59:00Z", LEFT + back + "workloadsBackSince: 2026-03-29T01:00:00Z");

        assertThat(decide(mode, deployment("web", 3, "web-1")))
                .isEqualTo(
                        new ModeDecision.Await("The Pods of Deployment web (1 of 3 Pods) are waited for. The page stays"
                                + " until they are ready, or for 2m at the most."));
        assertThat(decide(mode, deployment("web", 3, "web-1", "web-2", "web-3")))
                .isInstanceOf(ModeDecision.LeadBack.class);
        assertThat(ModeDecider.decide(
                        observation(mode, List.of(), deployment("web", 3, "web-1")), NOW.plus(Duration.ofSeconds(119))))
                .as("counted from when they were given back")
                .isInstanceOf(ModeDecision.Await.class);
        assertThat(ModeDecider.decide(
                        observation(mode, List.of(), deployment("web", 3, "web-1")), NOW.plus(Duration.ofSeconds(121))))
                .isInstanceOf(ModeDecision.LeadBack.class);
    }

    @Test
    void givenAnotherModeThatKeepsItStopped_whenThisOneEnds_thenItIsTheOthersToGiveBack() {
        MaintenanceMode other = mode("other", "cut: Hard", true);
        other.setStatus(mode("", LED.formatted("Active") + SAVED).getStatus());
        assertThat(ModeDecider.decide(
                        observation(
                                mode("until: 2026-03-29T00:59:00Z", LEFT + SAVED),
                                List.of(other),
                                deployment("web", 0)),
                        NOW))
                .isInstanceOf(ModeDecision.End.class);
    }

    @Test
    void givenNoApplicationAnyMore_whenItEnds_thenNobodyIsAsked() {
        MaintenanceMode mode = mode("until: 2026-03-29T00:59:00Z", LEFT + SAVED);
        ModeObservation seen = observation(mode, List.of(), deployment("web", 0));
        assertThat(ModeDecider.decide(
                        new ModeObservation(
                                mode,
                                null,
                                null,
                                List.of(),
                                seen.services(),
                                Set.of(),
                                seen.workloads(),
                                List.of(),
                                seen.page(),
                                IMAGE),
                        NOW))
                .isInstanceOf(ModeDecision.GiveBack.class);
    }

    private static String stuck(String spec, WorkloadSeen... workloads) {
        MaintenanceMode mode = mode(spec);
        ModeDecision decision = decide(mode, workloads);
        assertThat(decision).isInstanceOf(ModeDecision.Wait.class);
        assertThat(((ModeDecision.Wait) decision).stuck()).isTrue();
        return ((ModeDecision.Wait) decision).message();
    }

    private static ModeDecision decide(MaintenanceMode mode, WorkloadSeen... workloads) {
        return ModeDecider.decide(observation(mode, List.of(), workloads), NOW);
    }

    private static ModeObservation observation(
            MaintenanceMode mode, List<MaintenanceMode> others, WorkloadSeen... workloads) {
        return new ModeObservation(
                mode,
                APPLICATION,
                null,
                others,
                List.of(SERVICE),
                Set.of("web"),
                List.of(workloads),
                List.of(),
                page(PageSpec.of(List.of(mode), APPLICATION, List.of(SERVICE), IMAGE), 2),
                IMAGE);
    }

    private static String message(MaintenanceModeStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(Condition::message)
                .findFirst()
                .orElse("");
    }
}

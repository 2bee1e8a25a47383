package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.application;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.rollback.CheckVerdict;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.VerificationCheck;
import dev.mainstay.core.claims.ExecutedRequests;
import dev.mainstay.core.rollback.RollbackPlan.PlannedWorkload;
import dev.mainstay.core.rollback.Verification.Finding;
import dev.mainstay.core.rollback.Verification.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointCheckTest {

    private static final String NONE_YET =
            "no ready Pod of the target is among its endpoints yet: kubectl get endpointslices"
                    + " --namespace shop --selector kubernetes.io/service-name=web";

    private static final PlannedWorkload WEB = planned("web", labelled("new"), labelled("old"));
    private static final PlannedWorkload WORKER =
            planned("worker", template("worker", "1.5.0"), template("worker", "1.4.2"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'conditions': {'ready': true}, 'targetRef': {'kind': 'Pod', 'name': 'web-1'}}  | PASS",
                "{'conditions': {}, 'targetRef': {'kind': 'Pod', 'name': 'web-1'}}               | PASS",
                "{'conditions': {'ready': false}, 'targetRef': {'kind': 'Pod', 'name': 'web-1'}} | NO_DATA",
                "{'conditions': {'ready': true}, 'targetRef': {'kind': 'Pod', 'name': 'web-0'}}  | NO_DATA",
                "{'conditions': {'ready': true}, 'targetRef': {'kind': 'Node', 'name': 'web-1'}} | NO_DATA",
                "{'conditions': {'ready': true}, 'addresses': ['10.0.0.7']}                      | NO_DATA"
            })
    void givenEndpoints_whenJudged_thenAReadyPodOfTheTargetMustBeAmongThem(String endpoint, CheckVerdict verdict) {
        VerificationCheck check =
                judge(service("{'app': 'web'}", endpoint), request()).orElseThrow();

        assertThat(check.name()).isEqualTo("Endpoints web");
        assertThat(check.verdict()).isEqualTo(verdict);
        assertThat(check.message())
                .isEqualTo(
                        verdict == CheckVerdict.PASS ? "ready Pods of the target are among its endpoints" : NONE_YET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'app': 'web', 'track': 'new'}   | FAIL    | spec.selector of Service web (app=web,track=new) matches the Pods that Deployment web had, and not those of the target. Correct the selector, such as: kubectl set selector service web app=web,track=old --namespace shop",
                "{'app': 'wbe'}                   | NO_DATA | spec.selector of Service web (app=wbe) matches no Pod. Correct the selector, such as: kubectl set selector service web app=web --namespace shop",
                "{'name': 'web'}                  | NO_DATA | spec.selector of Service web (name=web) matches no Pod. Correct the selector, so that it matches labels of the Pods."
            })
    void givenASelectorThatMatchesNothingOfTheTarget_whenJudged_thenItsCorrectionIsTold(
            String selector, CheckVerdict verdict, String message) {
        VerificationCheck check = judge(service(selector), request()).orElseThrow();

        assertThat(check.verdict()).isEqualTo(verdict);
        assertThat(check.message()).isEqualTo(message);
    }

    @Test
    void givenNoService_whenJudged_thenThatIsNoDataSinceItSaysNothingAboutTheTarget() {
        VerificationCheck check =
                judge(new ServiceState("web", null, List.of(), null), request()).orElseThrow();

        assertThat(check.verdict()).isEqualTo(CheckVerdict.NO_DATA);
        assertThat(check.message())
                .isEqualTo("Service web does not exist in this namespace. Create it, or take it out of spec.services of"
                        + " ManagedApplication shop.");
    }

    @Test
    void givenAServiceThatMayNotBeRead_whenJudged_thenThatIsAnError() {
        VerificationCheck check = judge(
                        new ServiceState("web", null, List.of(), "services \"web\" is forbidden"), request())
                .orElseThrow();

        assertThat(check.verdict()).isEqualTo(CheckVerdict.ERROR);
        assertThat(check.message()).isEqualTo("Service web could not be looked at: services \"web\" is forbidden");
    }

    /** Of another workload; of one that is not rolled back; without a selector; of Deployments at zero. */
    @Test
    void givenAServiceThatTellsNothingOfTheTarget_whenJudged_thenItIsNoCheck() {
        String foreign = "{'conditions': {'ready': true}, 'targetRef': {'kind': 'Pod', 'name': 'shop-db-0'}}";

        assertThat(judge(service("{'app': 'shop-db'}", foreign), request())).isEmpty();
        assertThat(judge(service("{'app': 'shop-db'}"), request("workloads: [web]")))
                .isEmpty();
        assertThat(judge(new ServiceState("web", null, List.of(), null), request("workloads: [web]")))
                .isEmpty();
        assertThat(judge(service("{}", foreign), request())).isEmpty();
        assertThat(judge(service("{'app': 'worker'}"), request())).isEmpty();
    }

    @Test
    void givenNoEndpointsInTime_whenVerified_thenItIsInconclusiveAndNoReasonToGoBackAgain() {
        Finding waiting = verify(service("{'app': 'web'}"), 5);
        Finding overdue = verify(service("{'app': 'web'}"), 900);

        assertThat(waiting.state()).isEqualTo(State.RUNNING);
        assertThat(overdue.state()).isEqualTo(State.INCONCLUSIVE);
        assertThat(overdue.why()).isEqualTo("spec.timeout (15m) is over: Endpoints web: " + NONE_YET);
        assertThat(verify(service("{'app': 'web', 'track': 'new'}"), 5).state()).isEqualTo(State.FAILED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'app': 'web'}                 | ",
                "{'app': 'shop-db'}             | ",
                "{'app': 'web', 'track': 'new'} | spec.selector of Service web (app=web,track=new) matches the Pods that Deployment web had, and not those of the target. Correct the selector, such as: kubectl set selector service web app=web,track=old --namespace shop"
            })
    void givenADryRun_whenTheServiceWouldLoseItsPods_thenThePlanWarns(String selector, String warning) {
        assertThat(EndpointCheck.warning(service(selector), List.of(WEB, WORKER), "shop", "shop"))
                .isEqualTo(Optional.ofNullable(warning));
    }

    private static Finding verify(ServiceState service, int seconds) {
        return Verification.judge(observation(service, written()), NOW.plusSeconds(seconds));
    }

    private static RollbackRequest written() {
        RollbackRequest request = request();
        RollbackPlan plan = plan();
        request.setStatus(RollbackReport.of(request, new RollbackDecision.Store(plan), NOW));
        return request;
    }

    private static Optional<VerificationCheck> judge(ServiceState service, RollbackRequest request) {
        return EndpointCheck.of(service, observation(service, request));
    }

    private static RollbackObservation observation(ServiceState service, RollbackRequest request) {
        return new RollbackObservation(
                request,
                application(),
                null,
                ExecutedRequests.NONE,
                List.of(),
                null,
                plan(),
                List.of(
                        deployment("web", labelled("old"), "{}", "{}", "{}"),
                        deployment("worker", template("worker", "1.4.2"), "{}", "{'replicas': 0}", "{}")),
                Map.of("web", List.of(new TargetPod("web-1", null, Map.of()))),
                List.of(service),
                Sampled.NOTHING,
                List.of());
    }

    private static RollbackPlan plan() {
        return new RollbackPlan(null, null, List.of(WEB, WORKER), List.of(), List.of());
    }

    private static PlannedWorkload planned(String name, PodTemplate from, PodTemplate to) {
        return new PlannedWorkload(name, Deploys.UID + "-" + name, from, "42", to, "41", Map.of(), false, false);
    }

    private static PodTemplate labelled(String track) {
        ObjectNode template = (ObjectNode)
                template("web", track.equals("new") ? "1.5.0" : "1.4.2").json();
        template.withObject("/metadata/labels").put("track", track);
        return new PodTemplate(template);
    }

    private static ServiceState service(String selector, String... endpoints) {
        return new ServiceState(
                "web",
                json("{'spec': {'selector': " + selector + "}}"),
                List.of(json("{'endpoints': [" + String.join(", ", endpoints) + "]}")),
                null);
    }
}

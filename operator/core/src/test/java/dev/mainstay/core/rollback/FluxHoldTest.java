package dev.mainstay.core.rollback;

import static dev.mainstay.core.rollback.Deploys.NOW;
import static dev.mainstay.core.rollback.Deploys.deployment;
import static dev.mainstay.core.rollback.Deploys.json;
import static dev.mainstay.core.rollback.Deploys.request;
import static dev.mainstay.core.rollback.Deploys.template;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.rollback.RollbackDecision.EndHold;
import dev.mainstay.core.rollback.RollbackDecision.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FluxHoldTest {

    private static final String HELD =
            "{'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled', 'mainstay.dev/held-by': '%s'}}";
    private static final DeploymentState OURS =
            deployment("web", template("web", "1.4.2"), HELD.formatted("uid-of-request"), "{}", "{}");
    private static final DeploymentState OF_ANOTHER =
            deployment("web", template("web", "1.4.2"), HELD.formatted("uid-of-another"), "{}", "{}");

    @Test
    void givenAHold_whenItsTimeComes_thenItIsEndedAndUntilThenLookedAtRarely() {
        RollbackRequest timed = request("holdUntil: \"2026-03-29T03:03:00Z\"");

        assertThat(FluxHold.decide(request(), List.of(OURS), NOW)).isEqualTo(new Hold(Duration.ofMinutes(10)));
        assertThat(FluxHold.decide(timed, List.of(OURS), NOW)).isEqualTo(new Hold(Duration.ofMinutes(3)));
        assertThat(FluxHold.decide(timed, List.of(OURS), Instant.parse("2026-03-29T03:03:00Z")))
                .isEqualTo(new EndHold("Since 2026-03-29T03:03:00Z (spec.holdUntil) Flux may apply it again."));
    }

    @Test
    void givenAHoldThatSomebodyTookAwayOrOver_whenDecided_thenTheRequestHoldsNothingAnyMore() {
        assertThat(FluxHold.decide(request(), List.of(OF_ANOTHER), NOW))
                .isInstanceOfSatisfying(
                        EndHold.class,
                        end -> assertThat(end.why()).startsWith("Flux is not kept from anything any more"));
        assertThat(FluxHold.decide(request(), List.of(), NOW)).isInstanceOf(EndHold.class);
    }

    /** What is put back then is not what the repository says. */
    @ParameterizedTest
    @CsvSource({"1.4.2, false, true", "1.5.0, false, false", "1.5.0, true, true"})
    void givenAHold_whenTheRollbackIsOver_thenItLastsForWhatTheRepositoryDoesNotSay(
            String runs, boolean heldBefore, boolean lasts) {
        DeploymentState web = deployment("web", template("web", runs), HELD.formatted("uid-of-request"), "{}", "{}");
        RollbackPlan plan = new RollbackPlan(
                null,
                null,
                List.of(new RollbackPlan.PlannedWorkload(
                        "web",
                        web.uid(),
                        template("web", "1.5.0"),
                        "42",
                        template("web", "1.4.2"),
                        "41",
                        Map.of(),
                        true,
                        heldBefore)),
                List.of(),
                List.of());

        assertThat(FluxHold.lasting(request(), plan, List.of(web), NOW).isEmpty())
                .isEqualTo(!lasts);
    }

    @Test
    void givenAHold_whenItIsEnded_thenOnlyIfItIsStillThisRequests() {
        assertThat(FluxHold.end(OF_ANOTHER, request())).isEmpty();
        assertThat(FluxHold.end(deployment("web", "1.4.2"), request())).isEmpty();
        assertThat(FluxHold.end(OURS, request())).contains(json("""
                [{'op': 'test', 'path': '/metadata/uid', 'value': '%s-web'},
                 {'op': 'test', 'path': '/metadata/annotations/mainstay.dev~1held-by', 'value': 'uid-of-request'},
                 {'op': 'test', 'path': '/metadata/annotations/kustomize.toolkit.fluxcd.io~1reconcile', 'value': 'disabled'},
                 {'op': 'remove', 'path': '/metadata/annotations/kustomize.toolkit.fluxcd.io~1reconcile'},
                 {'op': 'remove', 'path': '/metadata/annotations/mainstay.dev~1held-by'}]
                """.formatted(Deploys.UID)));
    }
}

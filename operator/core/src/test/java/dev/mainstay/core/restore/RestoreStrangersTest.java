package dev.mainstay.core.restore;

import static dev.mainstay.core.workload.Workloads.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.restore.RestoreDecision.ChangeWorkloads;
import dev.mainstay.core.restore.RestoreDecision.End;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody starts again what a restore has stopped: it is stopped again as long as that helps, and named in any case. */
class RestoreStrangersTest {

    private static final Instant NOW = Restores.NOW;

    private static final String SOMEBODY = "\"somebody\" (field manager, 2026-03-29T00:00:00Z)";

    /** At a step after its workloads were stopped, one of them so often again. */
    private static RestoreRequest at(String step, String stopped, int redone, String metadata) {
        RestoreRequest request = Restores.with(
                Restores.request("a", "{policyRef: {name: nightly}}", "stopWorkloads: BeforeRestore"), """
                {phase: Running, step: %1$s, claim: {application: shop, database: main, grantedAt: "2026-03-29T15:00:00Z"},
                 workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3, redone: %3$d}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
                 steps: [{name: StopWorkloads, state: %2$s}, {name: %1$s, state: Running}]%4$s}
                """.formatted(
                                step,
                                stopped,
                                redone,
                                step.equals("Swap") ? ", task: {kind: restore-swap, number: 1, job: made}" : ""));
        if (!metadata.isEmpty()) {
            request.getMetadata().getAnnotations().put(metadata, "x");
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource({
        "RestoreCopy, Done,    0, '',                    true",
        "RestoreCopy, Done,    2, '',                    true",
        "RestoreCopy, Done,    3, '',                    false",
        "RestoreCopy, Done,    0, mainstay.dev/cancel,   false",
        "RestoreCopy, Skipped, 0, '',                    false",
        "Swap,        Done,    0, '',                    true",
        "Swap,        Done,    3, '',                    false",
        "Swap,        Done,    0, mainstay.dev/cancel,   true",
    })
    void givenAWorkloadThatRunsAgain_whenAStepIsAtWork_thenItIsStoppedAgain(
            String step, String stopped, int redone, String annotation, boolean again) {
        RestoreRequest request = at(step, stopped, redone, annotation);

        RestoreDecision decision = RestoreDecider.decide(
                new Restores(request)
                        .policy("nightly", "applicationRef: {name: shop}")
                        .workloads(deployment("web", 2, "web-1"))
                        .observation(),
                NOW);

        assertThat(decision instanceof ChangeWorkloads).isEqualTo(again);
        if (decision instanceof ChangeWorkloads change) {
            assertThat(change.stopsAgain()).isTrue();
            RestoreRequestStatus status = RestoreStatusReport.of(request, change, NOW);
            assertThat(status.workloads())
                    .extracting(StoppedWorkload::redone, StoppedWorkload::startedBy)
                    .containsExactly(tuple(redone + 1, SOMEBODY));
            assertThat(status.step().text()).isEqualTo(step);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Plan, false",
        "EnterMaintenance, false",
        "StopWorkloads, true",
        "RestoreCopy, true",
        "Swap, true",
        "StartWorkloads, true",
        "CheckHealth, false",
        "LeaveMaintenance, false"
    })
    void givenAStep_thenItsWorkloadsAreReadWhereTheyAreKeptStopped(String step, boolean read) {
        assertThat(RestoreDecider.targets(at(step, "Done", 0, ""), null)).hasSize(read ? 1 : 0);
    }

    /** A step that is at work is held up by nobody. */
    @Test
    void givenAChangeThatIsRefused_whenAStepIsAtWork_thenItCountsAndTheStepGoesOn() {
        RestoreRequest request = at("Swap", "Done", 2, "");
        RestoreDecision decision = RestoreDecider.decide(
                new Restores(request).workloads(deployment("web", 2)).observation(), NOW);

        RestoreDecision refused = RestoreRefusal.notWritten(
                request, (ChangeWorkloads) decision, deployment("web", 2), "a policy says no");

        assertThat(refused).asInstanceOf(type(ChangeWorkloads.class)).satisfies(change -> {
            assertThat(change.changes()).isEmpty();
            assertThat(change.lines()).extracting(StoppedWorkload::redone).containsExactly(3);
            assertThat(change.message()).contains("Deployment web").contains("a policy says no");
        });
    }

    @Test
    void givenSomebodyStartedItMeanwhile_whenItEnds_thenTheMessageNamesWhoAndWhereTheWritesAre() {
        RestoreRequest request = Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: Running, step: LeaveMaintenance, claim: {application: shop, database: main},
                 workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3, redone: 1, startedBy: '"loop"',
                              givenBack: true}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
                 previous: {database: ecommerce_before_1}, steps: [{name: LeaveMaintenance, state: Done}]}
                """);

        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW))
                .asInstanceOf(type(End.class))
                .satisfies(end -> assertThat(end.message())
                        .endsWith(
                                "Deployment web was started again meanwhile by \"loop\". What it wrote before the swap"
                                        + " is in ecommerce_before_1."));
    }
}

package dev.mainstay.core.restore;

import static dev.mainstay.core.workload.Workloads.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.restore.RestoreDecision.Fail;
import dev.mainstay.core.restore.RestoreDecision.Unhealthy;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.WorkloadSeen;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others have to do is waited for, and not for ever: then it is told what did not come. */
class RestoreBoundsTest {

    private static final Instant NOW = Restores.NOW;

    /** A request that has been at a step for so many minutes. */
    private static Restores at(RestoreStepName step, int minutes) {
        RestoreRequest request = Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: Running, step: %1$s, claim: {application: shop, database: main, grantedAt: "%2$s"},
                 workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3, redone: 0}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
                 previous: {database: ecommerce_before_1},
                 steps: [{name: %1$s, state: Running, startedAt: "%2$s"}]}
                """.formatted(
                        step.text(), NOW.minus(Duration.ofMinutes(minutes))));
        return new Restores(request).application(application());
    }

    /** One with a page, workloads and health. */
    static ManagedApplication application() {
        return Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  services: [{name: web}]
                  workloads: [{name: web}]
                  health: {workload: web, path: /healthz, port: http}
                  databases:
                    - name: main
                      postgres:
                        {host: db, database: ecommerce, credentialsSecretRef: {name: r}, adminSecretRef: {name: a}}
                """, ManagedApplication.class);
    }

    private static RestoreDecision decide(Restores known) {
        return RestoreDecider.decide(known.observation(), NOW);
    }

    @Test
    void givenAWorkloadOfHealthThatDoesNotExist_whenItsTimeIsUp_thenItEndsAndSaysWhatWasNotSeen() {
        HealthSeen missing = HealthSeen.notAsked("Deployment web, which spec.health names, does not exist");

        assertThat(decide(at(RestoreStepName.CHECK_HEALTH, 5).health(missing)))
                .asInstanceOf(type(Watch.class))
                .satisfies(watch -> assertThat(watch.message()).contains("Deployment web, which spec.health names"));
        assertThat(decide(at(RestoreStepName.CHECK_HEALTH, 6).health(missing)))
                .asInstanceOf(type(Unhealthy.class))
                .satisfies(end -> assertThat(end.why().message())
                        .startsWith("The application was not seen healthy within 5m: Deployment web, which spec.health"
                                + " names, does not exist.")
                        .contains("status.undoCommand"));
    }

    @Test
    void givenNoReadyPod_whenItsTimeIsUp_thenTheWorkloadIsNamed() {
        assertThat(decide(at(RestoreStepName.CHECK_HEALTH, 6).health(HealthSeen.asked(new HealthSample(List.of())))))
                .asInstanceOf(type(Unhealthy.class))
                .satisfies(end -> assertThat(end.why().message()).contains("no Pod of workload web is ready"));
    }

    /** Nobody has asked the Pods while the operator was away, nor led a Service to the page. */
    @ParameterizedTest
    @CsvSource({"1, false", "4, false", "6, true", "60, true"})
    void givenAnOperatorThatWasAway_thenTheTimeCountsFromItsReturn(int minutesBack, boolean over) {
        Restores known = at(RestoreStepName.CHECK_HEALTH, 30)
                .health(HealthSeen.asked(new HealthSample(List.of())))
                .watchedSince(NOW.minus(Duration.ofMinutes(minutesBack)));

        assertThat(decide(known)).isInstanceOf(over ? Unhealthy.class : Watch.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Rejected,          1, false",
        "Forbidden,         9, false",
        "PageNotReady,      9, false",
        "ServiceNotFound,   9, false",
        "Rejected,         11, true",
        "Forbidden,        11, true",
        "PageNotReady,     11, true",
        "FromTheFuture,     1, false",
        "NoServices,        1, true",
        "ServiceUnsuitable, 1, true",
        "NameTaken,         1, true",
        "InvalidSpec,       1, true"
    })
    void givenAPageThatIsStalled_thenItIsWaitedForUnlessThatNeverPasses(String reason, int minutes, boolean ends) {
        RestoreDecision decision =
                decide(at(RestoreStepName.ENTER_MAINTENANCE, minutes).mode("""
                conditions: [{type: Stalled, status: "True", reason: %1$s, message: x},
                             {type: Ready, status: "False", reason: %1$s, message: "It was refused."}]
                """.formatted(reason)));

        if (ends) {
            assertThat(decision).asInstanceOf(type(Fail.class)).satisfies(fail -> {
                assertThat(fail.why().reason()).isEqualTo(reason);
                assertThat(fail.why().message()).contains("It was refused.").contains("spec.maintenanceMode: false");
            });
        } else {
            assertThat(decision).asInstanceOf(type(Watch.class)).satisfies(watch -> {
                assertThat(watch.stuck()).isTrue();
                assertThat(watch.message()).contains("It was refused.");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenAPageThatNeverComes_thenItIsNotWaitedForWithoutEnd(int minutes, boolean ends) {
        RestoreDecision decision = decide(at(RestoreStepName.ENTER_MAINTENANCE, minutes)
                .mode("conditions: [{type: Ready, status: \"False\", reason: x, message: Pods are waited for.}]"));

        assertThat(decision).isInstanceOf(ends ? Fail.class : Watch.class);
        if (decision instanceof Fail fail) {
            assertThat(fail.why().reason()).isEqualTo(Reason.PAGE_NOT_READY.text());
            assertThat(fail.why().message())
                    .startsWith("There was no page after 10m.")
                    .contains("Pods are waited for.");
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 0, false", "11, 0, true", "11, 3600, false", "71, 3600, true"})
    void givenPodsThatDoNotEnd_whenTheirTimeIsUp_thenItFailsAndNamesThem(int minutes, int grace, boolean ends) {
        WorkloadSeen web = deployment("web", 0, "web-1", "web-2");
        ((ObjectNode) web.pods().getLast()).putObject("spec").put("terminationGracePeriodSeconds", grace);

        RestoreDecision decision =
                decide(at(RestoreStepName.STOP_WORKLOADS, minutes).workloads(web));

        assertThat(decision).isInstanceOf(ends ? Fail.class : Watch.class);
        if (decision instanceof Fail fail) {
            assertThat(fail.why().reason()).isEqualTo(Reason.WORKLOAD_RUNS_ON.text());
            assertThat(fail.why().message())
                    .contains("Pod web-1, web-2 of Deployment web still exist")
                    .contains("kubectl get pods --namespace shop");
        }
    }

    /** That they can't be listed must not hold up what needs none of them. */
    @ParameterizedTest
    @CsvSource({
        "StopWorkloads,  Running,    true",
        "StopWorkloads,  GivingBack, false",
        "RestoreCopy,    Running,    false",
        "Swap,           Running,    false",
        "StartWorkloads, Running,    false",
        "Swap,           GivingBack, false"
    })
    void givenAStep_thenAutoscalersAreLookedForOnlyWhereWorkloadsAreStopped(String step, String phase, boolean needed) {
        RestoreRequest request = Restores.with(
                Restores.request("a", "{policyRef: {name: nightly}}", ""),
                "{phase: " + phase + ", step: " + step
                        + ", workloads: [{kind: Deployment, name: web, uid: uid-web, replicas: 3, redone: 0}]}");

        assertThat(RestoreDecider.asksForAutoscalers(request)).isEqualTo(needed);
    }

    @ParameterizedTest
    @CsvSource({"9, false", "11, true"})
    void givenAWorkloadThatCanNotBeReadAnyMore_whenItsTimeIsUp_thenItFails(int minutes, boolean ends) {
        RestoreDecision decision = decide(at(RestoreStepName.STOP_WORKLOADS, minutes)
                .workloads(WorkloadSeen.unreadable(StoppableKind.DEPLOYMENT, "web", "no right")));

        assertThat(decision).isInstanceOf(ends ? Fail.class : Watch.class);
        if (decision instanceof Fail fail) {
            assertThat(fail.why().message())
                    .contains("Deployment web can't be read")
                    .contains("no right");
        }
    }

    /** An API server that is slow for a moment is no reason to give all of it up, though nothing was written down yet. */
    @ParameterizedTest
    @CsvSource({"0, false", "9, false", "11, true"})
    void givenAWorkloadThatCouldNotBeReadJustNow_thenItIsWaitedFor(int minutes, boolean ends) {
        Restores known = at(RestoreStepName.STOP_WORKLOADS, minutes)
                .workloads(WorkloadSeen.unanswered(StoppableKind.DEPLOYMENT, "worker", "etcd is slow"));

        assertThat(decide(known)).isInstanceOf(ends ? Fail.class : Watch.class);
    }
}

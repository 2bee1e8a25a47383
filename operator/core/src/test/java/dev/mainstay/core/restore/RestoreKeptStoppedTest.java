package dev.mainstay.core.restore;

import static dev.mainstay.core.workload.Workloads.cronJob;
import static dev.mainstay.core.workload.Workloads.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.application.HealthSample;
import dev.mainstay.core.application.ProbeAnswer;
import dev.mainstay.core.restore.RestoreDecision.ChangeWorkloads;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.Watch;
import dev.mainstay.core.workload.KeptStopped;
import dev.mainstay.core.workload.ScaleChange;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All was stopped first, by a MaintenanceMode, and then the database is restored: what the mode keeps stopped stays so. */
class RestoreKeptStoppedTest {

    private static final Instant NOW = Restores.NOW;
    private static final HealthSeen NO_POD = HealthSeen.asked(new HealthSample(List.of()));
    private static final StoppedWorkload WEB = line(StoppableKind.DEPLOYMENT, "web", 3, null);
    private static final StoppedWorkload REPORT = line(StoppableKind.CRON_JOB, "report", null, false);

    private static StoppedWorkload line(StoppableKind kind, String name, Integer replicas, Boolean suspend) {
        return new StoppedWorkload(kind, name, "uid-" + name, replicas, suspend, 0, null, null);
    }

    private static KeptStopped hard(StoppedWorkload... lines) {
        return new KeptStopped("hard", true, List.of(lines));
    }

    /** Its copy is in place, and what it has stopped itself is given back next. */
    private static RestoreRequest swapped(String workloads) {
        return Restores.with(Restores.request("a", "{policyRef: {name: nightly}}", ""), """
                {phase: Running, step: StartWorkloads,
                 claim: {application: shop, database: main, grantedAt: "%1$s"}, workloads: [%2$s],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"},
                 previous: {database: ecommerce_before_1},
                 steps: [{name: Swap, state: Done}, {name: StartWorkloads, state: Waiting},
                         {name: CheckHealth, state: Waiting}, {name: LeaveMaintenance, state: Waiting}]}
                """.formatted(NOW, workloads));
    }

    private static final String STOPPED =
            "{kind: Deployment, name: web, uid: uid-web, replicas: 3}, {kind: CronJob, name: report, uid: uid-report,"
                    + " suspend: false}";

    private static Restores known(RestoreRequest request) {
        return new Restores(request)
                .application(Serialization.unmarshal("""
                        metadata: {name: shop, namespace: shop, uid: uid-shop}
                        spec:
                          workloads: [{name: web}]
                          cronJobs: [report]
                          health: {workload: web, path: /healthz, port: http}
                          databases:
                            - name: main
                              postgres: {host: db, database: ecommerce, credentialsSecretRef: {name: r},
                                         adminSecretRef: {name: a}}
                        """, ManagedApplication.class))
                .workloads(deployment("web", 0), cronJob("report", true))
                .health(NO_POD);
    }

    /** Decides until it is over, or waits. */
    private static RestoreDecision end(RestoreRequest request, KeptStopped... modes) {
        RestoreDecision decision = null;
        for (int i = 0; i < 10 && !(decision instanceof End || decision instanceof Watch); i++) {
            decision = RestoreDecider.decide(known(request).elsewhere(modes).observation(), NOW);
            request.setStatus(RestoreStatusReport.of(request, decision, NOW));
        }
        return decision;
    }

    private static RestoreStep step(RestoreRequest request, RestoreStepName name) {
        return request.getStatus().step(name).orElseThrow();
    }

    @Test
    void givenAModeThatKeepsAllStopped_whenTheCopyIsInPlace_thenItSucceedsAndNamesTheMode() {
        RestoreRequest request = swapped(STOPPED);

        assertThat(end(request, hard(WEB, REPORT)))
                .asInstanceOf(type(End.class))
                .satisfies(end -> {
                    assertThat(end.outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
                    assertThat(end.message())
                            .startsWith("Database ecommerce is the one of 2026-03-29T02:00:00Z.")
                            .endsWith(
                                    "MaintenanceMode hard keeps Deployment web, CronJob report stopped: they start when the"
                                            + " mode ends.");
                });
        assertThat(step(request, RestoreStepName.START_WORKLOADS).message())
                .isEqualTo(
                        "MaintenanceMode hard keeps Deployment web, CronJob report stopped: they start when the mode ends.");
        assertThat(step(request, RestoreStepName.CHECK_HEALTH))
                .satisfies(line -> assertThat(line.state()).isEqualTo(RestoreStepState.SKIPPED))
                .satisfies(line -> assertThat(line.message())
                        .isEqualTo("MaintenanceMode hard keeps Deployment web stopped: it starts when the mode ends."
                                + " How healthy it is with this database shows then."));
    }

    @Test
    void givenAModeThatKeepsSomeStopped_whenWorkloadsAreStarted_thenTheOthersAreGivenBack() {
        RestoreRequest request = swapped(STOPPED);

        RestoreDecision first =
                RestoreDecider.decide(known(request).elsewhere(hard(WEB)).observation(), NOW);
        assertThat(first)
                .asInstanceOf(type(ChangeWorkloads.class))
                .satisfies(change -> assertThat(change.changes().stream().map(ScaleChange::seen))
                        .hasSize(1)
                        .allSatisfy(seen -> assertThat(seen.name()).isEqualTo("report")));

        assertThat(end(request, hard(WEB))).isInstanceOf(End.class);
        assertThat(step(request, RestoreStepName.START_WORKLOADS).message())
                .isEqualTo("MaintenanceMode hard keeps Deployment web stopped: it starts when the mode ends."
                        + " The others have back what they had.");
    }

    /** It waits for the restore, and the restore must not wait for it. */
    @Test
    void givenAModeThatIsToEnd_whenWorkloadsAreStarted_thenTheRestoreGivesBackWhatBothHaveStopped() {
        KeptStopped ending = new KeptStopped("hard", false, List.of(WEB, REPORT));

        RestoreDecision decision =
                RestoreDecider.decide(known(swapped(STOPPED)).elsewhere(ending).observation(), NOW);

        assertThat(decision)
                .asInstanceOf(type(ChangeWorkloads.class))
                .satisfies(change -> assertThat(change.changes()).hasSize(2));
    }

    @Test
    void givenARestoreThatHasStoppedNothing_whenAModeKeepsTheWorkloadOfHealthStopped_thenItSucceedsAndNamesTheMode() {
        assertThat(end(swapped(""), hard(WEB), new KeptStopped("night", true, List.of(WEB))))
                .asInstanceOf(type(End.class))
                .satisfies(end -> assertThat(end.message())
                        .endsWith("MaintenanceMode hard, night keep Deployment web stopped: it starts when these modes"
                                + " end."));
    }

    /** What runs, or should run, is asked. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, false"})
    void givenNobodyThatKeepsItStopped_whenNoPodIsReady_thenItIsWaitedFor(boolean named, boolean settled) {
        StoppedWorkload line = named ? WEB : REPORT;
        RestoreRequest request = swapped(
                settled ? STOPPED : "{kind: Deployment, name: web, uid: uid-web, replicas: 3, givenBack: true}");

        assertThat(end(request, hard(settled ? line.back() : line)))
                .asInstanceOf(type(Watch.class))
                .satisfies(watch -> assertThat(watch.message()).contains("no Pod of workload web is ready"));
    }

    @Test
    void givenAModeThatWasOverruled_whenAPodIsReady_thenItIsAsked() {
        RestoreRequest request = swapped(STOPPED);
        HealthSeen wrong = HealthSeen.asked(new HealthSample(List.of(new ProbeAnswer.Answered(503))));
        for (int i = 0; i < 2; i++) {
            RestoreDecision decision = RestoreDecider.decide(
                    known(request).elsewhere(hard(WEB, REPORT)).health(wrong).observation(), NOW);
            request.setStatus(RestoreStatusReport.of(request, decision, NOW));
        }
        assertThat(request.getStatus().conditions().toString()).contains("some answered [503]");
    }
}

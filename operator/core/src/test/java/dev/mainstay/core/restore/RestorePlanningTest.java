package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.RestoreStepState;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.MakeJob;
import dev.mainstay.core.restore.RestoreDecision.Planned;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.workload.WorkloadSeen;
import dev.mainstay.core.workload.Workloads;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the plan to the first step, or to the end: what stands in the way is told, and what it would cost too. */
class RestorePlanningTest {

    private static final Instant NOW = Restores.NOW;
    private static final String SOURCE = "{policyRef: {name: nightly}}";

    /** Before the plan's result is known. */
    private static RestoreRequest planning(String more) {
        return Restores.with(Restores.request("a", SOURCE, more), """
                {phase: Running, step: Plan, steps: [{name: Plan, state: Running}, {name: RestoreCopy, state: Waiting}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z",
                        writesLost: 13h22m}}
                """);
    }

    private static RestoreRequest after(RestoreRequest request, RestoreDecision decision) {
        request.setStatus(RestoreStatusReport.of(request, decision, NOW));
        return request;
    }

    private static RestoreReport.Facts facts(Finding... findings) {
        return new RestoreReport.Facts(
                "17.6", true, 48L << 20, 7, null, "17.6", 47L << 20, 9L << 20, findings.length, 0, List.of(findings));
    }

    private static Finding error() {
        return new Finding(Finding.Severity.ERROR, "rights", "PermissionDenied", "Run: GRANT a TO b;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dryRun: true"})
    void givenFindings_whenTheyKeepTheRestoreFromBeginning_thenItIsBlockedAndThePlanTellsAllOfThem(String more) {
        RestoreRequest request = planning("acceptUnknownFreeSpace: true\n  " + more);
        Planned planned = RestoreSteps.planned(request, facts(error()), List.of());

        RestoreRequestStatus status = after(request, planned).getStatus();

        assertThat(status.phase()).isEqualTo(RestorePhase.GIVING_BACK);
        assertThat(Conditions.find(status.conditions(), "Reconciling")
                        .orElseThrow()
                        .reason())
                .as("nothing was changed, so nothing is given back")
                .isEqualTo(Reason.PLANNING_RESTORE.text());
        assertThat(status.plan().findings()).containsExactly("rights: Run: GRANT a TO b;");
        assertThat(status.plan().databaseSize()).isEqualTo("48.0 MiB");
        assertThat(status.step(RestoreStepName.PLAN).orElseThrow().state()).isEqualTo(RestoreStepState.FAILED);
        End end = (End) RestoreDecider.decide(new Restores(request).observation(), NOW);
        assertThat(end.outcome()).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(end.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(end.message()).isEqualTo("rights: Run: GRANT a TO b; Nothing was changed.");
    }

    /** The way out that is named for a name in use must never be to drop what is in use. */
    @Test
    void givenTheNameOfTheDatabaseInUse_whenANewOneIsAskedFor_thenNothingIsBegun() {
        RestoreRequest request = Restores.request("a", SOURCE, "mode: NewDatabase\n  newDatabase: ecommerce");

        End end = (End) RestoreDecider.decide(new Restores(request).observation(), NOW);

        assertThat(end.outcome()).isEqualTo(RestoreOutcome.BLOCKED);
        assertThat(end.reason()).isEqualTo(Reason.DATABASE_EXISTS);
        assertThat(end.message())
                .startsWith("spec.newDatabase is ecommerce, which is the database in use: spec.databases[main] of")
                .doesNotContain("DROP");
    }

    @ParameterizedTest
    @CsvSource({"false, FreeSpaceUnknown", "true, "})
    void givenNobodyLookedAtTheDisk_whenPlanned_thenItIsBlocked(boolean accepted, String reason) {
        Planned planned = RestoreSteps.planned(planning("acceptUnknownFreeSpace: " + accepted), facts(), List.of());

        assertThat(Optional.ofNullable(planned.blocked()).map(failure -> failure.reason()))
                .isEqualTo(Optional.ofNullable(reason));
    }

    /** After hours of copying it would be found out just the same. */
    @ParameterizedTest
    @ValueSource(strings = {"", "dryRun: true"})
    void givenAWorkloadThatKedaScales_whenPlanned_thenItIsBlockedWithTheCommand(String more) {
        RestoreRequest request = planning("acceptUnknownFreeSpace: true\n  " + more);
        Planned planned = RestoreSteps.planned(
                request,
                facts(error()),
                new RestoreWorkloads(new Restores(request)
                                .workloads(Workloads.deployment("web", 3), Workloads.deployment("worker", 2))
                                .autoscalers(Workloads.scaledByKeda("web"))
                                .observation())
                        .refusals());

        assertThat(planned.blocked().reason()).isEqualTo("WorkloadUnsuitable");
        assertThat(planned.blocked().message())
                .startsWith(
                        "workloads: Deployment web is scaled by KEDA's ScaledObject web-so, which would start it again. Have"
                                + " KEDA stop it: kubectl annotate scaledobject web-so --namespace shop")
                .endsWith("And 1 more: see status.plan.findings.");
        assertThat(planned.findings()).hasSize(2);
    }

    /** What could not be read just now is read again when it is to be stopped; one that does not exist is not stopped. */
    @Test
    void givenAWorkloadThatCouldNotBeRead_whenPlanned_thenItIsBlockedOnlyWhereThatIsRefused() {
        RestoreRequest request = planning("acceptUnknownFreeSpace: true");

        assertThat(new RestoreWorkloads(new Restores(request)
                                .workloads(
                                        WorkloadSeen.unanswered(StoppableKind.DEPLOYMENT, "web", "etcd is slow"),
                                        WorkloadSeen.missing(StoppableKind.CRON_JOB, "nightly"))
                                .observation())
                        .refusals())
                .isEmpty();
        assertThat(new RestoreWorkloads(new Restores(request)
                                .workloads(WorkloadSeen.unreadable(StoppableKind.DEPLOYMENT, "web", "no right"))
                                .observation())
                        .refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FORBIDDEN));
    }

    @ParameterizedTest
    @CsvSource({"BeforeSwap, 1", "BeforeRestore, 1", "Never, 0"})
    void givenWhatIsToBeStopped_whenItIsPlanned_thenItIsLookedAt(String stop, int looked) {
        RestoreRequest request = planning("stopWorkloads: " + stop);

        assertThat(RestoreDecider.targets(request, Restores.application("host: db")))
                .hasSize(2 * looked);
        assertThat(RestoreDecider.asksForAutoscalers(request)).isEqualTo(looked == 1);
    }

    @Test
    void givenSeveralThings_whenPlanned_thenTheFirstIsToldAndHowManyMoreThereAre() {
        Planned planned = RestoreSteps.planned(planning(""), facts(error(), error()), List.of());

        assertThat(planned.blocked().message()).endsWith("And 2 more: see status.plan.findings.");
        assertThat(planned.findings()).hasSize(3);
    }

    @Test
    void givenADryRun_whenNothingIsInTheWay_thenItTellsTheCostAndHasSucceeded() {
        RestoreRequest request =
                Restores.with(Restores.request("a", SOURCE, "acceptUnknownFreeSpace: true\n  dryRun: true"), """
                {phase: Running, step: Plan, steps: [{name: Plan, state: Running}],
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z",
                        writesLost: 13h22m}}
                """);

        after(request, RestoreSteps.planned(request, facts(), List.of()));

        End end = (End) RestoreDecider.decide(new Restores(request).observation(), NOW);
        assertThat(end.outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(end.message()).contains("13h22m of writes").endsWith("Nothing was changed (spec.dryRun).");
    }

    /** No object tells of it: which moment it holds is read from its manifest. */
    @Test
    void givenAPathInTheBucket_whenPlanned_thenItsJobReadsThereAndTheManifestTellsTheMoment() {
        RestoreRequest request = Restores.request(
                "a",
                "{policyRef: {name: nightly}, path: old/shop/1}",
                "dryRun: true\n  stopWorkloads: Never\n  acceptUnknownFreeSpace: true");
        Restores restores = new Restores(request).policy("nightly", "applicationRef: {name: shop}");
        for (int pass = 0; pass < 2; pass++) {
            after(request, RestoreDecider.decide(restores.observation(), NOW));
        }
        Task task = ((MakeJob) RestoreDecider.decide(restores.observation(), NOW)).task();

        assertThat(task.path()).isEqualTo("old/shop/1/");
        assertThat(task.policyPath()).isEqualTo("old/shop/");
        assertThat(task.storage().bucket()).isEqualTo("b");
        assertThat(task.restore().copyIsKept()).isFalse();
        assertThat(task.origin().policy()).isEqualTo("nightly");
        assertThat(task.origin().backup()).isNull();
        assertThat(request.getStatus().plan().goesBackTo()).isNull();

        RestoreReport.Facts facts =
                new RestoreReport.Facts("17.6", true, 48L, 7, NOW.minusSeconds(3600), "17.6", 47L, 9L, 0, 0, List.of());
        RestorePlan plan = after(request, RestoreSteps.planned(request, facts, List.of()))
                .getStatus()
                .plan();
        assertThat(plan.goesBackTo()).isEqualTo(NOW.minusSeconds(3600));
        assertThat(plan.writesLost()).isEqualTo("1h");
        assertThat(plan.backup()).isNull();
    }

    /** Two servers may each have a database of that name; a dry run claims nothing that would tell which is meant. */
    @ParameterizedTest
    @CsvSource({"first, db-1", "second, db-2"})
    void givenTwoEntriesWithOneDatabaseName_whenADryRunLooks_thenItLooksAtTheOneThatIsNamed(String entry, String host) {
        RestoreRequest request =
                Restores.with(Restores.request("a", SOURCE, "dryRun: true\n  database: " + entry), """
                {phase: Running, step: Plan, steps: [{name: Plan, state: Running}],
                 task: {kind: restore-plan, number: 1, plannedAt: "2026-03-29T15:22:00Z"},
                 plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                        copy: ecommerce_restore_1, previous: ecommerce_before_1, goesBackTo: "2026-03-29T02:00:00Z"}}
                """);
        ManagedApplication two = Serialization.unmarshal("""
                metadata: {name: shop, namespace: shop, uid: uid-shop}
                spec:
                  databases:
                    - {name: first, postgres:
                        {host: db-1, database: ecommerce, credentialsSecretRef: {name: r}, adminSecretRef: {name: a}}}
                    - {name: second, postgres:
                        {host: db-2, database: ecommerce, credentialsSecretRef: {name: r}, adminSecretRef: {name: a}}}
                """, ManagedApplication.class);

        RestoreDecision decision = RestoreDecider.decide(
                new Restores(request)
                        .application(two)
                        .policy("nightly", "applicationRef: {name: shop}")
                        .observation(),
                NOW);

        assertThat(((RestoreDecision.MakeJob) decision).task().database().host())
                .isEqualTo(host);
    }

    @Test
    void givenAJobThatIsGone_thenItsStepIsNamedAndNoTask() {
        RestoreRequest request = Restores.with(
                planning(""),
                Serialization.asJson(planning("").getStatus())
                        .replaceFirst("\\{", "{\"task\":{\"kind\":\"restore-plan\",\"number\":1,\"job\":\"j\"},"));

        TaskView.Lost lost = (TaskView.Lost) TaskView.of(
                new Restores(request).observation(),
                TaskKind.RESTORE_PLAN,
                RestoreStepName.PLAN,
                Reason.PLANNING_RESTORE,
                false,
                NOW);

        assertThat(lost.why().message())
                .startsWith("The Job of step Plan is gone")
                .doesNotContain("restore-plan");
    }

    @Test
    void givenAKeptDatabaseWhoseSizeNobodyMayRead_whenSwapped_thenItIsToldAllTheSame() {
        RestoreRequest request = Restores.with(Restores.request("a", SOURCE, ""), """
                {phase: Running, step: Swap, claim: {application: shop, database: main},
                 plan: {database: ecommerce, copy: ecommerce_restore_1, previous: ecommerce_before_1},
                 steps: [{name: Swap, state: Running}, {name: StartWorkloads, state: Waiting}]}
                """);

        RestoreRequestStatus status = after(
                        request,
                        new RestoreDecision.Swapped(
                                new RestoreReport.Swap(RestoreReport.State.SWAPPED, NOW, 41L, 3, true, null)))
                .getStatus();

        assertThat(status.previous()).isEqualTo(new PreviousDatabase("ecommerce_before_1", null, NOW));
        assertThat(status.undoCommand()).contains("previousOf").contains("\"database\":\"main\"");
    }

    /** A Job of an earlier version may end when the operator is a newer one already. */
    @ParameterizedTest
    @CsvSource({", , false", ", 7, true", "false, , false", "true, , true", "true, 7, true"})
    void givenWhatASwapTells_thenItIsKnownWhetherADatabaseIsKept(Boolean kept, Long bytes, boolean keeps) {
        assertThat(new RestoreReport.Swap(RestoreReport.State.SWAPPED, NOW, 41L, 3, kept, bytes).keeps())
                .isEqualTo(keeps);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host: shop-db                                     | ''                   | true",
                "host: shop-db.shop.svc.cluster.local              | ''                   | true",
                "host: pooler, directHost: shop-db-0.shop-db.shop  | ''                   | true",
                "host: shop-db-rw                                  | ''                   | false",
                "host: db.example.org                              | ''                   | false",
                "host: 10.0.0.7                                    | ''                   | false",
                "host: shop-db                                     | stopWorkloads: Never | false"
            })
    void givenTheServerAmongTheWorkloads_whenTheyWouldBeStopped_thenItIsBlockedBeforeAnythingIsDone(
            String server, String more, boolean blocked) {
        RestoreRequest request = Restores.request("a", SOURCE, more);

        RestoreDecision decision = RestoreDecider.decide(
                new Restores(request).application(Restores.application(server)).observation(), NOW);

        if (blocked) {
            assertThat(((End) decision).reason()).isEqualTo(Reason.WORKLOAD_UNSUITABLE);
            assertThat(((End) decision).message()).contains("Workload shop-db").contains("spec.workloads");
        } else {
            assertThat(decision).isInstanceOf(RestoreDecision.Mark.class);
        }
    }

    @Test
    void givenARestoreThatWasGivenUp_whenItTurnsOutToBeSwapped_thenWhatComesAfterASwapIsStillDone() {
        RestoreRequest request = Restores.with(Restores.request("a", SOURCE, ""), """
                {phase: GivingBack, step: Swap, failure: {reason: Cancelled, message: x},
                 plan: {database: ecommerce, copy: ecommerce_restore_1, previous: ecommerce_before_1},
                 steps: [{name: StopWorkloads, state: Skipped}, {name: Swap, state: Failed},
                         {name: StartWorkloads, state: Skipped}, {name: LeaveMaintenance, state: Skipped}]}
                """);

        RestoreRequestStatus status = after(
                        request,
                        new RestoreDecision.Swapped(
                                new RestoreReport.Swap(RestoreReport.State.SWAPPED, NOW, 41L, 3, true, 48L << 20)))
                .getStatus();

        assertThat(status.phase()).isEqualTo(RestorePhase.RUNNING);
        assertThat(status.failure()).isNull();
        assertThat(status.steps().stream().map(line -> line.name() + " " + line.state()))
                .containsExactly(
                        "STOP_WORKLOADS SKIPPED", "SWAP DONE", "START_WORKLOADS WAITING", "LEAVE_MAINTENANCE WAITING");
        assertThat(status.step()).isEqualTo(RestoreStepName.START_WORKLOADS);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 237, 238, 239, 240, 241, 255, 256})
    void givenALongReason_whenTheModeIsMade_thenItIsCutBetweenCharacters(int length) {
        RestoreRequest request = Restores.saying("x".repeat(length % 2) + "🛒".repeat(length / 2));

        String told = RestoreMaintenance.mode(request).getSpec().reason();

        assertThat(told.length()).isLessThanOrEqualTo(256);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(told)).isTrue();
    }

    /** Half a command, pasted at night, does something that nobody has meant. */
    @ParameterizedTest
    @CsvSource({"1, true", "20, true", "64, false"})
    void givenManyWorkloads_whenTheyAreStopped_thenTheCommandIsWholeOrItIsToldWhereToLook(int count, boolean whole) {
        RestoreRequest request = Restores.with(
                Restores.request("a", SOURCE, ""),
                "{phase: Running, step: StopWorkloads, steps: [{name: StopWorkloads, state: Running}]}");
        List<StoppedWorkload> lines = IntStream.range(0, count)
                .mapToObj(number -> new StoppedWorkload(
                        StoppableKind.DEPLOYMENT, "workload-" + number, "uid", 3, null, null, null, null))
                .toList();

        RestoreRequestStatus status =
                after(request, new RestoreDecision.SaveWorkloads(lines)).getStatus();

        String message =
                status.step(RestoreStepName.STOP_WORKLOADS).orElseThrow().message();
        if (whole) {
            assertThat(status.undoCommand().split(" && ")).hasSize(count).allMatch(line -> line.endsWith(" shop"));
            assertThat(message).doesNotContain("too long");
        } else {
            assertThat(status.undoCommand()).isNull();
            assertThat(message).contains("too long").contains("status.workloads");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void givenALongFinding_whenItIsWrittenDown_thenItIsCutBetweenCharacters(int before) {
        RestoreRequest request = planning("acceptUnknownFreeSpace: true");
        Finding finding = new Finding(Finding.Severity.WARNING, "x".repeat(1 + before), null, "🛒".repeat(300));

        String told = after(request, RestoreSteps.planned(request, facts(finding), List.of()))
                .getStatus()
                .plan()
                .findings()
                .getFirst();

        assertThat(told).hasSizeBetween(511, 512).endsWith("…");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(told)).isTrue();
    }
}

package dev.mainstay.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.restore.RestoreDecision.Begin;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.MakeJob;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A restore into the database itself, which is empty. */
class IntoEmptyTest {

    private static final String SOURCE = "{policyRef: {name: nightly}}";
    private static final String PLAN = """
            plan: {backup: last, policy: nightly, location: "s3://b/last/", database: ecommerce,
                   goesBackTo: "2026-03-29T02:00:00Z"},
            claim: {application: shop, database: main, grantedAt: "2026-03-29T15:00:00Z"}""";
    private static final String STEPS = """
            steps: [{name: Plan, state: Done}, {name: EnterMaintenance, state: Done}, {name: StopWorkloads, state: Done},
                    {name: RestoreIntoEmpty, state: %s, startedAt: "2026-03-29T15:20:00Z"},
                    {name: StartWorkloads, state: %s}]""";

    private static RestoreRequest asked(String more) {
        return Restores.request("a", SOURCE, "mode: IntoEmpty\n  acceptUnknownFreeSpace: true\n  " + more);
    }

    /** Its Job of that kind is still to be made. */
    private static RestoreRequest filling(String phase, TaskKind kind) {
        return Restores.with(
                asked(""),
                "{phase: " + phase + ", step: RestoreIntoEmpty, " + PLAN + ", "
                        + STEPS.formatted(
                                phase.equals("Running") ? "Running" : "Failed",
                                phase.equals("Running") ? "Waiting" : "Skipped")
                        + (phase.equals("Running") ? "" : ", failure: {reason: RestoreFailed, message: It broke.}")
                        + ", task: {kind: " + kind.text() + ", number: 1}}");
    }

    private static Restores shop(RestoreRequest request) {
        return new Restores(request)
                .policy("nightly", "applicationRef: {name: shop}")
                .good("last", "2026-03-29T02:00:00Z");
    }

    private static RestoreRequestStatus after(RestoreRequest request, Restores shop) {
        RestoreDecision decision = RestoreDecider.decide(shop.observation(), Restores.NOW);
        request.setStatus(RestoreStatusReport.of(request, decision, Restores.NOW));
        return request.getStatus();
    }

    private static RestoreRequestStatus told(RestoreRequest request, TaskResult result) {
        JobObservation job = Interrupted.job(request, Interrupted.pod(TaskJson.write(result), true), true);
        return after(request, shop(request).jobs(Map.of(job.name(), job)));
    }

    private static TaskResult settled(RestoreReport.State state, String left) {
        return TaskResult.of(
                TaskKind.RESTORE_SETTLE,
                new RestoreReport(null, null, new RestoreReport.Swap(state, null, null, null, false, null, left)));
    }

    @ParameterizedTest
    @CsvSource({"BeforeSwap, false", "BeforeRestore, false", "Never, false", "BeforeSwap, true"})
    void givenARequest_whenItBegins_thenWhatUsesTheDatabaseIsStoppedBeforeItIsFilled(String stop, boolean dry) {
        RestoreRequest request = Restores.with(
                asked("stopWorkloads: " + stop + "\n  dryRun: " + dry),
                "{" + PLAN.substring(PLAN.indexOf("claim")) + "}");
        Begin begin = (Begin) RestoreDecider.decide(
                shop(request)
                        .application(Restores.application("host: db.elsewhere"))
                        .observation(),
                Restores.NOW);

        RestorePlan plan = begin.plan();
        assertThat(begin.steps())
                .isEqualTo(
                        dry
                                ? List.of(RestoreStepName.PLAN)
                                : List.of(
                                        RestoreStepName.PLAN,
                                        RestoreStepName.ENTER_MAINTENANCE,
                                        RestoreStepName.STOP_WORKLOADS,
                                        RestoreStepName.RESTORE_INTO_EMPTY,
                                        RestoreStepName.START_WORKLOADS,
                                        RestoreStepName.CHECK_HEALTH,
                                        RestoreStepName.LEAVE_MAINTENANCE));
        assertThat(plan.copy()).isNull();
        assertThat(plan.previous()).isNull();
        assertThat(plan.writesLost()).isNull();
        assertThat(plan.goesBackTo()).isEqualTo("2026-03-29T02:00:00Z");
    }

    @Test
    void givenTheServerOfTheDatabaseIsAmongTheWorkloads_whenItBegins_thenItIsBlocked() {
        RestoreRequest request = Restores.with(asked(""), "{}");

        End end = (End) RestoreDecider.decide(shop(request).observation(), Restores.NOW);

        assertThat(end.reason()).isEqualTo(Reason.WORKLOAD_UNSUITABLE);
    }

    @Test
    void givenItsTurn_whenItsJobIsMade_thenItFillsTheDatabaseItselfAndReadsTheBackup() {
        RestoreRequest request = filling("Running", TaskKind.RESTORE_INTO_EMPTY);
        Task task = ((MakeJob) RestoreDecider.decide(shop(request).observation(), Restores.NOW)).task();

        assertThat(task.restore().intoEmpty()).isTrue();
        assertThat(task.restore().copy()).isEqualTo("ecommerce");
        assertThat(task.restore().previous()).isNull();
        assertThat(task.path()).isEqualTo("last/");
        assertThat(task.storage()).isNotNull();
        assertThat(task.timeoutSeconds()).isEqualTo(Duration.ofHours(6).toSeconds());
    }

    @Test
    void givenItWasFilled_whenToldSo_thenTheApplicationIsStartedAndNothingIsKept() {
        RestoreRequest request = filling("Running", TaskKind.RESTORE_INTO_EMPTY);
        RestoreRequestStatus status = told(
                request,
                TaskResult.of(
                        TaskKind.RESTORE_INTO_EMPTY,
                        new RestoreReport(null, new RestoreReport.Copy(90, 3, 12, true, List.of(), 0, 4), null)));

        assertThat(status.step()).isEqualTo(RestoreStepName.START_WORKLOADS);
        assertThat(status.restored().rows()).isEqualTo(12);
        assertThat(status.previous()).isNull();
        assertThat(status.undoCommand()).isNull();
    }

    /** Whatever the Job says: whether its transaction was committed is looked at before anybody is let back. */
    @ParameterizedTest
    @CsvSource({"VerificationFailed", "DatabaseNotEmpty", "ConnectionFailed", "Cancelled"})
    void givenItFailed_whenThingsAreGivenBack_thenItIsLookedAtFirstHowTheDatabaseStands(String reason) {
        RestoreRequest request = filling("Running", TaskKind.RESTORE_INTO_EMPTY);
        if (reason.equals("Cancelled")) {
            Interrupted.cancelled(request);
        }
        TaskResult result = new TaskResult(
                Task.CONTRACT_VERSION,
                TaskKind.RESTORE_INTO_EMPTY,
                TaskResult.Outcome.FAILED,
                reason,
                "It could not be done.",
                List.of(),
                null);

        assertThat(told(request, result).phase()).isEqualTo(RestorePhase.GIVING_BACK);
        RestoreRequestStatus next = after(request, shop(request));
        assertThat(next.task().kind()).isEqualTo("restore-settle");
        MakeJob make = (MakeJob) RestoreDecider.decide(shop(request).observation(), Restores.NOW);
        assertThat(make.task().restore().intoEmpty()).isTrue();
        assertThat(make.task().storage()).isNull();
    }

    @Test
    void givenALookFindsItFilled_whenItHadFailed_thenTheRestoreGoesOn() {
        RestoreRequest request = filling("GivingBack", TaskKind.RESTORE_SETTLE);

        RestoreRequestStatus status = told(request, settled(RestoreReport.State.SWAPPED, null));

        assertThat(status.phase()).isEqualTo(RestorePhase.RUNNING);
        assertThat(status.failure()).isNull();
        assertThat(status.previous()).isNull();
        assertThat(status.step()).isEqualTo(RestoreStepName.START_WORKLOADS);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, It broke. Nothing was restored into database ecommerce: it is as it was before.",
                "It has table a.b., It broke. It has table a.b."
            })
    void givenALookFindsItNotFilled_whenItEnds_thenItSaysWhatTheDatabaseHolds(String left, String said) {
        RestoreRequest request = filling("GivingBack", TaskKind.RESTORE_SETTLE);

        RestoreRequestStatus status = told(request, settled(RestoreReport.State.NOT_SWAPPED, left));

        assertThat(status.outcome()).isEqualTo(RestoreOutcome.FAILED);
        assertThat(status.conditions().getFirst().message()).isEqualTo(said);
    }

    @Test
    void givenItIsCancelledBeforeItsJob_whenDecided_thenNobodyHasToLook() {
        RestoreRequest request = Interrupted.cancelled(Restores.with(
                asked(""),
                "{phase: Running, step: RestoreIntoEmpty, " + PLAN + ", " + STEPS.formatted("Waiting", "Waiting")
                        + "}"));

        after(request, shop(request));
        RestoreRequestStatus status = after(request, shop(request));

        assertThat(status.outcome()).isEqualTo(RestoreOutcome.CANCELLED);
        assertThat(status.conditions().getFirst().message())
                .contains("Nothing was restored into database ecommerce: it is as it was before.");
    }

    @Test
    void givenNobodyCanLook_whenItIsReleasedByForce_thenItIsToldHowToFindOut() {
        assertThat(RestoreRefusal.leftBehind(filling("Running", TaskKind.RESTORE_INTO_EMPTY)))
                .contains("as it was before, or holds all of the backup", "when its comment names uid uid-a")
                .doesNotContain("ALLOW_CONNECTIONS", "DROP");
    }
}

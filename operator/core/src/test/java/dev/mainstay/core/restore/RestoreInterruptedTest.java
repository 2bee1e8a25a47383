package dev.mainstay.core.restore;

import static dev.mainstay.core.restore.Interrupted.COPYING;
import static dev.mainstay.core.restore.Interrupted.NOW;
import static dev.mainstay.core.restore.Interrupted.SWAPPING;
import static dev.mainstay.core.restore.Interrupted.at;
import static dev.mainstay.core.restore.Interrupted.cancelled;
import static dev.mainstay.core.restore.Interrupted.copying;
import static dev.mainstay.core.restore.Interrupted.ended;
import static dev.mainstay.core.restore.Interrupted.job;
import static dev.mainstay.core.restore.Interrupted.planned;
import static dev.mainstay.core.restore.Interrupted.policy;
import static dev.mainstay.core.restore.Interrupted.seen;
import static dev.mainstay.core.restore.Interrupted.swapping;
import static dev.mainstay.core.restore.Interrupted.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreTaskState;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a restore whose Jobs are drained, lost or kept out. */
class RestoreInterruptedTest {

    @ParameterizedTest
    @EnumSource(names = {"RESTORE_PLAN", "RESTORE_COPY"})
    void givenAJobThatWasDrained_whenNobodyCancelledTheRestore_thenItIsMadeAgain(TaskKind kind) {
        RestoreRequest request = kind == TaskKind.RESTORE_PLAN
                ? at("Running", "steps: [{name: Plan, state: Running}, {name: RestoreCopy, state: Waiting}]", kind, 1)
                : copying();

        RestoreDecision decision = RestoreDecider.decide(told(request, Reason.CANCELLED), NOW);

        assertThat(decision).isInstanceOf(RestoreDecision.Intend.class);
        assertThat(((RestoreDecision.Intend) decision).task().kind()).isEqualTo(kind.text());
        assertThat(((RestoreDecision.Intend) decision).task().number()).isEqualTo(2);
    }

    @Test
    void givenASwapThatWasDrained_whenItIsSettled_thenItHasFailedAndWasNotCancelled() {
        RestoreRequest request = swapping();

        RestoreDecision decision = RestoreDecider.decide(told(request, Reason.CANCELLED), NOW);

        assertThat(((RestoreDecision.Intend) decision).task().kind()).isEqualTo(TaskKind.RESTORE_SETTLE.text());
        assertThat(RestoreStatusReport.of(request, decision, NOW).failure().reason())
                .isEqualTo(Reason.POD_FAILED.text());
    }

    @Test
    void givenADrainedJobOfACancelledRestore_thenItIsCancelledWithTheWordsOfThePerson() {
        RestoreDecision decision = RestoreDecider.decide(told(cancelled(copying()), Reason.CANCELLED), NOW);

        assertThat(((RestoreDecision.Fail) decision).why().message()).contains("wrong backup");
    }

    @ParameterizedTest
    @EnumSource(names = {"RESTORE_PLAN", "RESTORE_COPY", "RESTORE_SWAP"})
    void givenADatabaseThatADeadSessionHolds_whenThereIsTime_thenTheTaskIsTriedAgain(TaskKind kind) {
        RestoreRequest request = at(
                "Running",
                switch (kind) {
                    case RESTORE_PLAN -> "steps: [{name: Plan, state: Running, startedAt: \"2026-03-29T15:00:00Z\"}]";
                    case RESTORE_COPY -> COPYING.formatted("Running");
                    default -> SWAPPING.formatted("Running").replace("T15:00", "T15:20");
                },
                kind,
                7);

        RestoreDecision decision = RestoreDecider.decide(told(request, Reason.ANOTHER_RUNNER), NOW);

        assertThat(((RestoreDecision.Intend) decision).task().kind()).isEqualTo(kind.text());
        assertThat(((RestoreDecision.Intend) decision).task().number()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({"RESTORE_SWAP, Running", "RESTORE_SETTLE, Running", "RESTORE_SETTLE, GivingBack"})
    void givenAPolicyThatIsGone_whenItIsNotRead_thenItIsNotNeeded(TaskKind kind, String phase) {
        RestoreRequest request =
                planned(phase, SWAPPING.formatted(phase.equals("Running") ? "Running" : "Failed"), kind);

        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW))
                .isInstanceOf(RestoreDecision.MakeJob.class);
    }

    @Test
    void givenACancellationBetweenPlanAndCopy_thenThereIsNothingToSettle() {
        RestoreRequest request = cancelled(at("Running", COPYING.formatted("Waiting"), TaskKind.RESTORE_PLAN, 1));

        RestoreDecision decision = RestoreDecider.decide(new Restores(request).observation(), NOW);
        assertThat(decision).isInstanceOf(RestoreDecision.Fail.class);

        request.setStatus(RestoreStatusReport.of(request, decision, NOW));
        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW))
                .isInstanceOf(RestoreDecision.End.class);
    }

    @Test
    void givenAFinalizerThatWasTakenOff_whenTheRestoreStillRuns_thenItIsMarkedAgain() {
        RestoreRequest request = copying();
        request.getMetadata().setFinalizers(List.of());

        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW))
                .isInstanceOf(RestoreDecision.Mark.class);

        request.getMetadata().setDeletionTimestamp(NOW.toString());
        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW))
                .isNotInstanceOf(RestoreDecision.Mark.class);
    }

    /** The Job is one that takes no other's place yet, so that its Pod may begin at any time. */
    @ParameterizedTest
    @EnumSource(names = {"RESTORE_PLAN", "RESTORE_COPY", "RESTORE_SWAP"})
    void givenAJobThatNeverBegan_whenAnotherIsToTakeItsPlace_thenItIsEndedFirst(TaskKind kind) {
        RestoreRequest request = kind == TaskKind.RESTORE_SWAP
                ? swapping()
                : kind == TaskKind.RESTORE_COPY
                        ? copying()
                        : at(
                                "Running",
                                "steps: [{name: Plan, state: Running}, {name: RestoreCopy, state: Waiting}]",
                                kind,
                                1);
        PodObservation waiting =
                new PodObservation("a-pod", null, null, null, false, null, null, "0/3 nodes.", null, null);
        JobObservation job = job(request, waiting, false);

        assertThat(RestoreDecider.decide(seen(request, job), NOW.plusSeconds(700)))
                .isEqualTo(new RestoreDecision.EndJob(job.name()));
        assertThat(RestoreDecider.decide(seen(request, ended(job)), NOW.plusSeconds(700)))
                .isInstanceOf(RestoreDecision.Intend.class);
    }

    /** What keeps a swap safe then is the lock of its session: whoever settles has to wait for it. */
    @ParameterizedTest
    @CsvSource({
        "RESTORE_COPY, 0,  false",
        "RESTORE_COPY, 59, false",
        "RESTORE_COPY, 61, true",
        "RESTORE_SWAP, 59, false",
        "RESTORE_SWAP, 61, true"
    })
    void givenAPodWhoseDeletionDoesNotEnd_whenItsTimeIsOver_thenItIsLostAndItsNodeIsNamed(
            TaskKind kind, int seconds, boolean lost) {
        RestoreRequest request = kind == TaskKind.RESTORE_COPY ? copying() : swapping();
        PodObservation pod =
                new PodObservation("a-pod", NOW, "node-7", NOW.minusSeconds(600), false, null, null, null, null, null);

        RestoreDecision decision =
                RestoreDecider.decide(seen(request, job(request, pod, false)), NOW.plusSeconds(seconds));

        if (lost) {
            assertThat(decision).isInstanceOf(RestoreDecision.EndJob.class);
            RestoreDecision.Intend next = (RestoreDecision.Intend)
                    RestoreDecider.decide(seen(request, ended(job(request, pod, false))), NOW.plusSeconds(seconds));
            assertThat(next.message()).contains("Pod a-pod").contains("node-7");
            assertThat(next.task().kind())
                    .isEqualTo((kind == TaskKind.RESTORE_COPY ? kind : TaskKind.RESTORE_SETTLE).text());
        } else {
            assertThat(decision).isInstanceOf(RestoreDecision.Watch.class);
        }
    }

    /** Three Pods may be lost, however often it was kept out between. */
    @ParameterizedTest
    @CsvSource({"9, 0, true", "9, 1, true", "3, 2, false"})
    void givenATaskThatIsLost_whenItWasTriedBefore_thenThoseThatWereLostCount(int number, int lost, boolean again) {
        RestoreRequest request = at("Running", COPYING.formatted("Running"), TaskKind.RESTORE_COPY, number);
        RestoreTaskState task = request.getStatus().task();
        Restores.with(
                request,
                TaskJson.write(request.getStatus())
                        .replace("\"number\":" + number + ",\"lost\":0", "\"number\":" + number + ",\"lost\":" + lost));

        RestoreDecision decision = RestoreDecider.decide(new Restores(request).observation(), NOW);

        assertThat(task.lost()).isZero();
        assertThat(decision instanceof RestoreDecision.Intend).isEqualTo(again);
        if (decision instanceof RestoreDecision.Intend next) {
            assertThat(next.task().lost()).isEqualTo(lost + 1);
        }
        assertThat(decision instanceof RestoreDecision.Fail).isEqualTo(!again);
    }

    @Test
    void givenADatabaseThatADeadSessionHolds_whenTheTimeIsOver_thenTheRestoreHasFailed() {
        RestoreDecision copy =
                RestoreDecider.decide(told(copying(), Reason.ANOTHER_RUNNER), NOW.plus(Duration.ofHours(6)));

        assertThat(((RestoreDecision.Fail) copy).why().reason()).isEqualTo(Reason.ANOTHER_RUNNER.text());
    }

    @ParameterizedTest
    @CsvSource({"1, 15", "2, 30", "3, 60", "4, 120", "5, 120", "60, 120"})
    void givenATry_whenItHasFailed_thenTheNextOneWaitsLonger(int number, int seconds) {
        assertThat(TaskRetry.delay(number)).isEqualTo(Duration.ofSeconds(seconds));

        RestoreRequest request = at("Running", COPYING.formatted("Running"), TaskKind.RESTORE_COPY, number);
        RestoreDecision later = RestoreDecider.decide(told(request, Reason.ANOTHER_RUNNER), NOW);
        request.setStatus(RestoreStatusReport.of(request, later, NOW));

        assertThat(RestoreDecider.decide(policy(request), NOW.plusSeconds(seconds - 1)))
                .isEqualTo(new RestoreDecision.Rest(Duration.ofSeconds(1)));
        assertThat(RestoreDecider.decide(policy(request), NOW.plusSeconds(seconds)))
                .isInstanceOf(RestoreDecision.MakeJob.class);
        assertThat(request.getStatus().conditions().getFirst().message()).contains("starts at");
    }
}

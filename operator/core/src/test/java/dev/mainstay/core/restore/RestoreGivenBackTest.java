package dev.mainstay.core.restore;

import static dev.mainstay.core.restore.Interrupted.COPYING;
import static dev.mainstay.core.restore.Interrupted.NOW;
import static dev.mainstay.core.restore.Interrupted.SWAPPING;
import static dev.mainstay.core.restore.Interrupted.at;
import static dev.mainstay.core.restore.Interrupted.cancelled;
import static dev.mainstay.core.restore.Interrupted.copying;
import static dev.mainstay.core.restore.Interrupted.job;
import static dev.mainstay.core.restore.Interrupted.planned;
import static dev.mainstay.core.restore.Interrupted.pod;
import static dev.mainstay.core.restore.Interrupted.swapping;
import static dev.mainstay.core.restore.Interrupted.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.MaintenanceModeStatus;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore gives back that has failed or is to end, and in which order; whatever of its surroundings is gone. */
class RestoreGivenBackTest {

    private static final String DROP = "DROP DATABASE \"ecommerce_restore_1\";";
    private static final String OPEN = "ALTER DATABASE \"ecommerce\" ALLOW_CONNECTIONS true;";
    private static final String STOPPED = "{kind: Deployment, name: web, uid: u, replicas: 3}";

    /** What is decided, one after the other, until it ends, a Job is made, or it only waits. */
    private static List<RestoreDecision> course(RestoreRequest request, UnaryOperator<Restores> seen) {
        List<RestoreDecision> course = new ArrayList<>();
        Instant now = NOW;
        RestoreDecision last = null;
        while (course.size() < 20
                && !(last instanceof End
                        || last instanceof RestoreDecision.MakeJob
                        || last instanceof RestoreDecision.Wait)) {
            last = RestoreDecider.decide(seen.apply(new Restores(request)).observation(), now);
            request.setStatus(RestoreStatusReport.of(request, last, now));
            course.add(last);
            now = now.plus(Duration.ofMinutes(3));
        }
        return course;
    }

    private static RestoreRequest deleted(RestoreRequest request) {
        request.getMetadata().setDeletionTimestamp(NOW.toString());
        return request;
    }

    private static RestoreRequest unreadable(RestoreRequest request) {
        request.setSpec(null);
        request.markUnreadableSpec("spec.mode is what nobody knows");
        return request;
    }

    private static RestoreRequest stopped(RestoreRequest request) {
        String status = TaskJson.write(request.getStatus());
        return Restores.with(request, status.replace("\"workloads\":[]", "\"workloads\":[" + STOPPED + "]"));
    }

    /** Its settling has told that the copy has not taken the place, and is left over. */
    private static UnaryOperator<Restores> leftOver(RestoreRequest request) {
        RestoreReport.Swap swap =
                new RestoreReport.Swap(RestoreReport.State.NOT_SWAPPED, null, null, null, false, null, DROP);
        TaskResult result = TaskResult.of(TaskKind.RESTORE_SETTLE, new RestoreReport(null, null, swap));
        JobObservation job = job(request, pod(TaskJson.write(result), true), true);
        return shop -> shop.jobs(Map.of(job.name(), job));
    }

    @Test
    void givenACopyThatHasFailed_whenThingsAreGivenBack_thenTheApplicationDoesNotWaitForTheServer() {
        RestoreRequest request = stopped(planned("GivingBack", COPYING.formatted("Failed"), TaskKind.RESTORE_COPY));
        RestoreDecision first = RestoreDecider.decide(new Restores(request).observation(), NOW);

        assertThat(first).isInstanceOf(RestoreDecision.ChangeWorkloads.class);
    }

    @Test
    void givenASwapThatWasBegun_whenThingsAreGivenBack_thenTheServerIsAskedFirst() {
        RestoreRequest request = stopped(planned("GivingBack", SWAPPING.formatted("Failed"), TaskKind.RESTORE_SETTLE));

        assertThat(course(request, shop -> shop).getLast()).isInstanceOf(RestoreDecision.MakeJob.class);
        assertThat(request.getStatus().workloads().getFirst().settled()).isFalse();
    }

    @Test
    void givenAPageThatIsShown_whenTheCopyHasFailed_thenItIsEndedBeforeTheCopyIsDropped() {
        RestoreRequest request = at(
                "GivingBack",
                "steps: [{name: EnterMaintenance, state: Done}, {name: RestoreCopy, state: Failed}]",
                TaskKind.RESTORE_COPY,
                1);
        MaintenanceMode mode = RestoreMaintenance.mode(request);

        assertThat(RestoreDecider.decide(new Restores(request).mode(mode).observation(), NOW))
                .isInstanceOf(RestoreDecision.EndMode.class);

        mode.getMetadata().setDeletionTimestamp(NOW.toString());
        assertThat(course(request, shop -> shop.mode(mode)).getLast()).isInstanceOf(RestoreDecision.MakeJob.class);
    }

    /** The mode holds what it works on itself, and goes on when somebody has mended what it says. */
    @ParameterizedTest
    @CsvSource({"'False', false", "'True', true"})
    void givenAPageThatCannotEnd_whenTheRestIsGivenBack_thenTheRestoreEndsAndSaysSo(String stalled, boolean ends) {
        RestoreRequest request = at(
                "GivingBack",
                "steps: [{name: EnterMaintenance, state: Failed}, {name: RestoreCopy, state: Waiting}]",
                null,
                1);
        MaintenanceMode mode = RestoreMaintenance.mode(request);
        mode.getMetadata().setDeletionTimestamp(NOW.toString());
        mode.setStatus(Serialization.unmarshal("""
                conditions: [{type: Stalled, status: "%1$s", reason: Rejected, message: x},
                             {type: Ready, status: "False", reason: Rejected, message: Service web is refused.}]
                """.formatted(stalled), MaintenanceModeStatus.class));

        RestoreDecision decision =
                RestoreDecider.decide(new Restores(request).mode(mode).observation(), NOW);

        if (ends) {
            assertThat(((End) decision).outcome()).isEqualTo(RestoreOutcome.FAILED);
            assertThat(((End) decision).message())
                    .startsWith("It broke.")
                    .contains("MaintenanceMode " + mode.getMetadata().getName(), "Service web is refused.")
                    .doesNotEndWith("as soon as it can.");
        } else {
            assertThat(decision).isInstanceOf(RestoreDecision.Watch.class);
        }
    }

    /** Its steps were not waited for, and what they would have done was done all the same. */
    @ParameterizedTest
    @CsvSource({
        "Done,    true,  false, Done,    'MaintenanceMode NAME is gone.', Done",
        "Failed,  false, false, Done,    'MaintenanceMode NAME is gone.', Skipped",
        "Done,    true,  true,  Failed,  'MaintenanceMode NAME is told to end, and is there still: Service web is"
                + " refused.', Done",
        "Skipped, true,  false, Skipped, , Done"
    })
    void givenARestoreThatWasCancelled_whenItIsOver_thenItsStepsTellWhatBecameOfPageAndWorkloads(
            String entered, boolean stops, boolean stays, String left, String told, String started) {
        RestoreRequest request = at(
                "GivingBack", """
                steps: [{name: EnterMaintenance, state: %s, startedAt: %s}, {name: StopWorkloads, state: Failed},
                        {name: Swap, state: Skipped}, {name: StartWorkloads, state: Skipped},
                        {name: LeaveMaintenance, state: Skipped}]
                """.formatted(entered, entered.equals("Skipped") ? "null" : "\"" + NOW + "\""), null, 1);
        MaintenanceMode mode = RestoreMaintenance.mode(request);
        mode.getMetadata().setDeletionTimestamp(NOW.toString());
        mode.setStatus(Serialization.unmarshal("""
                conditions: [{type: Stalled, status: "True", reason: Rejected, message: x},
                             {type: Ready, status: "False", reason: Rejected, message: Service web is refused.}]
                """, MaintenanceModeStatus.class));

        course(stops ? stopped(request) : request, shop -> stays ? shop.mode(mode) : shop);

        RestoreStep page =
                request.getStatus().step(RestoreStepName.LEAVE_MAINTENANCE).orElseThrow();
        assertThat(page.state().text()).isEqualTo(left);
        assertThat(page.message())
                .isEqualTo(
                        told == null
                                ? null
                                : told.replace("NAME", mode.getMetadata().getName()));
        RestoreStep workloads =
                request.getStatus().step(RestoreStepName.START_WORKLOADS).orElseThrow();
        assertThat(workloads.state().text()).isEqualTo(started);
        assertThat(workloads.message()).isEqualTo(stops ? "They have back what they had." : null);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "4, false", "5, true"})
    void givenAServerThatDoesNotAnswer_whenOnlyACopyIsLeft_thenItIsTriedAFewTimesAndToldThen(int number, boolean ends) {
        RestoreRequest request = at("GivingBack", COPYING.formatted("Failed"), TaskKind.RESTORE_SETTLE, number);

        RestoreDecision decision = RestoreDecider.decide(told(request, Reason.CONNECTION_FAILED), NOW);

        if (ends) {
            assertThat(((End) decision).outcome()).isEqualTo(RestoreOutcome.FAILED);
            assertThat(((End) decision).reason()).isEqualTo(Reason.RESTORE_FAILED);
            assertThat(((End) decision).message()).startsWith("It broke.").contains(DROP);
        } else {
            assertThat(((RestoreDecision.Intend) decision).task().plannedAt()).isAfter(NOW);
            assertThat(((RestoreDecision.Intend) decision).stuck()).isFalse();
        }
    }

    @Test
    void givenASwapOfWhichNothingIsKnown_whenTheServerDoesNotAnswer_thenItIsAskedAgainForEver() {
        RestoreRequest request = at("GivingBack", SWAPPING.formatted("Failed"), TaskKind.RESTORE_SETTLE, 60);

        RestoreDecision.Intend again =
                (RestoreDecision.Intend) RestoreDecider.decide(told(request, Reason.CONNECTION_FAILED), NOW);

        assertThat(again.stuck()).isTrue();
        assertThat(again.reason()).isEqualTo(Reason.SETTLING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givenACopyThatTheServerDoesNotDrop_thenItIsToldAndTheRestoreEnds(boolean swapBegun) {
        String steps = (swapBegun ? SWAPPING : COPYING).formatted("Failed");
        RestoreRequest request = at("GivingBack", steps, TaskKind.RESTORE_SETTLE, 1);

        End end = (End) course(request, leftOver(request)).getLast();

        assertThat(end.outcome()).isEqualTo(RestoreOutcome.FAILED);
        assertThat(end.message()).contains("is the one that was there before").endsWith(DROP);
    }

    @Test
    void givenAJobThatIsRefused_whenItWouldOnlyDropACopy_thenItIsNotWaitedForForEver() {
        RestoreRequest request = planned("GivingBack", COPYING.formatted("Failed"), TaskKind.RESTORE_SETTLE);
        Restores.with(
                request,
                TaskJson.write(request.getStatus()).replace("\"lost\":0", "\"lost\":0,\"plannedAt\":\"" + NOW + "\""));

        assertThat(RestoreDecider.decide(new Restores(request).observation(), NOW.plus(Duration.ofMinutes(30))))
                .isInstanceOf(RestoreDecision.MakeJob.class);
        assertThat(((End) RestoreDecider.decide(new Restores(request).observation(), NOW.plus(Duration.ofMinutes(31))))
                        .message())
                .contains(DROP);
    }

    @Test
    void givenNothingButACopyIsLeft_whenItIsAskedWhatItHolds_thenOthersMayHaveTheRest() {
        RestoreRequest request = at(
                "GivingBack",
                "steps: [{name: StopWorkloads, state: Done}, {name: RestoreCopy, state: Failed}]",
                TaskKind.RESTORE_COPY,
                1);

        assertThat(RestoreClaims.held(request, "shop").orElseThrow().claims())
                .extracting(Object::toString)
                .containsExactly("database/main (shared)", "swap/main");
        assertThat(RestoreClaims.held(unreadable(stopped(request)), "shop")
                        .orElseThrow()
                        .claims())
                .extracting(Object::toString)
                .contains("workloads");
    }

    /** The application, or what it says of the database, or the namespace: none of them comes back by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"gone", "changed", "namespace"})
    void givenWhatItWorksOnIsGone_whenTheRequestIsDeleted_thenWhatCanBeIsGivenBackAndTheRestIsTold(String what) {
        UnaryOperator<Restores> surroundings = shop -> switch (what) {
            case "gone" -> shop.withoutApplication();
            case "changed" -> shop.application(Interrupted.withoutTheDatabase());
            default -> shop.namespaceEnds();
        };
        RestoreRequest copy = stopped(deleted(copying()));
        End copied = (End) course(copy, surroundings).getLast();
        assertThat(copied.outcome()).isEqualTo(RestoreOutcome.CANCELLED);
        assertThat(copied.message()).contains(DROP).doesNotContain(OPEN);
        assertThat(copy.getStatus().workloads().getFirst().settled()).isTrue();

        RestoreRequest swap = stopped(deleted(swapping()));
        End swapped = (End) course(swap, surroundings).getLast();
        assertThat(swapped.outcome()).isEqualTo(RestoreOutcome.CANCELLED);
        assertThat(swapped.message()).contains(DROP).contains(OPEN).contains("ecommerce_before_1");
        assertThat(swap.getStatus().workloads().getFirst().settled()).isTrue();
    }

    @Test
    void givenTheApplicationIsGone_whenNobodyEndsTheRestore_thenItWaitsForItUnlessOnlyACopyIsLeft() {
        UnaryOperator<Restores> gone = shop -> shop.withoutApplication();

        assertThat(((RestoreDecision.Wait) course(copying(), gone).getLast()).message())
                .contains("delete this request");
        assertThat(course(at("GivingBack", SWAPPING.formatted("Failed"), TaskKind.RESTORE_SETTLE, 1), gone)
                        .getLast())
                .isInstanceOf(RestoreDecision.Wait.class);
        assertThat(((End) course(at("GivingBack", COPYING.formatted("Failed"), TaskKind.RESTORE_COPY, 1), gone)
                                .getLast())
                        .message())
                .contains(DROP);
    }

    @Test
    void givenACopyInItsPlace_whenTheApplicationIsGone_thenTheRestIsDoneAllTheSame() {
        RestoreRequest request = stopped(at(
                "Running",
                "previous: {database: ecommerce_before_1}, steps: [{name: Swap, state: Done},"
                        + " {name: StartWorkloads, state: Waiting}, {name: CheckHealth, state: Waiting},"
                        + " {name: LeaveMaintenance, state: Waiting}]",
                TaskKind.RESTORE_SWAP,
                1));

        End end = (End)
                course(unreadable(request), shop -> shop.withoutApplication()).getLast();

        assertThat(end.outcome()).isEqualTo(RestoreOutcome.SUCCEEDED);
        assertThat(request.getStatus().workloads().getFirst().settled()).isTrue();
        assertThat(request.getStatus().undoCommand()).contains("previousOf").contains("\"name\":\"shop\"");
    }

    @Test
    void givenASpecThatCannotBeRead_whenNobodyEndsTheRestore_thenItIsToldAndNothingIsDone() {
        RestoreDecision.Wait wait = (RestoreDecision.Wait)
                course(unreadable(copying()), shop -> shop).getLast();

        assertThat(wait.reason()).isEqualTo(Reason.INVALID_SPEC);
        assertThat(wait.message()).contains("delete this request");
    }

    @Test
    void givenASpecThatCannotBeRead_whenItIsCancelled_thenItIsGivenBackAsItsStatusSays() {
        RestoreRequest request = unreadable(stopped(cancelled(copying())));

        RestoreDecision.MakeJob settles =
                (RestoreDecision.MakeJob) course(request, shop -> shop).getLast();

        assertThat(request.getStatus().workloads().getFirst().settled()).isTrue();
        assertThat(settles.task().kind()).isEqualTo(TaskKind.RESTORE_SETTLE);
        assertThat(settles.task().restore().copy()).isEqualTo("ecommerce_restore_1");
        assertThat(RestoreDecider.targets(request, Restores.application("host: db")))
                .hasSize(1);
    }

    @Test
    void givenASpecThatCannotBeRead_whenItWasNotBegun_thenItsDeletionIsNotHeldUp() {
        RestoreRequest request = unreadable(deleted(Restores.request("a", "{policyRef: {name: nightly}}", "")));

        assertThat(((End) course(request, shop -> shop).getLast()).outcome()).isEqualTo(RestoreOutcome.CANCELLED);
    }
}

package dev.mainstay.core.backup;

import static dev.mainstay.core.backup.AttemptBuilder.attempt;
import static dev.mainstay.core.backup.JobBuilder.backupJob;
import static dev.mainstay.core.backup.Row.row;
import static dev.mainstay.core.backup.Situation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.api.backup.Progress;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskProgress;
import dev.mainstay.core.task.TaskProgress.Stage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While an attempt's own task is to start, runs, or has just ended. */
class BackupDeciderAttemptTest {

    private static final TaskKind BACKUP = TaskKind.BACKUP;

    static Stream<Row> starting() {
        return Stream.of(
                row("a Job without a Pod", seen().job(backupJob(1)).at("1m"), "watch attempt 1: Starting"),
                row(
                        "a Pod that nobody says a word of",
                        seen().job(backupJob(1).pending()),
                        "watch attempt 1: Starting"),
                row(
                        "a Pod that no node takes",
                        seen().job(backupJob(1).unschedulable("0/3 nodes are available.")),
                        "watch attempt 1: Unschedulable"),
                row(
                        "an image that can't be pulled",
                        seen().job(backupJob(1).waiting("ImagePullBackOff", "Back-off pulling image")),
                        "watch attempt 1: ImagePullFailed"),
                row(
                        "a container that is being created",
                        seen().job(backupJob(1).waiting("ContainerCreating", null)),
                        "watch attempt 1: Starting"),
                row(
                        "a Pod that waits in the last second of pendingTimeout and of the clocks' difference",
                        seen().job(backupJob(1).pending()).at("10m10s"),
                        "watch attempt 1: Starting"),
                row(
                        "no Pod when the time is over",
                        seen().job(backupJob(1)).at("10m11s"),
                        "give up attempt 1: QuotaExceeded"),
                row(
                        "a Pod that came and went unseen when the time is over",
                        seen().job(backupJob(1).hadPod()).at("10m11s"),
                        "watch attempt 1: InProgress"),
                row(
                        "no node when the time is over",
                        seen().job(backupJob(1).unschedulable("0/3 nodes are available."))
                                .at("10m11s"),
                        "give up attempt 1: Unschedulable"),
                row(
                        "no image when the time is over",
                        seen().job(backupJob(1).waiting("ErrImagePull", "not found"))
                                .at("10m11s"),
                        "give up attempt 1: ImagePullFailed"),
                row(
                        "another trouble when the time is over",
                        seen().job(backupJob(1).waiting("CreateContainerConfigError", "no such user"))
                                .at("10m11s"),
                        "give up attempt 1: PodFailed"),
                row(
                        "a Job without a time to start by",
                        seen().job(backupJob(1).withoutStartBy()).at("3d"),
                        "watch attempt 1: Starting"));
    }

    static Stream<Row> running() {
        return Stream.of(
                row("a running container", seen().job(backupJob(1).running()), "watch attempt 1: InProgress"),
                row(
                        "one that started in time and runs past it",
                        seen().job(backupJob(1).running()).at("3h"),
                        "watch attempt 1: InProgress"),
                row(
                        "a runner that is reading back",
                        seen().job(backupJob(1).running()).progress(new TaskProgress(Stage.VERIFY, 1, 99, null)),
                        "watch attempt 1: Verifying"),
                row(
                        "a policy that is gone",
                        seen().job(backupJob(1).running()).policy(null).at("3h"),
                        "watch attempt 1: InProgress"),
                row(
                        "a Pod that is at its deadline",
                        started()
                                .job(backupJob(1).running().endBy(Shop.at("2h")))
                                .at("2h"),
                        "watch attempt 1: InProgress"),
                row(
                        "a Pod that should have ended, as one on a lost node does not",
                        started()
                                .job(backupJob(1)
                                        .running()
                                        .podGoneBy(Shop.at("3h"))
                                        .endBy(Shop.at("2h")))
                                .at("2h1m"),
                        "write down attempt 1, settling 1"),
                row(
                        "a Pod whose deletion has begun: it may still upload",
                        started()
                                .job(backupJob(1).running().podGoneBy(Shop.at("2h")))
                                .at("2h"),
                        "watch attempt 1: InProgress"),
                row(
                        "a Pod whose deletion does not come to its end, as one on a lost node",
                        started()
                                .job(backupJob(1).running().podGoneBy(Shop.at("2h")))
                                .at("2h2m"),
                        "write down attempt 1, settling 1"),
                row(
                        "a Job whose deletion has begun while its Pod runs",
                        started().job(backupJob(1).running().deleting()),
                        "watch attempt 1: InProgress"),
                row(
                        "a Pod that is gone before its Job says so, long past the time to start by",
                        started().job(backupJob(1)).at("3h"),
                        "watch attempt 1: InProgress"));
    }

    static Stream<Row> ended() {
        return Stream.of(
                row(
                        "a proven backup",
                        after(backupJob(1).result(TaskResults.committed(BACKUP, VerificationLevel.FULL_READ))),
                        "succeed, proven by FullRead"),
                row(
                        "a backup that could not be proven",
                        after(backupJob(1).result(TaskResults.unproven(BACKUP, Reason.DEADLINE_EXCEEDED))),
                        "succeed, proven by None, not further: DeadlineExceeded"),
                row(
                        "a failure that may pass",
                        after(backupJob(1).result(TaskResults.aborted(BACKUP, Reason.CONNECTION_FAILED))),
                        "give up attempt 1: ConnectionFailed"),
                row(
                        "a failure that stays",
                        after(backupJob(1).result(TaskResults.aborted(BACKUP, Reason.AUTHENTICATION_FAILED))),
                        "give up attempt 1: AuthenticationFailed"),
                row(
                        "an end without a reason",
                        after(backupJob(1).result(TaskResults.aborted(BACKUP, null))),
                        "give up attempt 1: InternalError"),
                row(
                        "a runner that can't tell what is in the bucket",
                        after(backupJob(1).result(TaskResults.failed(BACKUP, Reason.STORAGE_UNREACHABLE))),
                        "write down attempt 1, settling 1"),
                row(
                        "a committed backup without its facts",
                        after(backupJob(1).result(TaskResults.committedWithoutFacts(BACKUP))),
                        "write down attempt 1, settling 1"),
                row(
                        "a container that was killed",
                        after(backupJob(1).dead("OOMKilled (exit code 137)")),
                        "write down attempt 1, settling 1"),
                row(
                        "half a termination message",
                        after(backupJob(1).left("{\"contractVersion\":1,\"kind\":\"BAC")),
                        "write down attempt 1, settling 1"),
                row(
                        "an evicted Pod",
                        after(backupJob(1).deadBeforeStart("Evicted")),
                        "write down attempt 1, settling 1"),
                row(
                        "a Job that failed and whose Pod is gone",
                        after(backupJob(1)
                                .finished("BackoffLimitExceeded, Job has reached the specified backoff limit")),
                        "write down attempt 1, settling 1"),
                row(
                        "a Job that is being deleted and whose Pod is gone",
                        after(backupJob(1).deleting()),
                        "write down attempt 1, settling 1"),
                row("a Job that is gone after it was seen", started().at("9m"), "write down attempt 1, settling 1"),
                row(
                        "a Job that is gone after it was seen, and no policy",
                        started().policy(null).at("9m"),
                        "write down attempt 1, settling 1"),
                row(
                        "a Job that is gone before it was seen",
                        with(attempt(1)).at("9m"),
                        "make the backup Job of attempt 1"));
    }

    @ParameterizedTest
    @MethodSource({"starting", "running", "ended"})
    void givenASituation_whenItIsDecided_thenOneStepFollows(Row row) {
        row.check();
    }

    @Test
    void givenARunningContainer_whenItIsReported_thenJobAndStartAreNotedOnce() {
        Attempt attempt =
                with(attempt(1)).job(backupJob(1).running()).report().attempts().getLast();

        assertThat(attempt.job()).isEqualTo(backupJob(1).build().name());
        assertThat(attempt.startedAt()).isEqualTo(Shop.at("1m"));
    }

    @Test
    void givenProgress_whenItIsReported_thenItStandsInTheStatus() {
        DatabaseBackupStatus status = started()
                .job(backupJob(1).running())
                .progress(new TaskProgress(Stage.DUMP, 4096, 12, "public.orders"))
                .report();

        assertThat(status.phase()).isEqualTo(BackupPhase.RUNNING);
        assertThat(status.progress()).isEqualTo(new Progress(4096L, 12, "public.orders"));
    }

    @Test
    void givenARunnerThatIsStillChecking_whenItIsReported_thenThereIsNoProgressYet() {
        DatabaseBackupStatus status = started()
                .job(backupJob(1).running())
                .progress(new TaskProgress(Stage.PREFLIGHT, 0, 0, null))
                .report();

        assertThat(status.progress()).isNull();
    }

    @Test
    void givenAKilledContainer_whenItIsReported_thenTheAttemptSaysWhyAndIsSettled() {
        Attempt attempt = after(backupJob(1).dead("OOMKilled (exit code 137)"))
                .report()
                .attempts()
                .getLast();

        assertThat(attempt.state()).isEqualTo(AttemptState.SETTLING);
        assertThat(attempt.reason()).isEqualTo("PodFailed");
        assertThat(attempt.message()).contains("OOMKilled (exit code 137)", "spec.jobTemplate.resources");
        assertThat(attempt.followUps()).isEqualTo(new FollowUps(1, 0, Shop.at("9m")));
    }

    @Test
    void givenAProvenBackup_whenItIsReported_thenTheStatusTellsAllThatIsKnown() {
        DatabaseBackupStatus status = after(
                        backupJob(1).result(TaskResults.committed(BACKUP, VerificationLevel.FULL_READ)))
                .report();

        assertThat(status.phase()).isEqualTo(BackupPhase.SUCCEEDED);
        assertThat(status.location()).isEqualTo("s3://backups/prod/webshop/nightly/20260329T010000Z-b1c2d3e4-1/");
        assertThat(status.size().database()).isEqualTo("551 MiB");
        assertThat(status.size().stored()).isEqualTo("183 MiB");
        assertThat(status.startedAt()).isEqualTo(Shop.at("1m"));
        assertThat(status.completedAt()).isEqualTo(Shop.at("9m"));
        assertThat(status.duration()).isEqualTo("8m");
        assertThat(status.progress()).isEqualTo(new Progress(191_889_408L, 100, null));
        assertThat(status.verified().rows()).isEqualTo(1_200_345L);
        assertThat(status.failure()).isNull();
        assertThat(status.attempts().getLast().endedAt()).isEqualTo(Shop.at("9m"));
    }

    @Test
    void givenAJobWithoutAPod_whenItIsReported_thenTheCommandThatTellsWhyIsNamed() {
        assertThat(seen().job(backupJob(1)).at("1m").report().conditions())
                .anySatisfy(condition -> assertThat(condition.message())
                        .contains("a quota or an admission policy of the namespace refuses it")
                        .contains(
                                "`kubectl describe job " + backupJob(1).build().name() + " --namespace webshop`"));
    }

    @Test
    void givenAForeignJob_whenItIsReported_thenTheAttemptSaysSo() {
        DatabaseBackupStatus status =
                with(attempt(1)).job(backupJob(1).foreign()).report();

        assertThat(status.attempts().getLast().reason()).isEqualTo("ForeignJob");
        assertThat(status.attempts().getLast().message())
                .contains(backupJob(1).build().name());
    }

    private static Situation seen() {
        return with(attempt(1).seen()).at("2m");
    }

    private static Situation started() {
        return with(attempt(1).started("1m")).at("2m");
    }

    private static Situation after(JobBuilder job) {
        return started().job(job).at("9m");
    }
}

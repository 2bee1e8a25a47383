package dev.mainstay.core.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.status.ConditionStatus;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restore tests whose server is started for them, in their own Pod. */
class RestoreTestInPodTest {

    private final TestedPolicy tested = new TestedPolicy();

    /** Ends with its Pod evicted, in the kubelet's words. */
    private void evicted(String name, TaskResult result, String words) {
        JobBuilder job = JobBuilder.named(name);
        (result == null ? job.dead("Evicted (exit code 137)") : job.result(result)).evicted(words);
        tested.job(job);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givenAPodWhoseServerOutgrewItsVolume_whenItWasEvicted_thenTheSizeIsNamedAndItIsNotTriedAgain(boolean told) {
        tested.tests("{pod: {size: '20Gi'}}");
        String name = tested.begun();
        evicted(
                name,
                told ? TestedPolicy.failed(Reason.CANCELLED) : null,
                "Usage of EmptyDir volume \"postgresql\" exceeds the limit \"20Gi\". ");

        tested.look("61m");

        tested.assertTested(
                ConditionStatus.FALSE,
                Reason.DISK_FULL,
                "did not fit in size: 20Gi (spec.verification.restoreTest.target.pod)",
                "evicted Pod " + name);
        assertThat(tested.running()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givenAPodThatANodeWithoutRoomEvicted_whenItIsTooOften_thenTheKubeletsWordsAreTold(boolean told) {
        tested.tests("{pod: {size: '20Gi'}}");
        tested.change("{retry: {limit: 0}}");
        evicted(
                tested.begun(),
                told ? TestedPolicy.failed(Reason.CANCELLED) : null,
                "The node was low on resource: ephemeral-storage. ");

        tested.look("61m");

        tested.assertTested(
                ConditionStatus.FALSE,
                Reason.POD_FAILED,
                "The kubelet says: The node was low on resource: ephemeral-storage. ");
    }

    @Test
    void givenAServerInThePodThatEnded_whenItIsDecided_thenTheTestIsMadeAgain() {
        tested.tests("{pod: {size: '20Gi'}}");
        tested.ended(tested.begun(), TestedPolicy.failed(Reason.SERVER_FAILED));

        tested.look("61m");

        assertThat(tested.running().number()).isEqualTo(2);
        assertThat(tested.running().failures()).isEqualTo(1);
    }

    @Test
    void givenAServerInThePod_whenItsTaskIsMade_thenItNamesNoDatabaseAndNeedsNoAdminSecret() {
        tested.application = Shop.application();
        tested.tests("{pod: {size: '20Gi', storageClassName: 'fast'}}");
        tested.look("1h");

        Task task = tested.look("1h").make().task();

        assertThat(task.database()).isNull();
        assertThat(task.secrets()).extracting(Task.MountedSecret::folder).doesNotContain("database");
        assertThat(task.restore().createMissingRoles()).isTrue();
        assertThat(task.restore().test())
                .isEqualTo(new RestoreOrder.Test(null, false, new RestoreOrder.PodServer("20Gi", "fast")));
        assertThat(task.restore().test().pod().bytes()).isEqualTo(20L << 30);
    }
}

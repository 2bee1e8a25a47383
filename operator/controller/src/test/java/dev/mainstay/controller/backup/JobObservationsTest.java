package dev.mainstay.controller.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.controller.kube.KubernetesClients;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.PodObservation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobObservationsTest {

    private static final KubernetesSerialization YAML = KubernetesClients.serialization();
    private static final String UID = "b1c2d3e4-0000-4000-8000-000000000001";

    private static final String OURS = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              namespace: webshop
              name: first-1-f3667903
              annotations: {mainstay.dev/start-by: "2026-03-29T01:10:00Z"}
              ownerReferences:
              - {kind: DatabaseBackup, name: first, uid: b1c2d3e4-0000-4000-8000-000000000001, controller: true}
            """;

    @Test
    void givenAJobThatWasJustMade_whenItIsSeen_thenItIsOursAndHasNoPod() {
        assertThat(JobObservations.of(job(OURS), List.of(), UID))
                .isEqualTo(new JobObservation(
                        "webshop",
                        "first-1-f3667903",
                        true,
                        false,
                        false,
                        Instant.parse("2026-03-29T01:10:00Z"),
                        null,
                        false,
                        null,
                        false,
                        List.of(),
                        null));
    }

    @Test
    void givenAPodThatHasEnded_whenItsJobIsSeen_thenTheFinishedBackupsOfItsTaskAre() {
        String job = OURS + """
                spec:
                  template:
                    spec:
                      containers:
                      - name: runner
                        env: [{name: MAINSTAY_TASK, value: '%s'}]
                """;
        String task = "{\"contractVersion\": 1, \"retention\": {\"finished\": [\"a\", \"b\"]}}";
        List<Pod> ended = List.of(pod("{phase: Succeeded}"));

        assertThat(JobObservations.of(job(job.formatted(task)), ended, UID).finishedBackups())
                .containsExactly("a", "b");
        assertThat(JobObservations.of(job(job.formatted(task)), List.of(pod("{phase: Running}")), UID)
                        .finishedBackups())
                .isEmpty();
        assertThat(JobObservations.of(job(job.formatted("{\"contractVersion\": 99}")), ended, UID)
                        .finishedBackups())
                .isEmpty();
    }

    @Test
    void givenAJobThatHasBegun_whenItIsSeen_thenItShouldEndAMinuteAfterItsDeadline() {
        JobObservation seen = JobObservations.of(job(OURS + """
                spec: {activeDeadlineSeconds: 600}
                status: {startTime: "2026-03-29T01:00:00Z"}
                """), List.of(), UID);

        assertThat(seen.endBy()).isEqualTo("2026-03-29T01:11:00Z");
    }

    @Test
    void givenAJobOfAnotherOwner_whenItIsSeen_thenItIsNotOurs() {
        assertThat(JobObservations.of(job(OURS), List.of(), "another").ours()).isFalse();
        assertThat(JobObservations.of(job(OURS.replace("controller: true", "controller: false")), List.of(), UID)
                        .ours())
                .isFalse();
    }

    @Test
    void givenAJobWithoutOurMarks_whenItIsSeen_thenItIsNotOursAndHasNoTimeToStartBy() {
        JobObservation seen = JobObservations.of(job("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: first-1-f3667903}
                """), List.of(), UID);

        assertThat(seen.ours()).isFalse();
        assertThat(seen.startBy()).isNull();
    }

    @Test
    void givenAFailedJob_whenItIsSeen_thenItIsFinishedWithTheControllersWords() {
        JobObservation seen = JobObservations.of(job(OURS + """
                status:
                  failed: 1
                  conditions:
                  - {type: FailureTarget, status: "True", reason: BackoffLimitExceeded, message: limit reached}
                  - {type: Failed, status: "True", reason: BackoffLimitExceeded, message: limit reached}
                """), List.of(), UID);

        assertThat(seen.finished()).isTrue();
        assertThat(seen.finishedMessage()).isEqualTo("BackoffLimitExceeded, limit reached");
        assertThat(seen.hadPod()).isTrue();
    }

    @Test
    void givenACompleteJob_whenItIsSeen_thenItIsFinishedWithoutAMessage() {
        JobObservation seen = JobObservations.of(job(OURS + """
                status:
                  succeeded: 1
                  conditions:
                  - {type: Complete, status: "True"}
                """), List.of(), UID);

        assertThat(seen.finished()).isTrue();
        assertThat(seen.finishedMessage()).isNull();
    }

    @Test
    void givenAJobThatIsOnlyAboutToFail_whenItIsSeen_thenItIsNotFinished() {
        assertThat(JobObservations.of(job(OURS + """
                status:
                  conditions:
                  - {type: FailureTarget, status: "True", reason: DeadlineExceeded, message: too late}
                  - {type: Failed, status: "False"}
                """), List.of(), UID).finished())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{active: 1} | true",
                "{terminating: 1} | true",
                "{failed: 1} | true",
                "{succeeded: 1} | true",
                "{uncountedTerminatedPods: {failed: [a]}} | true",
                "{uncountedTerminatedPods: {succeeded: [a]}} | true",
                "{uncountedTerminatedPods: {}} | false",
                "{active: 0, ready: 0} | false",
                "{} | false"
            })
    void givenACountOfTheJobController_whenItIsSeen_thenItTellsWhetherThereWasAPod(String status, boolean hadPod) {
        assertThat(JobObservations.of(job(OURS + "status: " + status), List.of(), UID)
                        .hadPod())
                .isEqualTo(hadPod);
    }

    @Test
    void givenAJobBeingDeleted_whenItIsSeen_thenThatIsSeen() {
        Job job = job(OURS);
        job.getMetadata().setDeletionTimestamp("2026-03-29T01:00:30Z");

        assertThat(JobObservations.of(job, List.of(), UID).deleting()).isTrue();
    }

    @Test
    void givenSeveralPods_whenTheyAreSeen_thenTheNewestCounts() {
        Pod older = pod("{phase: Failed}");
        Pod newer = pod("{phase: Pending}");
        newer.getMetadata().setName("newer");
        newer.getMetadata().setCreationTimestamp("2026-03-29T01:05:00Z");

        assertThat(JobObservations.of(job(OURS), List.of(newer, older), UID)
                        .pod()
                        .name())
                .isEqualTo("newer");
    }

    @Test
    void givenAPodWithoutAStatus_whenItIsSeen_thenNothingIsKnown() {
        assertThat(JobObservations.pod(pod("{}")))
                .isEqualTo(new PodObservation("first-x7k2p", null, null, null, false, null, null, null, null, null));
    }

    @Test
    void givenAPodThatNoNodeTakes_whenItIsSeen_thenTheSchedulersWordsAreKept() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Pending, conditions: [
                  {type: PodScheduled, status: "False", reason: Unschedulable, message: 0/3 nodes are available.}]}"""));

        assertThat(seen.unschedulable()).isEqualTo("0/3 nodes are available.");
        assertThat(seen.started()).isFalse();
    }

    @Test
    void givenAnImageThatCantBePulled_whenItIsSeen_thenTheKubeletsWordsAreKept() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Pending, containerStatuses: [{name: runner, state: {
                  waiting: {reason: ErrImagePull, message: not found}}}]}"""));

        assertThat(seen.waitingReason()).isEqualTo("ErrImagePull");
        assertThat(seen.waitingMessage()).isEqualTo("not found");
        assertThat(seen.started()).isFalse();
    }

    @Test
    void givenAServerBesideWhoseImageCantBePulled_whenItIsSeen_thenThatIsWhyTheTaskWaits() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Pending, containerStatuses: [{name: runner, state: {waiting: {reason: PodInitializing}}}],
                  initContainerStatuses: [{name: postgresql, state: {
                    waiting: {reason: ErrImagePull, message: no runner-postgres}}}]}"""));

        assertThat(seen.waitingReason()).isEqualTo("ErrImagePull");
        assertThat(seen.waitingMessage()).isEqualTo("no runner-postgres");
    }

    @Test
    void givenAPodThatIsEvicted_whenItIsSeen_thenTheKubeletsWordsAreKept() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Failed, reason: Evicted, message: "The node was low on memory. ", containerStatuses: [
                  {name: runner, state: {terminated: {exitCode: 137, reason: Error}}}]}"""));

        assertThat(seen.eviction()).isEqualTo("The node was low on memory. ");
        assertThat(seen.exit()).isEqualTo("Evicted (exit code 137)");
        assertThat(JobObservations.pod(pod("{phase: Failed, reason: NodeLost, message: gone}"))
                        .eviction())
                .isNull();
    }

    @Test
    void givenARunningContainer_whenItIsSeen_thenItsStartIsKnown() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Running, containerStatuses: [
                  {name: istio-proxy, state: {terminated: {exitCode: 1}}},
                  {name: runner, state: {running: {startedAt: "2026-03-29T01:00:20Z"}}}]}"""));

        assertThat(seen.startedAt()).isEqualTo(Instant.parse("2026-03-29T01:00:20Z"));
        assertThat(seen.ended()).isFalse();
        assertThat(seen.exit()).isNull();
    }

    @Test
    void givenAContainerThatEnded_whenItIsSeen_thenItsMessageAndItsExitAreKnown() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Running, containerStatuses: [{name: runner, state: {terminated: {
                  exitCode: 0, reason: Completed, startedAt: "2026-03-29T01:00:20Z", message: "{}"}}}]}"""));

        assertThat(seen.ended()).isTrue();
        assertThat(seen.terminationMessage()).isEqualTo("{}");
        assertThat(seen.exit()).isEqualTo("Completed (exit code 0)");
        assertThat(seen.startedAt()).isEqualTo(Instant.parse("2026-03-29T01:00:20Z"));
    }

    @Test
    void givenAContainerThatWasKilled_whenItIsSeen_thenItSaysWhy() {
        assertThat(JobObservations.pod(pod("""
                {phase: Failed, containerStatuses: [{name: runner, state: {terminated: {
                  exitCode: 137, reason: OOMKilled, startedAt: "2026-03-29T01:00:20Z"}}}]}""")).exit()).isEqualTo("OOMKilled (exit code 137)");
    }

    @Test
    void givenAContainerThatCouldNotBeMade_whenItIsSeen_thenItDidNotStartAtTheBeginningOfTheEpoch() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Failed, containerStatuses: [{name: runner, state: {terminated: {
                  exitCode: 128, reason: StartError, startedAt: "1970-01-01T00:00:00Z"}}}]}"""));

        assertThat(seen.startedAt()).isNull();
        assertThat(seen.ended()).isTrue();
    }

    @Test
    void givenAnEvictedPod_whenItIsSeen_thenThePodsReasonIsTold() {
        PodObservation seen = JobObservations.pod(pod("{phase: Failed, reason: Evicted}"));

        assertThat(seen.ended()).isTrue();
        assertThat(seen.exit()).isEqualTo("Evicted");
        assertThat(seen.startedAt()).isNull();
    }

    @Test
    void givenAPodThatFailedWithoutAWord_whenItIsSeen_thenItsPhaseIsTold() {
        assertThat(JobObservations.pod(pod("{phase: Failed}")).exit()).isEqualTo("phase Failed");
    }

    /** The kubelet leaves the other one waiting for ever then. */
    @Test
    void givenAContainerBeforeTheRunnersThatFailed_whenThePodIsSeen_thenItSaysWhy() {
        PodObservation seen = JobObservations.pod(pod("""
                {phase: Failed, initContainerStatuses: [{name: npm, state: {terminated: {
                  exitCode: 128, reason: StartError, message: "exec: sh: not found", startedAt: "1970-01-01T00:00:00Z"}}}],
                 containerStatuses: [{name: runner, state: {waiting: {reason: PodInitializing}}}]}"""));

        assertThat(seen.ended()).isTrue();
        assertThat(seen.startedAt()).isNull();
        assertThat(seen.exit())
                .isEqualTo("its container npm did not do its part, StartError (exit code 128), exec: sh: not found");
    }

    @Test
    void givenAPodBeingDeletedWhoseContainerRuns_whenItIsSeen_thenItHasNotEnded() {
        Pod pod = pod("""
                {phase: Running, containerStatuses: [
                  {name: runner, state: {running: {startedAt: "2026-03-29T01:00:20Z"}}}]}""");
        pod.getMetadata().setDeletionTimestamp("2026-03-29T01:01:00Z");

        pod.setSpec(new PodSpecBuilder().withNodeName("node-7").build());

        assertThat(JobObservations.pod(pod).goneBy()).isEqualTo("2026-03-29T01:01:00Z");
        assertThat(JobObservations.pod(pod).node()).isEqualTo("node-7");
        assertThat(JobObservations.pod(pod).ended()).isFalse();
    }

    private static Job job(String yaml) {
        return YAML.unmarshal(yaml, Job.class);
    }

    private static Pod pod(String status) {
        return YAML.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: first-x7k2p, creationTimestamp: "2026-03-29T01:00:05Z"}
                status: %s
                """.formatted(status.replace("\n", " ")), Pod.class);
    }
}

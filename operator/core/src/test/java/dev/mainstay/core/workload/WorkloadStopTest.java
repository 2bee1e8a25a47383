package dev.mainstay.core.workload;

import static dev.mainstay.core.workload.Workloads.cronJob;
import static dev.mainstay.core.workload.Workloads.cronLine;
import static dev.mainstay.core.workload.Workloads.deployment;
import static dev.mainstay.core.workload.Workloads.json;
import static dev.mainstay.core.workload.Workloads.line;
import static dev.mainstay.core.workload.Workloads.pod;
import static dev.mainstay.core.workload.Workloads.replicaSet;
import static dev.mainstay.core.workload.Workloads.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.workload.WorkloadStop.Next;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadStopTest {

    @Test
    void givenNothingSaved_thenWhatAllHaveIsSavedBeforeAnythingIsChanged() {
        assertThat(decide(List.of(deployment("web", 3, "web-1"), cronJob("nightly", false)), List.of()))
                .isEqualTo(new Next.Save(List.of(line("web", 3, null), cronLine("nightly", false, null))));
    }

    @Test
    void givenOneThatCameLater_thenItIsSavedTooAndTheOthersStayAsTheyWere() {
        assertThat(decide(List.of(deployment("web", 0), deployment("worker", 2)), List.of(line("web", 3, 1))))
                .isEqualTo(new Next.Save(List.of(line("web", 3, 1), line("worker", 2, null))));
    }

    @Test
    void givenOneThatAnotherKeepsStopped_thenWhatItHadThenIsSaved() {
        StoppedWorkload elsewhere = line("web", 5, 0);
        assertThat(WorkloadStop.decide(List.of(deployment("web", 0)), List.of(), List.of(elsewhere)))
                .isEqualTo(new Next.Save(List.of(line("web", 5, null))));
        assertThat(WorkloadStop.decide(List.of(deployment("web", 0)), List.of(), List.of(elsewhere.back())))
                .as("one that has been given back says nothing any more")
                .isEqualTo(new Next.Save(List.of(line("web", 0, null))));
    }

    @Test
    void givenAllSaved_thenCronJobsAreSuspendedFirstAndWorkloadsStopInTheReverseOrderOfTheirStart() {
        Next next = decide(
                List.of(deployment("db", 1, "db-1"), deployment("web", 3, "web-1"), cronJob("nightly", false)),
                List.of(line("db", 1, null), line("web", 3, null), cronLine("nightly", false, null)));
        assertThat(next).asInstanceOf(type(Next.Stop.class)).satisfies(stop -> {
            assertThat(stop.changes().stream().map(change -> change.seen().text() + " " + change.text()))
                    .containsExactly(
                            "CronJob nightly spec.suspend true",
                            "Deployment web spec.replicas 0",
                            "Deployment db spec.replicas 0");
            assertThat(stop.lines())
                    .containsExactly(line("db", 1, 0), line("web", 3, 0), cronLine("nightly", false, 0));
            assertThat(stop.again()).isNull();
        });
    }

    @Test
    void givenItsPods_thenItIsNotStoppedBeforeTheLastIsGone() {
        assertThat(decide(List.of(deployment("web", 0, "web-1", "web-2")), List.of(line("web", 3, null))))
                .isEqualTo(new Next.Await(
                        List.of(line("web", 3, 0)),
                        List.of("Pod web-1, web-2 of Deployment web still exist"),
                        Duration.ZERO));
        assertThat(decide(List.of(deployment("web", 0)), List.of(line("web", 3, 0))))
                .isEqualTo(new Next.Stopped(List.of(line("web", 3, 0)), List.of(), List.of()));
    }

    /** A worker that may take an hour to end its job is not given up after minutes. */
    @Test
    void givenPodsThatMayTakeLong_thenTheLongestIsTold_andNotThatOfOthers() {
        WorkloadSeen web = deployment("web", 0, "web-1", "web-2");
        ((ObjectNode) web.pods().getFirst()).putObject("spec").put("terminationGracePeriodSeconds", 30);
        ((ObjectNode) web.pods().getLast()).putObject("spec").put("terminationGracePeriodSeconds", 3600);
        ObjectNode other = pod("job-1", "Job", "uid-job").deepCopy();
        other.putObject("spec").put("terminationGracePeriodSeconds", 9999);
        WorkloadSeen seen = new WorkloadSeen(
                web.kind(),
                web.name(),
                web.json(),
                web.replicaSets(),
                Stream.concat(web.pods().stream(), Stream.of(other)).toList(),
                null);

        assertThat(decide(List.of(seen), List.of(line("web", 3, 0))))
                .asInstanceOf(type(Next.Await.class))
                .satisfies(await -> assertThat(await.grace()).isEqualTo(Duration.ofHours(1)));
    }

    @Test
    void givenAControllerThatHasNotSeenItYet_thenAPodMayStillComeAndIsWaitedFor() {
        WorkloadSeen stopped = deployment("web", 0);
        ObjectNode behind = stopped.json().deepCopy();
        behind.withObject("/status").put("observedGeneration", 3);
        assertThat(decide(List.of(with(stopped, behind, stopped.replicaSets())), List.of(line("web", 3, 0))))
                .isInstanceOf(Next.Await.class);
        assertThat(decide(
                        List.of(with(stopped, stopped.json(), List.of(replicaSet("web", "uid-web", 3)))),
                        List.of(line("web", 3, 0))))
                .as("its ReplicaSet")
                .isInstanceOf(Next.Await.class);
    }

    @Test
    void givenPodsThatItsSelectorFitsByAccident_thenTheyAreNotWaitedFor() {
        WorkloadSeen web = deployment("web", 0);
        JsonNode foreign = pod("other-1", "ReplicaSet", "uid-rs-other");
        JsonNode ofNobodyKnown = pod("web-old", "ReplicaSet", "uid-rs-gone");
        JsonNode ofAJob = pod("job-1", "Job", "uid-job");
        ObjectNode evicted = pod("web-2", "ReplicaSet", "uid-rs-web").deepCopy();
        evicted.withObject("/status").put("phase", "Failed");
        WorkloadSeen seen = new WorkloadSeen(
                StoppableKind.DEPLOYMENT,
                "web",
                web.json(),
                List.of(replicaSet("web", "uid-web", 0), replicaSet("other", "uid-other", 1)),
                List.of(foreign, ofAJob, evicted),
                null);
        assertThat(decide(List.of(seen), List.of(line("web", 3, 0)))).isInstanceOf(Next.Stopped.class);

        WorkloadSeen orphaned = new WorkloadSeen(
                StoppableKind.DEPLOYMENT, "web", web.json(), seen.replicaSets(), List.of(ofNobodyKnown), null);
        assertThat(decide(List.of(orphaned), List.of(line("web", 3, 0))))
                .as("a ReplicaSet may be gone before its last Pod")
                .isInstanceOf(Next.Await.class);
    }

    @Test
    void givenAStatefulSet_thenItsOwnPodsAreWaitedFor() {
        StoppedWorkload line = new StoppedWorkload(StoppableKind.STATEFUL_SET, "db", "uid-db", 1, null, 0, null, null);
        assertThat(decide(List.of(statefulSet("db", 0, "", pod("db-0", "StatefulSet", "uid-db"))), List.of(line)))
                .isInstanceOf(Next.Await.class);
        assertThat(decide(List.of(statefulSet("db", 0, "", pod("x-0", "StatefulSet", "uid-x"))), List.of(line)))
                .isInstanceOf(Next.Stopped.class);
    }

    @Test
    void givenASuspendedCronJobWithARunningJob_thenThatIsToldAndNotWaitedFor() {
        assertThat(decide(List.of(cronJob("nightly", true, "nightly-1")), List.of(cronLine("nightly", false, 0))))
                .isEqualTo(new Next.Stopped(
                        List.of(cronLine("nightly", false, 0)),
                        List.of(),
                        List.of("Job nightly-1 of CronJob nightly was begun before, and goes on")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void givenAStrangerWhoStartsItAgain_thenItIsNamedAndItIsStoppedAgain(int redone) {
        assertThat(decide(List.of(deployment("web", 2, "web-1")), List.of(line("web", 3, redone))))
                .asInstanceOf(type(Next.Stop.class))
                .satisfies(stop -> {
                    assertThat(stop.lines())
                            .containsExactly(line("web", 3, null)
                                    .redone(redone + 1, "\"somebody\" (field manager, 2026-03-29T00:00:00Z)"));
                    assertThat(stop.again())
                            .isEqualTo("Deployment web has 2 replicas again, written by \"somebody\" (field manager,"
                                    + " 2026-03-29T00:00:00Z), and is stopped again.");
                });
    }

    @Test
    void givenAStrangerWhoDoesNotGiveIn_thenItIsLeftAsItIs() {
        assertThat(decide(
                        List.of(deployment("web", 2, "web-1"), deployment("worker", 0)),
                        List.of(line("web", 3, 3), line("worker", 1, 0))))
                .isEqualTo(new Next.Stopped(
                        List.of(line("web", 3, 3), line("worker", 1, 0)),
                        List.of(
                                "Deployment web has 2 replicas again: \"somebody\" (field manager, 2026-03-29T00:00:00Z)"
                                        + " wrote it, and was overruled 3 times"),
                        List.of()));
    }

    @Test
    void givenOneMadeAnew_thenItIsLeftAsItIs() {
        WorkloadSeen anew = deployment("web", 2, "web-1");
        ObjectNode other = anew.json().deepCopy();
        other.withObject("/metadata").put("uid", "uid-other");
        assertThat(decide(List.of(with(anew, other, List.of())), List.of(line("web", 3, 0))))
                .isEqualTo(new Next.Stopped(
                        List.of(line("web", 3, 0)),
                        List.of(
                                "Deployment web is another one than that whose replicas was saved, and is left as it is:"
                                        + " it has 2 replicas"),
                        List.of()));
    }

    @Test
    void givenOneThatIsGoneOrNotLookedAtAnyMore_thenItsLineStays() {
        assertThat(decide(
                        List.of(WorkloadSeen.missing(StoppableKind.DEPLOYMENT, "web")),
                        List.of(line("web", 3, 0), line("worker", 1, 0))))
                .isEqualTo(new Next.Stopped(List.of(line("web", 3, 0), line("worker", 1, 0)), List.of(), List.of()));
    }

    @Test
    void givenOneThatCantBeRead_thenNothingIsSaidOfAny() {
        assertThat(decide(
                        List.of(
                                deployment("web", 3),
                                WorkloadSeen.unreadable(StoppableKind.CRON_JOB, "nightly", "cronjobs is forbidden")),
                        List.of()))
                .isEqualTo(new Next.Unreadable("CronJob nightly can't be read, so that it is not known whether it runs:"
                        + " cronjobs is forbidden"));
    }

    @Test
    void aChangeFailsWhenSomebodyElseWasFaster() {
        assertThat(ScaleChange.stop(deployment("web", 3)).patch()).isEqualTo(json("""
                        [{'op': 'test', 'path': '/metadata/uid', 'value': 'uid-web'},
                         {'op': 'test', 'path': '/metadata/generation', 'value': 4},
                         {'op': 'test', 'path': '/spec/replicas', 'value': 3},
                         {'op': 'replace', 'path': '/spec/replicas', 'value': 0}]
                        """));
        assertThat(ScaleChange.back(cronJob("nightly", true), cronLine("nightly", false, 0))
                        .patch())
                .isEqualTo(json("""
                        [{'op': 'test', 'path': '/metadata/uid', 'value': 'uid-nightly'},
                         {'op': 'test', 'path': '/metadata/generation', 'value': 1},
                         {'op': 'test', 'path': '/spec/suspend', 'value': true},
                         {'op': 'replace', 'path': '/spec/suspend', 'value': false}]
                        """));
    }

    /** A StatefulSet may have been told meanwhile to delete its volumes at zero. */
    @Test
    void aChangeDoesNotFitAWorkloadThatSomebodyElseHasChanged() {
        WorkloadSeen web = deployment("web", 3);
        ObjectNode changed = web.json().deepCopy();
        changed.withObject("/metadata").put("generation", 5);
        ObjectNode touched = web.json().deepCopy();
        touched.withObject("/metadata").put("resourceVersion", "8");

        assertThat(ScaleChange.stop(web).fits(with(web, changed, web.replicaSets())))
                .isFalse();
        assertThat(ScaleChange.stop(web).fits(with(web, touched, web.replicaSets())))
                .as("its status alone")
                .isTrue();
    }

    @Test
    void theFieldIsLetGoOfAndGivenToNobody() {
        JsonNode object = json("""
                {'metadata': {'managedFields': [
                  {'manager': 'helm', 'operation': 'Apply', 'fieldsV1': {'f:spec': {'f:template': {}}}},
                  {'manager': 'mainstay-workloads', 'operation': 'Update', 'fieldsV1': {'f:spec': {'f:replicas': {}}}}]}}
                """);
        assertThat(ScaleOwnership.release(object)).contains(json("""
                [{'op': 'test', 'path': '/metadata/managedFields/1', 'value':
                   {'manager': 'mainstay-workloads', 'operation': 'Update', 'fieldsV1': {'f:spec': {'f:replicas': {}}}}},
                 {'op': 'remove', 'path': '/metadata/managedFields/1'}]
                """));
        assertThat(ScaleOwnership.release(deployment("web", 3).json())).isEmpty();
    }

    private static Next decide(List<WorkloadSeen> seen, List<StoppedWorkload> saved) {
        return WorkloadStop.decide(seen, saved, List.of());
    }

    private static WorkloadSeen with(WorkloadSeen seen, JsonNode object, List<JsonNode> replicaSets) {
        return new WorkloadSeen(seen.kind(), seen.name(), object, replicaSets, seen.pods(), null);
    }

    /** Every kind has its own words in commands and messages. */
    @Test
    void theWordsOfKubectlAreKnownForEachKind() {
        assertThat(WorkloadReturn.commands(
                        Stream.of(StoppableKind.DEPLOYMENT, StoppableKind.STATEFUL_SET)
                                .map(kind -> new StoppedWorkload(kind, "web", "uid", 3, null, 0, null, null))
                                .toList(),
                        "shop"))
                .containsExactly(
                        "kubectl scale deployment web --replicas 3 --namespace shop",
                        "kubectl scale statefulset web --replicas 3 --namespace shop");
        assertThat(WorkloadReturn.commands(
                        List.of(cronLine("nightly", false, 0), cronLine("weekly", true, 0), line("web", 0, 0)), "shop"))
                .containsExactly(
                        "kubectl patch cronjob nightly --patch '{\"spec\":{\"suspend\":false}}' --namespace shop");
    }
}

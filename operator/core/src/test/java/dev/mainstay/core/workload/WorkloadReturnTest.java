package dev.mainstay.core.workload;

import static dev.mainstay.core.workload.Workloads.cronJob;
import static dev.mainstay.core.workload.Workloads.cronLine;
import static dev.mainstay.core.workload.Workloads.deployment;
import static dev.mainstay.core.workload.Workloads.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.workload.WorkloadReturn.Next;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadReturnTest {

    @Test
    void givenStoppedWorkloads_thenEachGetsWhatItHad() {
        assertThat(decide(
                        List.of(deployment("web", 0), deployment("worker", 0), cronJob("nightly", true)),
                        List.of(line("web", 3, 0), line("worker", 1, 2), cronLine("nightly", false, 0))))
                .asInstanceOf(type(Next.GiveBack.class))
                .satisfies(back -> {
                    assertThat(back.changes().stream()
                                    .map(change -> change.seen().text() + " " + change.text()))
                            .containsExactly(
                                    "Deployment web spec.replicas 3",
                                    "Deployment worker spec.replicas 1",
                                    "CronJob nightly spec.suspend false");
                    assertThat(back.lines()).allMatch(StoppedWorkload::settled);
                    assertThat(back.notes()).isEmpty();
                });
    }

    @Test
    void givenThatItWasCutOffAfterTheWrite_thenThatIsSeen() {
        assertGivenBack(deployment("web", 3, "web-1"), line("web", 3, 0), "");
    }

    @Test
    void givenOneThatHadNone_thenItGetsNone() {
        assertGivenBack(deployment("web", 0), line("web", 0, 0), "");
        assertGivenBack(cronJob("nightly", true), cronLine("nightly", true, 0), "");
    }

    @Test
    void givenOneThatWasSavedAndNotStoppedYet_thenNothingIsWritten() {
        assertGivenBack(deployment("web", 3, "web-1"), line("web", 3, null), "");
    }

    @Test
    void givenAnotherNumberByHand_thenItIsLeftAndSaid() {
        assertGivenBack(
                deployment("web", 5, "web-1"),
                line("web", 3, 3),
                "Deployment web is left as it is: it has 5 replicas, written by \"somebody\" (field manager,"
                        + " 2026-03-29T00:00:00Z) meanwhile, and had 3 replicas before it was stopped");
    }

    @Test
    void givenOneThatIsGoneOrWasMadeAnew_thenThatIsSaid() {
        assertGivenBack(
                WorkloadSeen.missing(StoppableKind.DEPLOYMENT, "web"),
                line("web", 1, 0),
                "Deployment web does not exist any more; it had 1 replica before it was stopped");
        WorkloadSeen anew = deployment("web", 0);
        ObjectNode other = anew.json().deepCopy();
        other.withObject("/metadata").put("uid", "uid-other");
        assertGivenBack(
                new WorkloadSeen(anew.kind(), anew.name(), other, List.of(), List.of(), null),
                line("web", 3, 0),
                "Deployment web was made anew meanwhile, and is left as it is: it has 0 replicas, and the one that was"
                        + " stopped had 3 replicas");
    }

    @Test
    void givenOneThatWasGivenBack_thenItIsNotTouchedAgain() {
        assertThat(decide(
                        List.of(deployment("web", 0)), List.of(line("web", 3, 0).back())))
                .isEqualTo(new Next.Done());
    }

    @Test
    void givenOneThatAnotherKeepsStopped_thenItIsThatOnesToGiveBack() {
        StoppedWorkload web = line("web", 3, 0);
        assertThat(WorkloadReturn.decide(List.of(deployment("web", 0)), List.of(web), List.of(line("web", 3, 1))))
                .isEqualTo(new Next.Done());
        assertThat(WorkloadReturn.decide(
                        List.of(deployment("web", 0), deployment("worker", 0)),
                        List.of(web, line("worker", 1, 0)),
                        List.of(line("web", 3, 1), line("worker", 1, 1).back())))
                .asInstanceOf(type(Next.GiveBack.class))
                .satisfies(back -> {
                    assertThat(back.changes()).hasSize(1);
                    assertThat(back.lines())
                            .containsExactly(web, line("worker", 1, 0).back());
                });
    }

    @Test
    void givenOneThatCantBeRead_thenNothingIsWritten() {
        assertThat(decide(
                        List.of(WorkloadSeen.unreadable(StoppableKind.DEPLOYMENT, "web", "forbidden")),
                        List.of(line("web", 3, 0))))
                .isEqualTo(new Next.Unreadable(
                        "Deployment web can't be read, so that it is not known what it needs: forbidden"));
    }

    @Test
    void givenOneThatCantBeRead_thenTheOthersAreGivenBackFirst() {
        WorkloadSeen nightly = WorkloadSeen.unreadable(StoppableKind.CRON_JOB, "nightly", "forbidden");
        StoppedWorkload owed = cronLine("nightly", false, 0);

        assertThat(decide(
                        List.of(nightly, deployment("web", 0), deployment("worker", 1)),
                        List.of(owed, line("web", 3, 0), line("worker", 1, 0))))
                .asInstanceOf(type(Next.GiveBack.class))
                .satisfies(back -> {
                    assertThat(back.changes().stream()
                                    .map(change -> change.seen().text() + " " + change.text()))
                            .containsExactly("Deployment web spec.replicas 3");
                    assertThat(back.lines())
                            .containsExactly(
                                    owed,
                                    line("web", 3, 0).back(),
                                    line("worker", 1, 0).back());
                });
        assertThat(decide(List.of(nightly, deployment("web", 3)), List.of(owed, line("web", 3, 0))))
                .isInstanceOf(Next.GiveBack.class);
        assertThat(decide(
                        List.of(nightly, deployment("web", 3)),
                        List.of(owed, line("web", 3, 0).back())))
                .isEqualTo(new Next.Unreadable(
                        "CronJob nightly can't be read, so that it is not known what it needs: forbidden"));
    }

    @Test
    void thoseThatAreNotReadyAreTold() {
        WorkloadSeen web = deployment("web", 3, "web-1");
        assertThat(WorkloadReturn.notReady(
                        List.of(web), List.of(line("web", 3, 0).back())))
                .containsExactly("Deployment web (1 of 3 Pods)");
        assertThat(WorkloadReturn.notReady(List.of(web), List.of(line("web", 3, 0))))
                .isEmpty();
        assertThat(WorkloadReturn.notReady(
                        List.of(deployment("web", 2, "web-1", "web-2")),
                        List.of(line("web", 3, 0).back())))
                .isEmpty();
    }

    private static void assertGivenBack(WorkloadSeen seen, StoppedWorkload saved, String note) {
        assertThat(decide(List.of(seen), List.of(saved)))
                .isEqualTo(new Next.GiveBack(
                        List.of(), List.of(saved.back()), note.isEmpty() ? List.of() : List.of(note)));
    }

    private static Next decide(List<WorkloadSeen> seen, List<StoppedWorkload> saved) {
        return WorkloadReturn.decide(seen, saved, List.of());
    }
}

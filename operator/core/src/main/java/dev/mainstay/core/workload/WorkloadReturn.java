package dev.mainstay.core.workload;

import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How stopped workloads are given back what they had: each once, and none that somebody else has set to something else
 * meanwhile. A pure function, which comes to the same wherever it was cut off.
 */
public final class WorkloadReturn {

    private final List<WorkloadSeen> seen;
    private final List<StoppedWorkload> elsewhere;
    private final List<StoppedWorkload> lines = new ArrayList<>();
    private final List<ScaleChange> changes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private WorkloadReturn(List<WorkloadSeen> seen, List<StoppedWorkload> elsewhere) {
        this.seen = seen;
        this.elsewhere = elsewhere;
    }

    /** What is to be done next. */
    public sealed interface Next {

        /**
         * Workloads are to be given back what they had.
         *
         * @param changes of the workloads; empty when there is nothing to write
         * @param lines what is known of all of them afterwards
         * @param notes what is told of those that are left as they are
         */
        record GiveBack(List<ScaleChange> changes, List<StoppedWorkload> lines, List<String> notes) implements Next {

            /** Those of the saved that something is owed to still where these of the changes were not made. */
            public List<StoppedWorkload> owed(List<StoppedWorkload> saved, List<ScaleChange> notMade) {
                return saved.stream()
                        .filter(line -> lines.stream()
                                        .anyMatch(after -> after.names(line.kind(), line.name()) && !after.settled())
                                || notMade.stream()
                                        .map(ScaleChange::seen)
                                        .anyMatch(workload -> line.names(workload.kind(), workload.name())))
                        .toList();
            }
        }

        /** Nothing is owed to any of them. */
        record Done() implements Next {}

        /** Nothing can be said of a workload that can't be read, and the others have what they had. */
        record Unreadable(String message) implements Next {}
    }

    /** Whether something may be owed to a workload still: those that others keep stopped are theirs to give back. */
    public static boolean owes(List<StoppedWorkload> saved, List<StoppedWorkload> elsewhere) {
        return saved.stream().anyMatch(line -> !line.settled() && !keptElsewhere(line, elsewhere));
    }

    /**
     * Decides.
     *
     * @param seen the saved workloads, in any order
     * @param saved what was written down of them before they were stopped
     * @param elsewhere what others have written down of workloads that they go on keeping stopped
     */
    public static Next decide(List<WorkloadSeen> seen, List<StoppedWorkload> saved, List<StoppedWorkload> elsewhere) {
        return owes(saved, elsewhere) ? new WorkloadReturn(seen, elsewhere).decide(saved) : new Next.Done();
    }

    /** One that can't be read keeps none of the others stopped: it stays owed, and is told of when they have theirs. */
    private Next decide(List<StoppedWorkload> saved) {
        WorkloadSeen unreadable = null;
        for (StoppedWorkload line : saved) {
            if (line.settled() || keptElsewhere(line, elsewhere)) {
                lines.add(line);
                continue;
            }
            WorkloadSeen workload = find(line).orElseGet(() -> WorkloadSeen.missing(line.kind(), line.name()));
            if (workload.refusal() != null) {
                unreadable = unreadable == null ? workload : unreadable;
                lines.add(line);
                continue;
            }
            giveBack(workload, line);
            lines.add(line.back());
        }
        return unreadable != null && lines.equals(saved)
                ? new Next.Unreadable(unreadable.text() + " can't be read, so that it is not known what it needs: "
                        + unreadable.refusal())
                : new Next.GiveBack(changes, lines, notes);
    }

    private void giveBack(WorkloadSeen workload, StoppedWorkload line) {
        if (!workload.exists()) {
            notes.add(line.text() + " does not exist any more; it " + had(line) + " before it was stopped");
        } else if (!workload.uid().equals(line.uid())) {
            notes.add(line.text() + " was made anew meanwhile, and is left as it is: it " + workload.state()
                    + ", and the one that was stopped " + had(line));
        } else if (workload.toldToStop()) {
            if (ran(line)) {
                changes.add(ScaleChange.back(workload, line));
            }
        } else if (line.kind() != StoppableKind.CRON_JOB && workload.replicas() != line.replicas()) {
            notes.add(line.text() + " is left as it is: it " + workload.state() + ", written by " + workload.writer()
                    + " meanwhile, and " + had(line) + " before it was stopped");
        }
    }

    private Optional<WorkloadSeen> find(StoppedWorkload line) {
        return seen.stream()
                .filter(workload -> line.names(workload.kind(), workload.name()))
                .findFirst();
    }

    private static boolean keptElsewhere(StoppedWorkload line, List<StoppedWorkload> elsewhere) {
        return elsewhere.stream()
                .anyMatch(other ->
                        other.names(line.kind(), line.name()) && other.uid().equals(line.uid()) && !other.settled());
    }

    /** Whether it ran before it was stopped. */
    static boolean ran(StoppedWorkload line) {
        return line.kind() == StoppableKind.CRON_JOB ? !Boolean.TRUE.equals(line.suspend()) : line.replicas() > 0;
    }

    private static String had(StoppedWorkload line) {
        if (line.kind() == StoppableKind.CRON_JOB) {
            return ran(line) ? "was not suspended" : "was suspended";
        }
        return "had " + line.replicas() + (line.replicas() == 1 ? " replica" : " replicas");
    }

    /** Those that were given back and are not ready yet, in words such as {@code Deployment web (1 of 3 Pods)}. */
    public static List<String> notReady(List<WorkloadSeen> seen, List<StoppedWorkload> saved) {
        return saved.stream()
                .filter(StoppedWorkload::settled)
                .filter(line -> line.kind() != StoppableKind.CRON_JOB && ran(line))
                .flatMap(line -> seen.stream()
                        .filter(workload -> workload.exists() && line.names(workload.kind(), workload.name()))
                        .filter(workload -> workload.uid().equals(line.uid()) && workload.ready() < workload.replicas())
                        .map(workload ->
                                workload.text() + " (" + workload.ready() + " of " + workload.replicas() + " Pods)"))
                .toList();
    }

    /** The commands that do by hand what is still owed, for when Mainstay does not run. */
    public static List<String> commands(List<StoppedWorkload> saved, String namespace) {
        return saved.stream()
                .filter(line -> !line.settled() && ran(line))
                .map(line -> line.kind() == StoppableKind.CRON_JOB
                        ? "kubectl patch cronjob " + line.name()
                                + " --patch '{\"spec\":{\"suspend\":false}}' --namespace " + namespace
                        : "kubectl scale "
                                + (line.kind() == StoppableKind.STATEFUL_SET ? "statefulset " : "deployment ")
                                + line.name() + " --replicas " + line.replicas() + " --namespace " + namespace)
                .toList();
    }
}

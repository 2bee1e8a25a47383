package dev.mainstay.core.workload;

import dev.mainstay.api.workload.StoppableKind;
import dev.mainstay.api.workload.StoppedWorkload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How workloads are stopped: what they have is written down, then they are told to stop, then their Pods are waited for. A pure
 * function, which comes to the same wherever it was cut off.
 */
public final class WorkloadStop {

    /** How often a workload that somebody else starts again is stopped again. */
    public static final int REDONE = 3;

    private static final int LONGEST_WRITER = 256;

    private final List<StoppedWorkload> saved;
    private final List<StoppedWorkload> elsewhere;
    private final List<StoppedWorkload> lines = new ArrayList<>();
    private final List<ScaleChange> changes = new ArrayList<>();
    private final List<String> again = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> awaited = new ArrayList<>();
    private final List<String> running = new ArrayList<>();

    private WorkloadStop(List<StoppedWorkload> saved, List<StoppedWorkload> elsewhere) {
        this.saved = saved;
        this.elsewhere = elsewhere;
    }

    /** What is to be done next. */
    public sealed interface Next {

        /** What the workloads have is to be written down before anything is changed. */
        record Save(List<StoppedWorkload> lines) implements Next {}

        /**
         * Workloads are to be told to stop.
         *
         * @param changes of the workloads
         * @param lines what is known of all of them afterwards
         * @param again what is told when somebody else has started one again; else null
         */
        record Stop(List<ScaleChange> changes, List<StoppedWorkload> lines, String again) implements Next {}

        /**
         * All were told to stop, and some run still.
         *
         * @param lines what is known of them
         * @param awaited what is waited for, in clauses
         * @param grace how long their Pods may take to end, by their own word
         */
        record Await(List<StoppedWorkload> lines, List<String> awaited, Duration grace) implements Next {

            /** For people. */
            public String message() {
                return "Nothing starts any more, and what runs is waited for: " + String.join("; ", awaited) + ".";
            }
        }

        /**
         * Nothing of them runs.
         *
         * @param lines what is known of them
         * @param left what is told of those that run all the same, for good; empty when there are none
         * @param running what is told of Jobs that suspended CronJobs had begun; empty when there are none
         */
        record Stopped(List<StoppedWorkload> lines, List<String> left, List<String> running) implements Next {}

        /** Nothing can be said of a workload that can't be read. */
        record Unreadable(String message) implements Next {}
    }

    /**
     * Decides.
     *
     * @param seen the workloads to stop, and those that were saved, in the order in which they are started
     * @param saved what was written down of them before
     * @param elsewhere what others have written down of workloads that they keep stopped: what these had is known from there
     */
    public static Next decide(List<WorkloadSeen> seen, List<StoppedWorkload> saved, List<StoppedWorkload> elsewhere) {
        return new WorkloadStop(saved, elsewhere).decide(seen);
    }

    private Next decide(List<WorkloadSeen> seen) {
        Optional<WorkloadSeen> unreadable =
                seen.stream().filter(workload -> workload.refusal() != null).findFirst();
        if (unreadable.isPresent()) {
            return new Next.Unreadable(
                    unreadable.get().text() + " can't be read, so that it is not known whether it runs: "
                            + unreadable.get().refusal());
        }
        if (seen.stream()
                .anyMatch(workload -> workload.exists() && line(workload).isEmpty())) {
            return new Next.Save(withNew(seen));
        }
        seen.forEach(this::look);
        List<StoppedWorkload> all = keep(lines);
        if (!changes.isEmpty()) {
            // First nothing new begins, then goes what was started last.
            return new Next.Stop(
                    List.copyOf(changes.reversed()), all, again.isEmpty() ? null : String.join("; ", again) + ".");
        }
        return awaited.isEmpty()
                ? new Next.Stopped(all, left, running)
                : new Next.Await(
                        all,
                        List.copyOf(awaited),
                        seen.stream()
                                .filter(WorkloadSeen::exists)
                                .map(WorkloadSeen::grace)
                                .max(Comparator.naturalOrder())
                                .orElse(Duration.ZERO));
    }

    private List<StoppedWorkload> withNew(List<WorkloadSeen> seen) {
        List<StoppedWorkload> all = new ArrayList<>();
        for (WorkloadSeen workload : seen) {
            line(workload)
                    .or(() -> workload.exists() ? Optional.of(found(workload)) : Optional.empty())
                    .ifPresent(all::add);
        }
        return keep(all);
    }

    /** What a workload has; of one that somebody else keeps stopped, what it had then. */
    private StoppedWorkload found(WorkloadSeen workload) {
        Optional<StoppedWorkload> before = elsewhere.stream()
                .filter(line -> line.names(workload.kind(), workload.name()))
                .filter(line -> line.uid().equals(workload.uid()) && !line.settled())
                .findFirst();
        boolean cron = workload.kind() == StoppableKind.CRON_JOB;
        return new StoppedWorkload(
                workload.kind(),
                workload.name(),
                workload.uid(),
                cron ? null : before.map(StoppedWorkload::replicas).orElse(workload.replicas()),
                cron ? before.map(StoppedWorkload::suspend).orElse(workload.suspended()) : null,
                null,
                null,
                null);
    }

    private void look(WorkloadSeen workload) {
        Optional<StoppedWorkload> line = line(workload);
        if (line.isEmpty()) {
            return;
        }
        if (!workload.exists()) {
            lines.add(line.get());
            return;
        }
        if (!line.get().uid().equals(workload.uid())) {
            left.add(workload.text() + " is another one than that whose " + workload.field()
                    + " was saved, and is left as it is: it " + workload.state());
            lines.add(line.get());
            return;
        }
        Integer redone = line.get().redone();
        if (workload.toldToStop()) {
            lines.add(line.get().redone(Objects.requireNonNullElse(redone, 0)));
            workload.leftovers().ifPresent(awaited::add);
            if (workload.kind() == StoppableKind.CRON_JOB
                    && !workload.runningJobs().isEmpty()) {
                running.add("Job " + String.join(", ", workload.runningJobs()) + " of " + workload.text()
                        + " was begun before, and goes on");
            }
        } else if (redone != null && redone >= REDONE) {
            left.add(workload.text() + " " + workload.state() + " again: " + workload.writer()
                    + " wrote it, and was overruled " + REDONE + " times");
            lines.add(line.get());
        } else {
            if (redone != null) {
                again.add(workload.text() + " " + workload.state() + " again, written by " + workload.writer()
                        + ", and is stopped again");
            }
            changes.add(ScaleChange.stop(workload));
            lines.add(redone == null ? line.get().redone(0) : line.get().redone(redone + 1, cut(workload.writer())));
        }
    }

    /** A program may give itself any name. */
    private static String cut(String writer) {
        return writer.length() <= LONGEST_WRITER ? writer : writer.substring(0, LONGEST_WRITER - 1) + "…";
    }

    private Optional<StoppedWorkload> line(WorkloadSeen workload) {
        return saved.stream()
                .filter(line -> line.names(workload.kind(), workload.name()))
                .findFirst();
    }

    /** Those that nobody looks at any more stay written down. */
    private List<StoppedWorkload> keep(List<StoppedWorkload> known) {
        List<StoppedWorkload> all = new ArrayList<>(known);
        saved.stream()
                .filter(line -> known.stream().noneMatch(other -> other.names(line.kind(), line.name())))
                .forEach(all::add);
        return all;
    }
}

package dev.mainstay.e2e.runner;

import dev.mainstay.core.restore.DatabaseNames;
import dev.mainstay.core.task.DatabaseMaintainWork;
import dev.mainstay.core.task.Finding;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.StepReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A database server of restores in memory: which data each database holds, and whether the one in use takes connections. */
public final class FakeDatabases {

    /** What a backup holds. */
    public static final String OF_THE_BACKUP = "of the backup";

    /** What a database holds that has nothing in it. */
    public static final String EMPTY = "nothing";

    private final Map<String, String> databases = new TreeMap<>();
    private final Set<String> closed = new TreeSet<>();

    /** Databases by name, and what they hold. */
    public synchronized Map<String, String> contents() {
        return Map.copyOf(databases);
    }

    /** Puts a database there. */
    public synchronized void put(String name, String data) {
        databases.put(name, data);
    }

    /** A person drops a database. */
    public synchronized void drop(String name) {
        databases.remove(name);
    }

    /** Whether there is a database of that name. */
    public synchronized boolean has(String name) {
        return databases.containsKey(name);
    }

    /** Whether a database refuses connections. */
    public synchronized boolean closed(String name) {
        return closed.contains(name);
    }

    /** What a task leaves behind that is killed in the middle. */
    synchronized void half(Task task) {
        switch (task.kind()) {
            case RESTORE_COPY, RESTORE_TEST -> databases.put(task.restore().copy(), "half");
            case RESTORE_SWAP -> closed.add(task.database().database());
            default -> {}
        }
    }

    /** Does what a task is for. */
    synchronized TaskResult work(Task task) {
        String live = task.database().database();
        String copy = task.restore().copy();
        String previous = task.restore().previous();
        return switch (task.kind()) {
            case RESTORE_PLAN ->
                told(
                        task,
                        new RestoreReport(
                                new RestoreReport.Facts(
                                        "17.6",
                                        databases.containsKey(live),
                                        90L << 20,
                                        7,
                                        Instant.parse("2026-01-01T01:00:00Z"),
                                        "17.6",
                                        80L << 20,
                                        10L << 20,
                                        0,
                                        0,
                                        List.of()),
                                null,
                                null));
            case RESTORE_COPY -> {
                databases.put(copy, OF_THE_BACKUP);
                yield told(
                        task,
                        new RestoreReport(
                                null, new RestoreReport.Copy(80L << 20, 3, 1000, true, List.of(), 0, 4), null));
            }
            case RESTORE_TEST -> {
                databases.remove(copy);
                yield told(
                        task,
                        new RestoreReport(
                                null, new RestoreReport.Copy(80L << 20, 3, 1000, true, List.of(), 0, 42), null));
            }
            case RESTORE_INTO_EMPTY -> {
                // By its mark it knows again what an earlier try of it has committed.
                if (!List.of(EMPTY, OF_THE_BACKUP).contains(databases.put(live, OF_THE_BACKUP))) {
                    throw new IllegalStateException(live + " was filled, and is not empty");
                }
                yield told(
                        task,
                        new RestoreReport(
                                null, new RestoreReport.Copy(80L << 20, 3, 1000, true, List.of(), 0, 4), null));
            }
            case RESTORE_SWAP -> {
                if (databases.containsKey(copy)) {
                    databases.put(previous, databases.get(live));
                    databases.put(live, databases.remove(copy));
                }
                closed.remove(live);
                yield told(task, new RestoreReport(null, null, state(copy, previous)));
            }
            case RESTORE_SETTLE -> {
                if (task.restore().intoEmpty()) {
                    State state = databases.get(live).equals(OF_THE_BACKUP) ? State.SWAPPED : State.NOT_SWAPPED;
                    yield told(
                            task,
                            new RestoreReport(
                                    null, null, new RestoreReport.Swap(state, null, null, null, false, null)));
                }
                boolean swapped = state(copy, previous).state() == State.SWAPPED;
                if (!swapped && !task.restore().copyIsKept()) {
                    databases.remove(copy);
                }
                if (task.restore().fenceMayStand()) {
                    closed.remove(live);
                }
                yield told(task, new RestoreReport(null, null, state(copy, previous)));
            }
            default -> throw new IllegalStateException(task.kind().text());
        };
    }

    /** Drops what a step is told to drop. */
    synchronized StepReport drop(DatabaseMaintainWork work) {
        List<String> dropped = work.previous().drop().stream()
                .map(DatabaseMaintainWork.Kept::name)
                .filter(name -> databases.remove(name) != null)
                .toList();
        long gone = work.previous().drop().size() - dropped.size();
        String stays = work.previous().spared().stream()
                .map(DatabaseMaintainWork.Spared::why)
                .collect(Collectors.joining(" "));
        return StepReport.passed(
                "Dropped: " + dropped + " " + stays,
                Map.of(DatabaseMaintainWork.DROPPED, (long) dropped.size(), DatabaseMaintainWork.GONE, gone));
    }

    /** Looks whether a restore would succeed: all of these are gaps. */
    synchronized TaskResult look(Task task, List<Finding> gaps) {
        boolean exists = databases.containsKey(task.database().database());
        return told(
                task,
                new RestoreReport(
                        new RestoreReport.Facts(
                                "17.6", exists, 90L << 20, 7, null, null, null, null, gaps.size(), 0, gaps, kept(task)),
                        null,
                        null));
    }

    private RestoreReport.Kept kept(Task task) {
        List<RestoreReport.KeptDatabase> kept = databases.keySet().stream()
                .filter(name -> DatabaseNames.isPrevious(task.database().database(), name))
                .map(name -> new RestoreReport.KeptDatabase(name, 90L << 20))
                .toList();
        return new RestoreReport.Kept(kept.size(), kept);
    }

    private static TaskResult told(Task task, RestoreReport report) {
        return TaskResult.of(task.kind(), report);
    }

    private RestoreReport.Swap state(String copy, String previous) {
        boolean swapped = previous != null && databases.containsKey(previous) && !databases.containsKey(copy);
        return new RestoreReport.Swap(
                swapped ? State.SWAPPED : State.NOT_SWAPPED, null, 12L, 2, swapped, swapped ? 90L << 20 : null);
    }
}

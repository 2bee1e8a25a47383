package dev.mainstay.runner.restore;

import dev.mainstay.core.task.RestoreOrder;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.RestoreReport.State;
import dev.mainstay.core.task.RestoreReport.Swap;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskResult;
import dev.mainstay.runner.restore.Databases.Found;
import java.util.Optional;

/**
 * Which of a restore's databases stand where. A swap changes all names and marks in one transaction, so that they tell
 * whether it was made.
 *
 * @param current the database that has the live name
 * @param copy the one that is to take its place
 * @param previous the one that had it before
 */
record Standing(Optional<Found> current, Optional<Found> copy, Optional<Found> previous, String mark) {

    static Standing of(Databases databases, Task task) {
        RestoreOrder order = task.restore();
        return new Standing(
                databases.find(task.database().database()),
                databases.find(order.copy()),
                Optional.ofNullable(order.previous()).flatMap(databases::find),
                order.mark());
    }

    /** Whether the copy has taken the place: of one that carries our mark since, or of none. */
    boolean swapped() {
        boolean replaced = previous.filter(found -> found.isOf(mark)).isPresent();
        boolean filled = current.filter(found -> found.isOf(mark)).isPresent();
        return current.isPresent() && copy.isEmpty() && (replaced || filled);
    }

    /** The answer of a task that found it so, and did nothing that could be measured. */
    TaskResult result(Task task, Databases databases) {
        boolean kept = swapped() && previous.isPresent();
        Long bytes = kept ? previous.map(databases::bytes).orElse(null) : null;
        State state = swapped() ? State.SWAPPED : State.NOT_SWAPPED;
        return TaskResult.of(
                task.kind(), new RestoreReport(null, null, new Swap(state, null, null, null, kept, bytes)));
    }
}

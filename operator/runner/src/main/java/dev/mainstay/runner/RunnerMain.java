package dev.mainstay.runner;

import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.TaskJson;

/** The program in the Jobs: one task in, one result out. */
public final class RunnerMain {

    private RunnerMain() {}

    public static void main(String[] args) {
        Task task = TaskJson.readTask(System.getenv(Task.ENVIRONMENT_VARIABLE));
        System.out.println(task.kind());
    }
}

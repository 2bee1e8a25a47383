package dev.mainstay.runner.task;

import dev.mainstay.core.task.Task;
import java.time.Clock;

/**
 * What every part of a task's work shares.
 *
 * @param task what is asked
 * @param settings how this program is set up
 * @param secrets the mounted Secrets
 * @param stop tells when the work must end
 * @param progress takes the news
 * @param clock the time
 */
public record TaskContext(
        Task task,
        RunnerSettings settings,
        MountedSecrets secrets,
        StopSignal stop,
        ProgressReporter progress,
        Clock clock) {}

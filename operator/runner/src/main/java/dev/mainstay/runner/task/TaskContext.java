package dev.mainstay.runner.task;

import dev.mainstay.core.task.Task;
import java.time.Clock;
import java.time.Instant;

/**
 * What every part of a task's work shares.
 *
 * @param task what is asked
 * @param startedAt start of the container; on a busy node the work begins much later
 * @param settings how this program is set up
 * @param secrets the mounted Secrets
 * @param stop tells when the work must end
 * @param progress takes the news
 * @param clock the time
 */
public record TaskContext(
        Task task,
        Instant startedAt,
        RunnerSettings settings,
        MountedSecrets secrets,
        StopSignal stop,
        ProgressReporter progress,
        Clock clock) {}

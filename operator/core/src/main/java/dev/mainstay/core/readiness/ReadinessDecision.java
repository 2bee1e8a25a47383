package dev.mainstay.core.readiness;

import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.task.Task;
import java.time.Instant;

/**
 * What is known of an application's restores now, and what is to be done to know more.
 *
 * @param ready the condition, and what it rests on
 * @param make the Job that is to be made; null when none is
 * @param end name of the Job that is to be ended; null when none is
 * @param lookAgain when to look again at the latest; null when something else has to change first
 */
public record ReadinessDecision(RestoreReady ready, Make make, String end, Instant lookAgain) {

    /** Makes the Job. */
    public record Make(String name, Task task, Instant startBy) {}
}

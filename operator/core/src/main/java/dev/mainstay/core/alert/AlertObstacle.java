package dev.mainstay.core.alert;

import dev.mainstay.core.status.Reason;

/**
 * Why nothing can be measured for a rule until a person has mended it.
 *
 * @param reason why, as one word
 * @param message what was found and what to do
 */
public record AlertObstacle(Reason reason, String message) {}

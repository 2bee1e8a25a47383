package dev.mainstay.core.schedule;

import java.time.Duration;

/**
 * How far apart the times of a schedule are on the clock, whatever its zone.
 *
 * @param shortest between two that follow each other
 * @param longest between two that follow each other
 */
record Spacing(Duration shortest, Duration longest) {

    Spacing with(Duration distance) {
        return new Spacing(
                distance.compareTo(shortest) < 0 ? distance : shortest,
                distance.compareTo(longest) > 0 ? distance : longest);
    }
}

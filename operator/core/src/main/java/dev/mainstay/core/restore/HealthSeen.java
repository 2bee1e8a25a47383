package dev.mainstay.core.restore;

import dev.mainstay.core.application.HealthSample;

/**
 * What is known of the application's health.
 *
 * @param sample what its ready Pods answered; null when they could not be asked
 * @param hindrance why not, in a clause; else null
 */
public record HealthSeen(HealthSample sample, String hindrance) {

    /** The Pods were asked. */
    public static HealthSeen asked(HealthSample sample) {
        return new HealthSeen(sample, null);
    }

    /** They could not be asked. */
    public static HealthSeen notAsked(String why) {
        return new HealthSeen(null, why);
    }
}

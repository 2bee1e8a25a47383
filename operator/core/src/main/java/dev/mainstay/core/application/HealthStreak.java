package dev.mainstay.core.application;

import dev.mainstay.api.application.HealthCheck;
import dev.mainstay.core.application.HealthSample.Finding;

/**
 * What passes in a row have found. It is kept in memory alone: after a restart the condition that stands is believed until
 * as many passes have spoken against it as it took to find it.
 *
 * @param failed failed passes since the last good one. A silent one in between says nothing, so it ends no row
 * @param silent passes in a row in which no Pod answered
 * @param same passes in a row that found the same as the newest
 * @param newest what the newest found; null before the first
 */
public record HealthStreak(int failed, int silent, int same, Finding newest) {

    /** No pass yet. */
    public static final HealthStreak NONE = new HealthStreak(0, 0, 0, null);

    /** With one pass more. */
    public HealthStreak next(HealthSample sample, HealthCheck check) {
        Finding finding = sample.finding(check);
        int again = finding.equals(newest) ? same + 1 : 1;
        return switch (finding.outcome()) {
            case GOOD -> new HealthStreak(0, 0, again, finding);
            case FAILED -> new HealthStreak(failed + 1, 0, again, finding);
            // Once nothing is known any more, what failed long before does not count against the first answer.
            case SILENT ->
                new HealthStreak(silent + 1 < check.failureThreshold() ? failed : 0, silent + 1, again, finding);
        };
    }
}

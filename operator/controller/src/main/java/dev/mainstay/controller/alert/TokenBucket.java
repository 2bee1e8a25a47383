package dev.mainstay.controller.alert;

import java.time.Duration;

/** So many requests at once, and then so many a second. Not safe for threads. */
final class TokenBucket {

    private final int burst;
    private final long nanosPerToken;
    private long fullAt;

    /**
     * A full one.
     *
     * @param now in nanoseconds, as in all that is asked of it
     */
    TokenBucket(int burst, int perSecond, long now) {
        this.burst = burst;
        this.nanosPerToken = Duration.ofSeconds(1).toNanos() / perSecond;
        this.fullAt = now;
    }

    /** How many nanoseconds until there is a token; 0 when there is one. */
    long untilNext(long now) {
        return Math.max(0, fullAt - (burst - 1) * nanosPerToken - now);
    }

    /** Takes one, which has to be there. */
    void take(long now) {
        fullAt = Math.max(fullAt, now) + nanosPerToken;
    }

    /** Whether all tokens are there. */
    boolean full(long now) {
        return fullAt <= now;
    }
}

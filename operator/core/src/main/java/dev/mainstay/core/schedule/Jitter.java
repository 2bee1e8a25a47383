package dev.mainstay.core.schedule;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;

/** Spreads the objects of one schedule, so that not all of them start at the full hour. */
public final class Jitter {

    private static final Duration DAY = Duration.ofDays(1);

    private Jitter() {}

    /** When something daily is due again after it was done: days begin at another time for each object. */
    public static Instant nextDay(String uid, Instant done) {
        Duration offset = of(uid, DAY.minusSeconds(1));
        long day = Math.floorDiv(done.getEpochSecond() - offset.toSeconds(), DAY.toSeconds());
        return Instant.ofEpochSecond((day + 1) * DAY.toSeconds()).plus(offset);
    }

    /**
     * How much later than its slots an object runs: always the same for it, in whole seconds.
     *
     * @param uid uid of the object
     * @param most the most that it may be
     */
    public static Duration of(String uid, Duration most) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            BigInteger choices = BigInteger.valueOf(Math.max(0, most.toSeconds()) + 1);
            return Duration.ofSeconds(new BigInteger(1, digest).mod(choices).longValueExact());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Retry;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Which failures are tried again, and after how long. */
public final class RetryRules {

    /** Longest wait between two attempts. */
    static final Duration LONGEST_DELAY = Duration.ofMinutes(30);

    /** How often a path is tried to be settled before the backup is given up. */
    static final int SETTLES = 6;

    /** How often a committed backup is tried to be read back before it is left unproven. */
    static final int VERIFICATIONS = 3;

    /** Trying again can't help until a person has done something. */
    private static final Set<Reason> FINAL = EnumSet.of(
            Reason.AUTHENTICATION_FAILED,
            Reason.PERMISSION_DENIED,
            Reason.CREDENTIALS_MISSING,
            Reason.VERSION_UNSUPPORTED,
            Reason.STORAGE_DENIED,
            Reason.OWNED_BY_OTHER);

    private RetryRules() {}

    /** Whether an attempt that failed for this reason is followed by another. */
    public static boolean retried(Reason reason) {
        return !FINAL.contains(reason);
    }

    /**
     * The wait after the given number of failed tries: the policy's delay, doubled with each, 30 minutes at most.
     *
     * @param failures how many tries failed, from 1
     */
    public static Duration delay(Retry retry, int failures) {
        Duration delay = Durations.parse(retry.delay());
        for (int i = 1; i < failures && delay.compareTo(LONGEST_DELAY) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }
}

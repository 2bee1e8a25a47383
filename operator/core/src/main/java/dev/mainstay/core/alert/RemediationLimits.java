package dev.mainstay.core.alert;

import dev.mainstay.api.alert.Remediation;
import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.core.Durations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How many attempts there may be, counted from what stands in the status: a restart of the operator forgets none. */
final class RemediationLimits {

    private RemediationLimits() {}

    /** Those at which something was done, or was about to be. */
    static List<RemediationAttempt> real(List<RemediationAttempt> attempts) {
        return attempts.stream().filter(attempt -> !attempt.dryRun()).toList();
    }

    /** The real ones of an episode. */
    static List<RemediationAttempt> of(List<RemediationAttempt> attempts, long episode) {
        return real(attempts).stream()
                .filter(attempt -> attempt.episode() == episode)
                .toList();
    }

    /** Number of the newest attempt of an episode; 0 when there was none. */
    static int number(List<RemediationAttempt> attempts, long episode) {
        return of(attempts, episode).stream()
                .mapToInt(RemediationAttempt::attempt)
                .max()
                .orElse(0);
    }

    /** Before when there is no attempt after the newest one; null when there was none. */
    static Instant coolUntil(List<RemediationAttempt> attempts, Remediation wanted) {
        List<RemediationAttempt> real = real(attempts);
        if (real.isEmpty()) {
            return null;
        }
        RemediationAttempt last = real.getLast();
        return (last.finishedAt() == null ? last.startedAt() : last.finishedAt())
                .plus(Durations.parse(wanted.cooldown()));
    }

    /** Before when the span of maxAttempts has no room for another one; null while fewer were made. */
    static Instant fullUntil(List<RemediationAttempt> attempts, Remediation wanted) {
        List<RemediationAttempt> real = real(attempts);
        int count = wanted.maxAttempts().count();
        return real.size() < count
                ? null
                : real.get(real.size() - count)
                        .startedAt()
                        .plus(Durations.parse(wanted.maxAttempts().per()));
    }

    /** Before when no attempt is made; null when there was none yet. */
    static Instant nextAllowed(List<RemediationAttempt> attempts, Remediation wanted) {
        Instant cool = coolUntil(attempts, wanted);
        Instant full = fullUntil(attempts, wanted);
        return full == null || cool != null && cool.isAfter(full) ? cool : full;
    }

    /** With one more; what only told what would be done goes first. */
    static List<RemediationAttempt> with(List<RemediationAttempt> attempts, RemediationAttempt next) {
        List<RemediationAttempt> all = new ArrayList<>(attempts);
        while (all.size() >= RemediationStatus.MOST_ATTEMPTS) {
            all.remove(
                    all.stream().filter(RemediationAttempt::dryRun).findFirst().orElseGet(all::getFirst));
        }
        all.add(next);
        return all;
    }
}

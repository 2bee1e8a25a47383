package dev.mainstay.core.alert;

import dev.mainstay.api.alert.RemediationAttempt;
import dev.mainstay.api.alert.RemediationStatus;
import dev.mainstay.core.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What Events tell of attempts to do something about an alert. */
public final class RemediationWords {

    private RemediationWords() {}

    /**
     * What is told.
     *
     * @param reason as one word
     * @param message in a sentence or two
     */
    public record Told(Reason reason, String message) {}

    /** What has changed: each attempt that was decided on, what came of one, and what keeps the next one from being made. */
    public static List<Told> events(RemediationStatus before, RemediationStatus after) {
        if (after == null || after.equals(before)) {
            return List.of();
        }
        RemediationStatus old = before == null ? RemediationStatus.NONE : before;
        List<Told> events = new ArrayList<>();
        for (RemediationAttempt attempt : after.attempts()) {
            Optional<RemediationAttempt> was = old.attempts().stream()
                    .filter(other -> Objects.equals(other.startedAt(), attempt.startedAt()))
                    .findFirst();
            if (was.isEmpty()) {
                events.add(new Told(Reason.REMEDIATING, attempt.message()));
            } else if (was.get().open() && !attempt.open()) {
                events.add(new Told(Reason.REMEDIATED, attempt.message()));
            }
        }
        if (after.blockedReason() != null && !after.blockedReason().equals(old.blockedReason())) {
            Reason.of(after.blockedReason()).ifPresent(why -> events.add(new Told(why, after.blockedMessage())));
        }
        return events;
    }
}

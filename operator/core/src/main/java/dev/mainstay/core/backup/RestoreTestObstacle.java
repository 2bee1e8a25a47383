package dev.mainstay.core.backup;

import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.RestoreTestStatus.Running;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.schedule.Jitter;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What keeps a restore test from its Job. */
record RestoreTestObstacle(Reason reason, String message) {

    private static final Set<Reason> PASSING =
            EnumSet.of(Reason.PAUSED, Reason.SUSPENDED, Reason.CLAIMED, Reason.CONCURRENCY_LIMIT);

    /** What keeps it from beginning now; empty when nothing does. */
    static Optional<RestoreTestObstacle> of(RestoreTestObservation observation, PolicyClock.Held held) {
        if (held != null) {
            return obstacle(held.reason(), held.message());
        }
        if (observation.restoring() != null) {
            return obstacle(
                    Reason.CLAIMED, "RestoreRequest " + observation.restoring() + " goes first, and has not ended.");
        }
        if (observation.serviceAccount() == ServiceAccountObservation.NOT_ALLOWED) {
            return obstacle(Reason.SERVICE_ACCOUNT_NOT_ALLOWED, Reason.SERVICE_ACCOUNT_NOT_ALLOWED.nextStep());
        }
        Optional<String> refused = JobTemplateRefusal.told(observation.application());
        if (refused.isPresent()) {
            return obstacle(Reason.INVALID_SPEC, refused.get());
        }
        return observation.room()
                ? Optional.empty()
                : obstacle(Reason.CONCURRENCY_LIMIT, "As many restore tests run as the release allows.");
    }

    /** Why a slot is left out while the test of an earlier one has not ended. */
    static String stillWaiting(
            RestoreTestObservation observation, Running running, PolicyClock.Held held, boolean begun) {
        return "The test of the slot " + running.slot()
                + (begun ? Optional.<RestoreTestObstacle>empty() : of(observation, held))
                        .map(obstacle -> " has not begun. " + obstacle.message())
                        .orElse(" has not ended.");
    }

    /** Why its Job could not be made when that was last tried; empty when it could. */
    static Optional<RestoreTestObstacle> refusal(Running running) {
        return Optional.ofNullable(running.refusal())
                .map(refusal -> new RestoreTestObstacle(
                        Reason.of(refusal.reason()).orElse(Reason.INTERNAL_ERROR), refusal.message()));
    }

    /** Whether it goes away only when somebody mends something; the others are meant, or pass by themselves. */
    boolean needsMending() {
        return !PASSING.contains(reason);
    }

    /** When it has waited for too long; empty for a later Job of which an older version did not say since when it waits. */
    static Optional<Instant> deadline(BackupPolicy policy, Running running) {
        Optional<Instant> first = Optional.of(running.slot())
                .filter(slot -> running.number() == 1)
                .map(slot -> slot.plus(Jitter.of(
                        policy.getMetadata().getUid(),
                        Durations.parse(policy.getSpec().jitter()))));
        return Optional.ofNullable(running.notBefore())
                .or(() -> first)
                .map(since -> since.plus(Durations.parse(policy.getSpec().startingDeadline())));
    }

    private static Optional<RestoreTestObstacle> obstacle(Reason reason, String message) {
        return Optional.of(new RestoreTestObstacle(reason, message));
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.status.Reason;
import java.util.Optional;

/** What keeps a restore test from its Job. */
record RestoreTestObstacle(Reason reason, String message) {

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

    private static Optional<RestoreTestObstacle> obstacle(Reason reason, String message) {
        return Optional.of(new RestoreTestObstacle(reason, message));
    }
}

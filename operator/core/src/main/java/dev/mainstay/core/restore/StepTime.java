package dev.mainstay.core.restore;

import dev.mainstay.api.restore.RestoreStep;
import dev.mainstay.api.restore.RestoreStepName;
import java.time.Duration;
import java.time.Instant;

/** How long a step waits for what others have to do. An operator that was away has not waited: others need it meanwhile too. */
final class StepTime {

    private final RestoreObservation observation;
    private final Instant now;

    StepTime(RestoreObservation observation, Instant now) {
        this.observation = observation;
        this.now = now;
    }

    /** Whether a step has waited for longer than that. */
    boolean over(RestoreStepName step, Duration limit) {
        return RestoreClaims.status(observation.request())
                .step(step)
                .map(RestoreStep::startedAt)
                .map(began -> observation.watchedSince() == null || began.isAfter(observation.watchedSince())
                        ? began
                        : observation.watchedSince())
                .filter(began -> now.isAfter(began.plus(limit)))
                .isPresent();
    }
}

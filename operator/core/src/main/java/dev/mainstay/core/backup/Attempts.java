package dev.mainstay.core.backup;

import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Next versions of an attempt. A fact once written stays; only what is not known yet is filled in. */
final class Attempts {

    private Attempts() {}

    static Attempt planned(int number, String path, Instant now) {
        return new Attempt(number, path, null, AttemptState.ACTIVE, seconds(now), null, null, null, null, null);
    }

    /** The attempt with what is seen of its Job: that it exists, and when its container started. */
    static Attempt seen(Attempt attempt, JobObservation job) {
        if (job == null) {
            return attempt;
        }
        Instant started = job.pod() == null ? null : job.pod().startedAt();
        return new Attempt(
                attempt.number(),
                attempt.path(),
                attempt.job() == null ? job.name() : attempt.job(),
                attempt.state(),
                attempt.plannedAt(),
                attempt.startedAt() == null ? started : attempt.startedAt(),
                attempt.endedAt(),
                attempt.followUps(),
                attempt.reason(),
                attempt.message());
    }

    static Attempt withState(Attempt attempt, AttemptState state, FollowUps followUps) {
        return new Attempt(
                attempt.number(),
                attempt.path(),
                attempt.job(),
                state,
                attempt.plannedAt(),
                attempt.startedAt(),
                attempt.endedAt(),
                followUps,
                attempt.reason(),
                attempt.message());
    }

    static Attempt withProblem(Attempt attempt, Failure problem) {
        return new Attempt(
                attempt.number(),
                attempt.path(),
                attempt.job(),
                attempt.state(),
                attempt.plannedAt(),
                attempt.startedAt(),
                attempt.endedAt(),
                attempt.followUps(),
                problem.reason(),
                Conditions.cut(problem.message()));
    }

    static Attempt ended(Attempt attempt, AttemptState state, Instant now) {
        return new Attempt(
                attempt.number(),
                attempt.path(),
                attempt.job(),
                state,
                attempt.plannedAt(),
                attempt.startedAt(),
                seconds(now),
                attempt.followUps(),
                attempt.reason(),
                attempt.message());
    }

    static FollowUps followUps(Attempt attempt) {
        return attempt.followUps() == null ? FollowUps.NONE : attempt.followUps();
    }

    /** The attempts with one replaced, or added at the end. */
    static List<Attempt> with(List<Attempt> attempts, Attempt changed) {
        if (attempts.stream().noneMatch(attempt -> attempt.number() == changed.number())) {
            return java.util.stream.Stream.concat(attempts.stream(), java.util.stream.Stream.of(changed))
                    .toList();
        }
        return attempts.stream()
                .map(attempt -> attempt.number() == changed.number() ? changed : attempt)
                .toList();
    }

    static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}

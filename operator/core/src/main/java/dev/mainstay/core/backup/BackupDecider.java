package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.backup.Attempt;
import dev.mainstay.api.backup.AttemptState;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.backup.FollowUps;
import dev.mainstay.api.status.Condition;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.Durations;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.backup.BackupDecision.Pace;
import dev.mainstay.core.backup.BackupObservation.Places;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is to be done about a DatabaseBackup: a pure function of what was observed and of the time. */
public final class BackupDecider {

    /** How long a backup whose policy is missing waits for it. A request forgotten for days must not suddenly run. */
    static final Duration WAITS_FOR_POLICY = Duration.ofHours(1);

    /** Another release that is alive has told something of a backup by then. */
    private static final Duration OTHER_RELEASE_TELLS = Duration.ofMinutes(1);

    private static final int EXACT_PLACES = 10;

    /** A failed backup never acts again, whatever is mended. */
    private static final String ANOTHER_ONE = " Once this is mended, create another DatabaseBackup.";

    private BackupDecider() {}

    /** Decides. */
    public static BackupDecision decide(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        DatabaseBackupStatus status = backup.getStatus();
        if (status != null && status.phase() != null && status.phase().terminal()) {
            BackupDecision idle = neverStarted(observation, now);
            return idle == null ? new BackupDecision.Finished() : idle;
        }
        if (observation.claim().otherRelease() != null) {
            return ofAnotherRelease(observation, now);
        }
        if (newer(status)) {
            return new BackupDecision.LeaveAlone(
                    "The status holds a phase or an attempt's state that this version of Mainstay does not know: a newer"
                            + " version wrote it. Upgrade Mainstay.",
                    Pace.NEVER);
        }
        if (backup.unreadableSpec().isPresent()) {
            return new BackupDecision.Stuck(
                    Reason.INVALID_SPEC,
                    "spec can't be read by this version of Mainstay: "
                            + backup.unreadableSpec().get() + ". Upgrade Mainstay, or make another DatabaseBackup.",
                    Pace.NEVER);
        }
        if (AttachedBackup.waits(backup)) {
            return AttachedBackup.decide(observation, now);
        }
        Attempt last = last(observation);
        if (last != null && last.state() == AttemptState.ACTIVE) {
            return ActiveAttempt.decide(observation, last, now);
        }
        if (last != null && (last.state() == AttemptState.SETTLING || last.state() == AttemptState.VERIFYING)) {
            BackupDecision idle = neverStarted(observation, now);
            return idle == null ? FollowUp.decide(observation, last, now) : idle;
        }
        return next(observation, last, now);
    }

    /** It may take its time, or have gone without handing anything back: then nobody else would say why nothing happens. */
    private static BackupDecision ofAnotherRelease(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        List<Condition> told =
                backup.getStatus() == null ? List.of() : backup.getStatus().conditions();
        Instant until =
                Instant.parse(backup.getMetadata().getCreationTimestamp()).plus(OTHER_RELEASE_TELLS);
        boolean silent = told.stream()
                .filter(condition -> "Ready".equals(condition.type()))
                .map(Condition::reason)
                .allMatch(Reason.MANAGED_BY_ANOTHER_RELEASE.text()::equals);
        String why = leftAlone(observation);
        if (!silent) {
            return new BackupDecision.LeaveAlone(why, Pace.NEVER);
        }
        return now.isBefore(until) || observation.claim().otherRelease().isEmpty()
                ? new BackupDecision.LeaveAlone(why, Pace.SLOW)
                : new BackupDecision.Stuck(Reason.MANAGED_BY_ANOTHER_RELEASE, why, Pace.SLOW);
    }

    private static String leftAlone(BackupObservation observation) {
        String release = observation.claim().otherRelease();
        return release.isEmpty()
                ? "This release has handed the application back, since it is being uninstalled. If it stays, restart it."
                : "Release " + release
                        + " of Mainstay works on this application. If it is gone, or to hand the application over to"
                        + " this one, delete the Lease that says so: "
                        + Names.claims(
                                observation.policy().getSpec().applicationRef().name())
                        + ".";
    }

    /** Whether a newer version wrote a word that this one would lose by writing the status. */
    private static boolean newer(DatabaseBackupStatus status) {
        return status != null
                && (status.phase() == BackupPhase.UNRECOGNIZED
                        || status.attempts().stream()
                                .anyMatch(attempt -> attempt.state() == AttemptState.UNRECOGNIZED));
    }

    /** The next attempt, if there is to be one. */
    private static BackupDecision next(BackupObservation observation, Attempt last, Instant now) {
        BackupDecision idle = neverStarted(observation, now);
        if (idle != null) {
            return idle;
        }
        Optional<Ending> ending = Ending.of(observation);
        if (ending.isPresent()) {
            return ending.get().decision(observation.backup());
        }
        if (last != null && exhausted(observation, last)) {
            return new BackupDecision.Fail(failure(observation, last));
        }
        BackupDecision blocked = blocked(observation, now);
        if (last == null) {
            Optional<BackupDecision> notTried = SlotBackup.notTried(observation, blocked, now);
            if (notTried.isPresent()) {
                return notTried.get();
            }
        }
        if (blocked != null) {
            return blocked;
        }
        if (last != null) {
            Duration delay = RetryRules.delay(observation.policy().getSpec().retry(), last.number());
            Instant due = last.endedAt().plus(delay);
            if (now.isBefore(due)) {
                return new BackupDecision.Wait(
                        Reason.RETRYING,
                        "Attempt " + last.number() + " failed (" + last.reason() + "): " + last.message()
                                + " The next one starts at " + Attempts.seconds(due) + ".",
                        earlier(Duration.between(now, due), Pace.SLOW));
            }
        }
        int number = last == null ? 1 : last.number() + 1;
        String path =
                BackupTasks.location(observation.backup(), observation.policy().getSpec(), number);
        BackupDecision.Intend intend = new BackupDecision.Intend(
                Attempts.planned(number, path, now), Reason.STARTING, "Attempt " + number + " is about to start.");
        return BackupClaims.granted(observation.backup())
                ? intend
                : new BackupDecision.TakeClaim(
                        BackupClaims.request(
                                observation.backup(), database(observation).name()),
                        database(observation).name(),
                        intend);
    }

    /**
     * A Job that is not waited for any more and whose Pod waits: it would wait for ever, or until its deadline, and take a
     * place from others. A backup does nothing after its time to start; what settles or verifies was planned again.
     */
    private static BackupDecision neverStarted(BackupObservation observation, Instant now) {
        Optional<String> current = currentJob(observation.backup());
        return observation.jobs().values().stream()
                .filter(job -> !current.equals(Optional.of(job.name())))
                .filter(JobObservation::canBeEnded)
                .filter(job -> job.pod() == null || !job.pod().started())
                .filter(job -> ActiveAttempt.startTimeIsOver(job, now))
                .map(JobObservation::name)
                .min(Comparator.naturalOrder())
                .map(BackupDecision.EndJob::new)
                .orElse(null);
    }

    private static boolean exhausted(BackupObservation observation, Attempt last) {
        if (!Reason.of(last.reason()).map(RetryRules::retried).orElse(true)) {
            return true;
        }
        // A policy that is away may be about to be made again: that is waited for, as before the first attempt.
        return observation.policy() != null
                && (observation.policy().getSpec() == null
                        || last.number()
                                > observation.policy().getSpec().retry().limit());
    }

    private static Failure failure(BackupObservation observation, Attempt last) {
        Failure told = observation.backup().getStatus().failure();
        String attempts = last.number() == 1 ? "" : " That was attempt " + last.number() + ", the last one.";
        return new Failure(
                last.reason(), last.message() + attempts + ANOTHER_ONE, told == null ? List.of() : told.logTail());
    }

    /** Why no attempt may start now; the first violated check wins. */
    static BackupDecision blocked(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        BackupPolicy policy = observation.policy();
        if (policy == null) {
            return policyMissing(backup, now);
        }
        DatabaseChoice choice = DatabaseChoice.of(policy, observation.application());
        if (choice instanceof DatabaseChoice.Missing missing) {
            return new BackupDecision.Stuck(missing.reason(), missing.message(), Pace.SLOW);
        }
        if (observation.serviceAccount() == ServiceAccountObservation.NOT_ALLOWED) {
            String name = observation.application().getSpec().jobTemplate().serviceAccountName();
            return new BackupDecision.Stuck(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED,
                    "ManagedApplication " + policy.getSpec().applicationRef().name()
                            + ": spec.jobTemplate.serviceAccountName names ServiceAccount " + name
                            + ", which does not exist or lacks the label " + Annotations.ALLOW_JOBS
                            + "=true that an administrator sets.",
                    Pace.SLOW);
        }
        for (HasMetadata object : List.of(backup, policy, observation.application())) {
            BackupDecision paused = paused(object);
            if (paused != null) {
                return paused;
            }
        }
        return observation.places().free() ? null : crowded(observation, observation.places());
    }

    /** Which policy is missing, in words. */
    static String policyMissing(DatabaseBackup backup) {
        return "spec.policyRef names BackupPolicy "
                + backup.getSpec().policyRef().name() + ", which does not exist in namespace "
                + backup.getMetadata().getNamespace() + ".";
    }

    private static BackupDecision policyMissing(DatabaseBackup backup, Instant now) {
        String message = policyMissing(backup);
        Instant until =
                Instant.parse(backup.getMetadata().getCreationTimestamp()).plus(WAITS_FOR_POLICY);
        return now.isBefore(until)
                ? new BackupDecision.Stuck(
                        Reason.POLICY_NOT_FOUND, message + " Create it before " + until + ".", Pace.SLOW)
                : new BackupDecision.Fail(new Failure(
                        Reason.POLICY_NOT_FOUND.text(),
                        message + " It did not appear within an hour; create it, then another DatabaseBackup.",
                        List.of()));
    }

    private static BackupDecision paused(HasMetadata object) {
        return Pause.message(object)
                .map(message -> new BackupDecision.Wait(Reason.PAUSED, message, Pace.SLOW))
                .orElse(null);
    }

    /** There is no place for one more Job: what else stands against it and is known is told all the same. */
    public static BackupDecision crowded(BackupObservation observation, Places places) {
        Optional<String> invalid = JobTemplateRefusal.told(observation.application());
        if (invalid.isPresent()) {
            return new BackupDecision.Stuck(Reason.INVALID_SPEC, invalid.get(), Pace.SLOW);
        }
        return new BackupDecision.Wait(
                Reason.CONCURRENCY_LIMIT, full(observation, places) + ". " + place(places.ahead()), Pace.RUNNING);
    }

    private static String full(BackupObservation observation, Places places) {
        if (places.running() >= places.limit()) {
            return "Mainstay runs as many Jobs as its setting limits.jobs allows, " + places.limit();
        }
        if (places.runningInNamespace() >= places.limitInNamespace()) {
            return "Mainstay runs as many Jobs in namespace "
                    + observation.backup().getMetadata().getNamespace()
                    + " as its setting limits.jobsPerNamespace allows, " + places.limitInNamespace();
        }
        return places.dumpsOnServer() >= places.limitOnServer()
                ? "Mainstay dumps as many databases of " + serverName(observation)
                        + " at once as its setting limits.dumpsPerServer allows, " + places.limitOnServer()
                : "Others have waited longer for the next place";
    }

    private static String serverName(BackupObservation observation) {
        return DatabaseChoice.of(observation.policy(), observation.application())
                        instanceof DatabaseChoice.Found(Database database)
                ? database.postgres().sessionHost() + ":" + database.postgres().sessionPort()
                : "one server";
    }

    /** Exact near the front only: a number that changes all the time would be written, and read, again and again. */
    private static String place(int ahead) {
        if (ahead == 0) {
            return "This backup has the next place.";
        }
        if (ahead == 1) {
            return "One other waits before this backup.";
        }
        if (ahead <= EXACT_PLACES) {
            return ahead + " others wait before this backup.";
        }
        int step = ahead <= 100 ? EXACT_PLACES : 100;
        return "More than " + (ahead - 1) / step * step + " others wait before this backup.";
    }

    /** The database of an observation that is not {@link #blocked}; null when it can't be told. */
    static Database database(BackupObservation observation) {
        return observation.policy() != null
                        && DatabaseChoice.of(observation.policy(), observation.application())
                                instanceof DatabaseChoice.Found found
                ? found.database()
                : null;
    }

    /** The Job of a task, which has from now on as long to start as the policy says. */
    static BackupDecision makeJob(
            BackupObservation observation,
            Database database,
            Attempt attempt,
            TaskKind kind,
            String name,
            Instant now) {
        Instant startBy = Attempts.seconds(
                now.plus(Durations.parse(observation.policy().getSpec().pendingTimeout())));
        return new BackupDecision.MakeJob(
                attempt,
                name,
                BackupTasks.task(
                        observation.backup(),
                        observation.policy(),
                        database,
                        observation.clusterId(),
                        attempt,
                        kind,
                        startBy,
                        BackupRetention.of(observation, attempt, kind)),
                startBy);
    }

    /** Name of the Job that the last attempt waits for, whether or not it exists; empty when none is waited for. */
    static Optional<String> currentJob(DatabaseBackup backup) {
        if (backup.getStatus() == null || backup.getStatus().attempts().isEmpty()) {
            return Optional.empty();
        }
        Attempt last = backup.getStatus().attempts().getLast();
        FollowUps followUps = Attempts.followUps(last);
        return switch (last.state()) {
            case ACTIVE -> Optional.of(jobName(backup, last, TaskKind.BACKUP, 1));
            case SETTLING -> Optional.of(jobName(backup, last, TaskKind.SETTLE, followUps.settles()));
            case VERIFYING -> Optional.of(jobName(backup, last, TaskKind.VERIFY, followUps.verifications()));
            case null, default -> Optional.empty();
        };
    }

    /** Name of the Job of a task. */
    static String jobName(DatabaseBackup backup, Attempt attempt, TaskKind kind, int sequence) {
        return Names.job(
                backup.getMetadata().getName(), backup.getMetadata().getUid(), attempt.number(), kind, sequence);
    }

    static Attempt last(BackupObservation observation) {
        DatabaseBackupStatus status = observation.backup().getStatus();
        return status == null || status.attempts().isEmpty()
                ? null
                : status.attempts().getLast();
    }

    static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

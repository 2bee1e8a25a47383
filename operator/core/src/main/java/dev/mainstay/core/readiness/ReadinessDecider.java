package dev.mainstay.core.readiness;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.KeptDatabase;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.PostgresDatabase;
import dev.mainstay.api.application.RestoreReadiness;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.ByteSizes;
import dev.mainstay.core.application.JobTemplateRefusal;
import dev.mainstay.core.application.RestoreReady;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.BackupTasks;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.backup.PodTrouble;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.readiness.ReadinessDecision.Make;
import dev.mainstay.core.schedule.Jitter;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.RestoreReport;
import dev.mainstay.core.task.Task;
import dev.mainstay.core.task.Task.MadeBy;
import dev.mainstay.core.task.Task.Origin;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.task.TaskKind;
import dev.mainstay.core.task.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When it is looked whether restores of an application's databases would succeed, and what was found: soon after a change of
 * its spec or of the annotation run-now, or after a run has dropped a kept database, and once a day; more often while there
 * are gaps. Each look has a Job of its own
 * name, so it is made once, and one database follows the other.
 */
public final class ReadinessDecider {

    /** How long a Job may wait for its Pod. */
    public static final Duration STARTS_WITHIN = Duration.ofMinutes(10);

    /** While a place, or a Job's end, is waited for. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    /** It looks, and moves no data. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration AGAIN_WITH_GAPS = Duration.ofMinutes(15);

    /** How long what was found stands when a look is due: it may have to wait for a place, and for others. */
    private static final Duration LATE_AFTER = Duration.ofHours(1);

    private static final int LONGEST_FINDING = 512;
    private static final int MOST_FINDINGS = 10;

    private final ReadinessObservation observation;
    private final ManagedApplication application;
    private final Instant now;
    private final List<RestoreReadiness> found = new ArrayList<>();
    private final Set<String> overdue = new HashSet<>();
    private Failure obstacle;
    private Make make;
    private String end;
    private Instant lookAgain;

    private ReadinessDecider(ReadinessObservation observation, Instant now) {
        this.observation = observation;
        this.application = observation.application();
        this.now = now;
    }

    /** Decides. */
    public static ReadinessDecision decide(ReadinessObservation observation, Instant now) {
        if (observation.application().getSpec() == null
                || observation.application().unreadableSpec().isPresent()) {
            return new ReadinessDecision(RestoreReady.NONE, null, null, null);
        }
        return new ReadinessDecider(observation, now).decide();
    }

    /** What is told where no Job could be made; what was found before stands, and is older than it should be. */
    public static ReadinessDecision notMade(ReadinessDecision decision, Reason reason, String said) {
        RestoreReady ready = decision.ready();
        return ready.reason() != Reason.IN_PROGRESS
                ? decision
                : new ReadinessDecision(
                        new RestoreReady(
                                ready.found(),
                                ready.status(),
                                reason,
                                ready.message() + " Job " + decision.make().name()
                                        + " can't be made, which is tried again: " + said),
                        decision.make(),
                        decision.end(),
                        decision.lookAgain());
    }

    /**
     * Whether something is to be looked at: what that takes is asked of the API server only then.
     *
     * @param dropped when a run dropped a kept database the last time; null when none has
     */
    public static boolean due(ManagedApplication application, Instant dropped, Instant now) {
        if (application.getSpec() == null || application.unreadableSpec().isPresent()) {
            return false;
        }
        ReadinessDecider decider = new ReadinessDecider(
                new ReadinessObservation(
                        application,
                        ServiceAccountObservation.NOT_NAMED,
                        null,
                        List.of(),
                        Map.of(),
                        false,
                        null,
                        dropped,
                        false),
                now);
        return decider.databases().stream()
                .anyMatch(database -> !now.isBefore(decider.due(decider.before(database.name()))));
    }

    /** Whether somebody has looked since the application's spec and its annotation run-now are as they are. */
    public static boolean isCurrent(ManagedApplication application, RestoreReadiness look) {
        return key(application).equals(look.key());
    }

    private ReadinessDecision decide() {
        obstacle = obstacle().orElse(null);
        boolean turn = true;
        for (Database database : databases()) {
            RestoreReadiness before = before(database.name());
            Instant due = due(before);
            if (now.isBefore(due)) {
                lookAgainAt(due);
                found.add(before);
                continue;
            }
            Optional<RestoreReadiness> told = turn && obstacle == null ? look(database, before) : Optional.empty();
            turn = told.isPresent();
            told.ifPresent(found::add);
            if (!turn && before != null) {
                stands(before);
            }
        }
        return new ReadinessDecision(
                new ReadinessWords(application, found, overdue, obstacle).ready(), make, end, lookAgain);
    }

    /** Until somebody has looked again, though not for ever, and not for another spec. */
    private void stands(RestoreReadiness before) {
        found.add(before);
        Instant until = due(before).plus(LATE_AFTER);
        if (!key().equals(before.key()) || !now.isBefore(until)) {
            overdue.add(before.database());
        } else {
            lookAgainAt(until);
        }
    }

    /** Those with a role for restores. */
    private List<Database> databases() {
        return application.getSpec().databases().stream()
                .filter(database -> database.postgres().adminSecretRef() != null)
                .filter(database -> database.postgres().sslMode() != SslMode.UNRECOGNIZED)
                .toList();
    }

    /** What keeps Jobs from being made; something that wakes the application takes it away. */
    private Optional<Failure> obstacle() {
        Optional<String> paused = Pause.message(application);
        if (paused.isPresent()) {
            return Optional.of(failure(Reason.PAUSED.text(), paused.get()));
        }
        Optional<String> refused = JobTemplateRefusal.told(application);
        if (refused.isPresent()) {
            return Optional.of(failure(Reason.INVALID_SPEC.text(), refused.get()));
        }
        if (observation.serviceAccount() == ServiceAccountObservation.NOT_ALLOWED) {
            lookAgainAt(now.plus(AGAIN_WITH_GAPS));
            return Optional.of(failure(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED.text(),
                    "The ServiceAccount of spec.jobTemplate does not exist, or an administrator has not given it the label "
                            + Annotations.ALLOW_JOBS + "=true."));
        }
        return observation.restoring()
                ? Optional.of(failure(Reason.CLAIMED.text(), "A restore works on the application."))
                : Optional.empty();
    }

    /** One look; empty when it has not come to its end. */
    private Optional<RestoreReadiness> look(Database database, RestoreReadiness before) {
        String name = Names.restoreReady(
                application.getMetadata().getName(),
                application.getMetadata().getUid(),
                database.name() + "/" + key() + "/" + (before == null ? "" : before.checkedAt())
                        // One that began before would tell of what was dropped meanwhile.
                        + (droppedSince(before) ? "/" + observation.dropped() : ""));
        JobObservation job = observation.jobs().get(name);
        if (job == null) {
            if (observation.idle()) {
                make = make(database, name);
            } else {
                obstacle = failure(Reason.IN_PROGRESS.text(), JobRefusal.WAITS);
            }
            return waiting();
        }
        if (!job.ours()) {
            return Optional.of(notLooked(database, before, JobRefusal.foreign(job)));
        }
        Optional<TaskResult> result = job.pod() == null
                ? Optional.empty()
                : TaskJson.readResult(job.pod().terminationMessage());
        if (result.isPresent() && restoredSince(job.pod().startedAt())) {
            return Optional.of(notLooked(
                    database,
                    before,
                    failure(
                            Reason.CLAIMED.text(),
                            "a restore ended at " + observation.restored() + ", after the look had begun.")));
        }
        if (result.isPresent()) {
            return Optional.of(ended(database, before, result.get()));
        }
        if (job.dead(now)) {
            return Optional.of(notLooked(
                    database, before, PodTrouble.withoutResult("the look at database " + database.name(), job)));
        }
        boolean started = job.pod() != null && job.pod().started();
        if (!started && job.startBy() != null && now.isAfter(job.startBy().plus(JobObservation.CLOCK_SKEW))) {
            end = job.canBeEnded() ? job.name() : null;
            return Optional.of(notLooked(database, before, PodTrouble.notStarted(job)));
        }
        return waiting();
    }

    /** What a look saw before that may have been swapped. */
    private boolean restoredSince(Instant startedAt) {
        return startedAt != null && observation.restored() != null && startedAt.isBefore(observation.restored());
    }

    private Optional<RestoreReadiness> waiting() {
        lookAgainAt(now.plus(LOOK_AGAIN));
        return Optional.empty();
    }

    private RestoreReadiness ended(Database database, RestoreReadiness before, TaskResult result) {
        RestoreReport.Facts facts =
                result.restore() == null ? null : result.restore().facts();
        if (facts == null) {
            return notLooked(
                    database,
                    before,
                    failure(
                            result.reason() == null ? Reason.INTERNAL_ERROR.text() : result.reason(),
                            result.message() == null ? "The Job told nothing." : result.message()));
        }
        return noted(new RestoreReadiness(
                database.name(),
                key(),
                now.truncatedTo(ChronoUnit.SECONDS),
                facts.errors(),
                facts.warnings(),
                facts.databaseBytes() == null ? null : ByteSizes.format(facts.databaseBytes()),
                facts.findings().stream()
                        .limit(MOST_FINDINGS)
                        .map(finding -> finding.check() + ": " + finding.message())
                        .map(text ->
                                text.length() <= LONGEST_FINDING ? text : text.substring(0, LONGEST_FINDING - 1) + "…")
                        .toList(),
                null,
                facts.kept() == null ? null : facts.kept().count(),
                facts.kept() == null
                        ? null
                        : facts.kept().databases().stream()
                                .map(kept -> new KeptDatabase(
                                        kept.name(), kept.bytes() == null ? null : ByteSizes.format(kept.bytes())))
                                .toList()));
    }

    /** What was found before still stands beside it: nobody has looked again. */
    private RestoreReadiness notLooked(Database database, RestoreReadiness before, Failure why) {
        return noted(new RestoreReadiness(
                database.name(),
                key(),
                now.truncatedTo(ChronoUnit.SECONDS),
                null,
                null,
                before == null ? null : before.databaseSize(),
                before == null ? List.of() : before.findings(),
                failure(why.reason(), why.message()),
                null,
                null));
    }

    private RestoreReadiness noted(RestoreReadiness readiness) {
        lookAgainAt(due(readiness));
        return readiness;
    }

    private Make make(Database database, String name) {
        PostgresDatabase postgres = database.postgres();
        Instant startBy = now.plus(STARTS_WITHIN).truncatedTo(ChronoUnit.SECONDS);
        return new Make(
                name,
                new Task(
                        Task.CONTRACT_VERSION,
                        TaskKind.RESTORE_READY,
                        new Origin(
                                observation.clusterId(),
                                application.getMetadata().getNamespace(),
                                application.getMetadata().getName(),
                                null,
                                database.name(),
                                null,
                                null,
                                MadeBy.OPERATION,
                                null,
                                null),
                        0,
                        null,
                        null,
                        BackupTasks.database(
                                postgres,
                                postgres.adminSecretRef(),
                                BackupTasks.certificate(application, database, observation.policies())),
                        null,
                        null,
                        null,
                        startBy,
                        TIMEOUT.toSeconds(),
                        null),
                startBy);
    }

    /** What a look now is made for. */
    private String key() {
        return key(application);
    }

    private static String key(ManagedApplication application) {
        return Names.digest(
                application.getMetadata().getGeneration(),
                application.getMetadata().getAnnotations() == null
                        ? null
                        : application.getMetadata().getAnnotations().get(Annotations.RUN_NOW));
    }

    private Instant due(RestoreReadiness before) {
        if (before == null || !key().equals(before.key())) {
            return now;
        }
        if (droppedSince(before)) {
            return observation.dropped();
        }
        boolean passed = before.errors() != null && before.errors() == 0;
        return passed
                ? Jitter.nextDay(application.getMetadata().getUid(), before.checkedAt())
                : before.checkedAt().plus(AGAIN_WITH_GAPS);
    }

    /** Whether a run has dropped a kept database since: what the look lists may not be there any more. */
    private boolean droppedSince(RestoreReadiness before) {
        return before != null
                && observation.dropped() != null
                && !before.checkedAt().isAfter(observation.dropped());
    }

    private RestoreReadiness before(String database) {
        return application.getStatus() == null
                ? null
                : application.getStatus().restoreReadiness().stream()
                        .filter(entry -> database.equals(entry.database()))
                        .findFirst()
                        .orElse(null);
    }

    private void lookAgainAt(Instant moment) {
        if (lookAgain == null || moment.isBefore(lookAgain)) {
            lookAgain = moment;
        }
    }

    private static Failure failure(String reason, String message) {
        return new Failure(reason, Conditions.cut(message), List.of());
    }
}

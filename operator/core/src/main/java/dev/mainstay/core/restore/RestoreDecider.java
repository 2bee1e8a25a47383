package dev.mainstay.core.restore;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.restore.RestoreMode;
import dev.mainstay.api.restore.RestoreOutcome;
import dev.mainstay.api.restore.RestorePhase;
import dev.mainstay.api.restore.RestorePlan;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.RestoreStepName;
import dev.mainstay.api.restore.SafetyBackup;
import dev.mainstay.api.restore.StopWorkloads;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.BackupObservation.ServiceAccountObservation;
import dev.mainstay.core.backup.DatabaseChoice;
import dev.mainstay.core.backup.JobObservation;
import dev.mainstay.core.claims.ReplayGuard;
import dev.mainstay.core.restore.RestoreDecision.End;
import dev.mainstay.core.restore.RestoreDecision.Wait;
import dev.mainstay.core.status.Pause;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskJson;
import dev.mainstay.core.workload.StopTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is to be done about a RestoreRequest: a pure function of what is known and the time. */
public final class RestoreDecider {

    /** How long a Job may take to start. */
    public static final Duration STARTS_WITHIN = Duration.ofMinutes(10);

    /** The steps in which it stops workloads, keeps them stopped, and gives them back. */
    private static final Set<RestoreStepName> LOOKING = Set.of(
            RestoreStepName.STOP_WORKLOADS,
            RestoreStepName.RESTORE_COPY,
            RestoreStepName.SWAP,
            RestoreStepName.RESTORE_INTO_EMPTY,
            RestoreStepName.START_WORKLOADS);

    private final RestoreObservation observation;
    private final RestoreRequest request;
    private final RestoreRequestStatus before;
    private final Instant now;

    private RestoreDecider(RestoreObservation observation, Instant now) {
        this.observation = observation;
        this.request = observation.request();
        this.before = RestoreClaims.status(request);
        this.now = now;
    }

    /** Decides. */
    public static RestoreDecision decide(RestoreObservation observation, Instant now) {
        return new RestoreDecider(observation, now).decide();
    }

    private RestoreDecision decide() {
        if (before.phase() == RestorePhase.FINISHED || observation.otherRelease() != null) {
            return new RestoreDecision.LeaveAlone();
        }
        Optional<String> ending = ending(request)
                .or(() ->
                        observation.namespaceEnds() ? Optional.of("Its namespace is being deleted") : Optional.empty());
        if (before.plan() != null) {
            return new RestoreUnderWay(observation, ending, now).decide();
        }
        if (ending.isPresent()) {
            return new End(
                    RestoreOutcome.CANCELLED,
                    Reason.CANCELLED,
                    ending.get() + " before anything was looked at; nothing was changed.");
        }
        return request.unreadableSpec().isPresent() ? unreadable(request) : pending();
    }

    /** It can't be corrected, since a spec can't be changed. */
    static RestoreDecision unreadable(RestoreRequest request) {
        return stuck(
                Reason.INVALID_SPEC,
                "spec can't be read by this version of Mainstay: "
                        + request.unreadableSpec().get()
                        + ". Upgrade Mainstay; or delete this request: what it has stopped is given back.");
    }

    /** Why it is to end, in the beginning of a sentence; empty when it is not. */
    static Optional<String> ending(RestoreRequest request) {
        if (request.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of("Deleted");
        }
        Map<String, String> annotations = request.getMetadata().getAnnotations();
        String why = annotations == null ? null : annotations.get(Annotations.CANCEL);
        return Optional.ofNullable(why)
                .map(text -> "Cancelled" + (text.isBlank() || text.equals("true") ? "" : " (\"" + text + "\")"));
    }

    private RestoreDecision pending() {
        Optional<End> replayed = replayed();
        if (replayed.isPresent()) {
            return replayed.get();
        }
        String application = request.getSpec().applicationRef().name();
        if (observation.application() == null) {
            return stuck(
                    Reason.APPLICATION_NOT_FOUND,
                    "spec.applicationRef names ManagedApplication " + application
                            + ", which does not exist in this namespace. Create it, or delete this request and make one with"
                            + " the right name: kubectl get managedapplications --namespace "
                            + request.getMetadata().getNamespace());
        }
        if (observation.application().unreadableSpec().isPresent()) {
            return stuck(
                    Reason.INVALID_SPEC,
                    "spec of ManagedApplication " + application + " can't be read by this version of Mainstay: "
                            + observation.application().unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        Optional<String> paused = Pause.message(request).or(() -> Pause.message(observation.application()));
        if (paused.isPresent()) {
            return new Wait(Reason.PAUSED, paused.get(), false);
        }
        if (request.getSpec().mode() == RestoreMode.UNRECOGNIZED
                || request.getSpec().stopWorkloads() == StopWorkloads.UNRECOGNIZED
                || request.getSpec().safetyBackup() == SafetyBackup.UNRECOGNIZED) {
            return stuck(
                    Reason.INVALID_SPEC,
                    "spec.mode, spec.stopWorkloads or spec.safetyBackup has a value that this version of Mainstay does not know. Make a request"
                            + " with one that it knows, or upgrade Mainstay.");
        }
        return switch (DatabaseChoice.among(request, request.getSpec().database(), observation.application())) {
            case DatabaseChoice.Missing missing -> stuck(missing.reason(), missing.message());
            case DatabaseChoice.Found found -> granted(found.database());
        };
    }

    private Optional<End> replayed() {
        ReplayGuard.Candidate candidate = new ReplayGuard.Candidate(
                request.getMetadata(),
                RestoreClaims.executed(request),
                request.getSpec().notAfter(),
                before.claim() != null,
                "restore");
        return ReplayGuard.refusal(candidate, observation.executed(), now)
                .map(refusal -> new End(
                        refusal.duplicate() ? RestoreOutcome.DUPLICATE : RestoreOutcome.REFUSED,
                        refusal.reason(),
                        refusal.message()));
    }

    private RestoreDecision granted(Database database) {
        String application = request.getSpec().applicationRef().name();
        if (database.postgres().adminSecretRef() == null) {
            return stuck(
                    Reason.CREDENTIALS_MISSING,
                    "ManagedApplication " + application + " has no spec.databases[" + database.name()
                            + "].postgres.adminSecretRef: name a Secret with "
                            + (request.getSpec().mode() == RestoreMode.INTO_EMPTY
                                    ? "a role that may make tables in the database"
                                    : "a role that owns the database and may make databases")
                            + " (docs/least-privilege.md says how to make one).");
        }
        Optional<String> unstoppable = request.getSpec().mode() != RestoreMode.NEW_DATABASE
                        && request.getSpec().stopWorkloads() != StopWorkloads.NEVER
                ? RestoreWorkloads.stopsTheServer(observation.application(), database)
                : Optional.empty();
        if (unstoppable.isPresent()) {
            return new End(RestoreOutcome.BLOCKED, Reason.WORKLOAD_UNSUITABLE, unstoppable.get());
        }
        Optional<String> taken = nameInUse();
        if (taken.isPresent()) {
            return new End(RestoreOutcome.BLOCKED, Reason.DATABASE_EXISTS, taken.get());
        }
        Optional<String> noBackup = new SafetyBackups(observation, database.name()).impossible();
        if (noBackup.isPresent()) {
            return new End(RestoreOutcome.BLOCKED, Reason.POLICY_NOT_FOUND, noBackup.get() + " Nothing was changed.");
        }
        if (observation.serviceAccount() == ServiceAccountObservation.NOT_ALLOWED) {
            return stuck(
                    Reason.SERVICE_ACCOUNT_NOT_ALLOWED,
                    "spec.jobTemplate.serviceAccountName of ManagedApplication " + application
                            + " names a ServiceAccount that does not exist, or that no administrator has labelled "
                            + Annotations.ALLOW_JOBS + "=true.");
        }
        if (!request.getSpec().dryRun()) {
            if (!ReplayGuard.marked(request.getMetadata(), Annotations.RESTORE_FINALIZER)) {
                return new RestoreDecision.Mark();
            }
            if (!RestoreClaims.granted(request)) {
                return new RestoreDecision.TakeClaim(
                        RestoreClaims.begin(request, database.name()), database.name(), null);
            }
        }
        return chosen(database);
    }

    /** A database of the application itself is nothing that a new one could be made over, whichever server it is on. */
    private Optional<String> nameInUse() {
        String wanted = request.getSpec().newDatabase();
        return observation.application().getSpec().databases().stream()
                .filter(used -> used.postgres().database().equals(wanted))
                .findFirst()
                .map(used -> "spec.newDatabase is " + wanted + ", which is the database in use: spec.databases["
                        + used.name() + "] of ManagedApplication "
                        + request.getSpec().applicationRef().name()
                        + ". mode: NewDatabase makes one beside it: make a request with a name that no database has."
                        + " mode: Swap replaces it, and keeps it. Nothing was changed.");
    }

    private RestoreDecision chosen(Database database) {
        String name = database.postgres().database();
        String uid = request.getMetadata().getUid();
        return switch (SourceChoice.of(observation, database.name())) {
            case SourceChoice.Missing missing ->
                new End(RestoreOutcome.BLOCKED, missing.reason(), missing.message() + " Nothing was changed.");
            case SourceChoice.Kept kept ->
                begin(new RestorePlan(
                        null,
                        null,
                        null,
                        database.postgres().server(),
                        name,
                        kept.database().database(),
                        DatabaseNames.previous(name, uid),
                        kept.database().since(),
                        lost(kept.database().since()),
                        null,
                        kept.database().size(),
                        null,
                        null,
                        null));
            case SourceChoice.Located located ->
                begin(copied(database, null, located.policy(), located.location(), null));
            case SourceChoice.Stored stored ->
                begin(copied(
                        database,
                        stored.backup().getMetadata().getName(),
                        stored.policy(),
                        stored.backup().getStatus().location(),
                        SourceChoice.moment(stored.backup())));
        };
    }

    /** Of a backup in a bucket; which moment it holds may have to be read there. */
    private RestorePlan copied(Database database, String backup, BackupPolicy policy, String location, Instant moment) {
        String name = database.postgres().database();
        String uid = request.getMetadata().getUid();
        boolean replaces = request.getSpec().mode() == RestoreMode.SWAP;
        return new RestorePlan(
                backup,
                policy.getMetadata().getName(),
                location,
                database.postgres().server(),
                name,
                switch (request.getSpec().mode()) {
                    case SWAP -> DatabaseNames.copy(name, uid);
                    case NEW_DATABASE -> request.getSpec().newDatabase();
                    case INTO_EMPTY, UNRECOGNIZED -> null;
                },
                replaces ? DatabaseNames.previous(name, uid) : null,
                moment,
                replaces && moment != null ? lost(moment) : null,
                null,
                null,
                null,
                null,
                null);
    }

    private String lost(Instant since) {
        return Durations.format(Duration.between(since, now));
    }

    private RestoreDecision begin(RestorePlan plan) {
        List<RestoreStepName> steps = new ArrayList<>();
        steps.add(RestoreStepName.PLAN);
        if (request.getSpec().dryRun()) {
            return new RestoreDecision.Begin(plan, steps);
        }
        if (SafetyBackups.wanted(request)) {
            steps.add(RestoreStepName.SAFETY_BACKUP);
        }
        boolean first = request.getSpec().stopWorkloads() == StopWorkloads.BEFORE_RESTORE;
        boolean takesPlace = plan.previous() != null || IntoEmpty.is(plan);
        boolean copies = plan.location() != null && !IntoEmpty.is(plan);
        if (copies && !(takesPlace && first)) {
            steps.add(RestoreStepName.RESTORE_COPY);
        }
        if (takesPlace) {
            steps.add(RestoreStepName.ENTER_MAINTENANCE);
            steps.add(RestoreStepName.STOP_WORKLOADS);
            if (copies && first) {
                steps.add(RestoreStepName.RESTORE_COPY);
            }
            steps.add(IntoEmpty.placing(plan));
            steps.add(RestoreStepName.START_WORKLOADS);
            steps.add(RestoreStepName.CHECK_HEALTH);
            steps.add(RestoreStepName.LEAVE_MAINTENANCE);
        }
        return new RestoreDecision.Begin(plan, steps);
    }

    private static RestoreDecision stuck(Reason reason, String message) {
        return new Wait(reason, message, true);
    }

    /** Whether what is restored was chosen. */
    public static boolean begun(RestoreRequest request) {
        return RestoreClaims.status(request).plan() != null;
    }

    /** What it stops, or has stopped, and has to look at now; empty when that is not its turn. */
    public static List<StopTarget> targets(RestoreRequest request, ManagedApplication application) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        boolean runs = status.phase() == RestorePhase.RUNNING;
        boolean looks = runs && status.step() != null && LOOKING.contains(status.step());
        Stream<StopTarget> saved = looks || status.phase() == RestorePhase.GIVING_BACK
                ? status.workloads().stream().map(line -> new StopTarget(line.kind(), line.name()))
                : Stream.empty();
        Stream<StopTarget> named = asksForAutoscalers(request)
                        && application != null
                        && application.unreadableSpec().isEmpty()
                        && request.getSpec() != null
                        && request.getSpec().stopWorkloads() != StopWorkloads.NEVER
                ? StopTarget.of(application.getSpec(), List.of()).stream()
                : Stream.empty();
        return Stream.concat(named, saved).distinct().toList();
    }

    /** Whether it plans to stop workloads, or does: only then autoscalers can stand against it. */
    public static boolean asksForAutoscalers(RestoreRequest request) {
        return isStopping(request) || isPlanningToStop(request);
    }

    /** What can't be stopped is to be known before hours go into a copy. */
    private static boolean isPlanningToStop(RestoreRequest request) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        return status.phase() == RestorePhase.RUNNING
                && status.step() == RestoreStepName.PLAN
                && status.plan() != null
                && status.plan().previous() != null
                && request.getSpec() != null
                && request.getSpec().stopWorkloads() != StopWorkloads.NEVER;
    }

    /** Whether it is about to stop workloads, or does. */
    private static boolean isStopping(RestoreRequest request) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        return status.phase() == RestorePhase.RUNNING && status.step() == RestoreStepName.STOP_WORKLOADS;
    }

    /** Whether it may have made a maintenance mode. */
    public static boolean mayHaveMode(RestoreRequest request) {
        return !RestoreClaims.ended(request) && RestoreClaims.hasAll(request);
    }

    /** Name of the Job whose absence or silence has to be seen at the API server itself. */
    public static Optional<String> doubtful(RestoreRequest request, Map<String, JobObservation> jobs, Instant now) {
        return TaskView.currentJob(request).filter(name -> {
            JobObservation job = jobs.get(name);
            boolean silent = job != null
                    && (job.pod() == null
                            || TaskJson.readResult(job.pod().terminationMessage())
                                    .isEmpty());
            boolean expected = RestoreClaims.status(request).task().job() != null
                    || ending(request).isPresent();
            return job == null ? expected : silent && job.dead(now);
        });
    }
}

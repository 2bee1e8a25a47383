package dev.mainstay.controller.backup;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.api.status.Condition;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.controller.kube.StatusWriter.Answer;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.BackupClaims;
import dev.mainstay.core.backup.BackupDecider;
import dev.mainstay.core.backup.BackupDecision;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupDecision.TakeClaim;
import dev.mainstay.core.backup.BackupObservation;
import dev.mainstay.core.backup.BackupReport;
import dev.mainstay.core.backup.DataDeletion;
import dev.mainstay.core.backup.DatabaseChoice;
import dev.mainstay.core.backup.JobRefusal;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.TaskKind;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes, decides, acts and reports on DatabaseBackups. */
public final class DatabaseBackupReconciler implements Reconciler<DatabaseBackup> {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseBackupReconciler.class);

    private final BackupObserver observer;
    private final JobCaches caches;
    private final JobPlaces places;
    private final BackupJobs jobs;
    private final JobClient jobClient;
    private final StoredDataDeletion deletion;
    private final ClaimStore claims;
    private final StatusWriter statuses;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;

    public DatabaseBackupReconciler(
            BackupObserver observer,
            JobCaches caches,
            JobPlaces places,
            BackupJobs jobs,
            JobClient jobClient,
            StoredDataDeletion deletion,
            ClaimStore claims,
            StatusWriter statuses,
            EventRecorder events,
            Wakeups wakeups,
            Clock clock) {
        this.observer = observer;
        this.caches = caches;
        this.places = places;
        this.jobs = jobs;
        this.jobClient = jobClient;
        this.deletion = deletion;
        this.claims = claims;
        this.statuses = statuses;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, DatabaseBackup>> prepareEventSources(EventSourceContext<DatabaseBackup> context) {
        return Stream.concat(Stream.of(wakeups.backups(context.getPrimaryCache())), caches.prepare(context).stream())
                .toList();
    }

    @Override
    public UpdateControl<DatabaseBackup> reconcile(DatabaseBackup backup, Context<DatabaseBackup> context) {
        wakeups.backupSeen(backup, context.isPrimaryResourceDeleted());
        // A deleted object's Jobs are its dependents: the API server removes them. An unreadable status is not touched.
        boolean deleting = backup.getMetadata().getDeletionTimestamp() != null;
        boolean waitsForItsData = DataDeletion.concerns(backup);
        if (context.isPrimaryResourceDeleted()
                || deleting && !waitsForItsData
                || !deleting && backup.unreadableStatus().isPresent()) {
            return UpdateControl.noUpdate();
        }
        if (!wakeups.filled()) {
            return UpdateControl.<DatabaseBackup>noUpdate().rescheduleAfter(Wakeups.FILLING);
        }
        Instant now = clock.instant();
        BackupObservation observation = observer.observe(backup, now);
        Optional<Duration> step = waitsForItsData && observation.claim().otherRelease() == null
                ? deletion.act(observation, now)
                : Optional.empty();
        if (deleting || step.isPresent()) {
            return UpdateControl.<DatabaseBackup>noUpdate().rescheduleAfter(step.orElse(StatusWriter.LOOK_AGAIN));
        }
        BackupDecision decided = BackupDecider.decide(observation, now);
        BackupDecision decision = act(observation, decided, now);
        boolean waits = wantsAPlace(decision);
        places.waits(backup, server(observation), waits);
        if (!waits) {
            // Its Job may have ended just now, and a place be free.
            places.next().forEach(wakeups::wakeBackup);
        }
        DatabaseBackupStatus status = BackupReport.of(backup, decision, now);
        return UpdateControl.<DatabaseBackup>noUpdate().rescheduleAfter(report(backup, status, decision));
    }

    /** Its turn is kept while it is on the way to a place, too: else a younger one would take it in between. */
    private static boolean wantsAPlace(BackupDecision decision) {
        return switch (decision) {
            case BackupDecision.Wait wait -> wait.reason() == Reason.CONCURRENCY_LIMIT;
            case BackupDecision.Intend intend -> intend.reason() == Reason.STARTING;
            case BackupDecision.Begin ignored -> true;
            case BackupDecision.LookAgain ignored -> true;
            default -> false;
        };
    }

    private BackupDecision act(BackupObservation observation, BackupDecision decision, Instant now) {
        if (decision instanceof MakeJob make) {
            return make(observation, make);
        }
        if (decision instanceof TakeClaim take) {
            return claims.ask(
                            observation.backup().getMetadata().getNamespace(),
                            observation.application().getMetadata().getName(),
                            take.request(),
                            now)
                    .map(answer -> BackupClaims.answered(observation, take, answer, now))
                    .orElseGet(BackupDecision.LookAgain::new);
        }
        if (decision instanceof BackupDecision.LeaveAlone leave) {
            LOG.atWarn()
                    .addKeyValue("kind", observation.backup().getKind())
                    .addKeyValue("namespace", observation.backup().getMetadata().getNamespace())
                    .addKeyValue("name", observation.backup().getMetadata().getName())
                    .log(leave.why());
        }
        if (decision instanceof BackupDecision.EndJob end) {
            caches.jobsOf(observation.backup().getMetadata().getUid()).stream()
                    .filter(job -> end.name().equals(job.getMetadata().getName()))
                    .forEach(job -> jobClient.end(job, clock.instant()));
        }
        if (decision instanceof BackupDecision.Expire expire) {
            expire.gone().forEach(this::expire);
        }
        return decision;
    }

    /** One that has changed meanwhile is looked at again in the next pass. */
    private void expire(DatabaseBackup backup) {
        DatabaseBackupStatus status = BackupReport.expired(backup, clock.instant());
        if (statuses.write(backup, status) == Answer.WRITTEN) {
            events.transition(backup, backup.getStatus().conditions(), status.conditions());
        }
    }

    private BackupDecision make(BackupObservation observation, MakeJob make) {
        String namespace = observation.backup().getMetadata().getNamespace();
        if (make.task().kind() != TaskKind.BACKUP) {
            places.takeAnyway(namespace, make.name());
        } else if (!places.take(observation.backup(), server(observation), make.name())) {
            return BackupDecider.crowded(observation, places.seen(observation.backup(), server(observation)));
        }
        Duration pendingTimeout = Durations.parse(observation.policy().getSpec().pendingTimeout());
        Job job = jobs.job(observation.backup(), observation.application(), make, pendingTimeout);
        return switch (places.fill(jobClient, job)) {
            case JobClient.Made.Foreign ignored -> JobRefusal.foreign(observation, make);
            case JobClient.Made.Invalid invalid -> JobRefusal.invalid(observation, invalid.message());
            case JobClient.Made.Refused refused -> JobRefusal.refused(make, refused.message());
            case JobClient.Made.NamespaceEnds ends -> JobRefusal.refused(make, ends.message());
            case JobClient.Made.Exists ignored -> make;
        };
    }

    private static String server(BackupObservation observation) {
        return DatabaseChoice.server(observation.policy(), observation.application());
    }

    private Duration report(DatabaseBackup backup, DatabaseBackupStatus status, BackupDecision decision) {
        if (Objects.equals(status, backup.getStatus())) {
            return decision.lookAgain();
        }
        Answer answer = statuses.write(backup, status);
        if (answer != Answer.WRITTEN) {
            return StatusWriter.LOOK_AGAIN;
        }
        LOG.atInfo()
                .addKeyValue("kind", backup.getKind())
                .addKeyValue("namespace", backup.getMetadata().getNamespace())
                .addKeyValue("name", backup.getMetadata().getName())
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("phase", status.phase())
                .log("status written");
        List<Condition> before =
                backup.getStatus() == null ? List.of() : backup.getStatus().conditions();
        events.transition(backup, before, status.conditions());
        return decision.lookAgain();
    }
}

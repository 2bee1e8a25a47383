package dev.mainstay.controller.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.DatabaseBackupStatus;
import dev.mainstay.controller.kube.EventRecorder;
import dev.mainstay.controller.kube.Finalizers;
import dev.mainstay.controller.kube.JobClient;
import dev.mainstay.controller.kube.JobClient.Made;
import dev.mainstay.controller.kube.StatusWriter;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.BackupDecision.MakeJob;
import dev.mainstay.core.backup.BackupObservation;
import dev.mainstay.core.backup.BackupReport;
import dev.mainstay.core.backup.DataDeletion;
import dev.mainstay.core.backup.DataDeletion.Step;
import dev.mainstay.core.backup.JobRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Carries out what the deletion of a finished backup does to its data. */
public final class StoredDataDeletion {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration WHILE_WAITING = Duration.ofSeconds(10);

    private final BackupJobs jobs;
    private final JobClient jobClient;
    private final JobPlaces places;
    private final Finalizers finalizers;
    private final StatusWriter statuses;
    private final EventRecorder events;

    public StoredDataDeletion(
            BackupJobs jobs,
            JobClient jobClient,
            JobPlaces places,
            Finalizers finalizers,
            StatusWriter statuses,
            EventRecorder events) {
        this.jobs = jobs;
        this.jobClient = jobClient;
        this.places = places;
        this.finalizers = finalizers;
        this.statuses = statuses;
        this.events = events;
    }

    /** Takes one step; when to look again, empty when there was nothing to do. */
    Optional<Duration> act(BackupObservation observation, Instant now) {
        DatabaseBackup backup = observation.backup();
        return switch (DataDeletion.decide(observation, now)) {
            case Step.Nothing ignored -> Optional.empty();
            case Step.Arm ignored -> Optional.of(written(finalizers.add(backup, Annotations.DATA_FINALIZER)));
            case Step.Disarm ignored -> Optional.of(written(finalizers.remove(backup, Annotations.DATA_FINALIZER)));
            case Step.Remove remove -> Optional.of(make(observation, remove.job(), now));
            case Step.Wait wait -> Optional.of(tell(backup, wait.message(), now, wait.lookAgain()));
            case Step.Release release -> Optional.of(release(backup, release));
        };
    }

    private Duration make(BackupObservation observation, MakeJob make, Instant now) {
        DatabaseBackup backup = observation.backup();
        places.takeAnyway(backup.getMetadata().getNamespace(), make.name());
        Duration pendingTimeout = Durations.parse(observation.policy().getSpec().pendingTimeout());
        Made made = places.fill(jobClient, jobs.job(backup, observation.application(), make, pendingTimeout));
        return switch (made) {
            case Made.Exists ignored -> SOON;
            case Made.NamespaceEnds ignored ->
                release(backup, DataDeletion.retained(backup, "its namespace is being deleted."));
            case Made.Foreign ignored ->
                tell(backup, JobRefusal.foreign(observation, make).message(), now, WHILE_WAITING);
            case Made.Invalid invalid ->
                tell(backup, JobRefusal.invalid(observation, invalid.message()).message(), now, WHILE_WAITING);
            case Made.Refused refused ->
                tell(backup, JobRefusal.refused(make, refused.message()).message(), now, WHILE_WAITING);
        };
    }

    private Duration tell(DatabaseBackup backup, String message, Instant now, Duration lookAgain) {
        DatabaseBackupStatus status = BackupReport.removing(backup, message, now);
        if (Objects.equals(status, backup.getStatus())) {
            return lookAgain;
        }
        if (statuses.write(backup, status) == StatusWriter.Answer.WRITTEN) {
            events.transition(backup, backup.getStatus().conditions(), status.conditions());
        }
        return StatusWriter.LOOK_AGAIN;
    }

    /** What became of the data is told before the object is gone; told twice it is there once. */
    private Duration release(DatabaseBackup backup, Step.Release release) {
        events.tell(backup, release.reason().text(), release.message());
        return written(finalizers.remove(backup, Annotations.DATA_FINALIZER));
    }

    private static Duration written(boolean done) {
        return done ? SOON : StatusWriter.LOOK_AGAIN;
    }
}

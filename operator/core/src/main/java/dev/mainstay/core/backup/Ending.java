package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.BackupPhase;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backup that is to end while it is under way: a person has cancelled it, or an emergency needs its place. Its Job is
 * ended as if its time were up, so the runner takes back what it uploaded; what was committed by then stays a backup.
 */
final class Ending {

    private final String annotation;
    private final Holder makeRoomFor;

    private Ending(String annotation, Holder makeRoomFor) {
        this.annotation = annotation;
        this.makeRoomFor = makeRoomFor;
    }

    /** Why the backup is to end; empty when it isn't. */
    static Optional<Ending> of(BackupObservation observation) {
        return of(observation.backup(), observation.claim().makeRoomFor());
    }

    /**
     * The same.
     *
     * @param makeRoomFor the emergency that needs its place; null when none does
     */
    static Optional<Ending> of(DatabaseBackup backup, Holder makeRoomFor) {
        String annotation = annotation(backup);
        return annotation == null && makeRoomFor == null
                ? Optional.empty()
                : Optional.of(new Ending(annotation, makeRoomFor));
    }

    /** What is told of a finished backup that a person cancels all the same; empty when nobody does, or it was in time. */
    static Optional<String> tooLate(DatabaseBackup backup) {
        Failure failure = backup.getStatus().failure();
        boolean inTime = failure != null && Reason.CANCELLED.text().equals(failure.reason());
        if (annotation(backup) == null || inTime) {
            return Optional.empty();
        }
        return Optional.of("The annotation " + Annotations.CANCEL + " changes nothing: the backup had ended before."
                + (backup.getStatus().phase() == BackupPhase.SUCCEEDED
                        ? " It is stored, and stays; to be rid of it, delete the object with the annotation "
                                + Annotations.ALLOW_DATA_DELETION + ", where the policy's deletionPolicy is Delete."
                        : " Remove the annotation."));
    }

    private static String annotation(DatabaseBackup backup) {
        Map<String, String> annotations = backup.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.CANCEL);
    }

    Reason reason() {
        return annotation != null ? Reason.CANCELLED : Reason.PREEMPTED;
    }

    /** What is told of a backup that never came to be. */
    Failure failure() {
        return failure(
                annotation != null
                        ? " To have a backup after all, create another one."
                        : " To have a backup sooner than by the schedule, create one when it is over.");
    }

    /** What is told of one that was committed before, and not read back. */
    Failure unproven() {
        return failure(" It was committed before.");
    }

    /** How a backup of a slot ends that made room is nobody's mistake; what a person asked for did not come about. */
    BackupDecision decision(DatabaseBackup backup) {
        return annotation == null && SlotBackup.slot(backup).isPresent()
                ? new BackupDecision.Skip(failure())
                : new BackupDecision.Fail(failure());
    }

    private Failure failure(String more) {
        return new Failure(reason().text(), told() + more, List.of());
    }

    private String told() {
        return annotation == null
                ? "It made room for " + makeRoomFor + ", which needs the database."
                : "It was cancelled by its annotation " + Annotations.CANCEL
                        + (annotation.isBlank() || annotation.equals("true") ? "" : ": \"" + annotation + "\"") + ".";
    }
}

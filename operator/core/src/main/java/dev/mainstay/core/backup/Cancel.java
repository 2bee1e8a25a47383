package dev.mainstay.core.backup;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.backup.Failure;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The annotation that ends a backup which is under way. Its Job is ended as if its time were up, so the runner takes back
 * what it uploaded; what was committed by then stays a backup.
 */
final class Cancel {

    private Cancel() {}

    /** Whether a person or a tool wants it ended. */
    static boolean asked(DatabaseBackup backup) {
        return value(backup).isPresent();
    }

    private static Optional<String> value(DatabaseBackup backup) {
        return Optional.ofNullable(backup.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.CANCEL));
    }

    /** What is told of a backup that never came to be. */
    static Failure failure(DatabaseBackup backup) {
        return new Failure(
                Reason.CANCELLED.text(), told(backup) + " To have a backup after all, create another one.", List.of());
    }

    /** What is told of one that was committed before, and not read back. */
    static Failure unproven(DatabaseBackup backup) {
        return new Failure(Reason.CANCELLED.text(), told(backup) + " It was committed before.", List.of());
    }

    private static String told(DatabaseBackup backup) {
        String why = value(backup).orElse("");
        return "It was cancelled by its annotation " + Annotations.CANCEL
                + (why.isBlank() || why.equals("true") ? "" : ": \"" + why + "\"") + ".";
    }
}

package dev.mainstay.core.backup;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.BackupPolicySpec;
import dev.mainstay.api.backup.ChecksumMode;
import dev.mainstay.api.backup.VerificationLevel;
import dev.mainstay.core.naming.Names;
import dev.mainstay.core.status.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.stream.Collectors;

/** Which database a policy means, or what keeps it from meaning one. The first violated check wins. */
public sealed interface DatabaseChoice {

    /** The database was found and the policy can be worked with. */
    record Found(Database database) implements DatabaseChoice {}

    /** The server of the database that a policy means, as its dumps are labelled; null when it can't be told. */
    static String server(BackupPolicy policy, ManagedApplication application) {
        return policy != null && of(policy, application) instanceof Found(Database database)
                ? Names.server(
                        database.postgres().sessionHost(), database.postgres().sessionPort())
                : null;
    }

    /** Somebody has to correct something. */
    record Missing(Reason reason, String message) implements DatabaseChoice {}

    /**
     * Chooses.
     *
     * @param policy a policy
     * @param application the application that it names; null when there is none
     */
    static DatabaseChoice of(BackupPolicy policy, ManagedApplication application) {
        String self = "BackupPolicy " + policy.getMetadata().getName();
        if (policy.unreadableSpec().isPresent()) {
            return new Missing(
                    Reason.INVALID_SPEC,
                    self + ": spec can't be read by this version of Mainstay: "
                            + policy.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        BackupPolicySpec spec = policy.getSpec();
        if (spec.verification().afterBackup() == VerificationLevel.UNRECOGNIZED) {
            return unknownValue(self, "spec.verification.afterBackup", "None, Checksum or FullRead");
        }
        if (spec.storage().s3().checksums() == ChecksumMode.UNRECOGNIZED) {
            return unknownValue(self, "spec.storage.s3.checksums", "Auto, WhenRequired or WhenSupported");
        }
        for (String recipient : spec.recipients()) {
            if (!AgeRecipient.isWhole(recipient)) {
                return new Missing(
                        Reason.INVALID_SPEC,
                        self + ": spec.encryption.recipients holds " + recipient + ", whose checksum is wrong: a letter"
                                + " of it was mistyped. Copy the public key again.");
            }
        }
        String name = spec.applicationRef().name();
        if (application == null) {
            return new Missing(
                    Reason.APPLICATION_NOT_FOUND,
                    self + ": spec.applicationRef names ManagedApplication " + name
                            + ", which does not exist in this namespace. Create it, or correct the name.");
        }
        if (application.unreadableSpec().isPresent()) {
            return new Missing(
                    Reason.INVALID_SPEC,
                    "ManagedApplication " + name + ": spec can't be read by this version of Mainstay: "
                            + application.unreadableSpec().get() + ". Correct it, or upgrade Mainstay.");
        }
        return among(self, spec.database(), name, application.getSpec().databases());
    }

    /** Which database of an application a request means by its name, which may be left out when there is one. */
    static DatabaseChoice among(HasMetadata request, String wanted, ManagedApplication application) {
        return among(
                request.getKind() + " " + request.getMetadata().getName(),
                wanted,
                application.getMetadata().getName(),
                application.getSpec().databases());
    }

    private static DatabaseChoice among(String self, String wanted, String application, List<Database> databases) {
        if (databases.isEmpty()) {
            return new Missing(
                    Reason.DATABASE_NOT_FOUND,
                    self + ": ManagedApplication " + application
                            + " has no database in spec.databases. Add the one that is meant.");
        }
        String names = databases.stream().map(Database::name).collect(Collectors.joining(", "));
        if (wanted == null && databases.size() != 1) {
            return new Missing(
                    Reason.DATABASE_NOT_FOUND,
                    self + ": spec.database is left out, and ManagedApplication " + application + " has several ("
                            + names + "). Name one.");
        }
        return databases.stream()
                .filter(database -> wanted == null || wanted.equals(database.name()))
                .findFirst()
                .map(database -> checked(application, database))
                .orElseGet(() -> new Missing(
                        Reason.DATABASE_NOT_FOUND,
                        self + ": spec.database is " + wanted + ", and ManagedApplication " + application
                                + " has no database of that name (found: " + names
                                + "). Name one that it has, or add it there."));
    }

    private static DatabaseChoice checked(String application, Database database) {
        return database.postgres().sslMode() == SslMode.UNRECOGNIZED
                ? unknownValue(
                        "ManagedApplication " + application,
                        "spec.databases[" + database.name() + "].postgres.sslMode",
                        "disable, allow, prefer, require, verify-ca or verify-full")
                : new Found(database);
    }

    private static Missing unknownValue(String self, String field, String known) {
        return new Missing(
                Reason.INVALID_SPEC,
                self + ": " + field + " has a value that this version of Mainstay does not know; it knows " + known
                        + ". Correct it, or upgrade Mainstay.");
    }
}

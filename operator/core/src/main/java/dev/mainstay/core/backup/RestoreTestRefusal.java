package dev.mainstay.core.backup;

import dev.mainstay.api.application.Database;
import dev.mainstay.api.application.SslMode;
import dev.mainstay.api.backup.BackupPolicy;
import dev.mainstay.api.backup.RestoreTest;
import dev.mainstay.api.backup.RestoreTestTarget;
import dev.mainstay.api.query.ExpectationOperator;
import dev.mainstay.api.status.Failure;
import dev.mainstay.core.status.Reason;
import java.util.List;
import java.util.Optional;

/** What stands against every restore test of a policy, until somebody corrects it. */
final class RestoreTestRefusal {

    private RestoreTestRefusal() {}

    /** The first of it; empty when tests can be made. */
    static Optional<Failure> of(BackupPolicy policy, Database database) {
        RestoreTest test = policy.getSpec().verification().restoreTest();
        RestoreTestTarget target = test.target();
        String self = "BackupPolicy " + policy.getMetadata().getName() + ", spec.verification.restoreTest";
        if (target.sameServer() == null && target.server() == null && target.pod() == null) {
            return invalid(
                    self + ".target has none that this version of Mainstay knows; it knows sameServer, server and pod."
                            + " Correct it, or upgrade Mainstay.");
        }
        if (target.server() != null && target.server().sslMode() == SslMode.UNRECOGNIZED) {
            return invalid(self + ".target.server.sslMode has a value that this version of Mainstay does not know."
                    + " Correct it, or upgrade Mainstay.");
        }
        boolean unknown = test.queries().stream()
                .anyMatch(query -> query.expect().operator() == ExpectationOperator.UNRECOGNIZED);
        if (unknown) {
            return invalid(
                    self + ".queries has an operator that this version of Mainstay does not know; it knows Equals,"
                            + " GreaterThan and LessThan. Correct it, or upgrade Mainstay.");
        }
        if (!policy.getSpec().recipients().isEmpty() && test.identitySecretRef() == null) {
            return Optional.of(new Failure(
                    Reason.IDENTITY_WRONG.text(),
                    self + " has no identitySecretRef, and the backups are encrypted. Put the secret key of one of"
                            + " spec.encryption.recipients into a Secret, and name it.",
                    List.of()));
        }
        if (target.sameServer() != null && database.postgres().adminSecretRef() == null) {
            return Optional.of(new Failure(
                    Reason.CREDENTIALS_MISSING.text(),
                    self + ".target is sameServer, and ManagedApplication "
                            + policy.getSpec().applicationRef().name() + " has no spec.databases[" + database.name()
                            + "].postgres.adminSecretRef. Add the Secret of a role that may make databases, or give"
                            + " target.server or target.pod.",
                    List.of()));
        }
        return Optional.empty();
    }

    private static Optional<Failure> invalid(String message) {
        return Optional.of(new Failure(Reason.INVALID_SPEC.text(), message, List.of()));
    }
}

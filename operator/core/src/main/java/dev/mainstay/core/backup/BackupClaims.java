package dev.mainstay.core.backup;

import dev.mainstay.api.backup.DatabaseBackup;
import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.core.backup.BackupDecision.TakeClaim;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.Optional;

/** What a backup claims of its application, from before its first attempt to its end. */
public final class BackupClaims {

    /** Kind of the holder. */
    public static final String KIND = "DatabaseBackup";

    private BackupClaims() {}

    /** What it asks for. */
    static ClaimRequest request(DatabaseBackup backup, String database) {
        return ClaimRequest.of(Operation.BACKUP, holder(backup), database);
    }

    /** The backup as a holder. */
    public static Holder holder(DatabaseBackup backup) {
        return new Holder(
                KIND, backup.getMetadata().getName(), backup.getMetadata().getUid());
    }

    /** Whether it may begin its attempts. */
    static boolean granted(DatabaseBackup backup) {
        return backup.getStatus() != null
                && backup.getStatus().claim() != null
                && backup.getStatus().claim().grantedAt() != null;
    }

    /** What it has of an application, by its own word; empty when it is finished, or has nothing. */
    public static Optional<Grant> held(DatabaseBackup backup, String application) {
        if (!granted(backup)
                || ended(backup)
                || !application.equals(backup.getStatus().claim().application())) {
            return Optional.empty();
        }
        HeldClaim claim = backup.getStatus().claim();
        return Optional.of(
                new Grant(holder(backup), Operation.BACKUP.claims(claim.database()), false, claim.grantedAt(), null));
    }

    /** Whether it will never work again. */
    public static boolean ended(DatabaseBackup backup) {
        return backup.getStatus() != null
                && backup.getStatus().phase() != null
                && backup.getStatus().phase().terminal();
    }

    /** What follows from the answer to a request. */
    public static BackupDecision answered(
            BackupObservation observation, TakeClaim asked, ClaimAnswer answer, Instant now) {
        HeldClaim claim =
                new HeldClaim(observation.policy().getSpec().applicationRef().name(), asked.database(), null, null);
        return switch (answer) {
            case ClaimAnswer.Granted granted -> begin(asked, claim, granted.since());
            case ClaimAnswer.Inherited inherited -> begin(asked, claim, now);
            case ClaimAnswer.Wait wait -> waiting(observation, claim, wait, now);
            case ClaimAnswer.Exceeds exceeds ->
                waiting(observation, claim, new ClaimAnswer.Wait(exceeds.parent(), now), now);
        };
    }

    private static BackupDecision begin(TakeClaim asked, HeldClaim claim, Instant since) {
        return new BackupDecision.Begin(
                asked.then(), new HeldClaim(claim.application(), claim.database(), Attempts.seconds(since), null));
    }

    /** It is told since when it waits and not for how long: that would be written again and again. */
    private static BackupDecision waiting(
            BackupObservation observation, HeldClaim claim, ClaimAnswer.Wait inTheWay, Instant now) {
        BackupDecision.Wait wait = new BackupDecision.Wait(
                Reason.CLAIMED,
                inTheWay.told(
                                "database " + claim.database() + " of ManagedApplication " + claim.application(),
                                observation.backup().getMetadata().getNamespace())
                        + ". This backup waits for its turn.",
                BackupDecision.Pace.SLOW);
        return SlotBackup.notTried(observation, wait, now)
                .orElseGet(() -> new BackupDecision.AwaitClaim(
                        wait,
                        new HeldClaim(
                                claim.application(),
                                claim.database(),
                                null,
                                new WaitingFor(
                                        inTheWay.holder().kind(),
                                        inTheWay.holder().name(),
                                        Attempts.seconds(inTheWay.since())))));
    }
}

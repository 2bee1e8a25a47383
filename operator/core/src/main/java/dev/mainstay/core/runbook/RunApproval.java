package dev.mainstay.core.runbook;

import dev.mainstay.api.Annotations;
import dev.mainstay.api.runbook.Approval;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.api.runbook.RunOutcome;
import dev.mainstay.core.Durations;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a run may begin: one with {@code spec.approval} waits for a person before anything of it is done, its {@code finally}
 * included.
 */
final class RunApproval {

    /** What a person approves: no step can have a name with a capital letter. */
    static final String NAME = "Run";

    private RunApproval() {}

    /** What is to be done instead of beginning; empty when it may begin. */
    static Optional<RunDecision> missing(MaintenanceRun run, Instant now) {
        Approval approval = run.getSpec().approval();
        if (approval == null) {
            return Optional.empty();
        }
        Optional<Approvals.Word> word = Approvals.of(run, NAME);
        if (word.isPresent() && word.get() instanceof Approvals.Word.Approved) {
            return Optional.empty();
        }
        if (word.isPresent() && word.get() instanceof Approvals.Word.Rejected(String user)) {
            return Optional.of(refused(Reason.APPROVAL_REJECTED, "Rejected by " + user + ". Nothing was done."));
        }
        Instant until =
                Instant.parse(run.getMetadata().getCreationTimestamp()).plus(Durations.parse(approval.expiresAfter()));
        if (!now.isBefore(until)) {
            return Optional.of(refused(
                    Reason.APPROVAL_EXPIRED,
                    "Nobody has approved the run within " + approval.expiresAfter()
                            + " (spec.approval.expiresAfter). Nothing was done."));
        }
        return Optional.of(new RunDecision.Wait(
                Reason.WAITING_FOR_APPROVAL,
                "The run begins once it is approved. Waits until " + until + " for the annotation "
                        + Annotations.APPROVE
                        + "=" + NAME + "@<your user name>, or " + Annotations.REJECT + ", by somebody else than "
                        + run.getSpec().requestedBy() + "."
                        + word.map(said -> said instanceof Approvals.Word.Nothing(String why) ? " " + why : "")
                                .orElse(""),
                false));
    }

    /** Who has approved that it begins; null where nobody had to. */
    static String by(MaintenanceRun run) {
        return run.getSpec().approval() != null
                        && Approvals.of(run, NAME).orElse(null) instanceof Approvals.Word.Approved(String user)
                ? user
                : null;
    }

    private static RunDecision refused(Reason reason, String message) {
        return new RunDecision.End(RunOutcome.REFUSED, reason, message, null);
    }
}

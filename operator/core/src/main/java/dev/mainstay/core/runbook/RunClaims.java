package dev.mainstay.core.runbook;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.claims.WaitingFor;
import dev.mainstay.api.runbook.MaintenanceRun;
import dev.mainstay.core.claims.Claim;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.claims.ClaimRequest;
import dev.mainstay.core.claims.Grant;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.claims.Operation;
import dev.mainstay.core.status.Conditions;
import dev.mainstay.core.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run claims of its application, for itself: what a step works on, while it does, and the workloads from a step that
 * changes them until they are given back, if they are before the run ends.
 */
public final class RunClaims {

    /** Kind of the holder. */
    public static final String KIND = "MaintenanceRun";

    private RunClaims() {}

    /** The run as a holder. */
    public static Holder holder(MaintenanceRun run) {
        return new Holder(KIND, run.getMetadata().getName(), run.getMetadata().getUid());
    }

    /** It asks for what it needs, beside what it has. */
    public static ClaimRequest request(MaintenanceRun run, List<Claim> needed) {
        return new ClaimRequest(
                holder(run),
                Stream.concat(resources(run), needed.stream()).distinct().toList(),
                Operation.STEP_OTHER.emergency(),
                null);
    }

    /** It asks for what it has. */
    public static ClaimRequest request(MaintenanceRun run) {
        return request(run, List.of());
    }

    /** Whether it has something. */
    public static boolean granted(MaintenanceRun run) {
        return RunLines.status(run).claim() != null
                && RunLines.status(run).claim().grantedAt() != null;
    }

    /** Whether it works on nothing until a person has said something, whatever it has. */
    public static boolean awaitsPerson(MaintenanceRun run) {
        return Conditions.find(RunLines.status(run).conditions(), "Ready")
                .filter(ready -> Reason.WAITING_FOR_APPROVAL.text().equals(ready.reason()))
                .isPresent();
    }

    /** Whether it has what is needed. */
    static boolean granted(MaintenanceRun run, List<Claim> needed) {
        return granted(run) && resources(run).toList().containsAll(needed);
    }

    private static Stream<Claim> resources(MaintenanceRun run) {
        return granted(run) ? RunLines.status(run).claim().resources().stream().map(Claim::alone) : Stream.empty();
    }

    /** What it has, for people: {@code the workloads and cache main}. */
    static String text(MaintenanceRun run) {
        return text(resources(run).toList());
    }

    private static String text(List<Claim> claims) {
        return claims.stream()
                .map(claim -> Operation.STEP_RESTART.claims(null).contains(claim)
                        ? "the workloads"
                        : claim.resource().replace('/', ' '))
                .collect(Collectors.joining(" and "));
    }

    /** What it has of an application, by its own word; empty when it has nothing. */
    public static Optional<Grant> held(MaintenanceRun run, String application) {
        if (!granted(run)
                || RunLines.ended(run)
                || !application.equals(RunLines.status(run).claim().application())) {
            return Optional.empty();
        }
        ClaimRequest had = request(run);
        return Optional.of(new Grant(
                had.holder(),
                had.claims(),
                had.emergency(),
                RunLines.status(run).claim().grantedAt(),
                null));
    }

    /**
     * Whether it has what it had when it was looked at: it is asked again before each write, since letting go of it and telling so
     * are two things.
     */
    public static boolean still(MaintenanceRun run, ClaimAnswer answer) {
        return answer instanceof ClaimAnswer.Granted granted
                && granted(run)
                && granted.since()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .equals(RunLines.status(run).claim().grantedAt());
    }

    /** What follows from the answer to what it asked for. */
    public static RunDecision answered(
            MaintenanceRun run, String step, ClaimRequest asked, ClaimAnswer answer, Instant now) {
        return switch (answer) {
            case ClaimAnswer.Granted granted -> claimed(run, step, asked, granted.since());
            case ClaimAnswer.Inherited ignored -> claimed(run, step, asked, now);
            case ClaimAnswer.Wait wait -> waiting(run, step, asked, wait);
            case ClaimAnswer.Exceeds exceeds -> waiting(run, step, asked, new ClaimAnswer.Wait(exceeds.parent(), now));
        };
    }

    private static RunDecision claimed(MaintenanceRun run, String step, ClaimRequest asked, Instant since) {
        return new RunDecision.Claimed(
                step,
                new HeldClaim(
                        run.getSpec().applicationRef().name(),
                        null,
                        asked.claims().stream().map(Claim::resource).toList(),
                        since.truncatedTo(ChronoUnit.SECONDS),
                        null));
    }

    /** What it has already stays its own meanwhile. */
    private static RunDecision waiting(MaintenanceRun run, String step, ClaimRequest asked, ClaimAnswer.Wait wait) {
        String application = run.getSpec().applicationRef().name();
        HeldClaim before = granted(run) ? RunLines.status(run).claim() : null;
        return new RunDecision.AwaitClaim(
                step,
                new HeldClaim(
                        application,
                        null,
                        before == null ? null : before.resources(),
                        before == null ? null : before.grantedAt(),
                        new WaitingFor(
                                wait.holder().kind(),
                                wait.holder().name(),
                                wait.since().truncatedTo(ChronoUnit.SECONDS))),
                wait.told(
                                text(asked.claims()) + " of ManagedApplication " + application,
                                run.getMetadata().getNamespace())
                        + ". The run waits for its turn.");
    }
}

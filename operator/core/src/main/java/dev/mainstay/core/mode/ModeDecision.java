package dev.mainstay.core.mode;

import dev.mainstay.api.claims.HeldClaim;
import dev.mainstay.api.mode.RedirectedService;
import dev.mainstay.api.workload.StoppedWorkload;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import java.time.Duration;
import java.util.List;

/** What is to be done about a MaintenanceMode now. */
public sealed interface ModeDecision {

    /** It has ended, or is not ours: nothing. */
    record LeaveAlone() implements ModeDecision {}

    /** Somebody wrote at the same moment: decide again. */
    record LookAgain() implements ModeDecision {}

    /** It can't go on until a person does something, or waits for something that comes by itself. */
    record Wait(Reason reason, String message, boolean stuck) implements ModeDecision {}

    /** Its finalizer is to be written on it before anything is done. */
    record Mark() implements ModeDecision {}

    /** The page is to be as this says. */
    record ApplyPage(PageSpec page) implements ModeDecision {}

    /** Where the Services lead is to be written down before it is changed. */
    record Save(List<RedirectedService> services) implements ModeDecision {}

    /**
     * Services are to be led to the page.
     *
     * @param changes their selectors
     * @param services what is known of all of them afterwards
     * @param again what is told when somebody else has put a selector back; else null
     */
    record Redirect(List<Redirection> changes, List<RedirectedService> services, String again)
            implements ModeDecision {}

    /** What it needs of the workloads is to be asked for: others may work on them. */
    record TakeClaim() implements ModeDecision {}

    /** Others work on the workloads, and it waits for its turn. */
    record AwaitClaim(HeldClaim claim, String message) implements ModeDecision {}

    /** It may change the workloads now; what they have is to be read after this, not before. */
    record Claimed(HeldClaim claim) implements ModeDecision {}

    /** What the workloads have is to be written down before it is changed. */
    record SaveWorkloads(List<StoppedWorkload> workloads) implements ModeDecision {}

    /**
     * Workloads are to be stopped.
     *
     * @param changes of the workloads
     * @param workloads what is known of all of them afterwards
     * @param again what is told when somebody else has started one again; else null
     */
    record StopWorkloads(List<ScaleChange> changes, List<StoppedWorkload> workloads, String again)
            implements ModeDecision {}

    /** All workloads were told to stop; their Pods are waited for. */
    record AwaitStop(List<StoppedWorkload> workloads, String message) implements ModeDecision {}

    /**
     * The Services lead to the page, and what is to be stopped is.
     *
     * @param services what is known of them
     * @param workloads what is known of those that are stopped
     * @param reverted what is told of those that somebody else has led back, or started again, for good; empty when there are
     *     none
     * @param warnings what else does not fit
     * @param next when to look again at the latest
     */
    record Stay(
            List<RedirectedService> services,
            List<StoppedWorkload> workloads,
            List<String> reverted,
            List<String> warnings,
            Duration next)
            implements ModeDecision {}

    /**
     * It leaves, and workloads are to be given back what they had.
     *
     * @param changes of the workloads
     * @param workloads what is known of all of them afterwards
     * @param notes what is told of those that are left as they are
     */
    record GiveBack(List<ScaleChange> changes, List<StoppedWorkload> workloads, List<String> notes)
            implements ModeDecision {}

    /** It leaves, and waits for what the message says before the Services are led back or the page goes. */
    record Await(String message) implements ModeDecision {}

    /** Services are to be led back. */
    record LeadBack(List<Redirection> changes) implements ModeDecision {}

    /** None of the Services leads to the page any more; it stays for those who have not heard of it. */
    record Drain(Duration left) implements ModeDecision {}

    /** Nobody asks for the page any more. */
    record RemovePage(PageState page) implements ModeDecision {}

    /** It is over. */
    record End(String message) implements ModeDecision {}

    /** When to look again at the latest, if nothing wakes it before. */
    default Duration lookAgain() {
        return switch (this) {
            case LeaveAlone ignored -> Duration.ofMinutes(10);
            case LookAgain ignored -> Duration.ofMillis(200);
            case Wait ignored -> Duration.ofSeconds(10);
            case Claimed ignored -> Duration.ofMillis(200);
            case AwaitClaim ignored -> Duration.ofSeconds(2);
            case Stay stay -> stay.next();
            case Drain drain -> drain.left();
            case End ignored -> Duration.ofMillis(200);
            default -> Duration.ofSeconds(1);
        };
    }
}

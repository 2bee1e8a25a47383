package dev.mainstay.core.mode;

import dev.mainstay.core.Durations;
import dev.mainstay.core.rollback.ServiceState;
import dev.mainstay.core.status.Reason;
import dev.mainstay.core.workload.ScaleChange;
import java.time.Duration;

/** What follows when the API server does not take something. */
public final class Refused {

    private Refused() {}

    /**
     * A selector was not taken.
     *
     * @param redirection what was to be written
     * @param forbidden whether a right or a policy stands against it
     * @param message what the API server said
     */
    public static ModeDecision selector(Redirection redirection, boolean forbidden, String message) {
        return new ModeDecision.Wait(
                forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                "The API server does not take the selector "
                        + ServiceState.text(redirection.selector()) + " of Service "
                        + redirection.seen().name() + ": " + message,
                true);
    }

    /** A workload could not be stopped, or given back. */
    public static ModeDecision workload(ScaleChange change, boolean forbidden, String message) {
        return new ModeDecision.Wait(
                forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                "The API server does not take " + change.text() + " of "
                        + change.seen().text() + ": " + message,
                true);
    }

    /** The operator was refused something that it needs to know or to note. */
    public static ModeDecision right(String said) {
        return new ModeDecision.Wait(
                Reason.FORBIDDEN,
                "The API server refuses what the operator needs for this: " + said
                        + ". Give it the rights of its chart back (helm upgrade, docs/security.md); it goes on by itself.",
                true);
    }

    /** The API server, or a webhook that it asks, fails at what the operator asks of it. */
    public static ModeDecision failed(String said, Duration again) {
        return new ModeDecision.Wait(
                Reason.REJECTED,
                "The API server fails at what the operator asks of it, which is tried again every "
                        + Durations.format(again) + ". It says: " + said,
                true);
    }

    /** The page was not taken. */
    public static ModeDecision page(PageSpec page, boolean forbidden, String message) {
        return new ModeDecision.Wait(
                forbidden ? Reason.FORBIDDEN : Reason.REJECTED,
                "The API server does not take the maintenance page " + page.name() + ": " + message
                        + " No Service was changed.",
                true);
    }
}

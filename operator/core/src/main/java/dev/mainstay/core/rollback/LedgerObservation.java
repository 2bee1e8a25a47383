package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ManagedApplication;
import java.util.List;

/**
 * What is known when it is decided whether the state of an application becomes a release.
 *
 * @param application the object
 * @param deployments its Deployments that exist, in the order of its spec
 * @param recorded the releases that are kept, the newest first
 * @param working what its health check says
 * @param rollingBack whether a rollback is under way
 * @param alerts names of its critical AlertRules that fire
 */
public record LedgerObservation(
        ManagedApplication application,
        List<DeploymentState> deployments,
        List<RecordedRelease> recorded,
        Working working,
        boolean rollingBack,
        List<String> alerts) {

    /** What a health check says. */
    public enum Working {
        /** There is no health check. */
        NOT_ASKED,
        /** It passes. */
        YES,
        /** It does not pass, or nothing is known. */
        NOT_KNOWN
    }

    /** Nothing of it: for an application whose spec can't be read. */
    public static LedgerObservation none(ManagedApplication application) {
        return new LedgerObservation(application, List.of(), List.of(), Working.NOT_ASKED, false, List.of());
    }
}

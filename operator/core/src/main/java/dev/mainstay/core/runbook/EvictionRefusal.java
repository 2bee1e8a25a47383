package dev.mainstay.core.runbook;

/**
 * Why the API server does not evict a Pod.
 *
 * @param cause what stands against it
 * @param pod name of the Pod
 * @param message what the API server said; of a budget with its name
 */
public record EvictionRefusal(Cause cause, String pod, String message) {

    /** What stands against an eviction. */
    public enum Cause {
        /** A PodDisruptionBudget allows none now. */
        BUDGET,
        /** The Pod has several of them, which the API server can't honour. */
        SEVERAL_BUDGETS,
        /** The API server has too much to do. */
        BUSY,
        /** A right or a policy. */
        FORBIDDEN,
        /** A rule that refuses it again. */
        RULE
    }
}

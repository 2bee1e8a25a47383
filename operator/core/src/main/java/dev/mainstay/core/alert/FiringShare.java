package dev.mainstay.core.alert;

/**
 * How many alert rules fire at once: where many do, the cause is more likely a shared one, or a source of metrics that is wrong
 * (storm mode, medik8s/node-healthcheck-operator pull 378).
 *
 * @param firing how many fire
 * @param known of how many
 */
public record FiringShare(int firing, int known) {

    /** No fewer are a storm, however few there are. */
    public static final int FEWEST = 5;

    /** More than so many of a hundred are one. */
    public static final int PERCENT = 30;

    /** Whether nothing is to be done about any of them. */
    boolean storm() {
        return firing >= FEWEST && (long) firing * 100 > (long) known * PERCENT;
    }
}

package dev.mainstay.core.certificate;

/**
 * Something to be told of certificates.
 *
 * @param level how grave it is
 * @param text what was found, and what to do
 */
record Remark(Level level, String text) {

    /** How grave something is, the worst first. */
    enum Level {
        FAILED,
        COULD_NOT_CHECK,
        FINDING
    }
}

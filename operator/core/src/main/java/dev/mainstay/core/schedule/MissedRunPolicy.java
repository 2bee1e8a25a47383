package dev.mainstay.core.schedule;

/** What becomes of slots at which nothing could be started. */
public enum MissedRunPolicy {
    /** The latest of them runs late, while its starting deadline lasts. */
    RUN_LATEST("RunLatest"),
    /** None of them runs. */
    SKIP("Skip");

    private final String text;

    MissedRunPolicy(String text) {
        this.text = text;
    }

    /** The value as the API spells it. */
    public String text() {
        return text;
    }
}

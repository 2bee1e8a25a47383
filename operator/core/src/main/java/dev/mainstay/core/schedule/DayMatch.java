package dev.mainstay.core.schedule;

/** Which days are meant when day of month and day of week are both restricted. */
public enum DayMatch {
    /** Days that match either of the two, as cron has always done it. */
    ANY("Any"),
    /** Days that match both: with {@code 0 9 1-7 * MON} the first Monday of a month. */
    ALL("All");

    private final String text;

    DayMatch(String text) {
        this.text = text;
    }

    /** The value as the API spells it. */
    public String text() {
        return text;
    }
}

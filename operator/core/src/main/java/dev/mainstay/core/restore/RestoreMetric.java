package dev.mainstay.core.restore;

import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * What is measured of each RestoreRequest, all of it gauges, read from the status as {@code PolicyMetric} is.
 * docs/reference/metrics.md is made from this list.
 */
public enum RestoreMetric {
    PREVIOUS_KEPT(
            "mainstay_restore_previous_kept_timestamp_seconds",
            "Since when the database that it replaced is kept; no series once that is gone, was put back, or was none.");

    private final String text;
    private final String help;

    RestoreMetric(String text, String help) {
        this.text = text;
        this.help = help;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its value for a request; empty when there is none. */
    public Optional<Double> of(RestoreRequest request) {
        return Optional.ofNullable(RestoreClaims.status(request).previous())
                .map(PreviousDatabase::since)
                .map(Instant::getEpochSecond)
                .map(Long::doubleValue);
    }
}

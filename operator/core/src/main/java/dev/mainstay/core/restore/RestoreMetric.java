package dev.mainstay.core.restore;

import dev.mainstay.api.restore.PreviousDatabase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.api.restore.RestoreRequestStatus;
import dev.mainstay.api.restore.SafetyBackup;
import dev.mainstay.core.Durations;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.claims.ReplayGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each RestoreRequest, all of it gauges, read from the status as {@code PolicyMetric} is.
 * docs/reference/metrics.md is made from this list.
 */
public enum RestoreMetric {
    PREVIOUS_KEPT(
            "mainstay_restore_previous_kept_timestamp_seconds",
            "Since when the database that it replaced is kept; no series once that is gone, was put back, or was none.",
            request -> time(
                    request,
                    Map.of(),
                    Optional.ofNullable(RestoreClaims.status(request).previous())
                            .map(PreviousDatabase::since))),
    DEADLINE(
            "mainstay_restore_deadline_timestamp_seconds",
            "When it is to have begun, and from then on when its data is to be there: spec.timeout later, twice that with a"
                    + " safety backup; no series once it is finished.",
            request -> time(request, Map.of(), deadline(request))),
    COMPLETED(
            "mainstay_restore_completed_timestamp_seconds",
            "When it was finished; label outcome.",
            RestoreMetric::completed);

    private final String text;
    private final String help;
    private final Function<RestoreRequest, Stream<Sample>> samples;

    RestoreMetric(String text, String help, Function<RestoreRequest, Stream<Sample>> samples) {
        this.text = text;
        this.help = help;
        this.samples = samples;
    }

    /** Its name. */
    public String text() {
        return text;
    }

    /** What it is, in a sentence. */
    public String help() {
        return help;
    }

    /** Its values for a request; none when there is nothing to tell. */
    public List<Sample> of(RestoreRequest request) {
        return samples.apply(request).toList();
    }

    private static Optional<Instant> deadline(RestoreRequest request) {
        if (request.getSpec() == null || RestoreClaims.ended(request)) {
            return Optional.empty();
        }
        return Optional.ofNullable(RestoreClaims.status(request).startedAt())
                .map(start -> start.plus(mostlyTakes(request)))
                .or(() -> ReplayGuard.beginsBy(
                        request.getMetadata(), request.getSpec().notAfter()));
    }

    /** A safety backup may take as long as the restore of the data. */
    private static Duration mostlyTakes(RestoreRequest request) {
        Duration timeout = Durations.parse(request.getSpec().timeout());
        return request.getSpec().safetyBackup() == SafetyBackup.NEVER ? timeout : timeout.multipliedBy(2);
    }

    private static Stream<Sample> completed(RestoreRequest request) {
        RestoreRequestStatus status = RestoreClaims.status(request);
        return status.outcome() == null
                ? Stream.empty()
                : time(request, Map.of("outcome", status.outcome().text()), Optional.ofNullable(status.completedAt()));
    }

    private static Stream<Sample> time(RestoreRequest request, Map<String, String> labels, Optional<Instant> time) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(
                "application",
                Optional.ofNullable(RestoreClaims.application(request)).orElse(""));
        return time.map(at -> new Sample(all, at.getEpochSecond())).stream();
    }
}

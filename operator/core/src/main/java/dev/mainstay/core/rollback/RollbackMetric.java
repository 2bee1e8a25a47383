package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.api.rollback.RollbackRequestStatus;
import dev.mainstay.core.Durations;
import dev.mainstay.core.claims.ReplayGuard;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is measured of each RollbackRequest, all of it gauges, read from the status as {@code PolicyMetric} is.
 * docs/reference/metrics.md is made from this list.
 */
public enum RollbackMetric {
    DEADLINE(
            "mainstay_rollback_deadline_timestamp_seconds",
            "When it is to have begun, and from then on when it is to be over: spec.timeout later; no series once it has its"
                    + " outcome.",
            request -> time(request, Map.of(), deadline(request))),
    COMPLETED(
            "mainstay_rollback_completed_timestamp_seconds",
            "When it was finished; label outcome.",
            RollbackMetric::completed);

    /**
     * A moment that is told.
     *
     * @param labels labels beside namespace and request
     * @param at the moment
     */
    public record Moment(Map<String, String> labels, Instant at) {}

    private final String text;
    private final String help;
    private final Function<RollbackRequest, Stream<Moment>> samples;

    RollbackMetric(String text, String help, Function<RollbackRequest, Stream<Moment>> samples) {
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

    /** What it tells of a request; empty when there is nothing to tell. */
    public List<Moment> of(RollbackRequest request) {
        return samples.apply(request).toList();
    }

    private static Optional<Instant> deadline(RollbackRequest request) {
        if (request.getSpec() == null || RollbackClaims.ended(request)) {
            return Optional.empty();
        }
        return Optional.ofNullable(status(request).startedAt())
                .map(start -> start.plus(Durations.parse(request.getSpec().timeout())))
                .or(() -> ReplayGuard.beginsBy(
                        request.getMetadata(), request.getSpec().notAfter()));
    }

    private static Stream<Moment> completed(RollbackRequest request) {
        RollbackRequestStatus status = status(request);
        return status.outcome() == null
                ? Stream.empty()
                : time(request, Map.of("outcome", status.outcome().text()), Optional.ofNullable(status.completedAt()));
    }

    private static Stream<Moment> time(RollbackRequest request, Map<String, String> labels, Optional<Instant> time) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(
                "application",
                request.getSpec() == null
                        ? ""
                        : request.getSpec().applicationRef().name());
        return time.map(at -> new Moment(all, at)).stream();
    }

    private static RollbackRequestStatus status(RollbackRequest request) {
        return request.getStatus() == null ? RollbackRequestStatus.NONE : request.getStatus();
    }
}

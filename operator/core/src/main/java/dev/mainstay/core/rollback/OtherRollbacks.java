package dev.mainstay.core.rollback;

import dev.mainstay.api.rollback.RollbackOutcome;
import dev.mainstay.api.rollback.RollbackRequest;
import dev.mainstay.core.rollback.RollbackDecision.End;
import dev.mainstay.core.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What other rollbacks of the same application mean for one. */
public final class OtherRollbacks {

    private static final Duration BREAKER = Duration.ofHours(1);
    private static final int MOST_IN_AN_HOUR = 3;

    /** Ends after which the target is in place and counts as better than what ran before. */
    private static final Set<RollbackOutcome> WENT_AWAY =
            EnumSet.of(RollbackOutcome.SUCCEEDED, RollbackOutcome.INCONCLUSIVE);

    private OtherRollbacks() {}

    /** Rolling back again and again has taken services down that one person could have saved (flux issue 2285). */
    static Optional<End> tooMany(RollbackRequest request, List<RollbackRequest> others, Instant now) {
        List<RollbackRequest> recent = others.stream()
                .filter(other -> other.getStatus() != null && other.getStatus().startedAt() != null)
                .filter(other -> other.getStatus().startedAt().isAfter(now.minus(BREAKER)))
                .toList();
        return recent.size() < MOST_IN_AN_HOUR
                ? Optional.empty()
                : Optional.of(new End(
                        RollbackOutcome.BLOCKED,
                        Reason.TOO_MANY_ROLLBACKS,
                        recent.size() + " rollbacks of ManagedApplication "
                                + request.getSpec().applicationRef().name()
                                + " were carried out within an hour: "
                                + recent.stream()
                                        .map(other -> other.getMetadata().getName())
                                        .sorted()
                                        .limit(5)
                                        .collect(Collectors.joining(", "))
                                + ". Another one would hardly help; find out what is wrong. To do it anyway, delete one of"
                                + " these requests and make this one again."));
    }

    /** Hashes of the pod templates that others went away from, and that did not come back since. */
    public static Set<String> left(List<RollbackRequest> others) {
        return others.stream()
                .map(other -> other.getStatus())
                .filter(status -> status != null && WENT_AWAY.contains(status.outcome()))
                .flatMap(status -> status.workloads().stream())
                .filter(line -> line.writtenAt() != null)
                .map(line -> line.from().hash())
                .collect(Collectors.toSet());
    }

    /** Two people at night ask for the same: going back twice would take a release away that works (dew_flow issue 328). */
    static Optional<End> doneBy(RollbackRequest request, List<RollbackRequest> others) {
        if (request.getSpec().to().lastKnownGood() == null) {
            return Optional.empty();
        }
        Instant asked = Instant.parse(request.getMetadata().getCreationTimestamp());
        return others.stream()
                .filter(other -> other.getStatus() != null
                        && other.getStatus().outcome() == RollbackOutcome.SUCCEEDED
                        && other.getStatus().startedAt() != null
                        && other.getStatus().completedAt().isAfter(asked))
                .filter(other ->
                        other.getSpec().workloads().equals(request.getSpec().workloads()))
                .findFirst()
                .map(other -> new End(
                        RollbackOutcome.NO_OP,
                        Reason.NO_OP,
                        "RollbackRequest " + other.getMetadata().getName() + " went back from "
                                + other.getStatus().from() + " to "
                                + other.getStatus().to()
                                + " after this one was made. Nothing more was changed; to go back further, make another"
                                + " request."));
    }
}

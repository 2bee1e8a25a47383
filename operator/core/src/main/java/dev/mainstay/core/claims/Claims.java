package dev.mainstay.core.claims;

import dev.mainstay.core.claims.ClaimAnswer.Doing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who works on what of one application, and who waits: a pure function from what stands to what is to stand. One operation
 * at a time; a backup and a restore beside each other where both only read; emergencies ask everybody else to end.
 *
 * @param grants what is granted
 * @param waiting who waits, the longest first
 */
public record Claims(List<Grant> grants, List<Waiting> waiting) {

    /** Nobody has anything. */
    public static final Claims NONE = new Claims(List.of(), List.of());

    /** So many lines fit into an object many times over; what comes then waits unseen. */
    private static final int MOST = 200;

    /** The grants; never null. */
    @Override
    public List<Grant> grants() {
        return grants == null ? List.of() : grants;
    }

    /** The waiting; never null. */
    @Override
    public List<Waiting> waiting() {
        return waiting == null ? List.of() : waiting;
    }

    /**
     * What becomes of a request.
     *
     * @param answer to the one who asks
     * @param after what is to stand then; equal to what stood when nothing changes
     */
    public record Outcome(ClaimAnswer answer, Claims after) {}

    /** Decides; asked again, it answers the same. */
    public Outcome decide(ClaimRequest request, Instant now) {
        Optional<Grant> parent = grants().stream()
                .filter(grant -> grant.holder().uid().equals(request.parent()))
                .findFirst();
        if (parent.isPresent()) {
            return new Outcome(
                    parent.get().covers(request.claims())
                            ? new ClaimAnswer.Inherited(parent.get().holder())
                            : new ClaimAnswer.Exceeds(parent.get().holder()),
                    this);
        }
        Optional<Grant> own = of(request.holder());
        if (own.isPresent() && own.get().covers(request.claims())) {
            return new Outcome(new ClaimAnswer.Granted(own.get().grantedAt()), this);
        }
        List<Grant> inTheWay = grants().stream()
                .filter(grant -> !grant.holder().is(request.holder()))
                .filter(grant -> grant.excludes(request.claims()))
                .toList();
        Optional<Holder> first = inTheWay.stream()
                .map(Grant::holder)
                .findFirst()
                .or(() -> own.isPresent() ? Optional.empty() : ahead(request));
        if (first.isEmpty() && grants().size() < MOST) {
            return new Outcome(new ClaimAnswer.Granted(now), granted(request, now));
        }
        Instant since = waiting().stream()
                .filter(entry -> entry.holder().is(request.holder()))
                .map(Waiting::since)
                .findFirst()
                .orElse(now);
        return new Outcome(
                new ClaimAnswer.Wait(
                        first.orElseGet(() -> grants().getFirst().holder()),
                        since,
                        first.isPresent() && inTheWay.isEmpty() ? Doing.WAITS_AHEAD : Doing.WORKS),
                queued(request, since, inTheWay));
    }

    /** The grant of a holder; empty when it has none. */
    public Optional<Grant> of(Holder holder) {
        return grants().stream().filter(grant -> grant.holder().is(holder)).findFirst();
    }

    /** Whether a holder has something, or waits for it. */
    public boolean knows(Holder holder) {
        return of(holder).isPresent()
                || waiting().stream().anyMatch(entry -> entry.holder().is(holder));
    }

    /** What remains of those that still work. */
    public Claims without(Predicate<Holder> ended) {
        return new Claims(
                grants().stream()
                        .filter(grant -> !ended.test(grant.holder()))
                        .map(grant -> grant.makeRoomFor() != null && ended.test(grant.makeRoomFor())
                                ? grant.undisturbed()
                                : grant)
                        .toList(),
                waiting().stream().filter(entry -> !ended.test(entry.holder())).toList());
    }

    /** With what holders say that they were granted: the record of it may have been lost. */
    public Claims with(List<Grant> found) {
        List<Grant> lost =
                found.stream().filter(grant -> of(grant.holder()).isEmpty()).toList();
        return lost.isEmpty()
                ? this
                : new Claims(Stream.concat(grants().stream(), lost.stream()).toList(), waiting());
    }

    /** Who came before and wants the same; not asked for one that has something already, since these may wait for it. */
    private Optional<Holder> ahead(ClaimRequest request) {
        return waiting().stream()
                .takeWhile(entry -> !entry.holder().is(request.holder()))
                .filter(entry -> entry.emergency() || !request.emergency())
                .filter(entry -> entry.excludes(request.claims()))
                .map(Waiting::holder)
                .findFirst();
    }

    /** A holder that needs more, or less, than it had gets this instead. */
    private Claims granted(ClaimRequest request, Instant now) {
        Grant grant = new Grant(request.holder(), request.claims(), request.emergency(), now, null);
        return new Claims(
                Stream.concat(grants().stream().filter(other -> !other.holder().is(request.holder())), Stream.of(grant))
                        .toList(),
                waiting().stream()
                        .filter(entry -> !entry.holder().is(request.holder()))
                        .toList());
    }

    private Claims queued(ClaimRequest request, Instant since, List<Grant> inTheWay) {
        boolean known = waiting().stream().anyMatch(entry -> entry.holder().is(request.holder()));
        List<Waiting> queue = known || waiting().size() >= MOST
                ? waiting()
                : Stream.concat(
                                waiting().stream(),
                                Stream.of(new Waiting(request.holder(), request.claims(), request.emergency(), since)))
                        .toList();
        return request.emergency()
                ? new Claims(
                        grants().stream()
                                .map(grant -> inTheWay.contains(grant) && !grant.emergency()
                                        ? grant.askedBy(request.holder())
                                        : grant)
                                .toList(),
                        queue)
                : new Claims(grants(), queue);
    }
}

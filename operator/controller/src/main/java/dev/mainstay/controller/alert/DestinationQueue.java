package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.ReceiverType;
import dev.mainstay.core.alert.SendOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What waits for one destination, and when it is its turn. One request at a time, so that messages arrive in the order in which
 * they were handed over. Not safe for threads: the outbox sees to that.
 */
final class DestinationQueue {

    static final int LARGEST = 1_000;

    private static final int SLACK_BURST = 3;
    private static final int SLACK_RATE = 1;
    private static final int RATE = 10;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    private static final int MOST_DOUBLINGS = 7;

    /**
     * A message of an object.
     *
     * @param ownerUid the object
     * @param key the message's
     */
    record Id(String ownerUid, String key) {

        static Id of(AlertMessage message) {
            return new Id(message.ownerUid(), message.key());
        }
    }

    /**
     * What is sent in one request.
     *
     * @param messages those that were handed over
     * @param open alerts that an Alertmanager is told of again
     * @param more how many wait beside them
     */
    record Batch(List<AlertMessage> messages, List<AlertMessage> open, int more) {

        /** All that the request tells; what was handed over is newer than what fires. */
        List<AlertMessage> all() {
            return Stream.concat(open.stream(), messages.stream()).toList();
        }
    }

    private final ReceiverType type;
    private final int largestBatch;
    private final TokenBucket bucket;
    private final Map<Id, AlertMessage> waiting = new LinkedHashMap<>();
    /** What an attempt has told whose end is not known: it is told once more as it was, so that its key is the same. */
    private final Set<Id> repeated = new HashSet<>();

    private final Set<Id> underWay = new HashSet<>();

    /** The objects of which a message was dropped: they are to hand it over again once there is room. */
    private final Set<String> missed = new LinkedHashSet<>();

    private boolean retell;
    private boolean busy;
    private boolean alarmed;
    private boolean paused;
    private boolean overflowing;
    private long pausedUntil;
    private int failures;

    DestinationQueue(NotificationDestination destination, long now) {
        type = ReceiverType.of(destination);
        largestBatch = type == ReceiverType.WEBHOOK ? destination.webhook().maxAlerts() : LARGEST;
        bucket = type == ReceiverType.SLACK
                ? new TokenBucket(SLACK_BURST, SLACK_RATE, now)
                : new TokenBucket(RATE, RATE, now);
    }

    ReceiverType type() {
        return type;
    }

    /** Puts a message at the end. */
    void add(AlertMessage message) {
        waiting.put(Id.of(message), message);
    }

    /** All that waits, what is under way included. */
    List<AlertMessage> waiting() {
        return List.copyOf(waiting.values());
    }

    /** Takes a message out that nobody wants to be told any more. */
    void withdraw(Id id) {
        waiting.remove(id);
        repeated.remove(id);
    }

    /** Has the next request tell all alerts that fire. */
    void retell() {
        retell = true;
    }

    /** Makes room when there are too many: repeats are missed least, ends of alerts most. Whom it took, if anybody. */
    Optional<AlertMessage> drop() {
        if (waiting.size() <= LARGEST) {
            overflowing &= waiting.size() == LARGEST;
            return Optional.empty();
        }
        AlertMessage dropped = first(message -> message.kind() == NotificationKind.REPEAT)
                .or(() -> first(message -> message.kind() != NotificationKind.RESOLVE))
                .or(() -> first(message -> true))
                .orElseThrow();
        withdraw(Id.of(dropped));
        missed.add(dropped.ownerUid());
        return Optional.of(dropped);
    }

    /** The objects that may hand over again what was dropped: half of the room is free. They are told once. */
    Set<String> welcome() {
        if (missed.isEmpty() || waiting.size() > LARGEST / 2) {
            return Set.of();
        }
        Set<String> welcome = Set.copyOf(missed);
        missed.clear();
        return welcome;
    }

    /** Whether this is the first drop since there was room. */
    boolean beginsToDrop() {
        boolean begins = !overflowing;
        overflowing = true;
        return begins;
    }

    private Optional<AlertMessage> first(Predicate<AlertMessage> wanted) {
        return waiting.values().stream()
                .filter(message -> !underWay.contains(Id.of(message)))
                .filter(wanted)
                .findFirst();
    }

    /** Whether an attempt to tell it has begun and not ended. */
    boolean isUnderWay(Id id) {
        return underWay.contains(id);
    }

    /** Whether there is anything to be told and nobody tells it. */
    boolean wants() {
        return !busy && (retell || !waiting.isEmpty());
    }

    /** Whether nothing is lost when it is forgotten. */
    boolean idle(long now) {
        return !busy && !retell && waiting.isEmpty() && missed.isEmpty() && pause(now) == 0 && bucket.full(now);
    }

    /** How many nanoseconds the next request has to wait; 0 when it may be made. */
    long pause(long now) {
        long pause = paused ? Math.max(0, pausedUntil - now) : 0;
        return Math.max(pause, bucket.untilNext(now));
    }

    /** Whether nobody looks again when the pause is over; from now on somebody does. */
    boolean needsAlarm() {
        boolean needs = !alarmed;
        alarmed = true;
        return needs;
    }

    /** The alarm has rung. */
    void alarmIsOver() {
        alarmed = false;
    }

    /** Begins a request. */
    Batch begin(Collection<AlertMessage> open, long now) {
        bucket.take(now);
        busy = true;
        List<AlertMessage> messages = repeated.isEmpty()
                ? next()
                : waiting.values().stream()
                        .filter(message -> repeated.contains(Id.of(message)))
                        .toList();
        messages.stream().map(Id::of).forEach(underWay::add);
        List<AlertMessage> told = retell ? List.copyOf(open) : List.of();
        retell = false;
        return new Batch(messages, told, waiting.size() - messages.size());
    }

    /** A webhook is told by the name of its channel, so others have to wait. */
    private List<AlertMessage> next() {
        String channel =
                waiting.isEmpty() ? "" : waiting.values().iterator().next().channel();
        return waiting.values().stream()
                .filter(message ->
                        type != ReceiverType.WEBHOOK || message.channel().equals(channel))
                .limit(largestBatch)
                .toList();
    }

    /**
     * Ends a request.
     *
     * @param jitter from 0 to 1
     */
    void end(Batch batch, SendOutcome outcome, long now, double jitter) {
        busy = false;
        underWay.clear();
        repeated.clear();
        if (outcome instanceof SendOutcome.Later later) {
            pause(later, now, jitter);
            if (!later.tooMany()) {
                batch.messages().stream()
                        .map(Id::of)
                        .filter(waiting::containsKey)
                        .forEach(repeated::add);
            }
            return;
        }
        failures = 0;
        paused = false;
        batch.messages().stream().map(Id::of).forEach(waiting::remove);
    }

    private void pause(SendOutcome.Later later, long now, double jitter) {
        long doubled = SHORTEST_PAUSE.toNanos() << Math.min(failures, MOST_DOUBLINGS);
        long own = Math.min(doubled, LONGEST_PAUSE.toNanos());
        failures++;
        long pause = later.after() == null
                ? own / 2 + (long) (own / 2 * jitter)
                : Math.max(later.after().toNanos(), SHORTEST_PAUSE.toNanos());
        paused = true;
        pausedUntil = now + pause;
    }
}

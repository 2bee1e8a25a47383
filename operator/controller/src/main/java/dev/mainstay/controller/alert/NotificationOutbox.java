package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.NotificationDestination;
import dev.mainstay.api.alert.NotificationKind;
import dev.mainstay.controller.alert.DestinationQueue.Batch;
import dev.mainstay.controller.alert.DestinationQueue.Id;
import dev.mainstay.core.alert.AlertMessage;
import dev.mainstay.core.alert.CutMessage;
import dev.mainstay.core.alert.Delivery;
import dev.mainstay.core.alert.ReceiverType;
import dev.mainstay.core.alert.SendOutcome;
import dev.mainstay.core.backup.PolicyMetric.Sample;
import dev.mainstay.core.status.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages, at least once each. Every destination has a queue and a request of its own, so that one which hangs holds
 * nobody else up; what waits there is told in one request. What is here is gone with the process: whoever has handed it over does
 * so again, and the receiver knows a repeat by its key.
 */
public final class NotificationOutbox implements Outbox, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NotificationOutbox.class);

    /** How often an Alertmanager is told what fires: as often as a Prometheus tells it. */
    static final Duration RETELL = Duration.ofMinutes(1);

    private static final Delivery WAITING = new Delivery.Waiting();

    /** Where messages go: the same place named in two namespaces has two Secrets. */
    private record Destination(String namespace, NotificationDestination to) {

        static Destination of(AlertMessage message) {
            return new Destination(message.namespace(), message.destination());
        }
    }

    /**
     * A message, and how far it is.
     *
     * @param awaited whether its owner was told that an attempt is under way, and waits for what comes of it
     */
    private record Tracked(AlertMessage message, Delivery delivery, boolean awaited) {

        Delivery told() {
            return awaited ? WAITING : delivery;
        }
    }

    private final Sender sender;
    private final Timekeeper time;
    private final DoubleSupplier jitter;
    private final Executor executor;
    private final Consumer<String> wake;
    private final Runnable end;
    private final SendCounts counts = new SendCounts();

    private final Object lock = new Object();
    private final Map<Destination, DestinationQueue> queues = new HashMap<>();
    private final Map<String, Map<String, Tracked>> owners = new HashMap<>();
    private final Map<String, List<AlertMessage>> firing = new HashMap<>();
    private boolean telling;
    private boolean closed;

    /**
     * One that sends from virtual threads.
     *
     * @param secrets where the Secrets of channels are read
     * @param wake is told the uid of an object whose message was taken, or was not for the first time
     * @param cuts is told of messages of which a receiver was not told all
     */
    public static NotificationOutbox of(
            SecretValues secrets, Clock clock, Consumer<String> wake, Consumer<CutMessage> cuts) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        // The next message waits for no Event.
        HttpSender sender =
                new HttpSender(secrets, clock, HttpSender.DEADLINE, cut -> threads.execute(() -> cuts.accept(cut)));
        return new NotificationOutbox(
                sender, Timekeeper.of(clock), () -> ThreadLocalRandom.current().nextDouble(), threads, wake, () -> {
                    threads.shutdownNow();
                    sender.close();
                });
    }

    NotificationOutbox(
            Sender sender,
            Timekeeper time,
            DoubleSupplier jitter,
            Executor executor,
            Consumer<String> wake,
            Runnable end) {
        this.sender = sender;
        this.time = time;
        this.jitter = jitter;
        this.executor = executor;
        this.wake = wake;
        this.end = end;
    }

    @Override
    public Map<String, Delivery> deliveries(String ownerUid) {
        synchronized (lock) {
            Map<String, Tracked> known = owners.get(ownerUid);
            if (known == null) {
                return Map.of();
            }
            known.replaceAll((key, tracked) ->
                    isTriedAgain(tracked) ? new Tracked(tracked.message(), tracked.delivery(), true) : tracked);
            return known.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, entry -> entry.getValue().told()));
        }
    }

    /** Whether an attempt after one that failed is under way: it may be taken yet, and nothing is sure before it has ended. */
    private boolean isTriedAgain(Tracked tracked) {
        DestinationQueue queue = queues.get(Destination.of(tracked.message()));
        return tracked.delivery() instanceof Delivery.Failing
                && queue != null
                && queue.isUnderWay(Id.of(tracked.message()));
    }

    @Override
    public void hand(String ownerUid, List<AlertMessage> messages, List<AlertMessage> open) {
        Set<String> welcome = new LinkedHashSet<>();
        synchronized (lock) {
            Map<String, Tracked> known = owners.computeIfAbsent(ownerUid, ignored -> new LinkedHashMap<>());
            Set<String> wanted = messages.stream().map(AlertMessage::key).collect(Collectors.toSet());
            known.values().stream()
                    .map(Tracked::message)
                    .filter(message -> !wanted.contains(message.key()))
                    .toList()
                    .forEach(message -> {
                        forget(message);
                        Optional.ofNullable(queues.get(Destination.of(message)))
                                .ifPresent(queue -> welcome.addAll(queue.welcome()));
                    });
            messages.stream()
                    .filter(message -> !known.containsKey(message.key()))
                    .forEach(message -> take(known, message));
            if (known.isEmpty()) {
                owners.remove(ownerUid);
            }
            keepFiring(ownerUid, open);
            messages.stream().map(Destination::of).distinct().forEach(this::pump);
        }
        welcome.forEach(this::wake);
    }

    /** How many requests ended how, by type of receiver. */
    public List<Sample> sent() {
        return counts.samples();
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        time.close();
        end.run();
    }

    private void forget(AlertMessage message) {
        Map<String, Tracked> known = owners.get(message.ownerUid());
        if (known != null) {
            known.remove(message.key());
        }
        DestinationQueue queue = queues.get(Destination.of(message));
        if (queue != null) {
            queue.withdraw(Id.of(message));
        }
    }

    private void take(Map<String, Tracked> known, AlertMessage message) {
        DestinationQueue queue = queue(Destination.of(message));
        known.put(message.key(), new Tracked(message, WAITING, false));
        queue.add(message);
        queue.drop().ifPresent(dropped -> {
            if (queue.beginsToDrop()) {
                LOG.atWarn()
                        .addKeyValue("namespace", dropped.namespace())
                        .addKeyValue("name", dropped.channel())
                        .log("more than " + DestinationQueue.LARGEST + " messages wait for this NotificationChannel;"
                                + " the oldest are dropped, repeats first, and made anew when it takes some");
            }
            forget(dropped);
        });
    }

    private void keepFiring(String ownerUid, List<AlertMessage> open) {
        List<AlertMessage> told = open.stream()
                .filter(message -> message.destination().alertmanager() != null)
                .toList();
        if (told.isEmpty()) {
            firing.remove(ownerUid);
            return;
        }
        firing.put(ownerUid, told);
        if (!telling) {
            telling = true;
            time.after(RETELL, this::retell);
        }
    }

    /** Tells each Alertmanager what fires, and forgets queues that nobody needs. */
    private void retell() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            firing.values().stream()
                    .flatMap(List::stream)
                    .map(Destination::of)
                    .distinct()
                    .forEach(destination -> {
                        queue(destination).retell();
                        pump(destination);
                    });
            queues.values().removeIf(queue -> queue.idle(time.nanos()));
            time.after(RETELL, this::retell);
        }
    }

    private DestinationQueue queue(Destination destination) {
        return queues.computeIfAbsent(destination, missing -> new DestinationQueue(missing.to(), time.nanos()));
    }

    /** Has a destination told what waits there, as soon as it may be. */
    private void pump(Destination destination) {
        DestinationQueue queue = queues.get(destination);
        if (closed || queue == null || !queue.wants()) {
            return;
        }
        long now = time.nanos();
        long pause = queue.pause(now);
        if (pause > 0) {
            if (queue.needsAlarm()) {
                time.after(Duration.ofNanos(pause), () -> ring(destination, queue));
            }
            return;
        }
        Batch batch = queue.begin(open(destination), now);
        executor.execute(() -> send(destination, queue, batch));
    }

    private void ring(Destination destination, DestinationQueue queue) {
        synchronized (lock) {
            queue.alarmIsOver();
            pump(destination);
        }
    }

    /** The alerts that an Alertmanager is told of again: not those whose end it is told already. */
    private List<AlertMessage> open(Destination destination) {
        return firing.values().stream()
                .flatMap(List::stream)
                .filter(message -> Destination.of(message).equals(destination))
                .filter(message -> owners.getOrDefault(message.ownerUid(), Map.of()).values().stream()
                        .map(Tracked::message)
                        .noneMatch(other -> other.kind() == NotificationKind.RESOLVE
                                && other.dedupKey().equals(message.dedupKey())
                                && Destination.of(other).equals(destination)))
                .toList();
    }

    private void send(Destination destination, DestinationQueue queue, Batch batch) {
        SendOutcome outcome = batch.all().isEmpty() ? new SendOutcome.Taken() : attempt(batch);
        settle(destination, queue, batch, outcome).forEach(this::wake);
    }

    private void wake(String ownerUid) {
        try {
            wake.accept(ownerUid);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("problem", String.valueOf(e)).log("an object was not woken");
        }
    }

    private SendOutcome attempt(Batch batch) {
        SendOutcome outcome;
        try {
            outcome = sender.send(batch.all(), batch.more());
        } catch (RuntimeException e) {
            // Its message may hold what must not be said.
            String type = e.getClass().getSimpleName();
            LOG.atError().addKeyValue("problem", type).log("a message was not sent");
            outcome = new SendOutcome.Later(
                    Reason.INTERNAL_ERROR, "sending failed by an error of Mainstay's: " + type, null);
        }
        counts.add(ReceiverType.of(batch.all().getFirst().destination()), outcome);
        return outcome;
    }

    /** Notes what came of a request; the objects that something changes for. */
    private Set<String> settle(Destination destination, DestinationQueue queue, Batch batch, SendOutcome outcome) {
        Set<String> changed = new LinkedHashSet<>();
        synchronized (lock) {
            queue.end(batch, outcome, time.nanos(), jitter.getAsDouble());
            Instant now = time.now();
            // What waits behind a request that fails is in the same trouble: who stands in for the channel is to know.
            List<AlertMessage> concerned = outcome instanceof SendOutcome.Later ? queue.waiting() : batch.messages();
            for (AlertMessage message : concerned) {
                Map<String, Tracked> known = owners.get(message.ownerUid());
                Tracked tracked = known == null ? null : known.get(message.key());
                if (tracked != null) {
                    boolean sent = batch.messages().contains(message);
                    Delivery next = after(tracked.delivery(), outcome, sent, now);
                    known.put(message.key(), new Tracked(message, next, false));
                    if (tracked.awaited() || isFurther(tracked.delivery(), next)) {
                        changed.add(message.ownerUid());
                    }
                }
            }
            changed.addAll(queue.welcome());
            pump(destination);
        }
        return changed;
    }

    private static boolean isFurther(Delivery before, Delivery next) {
        return next.getClass() != before.getClass()
                || before instanceof Delivery.Failing one
                        && next instanceof Delivery.Failing other
                        && one.unanswered() != other.unanswered();
    }

    private static Delivery after(Delivery before, SendOutcome outcome, boolean sent, Instant now) {
        boolean unanswered = before instanceof Delivery.Failing failing && failing.unanswered();
        return switch (outcome) {
            case SendOutcome.Taken ignored -> new Delivery.Taken(now);
            case SendOutcome.Refused refused -> new Delivery.Refused(now, refused.reason(), refused.message());
            case SendOutcome.Later later ->
                new Delivery.Failing(
                        before instanceof Delivery.Failing failing ? failing.since() : now,
                        later.reason(),
                        later.message(),
                        unanswered || sent && later.unanswered());
        };
    }
}

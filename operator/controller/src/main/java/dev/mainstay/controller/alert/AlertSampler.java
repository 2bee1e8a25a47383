package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.AlertQueries;
import dev.mainstay.core.alert.Evaluation;
import dev.mainstay.core.status.Reason;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what rules watch. Rules with the same question are measured by one query, whatever their number; one timer looks
 * which questions are due. A rule is woken when what was measured may change how its alert stands, and not for each value.
 */
public final class AlertSampler implements Evaluations, AutoCloseable {

    /** So many queries are under way at once. A Prometheus takes 20 by default, from all who ask it. */
    public static final int AT_ONCE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(AlertSampler.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final AlertSources sources;
    private final boolean allowFreeQueries;
    private final Changes changes;
    private final Consumer<ResourceID> wake;
    private final Clock clock;
    private final Lanes lanes;
    private final Map<ResourceID, WatchedRule> rules = new HashMap<>();
    private final Map<Question, RuleGroup> groups = new HashMap<>();
    private Runnable stop = () -> {};
    private volatile boolean closed;

    /** Whether a measurement may change how the alert of a rule stands. */
    public interface Changes {

        /**
         * Whether it may.
         *
         * @param before the measurement before; null for the first
         */
        boolean mayChange(AlertRule rule, Evaluation before, Evaluation after);
    }

    /**
     * A source that does not answer.
     *
     * @param source what is asked
     * @param since since when it does not answer
     * @param why what was found and what to do
     * @param rules those that ask it and got no answer
     */
    public record Failing(String source, Instant since, String why, List<AlertRule> rules) {}

    /**
     * Makes one that does nothing by itself.
     *
     * @param allowFreeQueries whether the release takes queries of users
     * @param wake has a rule reconciled
     * @param executor does the sweeps
     */
    AlertSampler(
            AlertSources sources,
            boolean allowFreeQueries,
            Changes changes,
            Consumer<ResourceID> wake,
            Clock clock,
            Executor executor) {
        this.sources = sources;
        this.allowFreeQueries = allowFreeQueries;
        this.changes = changes;
        this.wake = wake;
        this.clock = clock;
        this.lanes = new Lanes(executor);
    }

    /**
     * Makes one that measures from now on.
     *
     * @param allowFreeQueries whether the release takes queries of users
     * @param changes which measurements wake a rule
     * @param wake has a rule reconciled
     */
    public static AlertSampler start(
            AlertSources sources, boolean allowFreeQueries, Changes changes, Consumer<ResourceID> wake, Clock clock) {
        ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
        AlertSampler sampler = new AlertSampler(sources, allowFreeQueries, changes, wake, clock, threads);
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
        timer.scheduleWithFixedDelay(sampler::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        sampler.stop = () -> {
            timer.shutdownNow();
            threads.shutdownNow();
        };
        return sampler;
    }

    @Override
    public synchronized Known of(AlertRule rule, ManagedApplication application) {
        ResourceID id = ResourceID.fromResource(rule);
        WatchedRule before = rules.get(id);
        if (application == null) {
            leave(before);
            return unasked(new AlertObstacle(
                    Reason.APPLICATION_NOT_FOUND,
                    "AlertRule " + id.getName() + ": ManagedApplication "
                            + rule.getSpec().applicationRef().name()
                            + " does not exist. Create it, or correct spec.applicationRef.name."));
        }
        AlertQueries asked = AlertQueries.of(rule, application, allowFreeQueries);
        if (asked.query().isEmpty()) {
            leave(before);
            return unasked(asked.obstacle().orElseThrow());
        }
        WatchedRule now = before;
        if (before != null && before.isFor(rule, asked.query().get())) {
            before.update(rule, application);
        } else {
            // What another query gave says nothing; what this one gave stands until it is asked again, which is soon.
            boolean same = before != null
                    && before.isSame(rule)
                    && before.query().equals(asked.query().get());
            leave(before);
            now = new WatchedRule(rule, application, asked.query().get(), same ? before.seen() : null);
            join(now);
        }
        WatchedRule.Seen seen = now.seen();
        return new Known(
                Optional.of(now.query().text()),
                Optional.ofNullable(seen).map(WatchedRule.Seen::obstacle),
                Optional.ofNullable(seen).map(WatchedRule.Seen::evaluation));
    }

    @Override
    public synchronized void forget(AlertRule rule) {
        WatchedRule watched = rules.get(ResourceID.fromResource(rule));
        if (watched != null && watched.isSame(rule)) {
            leave(watched);
        }
    }

    /** The sources that do not answer now, by what is asked. */
    public synchronized Map<String, Failing> failing() {
        Map<String, Failing> failing = new TreeMap<>();
        for (WatchedRule watched : rules.values()) {
            WatchedRule.Seen seen = watched.seen();
            if (seen != null && seen.evaluation() instanceof Evaluation.Failed failed && failed.source() != null) {
                Failing before = failing.get(failed.source());
                List<AlertRule> asking = before == null ? new ArrayList<>() : before.rules();
                asking.add(watched.rule());
                boolean longer = before != null && before.since().isBefore(seen.failingSince());
                failing.put(
                        failed.source(),
                        new Failing(
                                failed.source(), longer ? before.since() : seen.failingSince(), failed.why(), asking));
            }
        }
        return failing;
    }

    /** Begins the sweeps that are due. */
    void tick() {
        try {
            Instant now = clock.instant();
            for (Lanes.Turn turn : due(now)) {
                lanes.add(turn);
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("problem", e.toString())
                    .log("what is due could not be measured; it is tried again");
        }
    }

    /** When what is asked for a rule is asked next as a whole; for tests. */
    synchronized Optional<Instant> due(AlertRule rule) {
        return Optional.ofNullable(rules.get(ResourceID.fromResource(rule)))
                .map(watched -> groups.get(question(watched)).due());
    }

    private synchronized List<Lanes.Turn> due(Instant now) {
        List<Lanes.Turn> turns = new ArrayList<>();
        for (RuleGroup group : groups.values()) {
            List<WatchedRule> taken = group.take(now);
            if (!taken.isEmpty()) {
                turns.add(new Turn(group, new Sweep(sources, group.question(), group.parts(), taken, this::take)));
            }
        }
        return turns;
    }

    private static Known unasked(AlertObstacle obstacle) {
        return new Known(Optional.empty(), Optional.of(obstacle), Optional.empty());
    }

    private static Question question(WatchedRule watched) {
        return Question.of(watched.rule(), watched.query());
    }

    private void join(WatchedRule watched) {
        Instant now = clock.instant();
        rules.put(watched.id(), watched);
        groups.computeIfAbsent(question(watched), question -> new RuleGroup(question, now))
                .add(watched, now);
    }

    private void leave(WatchedRule watched) {
        if (watched == null) {
            return;
        }
        rules.remove(watched.id());
        RuleGroup group = groups.get(question(watched));
        group.remove(watched);
        dropUnused(group);
    }

    /** One that is being measured stays until that is over, so that its question is never asked twice at one time. */
    private void dropUnused(RuleGroup group) {
        if (group.isUnused()) {
            groups.remove(group.question());
        }
    }

    private synchronized boolean isWatched(WatchedRule watched) {
        return rules.get(watched.id()) == watched;
    }

    /** A rule that was edited or deleted meanwhile takes nothing: what was measured is not what it asks. */
    private void take(WatchedRule watched, Evaluation evaluation, AlertObstacle obstacle) {
        if (closed || !isWatched(watched)) {
            return;
        }
        WatchedRule.Seen before = watched.seen();
        watched.see(WatchedRule.Seen.after(before, evaluation, obstacle));
        Evaluation last = before == null ? null : before.evaluation();
        boolean changed = evaluation == null
                ? before == null || !Objects.equals(before.obstacle(), obstacle)
                : changes.mayChange(watched.rule(), last, evaluation);
        if (changed) {
            wake.accept(watched.id());
        }
    }

    private synchronized void done(RuleGroup group) {
        group.done();
        dropUnused(group);
    }

    /** A sweep of a group in its turn. */
    private final class Turn implements Lanes.Turn {

        private final RuleGroup group;
        private final Sweep sweep;

        private Turn(RuleGroup group, Sweep sweep) {
            this.group = group;
            this.sweep = sweep;
        }

        @Override
        public String lane() {
            return group.question().subject().source();
        }

        @Override
        public String run() {
            try {
                return sweep.run(clock.instant());
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.atWarn().addKeyValue("problem", e.toString()).log("rules could not be measured");
                    sweep.broken(e, clock.instant());
                }
                return null;
            } finally {
                done(group);
            }
        }

        @Override
        public void fail(String why) {
            try {
                sweep.fail(why, clock.instant());
            } finally {
                done(group);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        stop.run();
    }
}

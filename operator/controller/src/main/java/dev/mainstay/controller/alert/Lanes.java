package dev.mainstay.controller.alert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has sweeps wait for their turn: of one source a few are under way at a time, so that one which hangs leaves room for the
 * others. When it does not answer, those that wait for it are told so, and do not try it one after another.
 */
final class Lanes {

    /** So many sweeps of one source at a time. */
    static final int OF_ONE_SOURCE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final Executor executor;
    private final Map<String, Lane> lanes = new HashMap<>();

    Lanes(Executor executor) {
        this.executor = executor;
    }

    /** A sweep. */
    interface Turn {

        /** Who is asked; null when nobody is. */
        String lane();

        /** Does it. What it returns is why the source does not answer; null when it does. */
        String run();

        /** Ends it undone, since the source does not answer. */
        void fail(String why);
    }

    private static final class Lane {

        private final Deque<Turn> waiting = new ArrayDeque<>();
        private int running;
    }

    void add(Turn turn) {
        if (turn.lane() == null) {
            execute(turn::run);
        } else if (begins(turn)) {
            execute(() -> follow(turn));
        }
    }

    private synchronized boolean begins(Turn turn) {
        Lane lane = lanes.computeIfAbsent(turn.lane(), ignored -> new Lane());
        if (lane.running == OF_ONE_SOURCE) {
            lane.waiting.add(turn);
            return false;
        }
        lane.running++;
        return true;
    }

    private void follow(Turn turn) {
        String why = turn.run();
        if (why != null) {
            drained(turn.lane()).forEach(waiting -> waiting.fail(why));
        }
        Turn next = next(turn.lane());
        if (next != null) {
            execute(() -> follow(next));
        }
    }

    private synchronized List<Turn> drained(String lane) {
        Deque<Turn> waiting = lanes.get(lane).waiting;
        List<Turn> drained = List.copyOf(waiting);
        waiting.clear();
        return drained;
    }

    /** The next of a lane, which goes on in the place of one that has ended; null when none waits. */
    private synchronized Turn next(String name) {
        Lane lane = lanes.get(name);
        Turn next = lane.waiting.poll();
        if (next == null && --lane.running == 0) {
            lanes.remove(name);
        }
        return next;
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("the operator stops; nothing is measured any more");
        }
    }
}

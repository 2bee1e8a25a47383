package dev.mainstay.controller.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rules that ask one question, and when it is asked next. Guarded by the sampler. */
final class RuleGroup {

    /** Rules that come together, as after a start, are asked for together. */
    static final Duration SOON = Duration.ofSeconds(1);

    private final Question question;
    private final long phase;
    private final Parts parts = new Parts();
    private final Set<WatchedRule> rules = new LinkedHashSet<>();
    private Instant due;
    private Instant soon;
    private boolean busy;

    RuleGroup(Question question, Instant now) {
        this.question = question;
        this.phase = Math.floorMod(
                spread(question.toString().hashCode()), question.every().toMillis());
        this.due = after(now);
    }

    Question question() {
        return question;
    }

    Parts parts() {
        return parts;
    }

    Instant due() {
        return due;
    }

    boolean isUnused() {
        return rules.isEmpty() && !busy;
    }

    void add(WatchedRule rule, Instant now) {
        rules.add(rule);
        if (soon == null) {
            soon = now.plus(SOON);
        }
    }

    void remove(WatchedRule rule) {
        rules.remove(rule);
    }

    /** Takes those that are to be asked for now; none while a sweep of the group is under way. */
    List<WatchedRule> take(Instant now) {
        // A clock that was set back would have it wait for as long.
        if (due.isAfter(now.plus(question.every()))) {
            due = after(now);
        }
        if (soon != null && soon.isAfter(now.plus(SOON))) {
            soon = now;
        }
        boolean whole = !now.isBefore(due);
        boolean newOnes = soon != null && !now.isBefore(soon);
        if (busy || !whole && !newOnes || rules.isEmpty()) {
            return List.of();
        }
        List<WatchedRule> taken = whole
                ? new ArrayList<>(rules)
                : rules.stream().filter(WatchedRule::isSoon).toList();
        soon = null;
        if (whole) {
            due = after(now);
        }
        taken.forEach(WatchedRule::askedFor);
        busy = !taken.isEmpty();
        return taken;
    }

    void done() {
        busy = false;
    }

    /** The moments are the same for as long as the question is: no drift, and not all at once. */
    private Instant after(Instant now) {
        long every = question.every().toMillis();
        long passed = Math.floorMod(now.toEpochMilli() - phase, every);
        return now.plusMillis(every - passed);
    }

    /** Hash codes of much the same texts lie close together. That of a text is the same in each process. */
    private static long spread(int hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }
}

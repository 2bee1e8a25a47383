package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.core.alert.AlertObstacle;
import dev.mainstay.core.alert.AlertQuery;
import dev.mainstay.core.alert.Evaluation;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.Objects;

/** A rule of one spec and one query, and what was measured for it last. An edit makes another one. */
final class WatchedRule {

    private final ResourceID id;
    private final AlertQuery query;
    private volatile AlertRule rule;
    private volatile ManagedApplication application;
    private volatile Seen seen;
    /** Whether it is measured before its group is; guarded by the sampler. */
    private boolean soon = true;

    /**
     * What was measured.
     *
     * @param evaluation the measurement; null when an obstacle was met
     * @param obstacle what keeps it from being measured; null when nothing does
     * @param failingSince since when it has failed without a break, at this source; null when it has not
     */
    record Seen(Evaluation evaluation, AlertObstacle obstacle, Instant failingSince) {

        /** What follows on what was seen before. */
        static Seen after(Seen before, Evaluation evaluation, AlertObstacle obstacle) {
            if (!(evaluation instanceof Evaluation.Failed now)) {
                return new Seen(evaluation, obstacle, null);
            }
            boolean goesOn = before != null
                    && before.evaluation() instanceof Evaluation.Failed then
                    && Objects.equals(now.source(), then.source());
            return new Seen(evaluation, null, goesOn ? before.failingSince() : now.at());
        }
    }

    WatchedRule(AlertRule rule, ManagedApplication application, AlertQuery query, Seen seen) {
        this.id = ResourceID.fromResource(rule);
        this.rule = rule;
        this.application = application;
        this.query = query;
        this.seen = seen;
    }

    ResourceID id() {
        return id;
    }

    String uid() {
        return rule.getMetadata().getUid();
    }

    AlertRule rule() {
        return rule;
    }

    ManagedApplication application() {
        return application;
    }

    AlertQuery query() {
        return query;
    }

    Seen seen() {
        return seen;
    }

    /** Whether it is still this object, as it was written, and asks this. */
    boolean isFor(AlertRule other, AlertQuery asked) {
        return isSame(other) && rule.getSpec().equals(other.getSpec()) && query.equals(asked);
    }

    boolean isSame(AlertRule other) {
        return uid().equals(other.getMetadata().getUid());
    }

    /** Takes newer states of the objects. */
    void update(AlertRule newer, ManagedApplication newerApplication) {
        rule = newer;
        application = newerApplication;
    }

    void see(Seen now) {
        seen = now;
    }

    boolean isSoon() {
        return soon;
    }

    void askedFor() {
        soon = false;
    }
}

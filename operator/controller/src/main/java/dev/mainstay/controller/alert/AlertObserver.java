package dev.mainstay.controller.alert;

import dev.mainstay.api.alert.AlertRule;
import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.alert.Evaluations.Known;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertObservation;
import dev.mainstay.core.status.Pause;
import java.time.Instant;
import java.util.Optional;

/** Gathers what is decided upon for an alert rule. */
final class AlertObserver {

    private static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), Optional.empty());

    private final Evaluations evaluations;
    private final Outbox outbox;
    private final AlertMutes mutes;
    private final Wakeups wakeups;

    AlertObserver(Evaluations evaluations, Outbox outbox, AlertMutes mutes, Wakeups wakeups) {
        this.evaluations = evaluations;
        this.outbox = outbox;
        this.mutes = mutes;
        this.wakeups = wakeups;
    }

    /** Observes. What a rule asks is measured from now on, and nothing for one that is paused or goes. */
    AlertObservation observe(AlertRule rule, Instant now) {
        String namespace = rule.getMetadata().getNamespace();
        Optional<String> name = Optional.ofNullable(rule.getSpec())
                .map(spec -> spec.applicationRef().name());
        ManagedApplication application =
                name.flatMap(known -> wakeups.application(namespace, known)).orElse(null);
        Known known = rule.getMetadata().getDeletionTimestamp() != null || rule.getSpec() == null
                ? NOTHING
                : known(rule, application);
        return new AlertObservation(
                rule,
                application,
                wakeups.alerts().channelsOf(namespace),
                known.query().orElse(null),
                known.obstacle().orElse(null),
                known.newest().orElse(null),
                name.flatMap(muted -> mutes.of(namespace, muted, now)).orElse(null),
                outbox.deliveries(rule.getMetadata().getUid()));
    }

    /** What was measured before a pause says nothing after it. */
    private Known known(AlertRule rule, ManagedApplication application) {
        if (Pause.message(rule).isPresent()
                || application != null && Pause.message(application).isPresent()) {
            evaluations.forget(rule);
            return NOTHING;
        }
        return evaluations.of(rule, application);
    }
}

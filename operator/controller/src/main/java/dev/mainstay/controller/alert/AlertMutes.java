package dev.mainstay.controller.alert;

import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertMute;
import dev.mainstay.core.alert.Muting;
import dev.mainstay.core.runbook.RunMutes;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks in the caches for what keeps the alerts of an application from being told. */
public final class AlertMutes {

    private final Wakeups wakeups;

    public AlertMutes(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    /** What mutes the alerts of an application; empty when nothing does. */
    public Optional<AlertMute> of(String namespace, String application, Instant now) {
        Optional<AlertMute> downtime =
                Muting.of(application, wakeups.modesOf(namespace), wakeups.restoresOf(namespace), now);
        // Those of a run have an end; a downtime may have none, and is the longer one then.
        return Stream.of(downtime, RunMutes.of(wakeups.runs().ofApplication(namespace, application), now))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(AlertMute::until, Comparator.nullsLast(Comparator.naturalOrder())));
    }
}

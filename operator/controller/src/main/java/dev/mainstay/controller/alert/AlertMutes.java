package dev.mainstay.controller.alert;

import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.alert.AlertMute;
import dev.mainstay.core.alert.Muting;
import java.time.Instant;
import java.util.Optional;

/** Looks in the caches for what keeps the alerts of an application from being told. */
public final class AlertMutes {

    private final Wakeups wakeups;

    public AlertMutes(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    /** What mutes the alerts of an application; empty when nothing does. */
    public Optional<AlertMute> of(String namespace, String application, Instant now) {
        return Muting.of(application, wakeups.modesOf(namespace), wakeups.restoresOf(namespace), now);
    }
}

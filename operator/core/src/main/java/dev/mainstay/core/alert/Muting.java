package dev.mainstay.core.alert;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.api.mode.ModePhase;
import dev.mainstay.api.restore.RestoreRequest;
import dev.mainstay.core.mode.ModeState;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.restore.RestoreMaintenance;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What keeps the alerts of an application from being told: it is down on purpose, and that ends by itself. */
public final class Muting {

    /** The one that lasts longest; of several without an end the first by name. */
    private static final Comparator<AlertMute> LONGEST = Comparator.comparing(
                    AlertMute::until, Comparator.nullsLast(Comparator.naturalOrder()))
            .reversed()
            .thenComparing(AlertMute::by);

    private Muting() {}

    /**
     * What mutes the alerts of an application; empty when nothing does. A maintenance mode does while it is active, and a restore
     * while it has the application stopped; neither does that waits, is over, or is stuck until a person comes.
     *
     * @param modes maintenance modes, of other applications too
     * @param restores restores, of other applications too
     */
    public static Optional<AlertMute> of(
            String application, List<MaintenanceMode> modes, List<RestoreRequest> restores, Instant now) {
        return Stream.concat(
                        modes.stream()
                                .filter(mode -> mode.getSpec() != null
                                        && application.equals(
                                                mode.getSpec().applicationRef().name()))
                                .filter(mode -> isActive(mode, now))
                                .filter(mode -> restores.stream()
                                        .noneMatch(restore -> RestoreMaintenance.isOurs(restore, mode)
                                                && RestoreMaintenance.isStuck(restore)))
                                .map(mode -> new AlertMute(
                                        "MaintenanceMode " + mode.getMetadata().getName(),
                                        ModeState.endsAt(mode).orElse(null))),
                        restores.stream()
                                .filter(restore -> application.equals(RestoreClaims.application(restore)))
                                .filter(RestoreMaintenance::hasStopped)
                                .map(restore -> new AlertMute(
                                        "RestoreRequest "
                                                + restore.getMetadata().getName(),
                                        null)))
                .min(LONGEST);
    }

    /** One whose end has come mutes nothing any more, even when the operator was away and has not ended it yet. */
    private static boolean isActive(MaintenanceMode mode, Instant now) {
        return ModeState.phase(mode) == ModePhase.ACTIVE && !ModeState.leaves(mode, now);
    }
}

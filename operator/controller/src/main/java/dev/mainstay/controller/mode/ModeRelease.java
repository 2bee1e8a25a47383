package dev.mainstay.controller.mode;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.MaintenanceModes;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.mode.ModeState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the maintenance modes before the operator is uninstalled: without it nobody would lead the Services back. The operator
 * may be at it as well; both do the same.
 */
public final class ModeRelease {

    private static final Logger LOG = LoggerFactory.getLogger(ModeRelease.class);

    /** Longer than an application without a ready Pod keeps its page, and shorter than the Job may take. */
    private static final Duration LONGEST = Duration.ofSeconds(200);

    /** How long others who work on the workloads are waited for. */
    private static final Duration TURN = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MaintenanceModes modes;
    private final ModePass pass;
    private final String release;
    private final Clock clock;

    /**
     * Prepares it.
     *
     * @param release this release, as {@code namespace/name}: applications of another one are left alone
     */
    public ModeRelease(MaintenanceModes modes, ModePass pass, String release, Clock clock) {
        this.release = release;
        this.modes = modes;
        this.pass = pass;
        this.clock = clock;
    }

    /**
     * Ends the modes of these namespaces; of all when none is named.
     *
     * @throws IllegalStateException naming one that does not come to its end
     */
    public void run(Set<String> namespaces) {
        List<MaintenanceMode> begun = modes.list(namespaces).stream()
                .filter(ModeState::marked)
                .filter(mode -> !ModeState.ended(mode))
                .filter(this::isOurs)
                .toList();
        begun.forEach(mode -> modes.cancel(mode, "Mainstay is being uninstalled"));
        Instant end = clock.instant().plus(LONGEST);
        List<MaintenanceMode> left = begun;
        while (!left.isEmpty()) {
            if (!clock.instant().isBefore(end)) {
                MaintenanceMode stuck = left.getFirst();
                throw new IllegalStateException("MaintenanceMode "
                        + stuck.getMetadata().getNamespace() + "/"
                        + stuck.getMetadata().getName()
                        + " does not come to its end: read its conditions, and try again");
            }
            left = left.stream()
                    .flatMap(mode -> modes.find(mode).stream())
                    .filter(ModeState::marked)
                    .toList();
            left.forEach(mode -> pass.make(mode, clock.instant()));
            pause(left);
        }
        LOG.atInfo().addKeyValue("maintenancemodes", begun.size()).log("their Services lead to the applications");
    }

    private boolean isOurs(MaintenanceMode mode) {
        return mode.getSpec() == null
                || modes.releaseOf(
                                mode.getMetadata().getNamespace(),
                                mode.getSpec().applicationRef().name())
                        .filter(other -> !other.equals(release))
                        .isEmpty();
    }

    private static void pause(List<MaintenanceMode> left) {
        if (left.isEmpty()) {
            return;
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped before all maintenance modes had ended", e);
        }
    }

    /**
     * The record of the claims, for the last pass of all: whoever holds the workloads may have nobody left to end it, so that it is
     * waited for, and not for ever.
     */
    public static ModeClaimDesk claims(ClaimStore store, Clock clock) {
        ModeClaimDesk stored = new StoredClaims(store);
        Instant end = clock.instant().plus(TURN);
        return new ModeClaimDesk() {
            @Override
            public Optional<ClaimAnswer> ask(MaintenanceMode mode, Instant now) {
                Optional<ClaimAnswer> answer = stored.ask(mode, now);
                boolean granted =
                        answer.filter(ClaimAnswer.Granted.class::isInstance).isPresent();
                return granted || now.isBefore(end) ? answer : Optional.of(new ClaimAnswer.Granted(end));
            }

            @Override
            public boolean letGo(MaintenanceMode mode) {
                return stored.letGo(mode) || !clock.instant().isBefore(end);
            }
        };
    }

    /** What else there is, as the API server has it. */
    public static ModeSurroundings surroundings(MaintenanceModes modes) {
        return new ModeSurroundings() {
            @Override
            public Optional<ManagedApplication> application(String namespace, String name) {
                return modes.application(namespace, name);
            }

            @Override
            public List<MaintenanceMode> modes(String namespace) {
                return modes.list(namespace);
            }

            @Override
            public Optional<String> otherRelease(String namespace, String application) {
                return Optional.empty();
            }
        };
    }
}

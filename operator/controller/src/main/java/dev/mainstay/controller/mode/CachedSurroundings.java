package dev.mainstay.controller.mode;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.claims.ClaimLeases;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.watch.Wakeups;
import java.util.List;
import java.util.Optional;

/** What else there is, as the operator's caches have it. */
public final class CachedSurroundings implements ModeSurroundings {

    private final Wakeups wakeups;
    private final ClaimLeases leases;
    private final ClaimStore claims;

    public CachedSurroundings(Wakeups wakeups, ClaimLeases leases, ClaimStore claims) {
        this.wakeups = wakeups;
        this.leases = leases;
        this.claims = claims;
    }

    @Override
    public Optional<ManagedApplication> application(String namespace, String name) {
        return wakeups.application(namespace, name);
    }

    @Override
    public List<MaintenanceMode> modes(String namespace) {
        return wakeups.modesOf(namespace);
    }

    @Override
    public Optional<String> otherRelease(String namespace, String application) {
        return leases.of(namespace, application)
                .filter(lease -> !claims.isOurs(lease))
                .map(lease -> ClaimLease.release(lease).orElse(""));
    }
}

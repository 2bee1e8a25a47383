package dev.mainstay.controller.mode;

import dev.mainstay.api.mode.MaintenanceMode;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.core.claims.ClaimAnswer;
import dev.mainstay.core.mode.ModeClaims;
import java.time.Instant;
import java.util.Optional;

/** The record of an application's claims, which all operations share. */
public final class StoredClaims implements ModeClaimDesk {

    private final ClaimStore store;

    public StoredClaims(ClaimStore store) {
        this.store = store;
    }

    @Override
    public Optional<ClaimAnswer> ask(MaintenanceMode mode, Instant now) {
        return store.ask(
                mode.getMetadata().getNamespace(),
                mode.getSpec().applicationRef().name(),
                ModeClaims.request(mode),
                now);
    }

    @Override
    public boolean letGo(MaintenanceMode mode) {
        return store.release(
                mode.getMetadata().getNamespace(),
                mode.getStatus().claim().application(),
                ModeClaims.holder(mode)::equals);
    }
}

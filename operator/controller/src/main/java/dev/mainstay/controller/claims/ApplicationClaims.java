package dev.mainstay.controller.claims;

import dev.mainstay.api.application.ManagedApplication;
import dev.mainstay.controller.kube.ClaimLease;
import dev.mainstay.controller.kube.ClaimStore;
import dev.mainstay.controller.kube.HolderList;
import dev.mainstay.controller.watch.Wakeups;
import dev.mainstay.core.backup.BackupClaims;
import dev.mainstay.core.claims.Claims;
import dev.mainstay.core.claims.Holder;
import dev.mainstay.core.restore.RestoreClaims;
import dev.mainstay.core.rollback.RollbackClaims;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps the record of an application's claims: makes it, and takes the lines of those away who have ended. */
public final class ApplicationClaims {

    private final ClaimLeases leases;
    private final ClaimStore store;
    private final HolderList holders;
    private final Wakeups wakeups;

    public ApplicationClaims(ClaimLeases leases, ClaimStore store, HolderList holders, Wakeups wakeups) {
        this.leases = leases;
        this.store = store;
        this.holders = holders;
        this.wakeups = wakeups;
    }

    /** What stands, as the cache has it; empty when another release works on the application. */
    public Optional<Claims> keep(ManagedApplication application) {
        if (application.getMetadata().getDeletionTimestamp() != null) {
            return Optional.of(Claims.NONE);
        }
        String namespace = application.getMetadata().getNamespace();
        String name = application.getMetadata().getName();
        Optional<Lease> lease = leases.of(namespace, name);
        if (lease.isEmpty()) {
            store.make(application);
            return Optional.of(Claims.NONE);
        }
        if (!store.isOurs(lease.get())) {
            return Optional.empty();
        }
        Claims standing = ClaimLease.claims(lease.get()).orElse(Claims.NONE);
        Set<Holder> ended =
                holders(standing).filter(holder -> hasEnded(namespace, holder)).collect(Collectors.toSet());
        // A Lease that was deleted is made anew without lines; what is granted is known from the holders.
        boolean written = ClaimLease.claims(lease.get()).isPresent()
                && ClaimLease.release(lease.get()).isPresent();
        if (!ended.isEmpty() || !written) {
            store.release(namespace, name, ended::contains);
        }
        return Optional.of(standing.without(ended::contains));
    }

    private static Stream<Holder> holders(Claims claims) {
        return Stream.concat(
                claims.grants().stream()
                        .flatMap(grant ->
                                Stream.concat(Stream.of(grant.holder()), Stream.ofNullable(grant.makeRoomFor()))),
                claims.waiting().stream().map(entry -> entry.holder()));
    }

    /** An object that a cache does not have may be one that it does not have yet. */
    private boolean hasEnded(String namespace, Holder holder) {
        return cached(namespace, holder).orElseGet(() -> holders.isGone(namespace, holder));
    }

    private Optional<Boolean> cached(String namespace, Holder holder) {
        return switch (holder.kind()) {
            case BackupClaims.KIND ->
                wakeups.backup(namespace, holder.name())
                        .filter(backup ->
                                holder.uid().equals(backup.getMetadata().getUid()))
                        .map(BackupClaims::ended);
            case RollbackClaims.KIND ->
                wakeups.rollback(namespace, holder.name())
                        .filter(request ->
                                holder.uid().equals(request.getMetadata().getUid()))
                        .map(RollbackClaims::ended);
            case RestoreClaims.KIND ->
                wakeups.restore(namespace, holder.name())
                        .filter(request ->
                                holder.uid().equals(request.getMetadata().getUid()))
                        .map(RestoreClaims::ended);
            default -> Optional.empty();
        };
    }
}

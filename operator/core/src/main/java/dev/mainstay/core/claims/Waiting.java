package dev.mainstay.core.claims;

import java.time.Instant;
import java.util.List;

/**
 * One that waits for its turn.
 *
 * @param holder who waits
 * @param claims for what
 * @param emergency whether it goes before those that are none
 * @param since since when: who comes later and wants the same waits behind it
 */
public record Waiting(Holder holder, List<Claim> claims, boolean emergency, Instant since) {

    boolean excludes(List<Claim> wanted) {
        return claims.stream().anyMatch(claim -> wanted.stream().anyMatch(claim::excludes));
    }
}

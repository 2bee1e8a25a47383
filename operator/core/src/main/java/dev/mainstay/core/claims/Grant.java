package dev.mainstay.core.claims;

import java.time.Instant;
import java.util.List;

/**
 * What was granted, and is until its holder has ended.
 *
 * @param holder who has it
 * @param claims what
 * @param emergency whether others make room for it
 * @param grantedAt since when
 * @param makeRoomFor the emergency for which the holder is asked to end; null when nobody asks
 */
public record Grant(Holder holder, List<Claim> claims, boolean emergency, Instant grantedAt, Holder makeRoomFor) {

    Grant askedBy(Holder other) {
        return makeRoomFor == null ? new Grant(holder, claims, emergency, grantedAt, other) : this;
    }

    /** Who asked is gone. */
    Grant undisturbed() {
        return new Grant(holder, claims, emergency, grantedAt, null);
    }

    boolean excludes(List<Claim> wanted) {
        return claims.stream().anyMatch(claim -> wanted.stream().anyMatch(claim::excludes));
    }

    boolean covers(List<Claim> wanted) {
        return wanted.stream().allMatch(want -> claims.stream().anyMatch(claim -> claim.covers(want)));
    }
}

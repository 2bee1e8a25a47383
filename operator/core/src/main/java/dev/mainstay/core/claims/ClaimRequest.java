package dev.mainstay.core.claims;

import java.util.List;

/**
 * An operation asks for what it claims.
 *
 * @param holder who asks
 * @param claims for what
 * @param emergency whether others are to make room
 * @param parent uid of the operation that made the holder; null when none did
 */
public record ClaimRequest(Holder holder, List<Claim> claims, boolean emergency, String parent) {

    /** What an operation asks for. */
    public static ClaimRequest of(Operation operation, Holder holder, String name) {
        return new ClaimRequest(holder, operation.claims(name), operation.emergency(), null);
    }

    /** The same, for an object that another operation made. */
    public ClaimRequest madeBy(String uid) {
        return new ClaimRequest(holder, claims, emergency, uid);
    }
}

package dev.mainstay.core.retention;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;

/**
 * What retention needs to know of a committed backup. Aborted, failed and damaged ones are none, so they can't count
 * (Portabase issue 332, xen-orchestra issue 2524).
 *
 * @param path where it is; only parts backups of the very same moment
 * @param snapshotAt the moment whose data it holds, by its manifest: never by a name, which may mean something else
 * @param proven how far it is proven
 * @param byHand whether a person or an operation had it made, not the policy
 * @param keepUntil kept at least until then; null for one made by its policy
 * @param bytes size of its data
 */
public record StoredBackup(
        String path, Instant snapshotAt, VerificationLevel proven, boolean byHand, Instant keepUntil, long bytes) {

    /** Whether it is proven at the level or above; at level None being committed is enough. */
    public boolean isGood(VerificationLevel level) {
        return proven.compareTo(level) >= 0;
    }
}

package dev.mainstay.core.rollback;

import dev.mainstay.api.application.ReleaseProof;
import java.time.Instant;
import java.util.Comparator;

/**
 * A release as the ledger has it.
 *
 * @param name name of the ControllerRevision that holds it
 * @param number the higher, the later it was verified
 * @param hash of what runs in it
 * @param version for people; null when nothing tells one
 * @param verifiedAt when it was last seen to work for long enough
 * @param proof what was looked at until then
 * @param markedBad the RollbackRequest that went away from it; null when none did since it was verified
 */
public record RecordedRelease(
        String name,
        long number,
        String hash,
        String version,
        Instant verifiedAt,
        ReleaseProof proof,
        String markedBad) {

    /** The newest first; two operators at once may have given one number twice. */
    public static final Comparator<RecordedRelease> NEWEST_FIRST = Comparator.comparingLong(RecordedRelease::number)
            .thenComparing(RecordedRelease::verifiedAt)
            .thenComparing(RecordedRelease::name)
            .reversed();
}

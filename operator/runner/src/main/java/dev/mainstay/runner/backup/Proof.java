package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.util.Map;

/**
 * That a backup was proven: {@code verified-checksum.json} or {@code verified-fullread.json} beside its manifest, so that
 * a listing alone tells the level.
 *
 * @param formatVersion version of this format
 * @param level how far
 * @param verifiedAt when
 * @param manifestSha256 hash of the manifest that was proven
 * @param clientVersion major version of the pg_restore that read it; null unless it was read in full
 * @param rows rows by table, exactly; null unless it was read in full
 */
public record Proof(
        int formatVersion,
        VerificationLevel level,
        Instant verifiedAt,
        String manifestSha256,
        String clientVersion,
        Map<String, Long> rows) {

    /** Rows of all tables; null unless it was read in full. */
    public Long sum() {
        return rows == null
                ? null
                : Long.valueOf(rows.values().stream().mapToLong(Long::longValue).sum());
    }
}

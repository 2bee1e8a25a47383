package dev.mainstay.runner.backup;

import dev.mainstay.api.backup.VerificationLevel;
import java.time.Instant;
import java.util.Map;

/**
 * That a backup was proven: {@code verified-checksum.json}, {@code verified-fullread.json} or
 * {@code verified-restoretest.json} beside its manifest, so that a listing alone tells the level.
 *
 * @param formatVersion version of this format
 * @param level how far
 * @param verifiedAt when
 * @param manifestSha256 hash of the manifest that was proven
 * @param clientVersion major version of the pg_restore that read it; null where it was compared by hash alone
 * @param rows rows by table, exactly; null where it was compared by hash alone
 */
public record Proof(
        int formatVersion,
        VerificationLevel level,
        Instant verifiedAt,
        String manifestSha256,
        String clientVersion,
        Map<String, Long> rows) {

    /** Rows of all tables; null where it was compared by hash alone. */
    public Long sum() {
        return rows == null
                ? null
                : Long.valueOf(rows.values().stream().mapToLong(Long::longValue).sum());
    }
}

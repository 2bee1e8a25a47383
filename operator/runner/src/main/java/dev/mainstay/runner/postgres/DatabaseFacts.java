package dev.mainstay.runner.postgres;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a database before its dump.
 *
 * @param serverVersion such as {@code 17.6}
 * @param major such as 17
 * @param standby whether the server is one
 * @param bytes size of the database on its server
 * @param tables tables whose rows may be dumped
 * @param snapshotId the exported snapshot; null on a standby, which can't export one
 * @param snapshotAt the moment whose data the dump holds
 * @param lsn position in the write-ahead log just before the snapshot; null on a standby
 */
public record DatabaseFacts(
        String serverVersion,
        int major,
        boolean standby,
        long bytes,
        List<Table> tables,
        String snapshotId,
        Instant snapshotAt,
        String lsn) {

    /**
     * A table.
     *
     * @param name schema and name, joined by a dot, unquoted: as pg_dump tells it
     * @param bytes {@code pg_table_size}
     * @param estimatedRows the planner's estimate; null when it has none
     */
    public record Table(String name, long bytes, Long estimatedRows) {}
}

package dev.mainstay.runner.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.core.task.Task.MadeBy;
import java.time.Instant;
import java.util.List;

/**
 * What makes a folder in the bucket a backup: {@code manifest.json}, written last. docs/reference/manifest.md tells its
 * format to people.
 *
 * @param formatVersion version of this format
 * @param origin whose backup it is
 * @param backup the object that asked for it
 * @param database what was dumped
 * @param archive the dump
 * @param encryption to whom all of it is encrypted; null when it isn't
 * @param globals roles, without passwords
 * @param settings settings, owner and grants of the database
 * @param excludedTables tables whose rows were left out, as the policy asked; null when none were
 * @param tables tables whose rows are in the archive, in its order
 * @param startedAt when the attempt began
 * @param committedAt when this was written
 */
public record Manifest(
        int formatVersion,
        Origin origin,
        Backup backup,
        Database database,
        Archive archive,
        Encryption encryption,
        SideFile globals,
        SideFile settings,
        List<String> excludedTables,
        List<Table> tables,
        Instant startedAt,
        Instant committedAt) {

    /** The version that this code writes. */
    public static final int FORMAT_VERSION = 1;

    /** Name of the object. */
    public static final String NAME = "manifest.json";

    /** Name under which the manifest of a damaged backup is kept. */
    public static final String DAMAGED_NAME = "manifest.damaged.json";

    /**
     * Whose backup it is.
     *
     * @param clusterId id of the cluster
     * @param namespace namespace of the policy
     * @param application name of the ManagedApplication
     * @param policy name of the BackupPolicy
     * @param database name under which the application calls the database
     */
    public record Origin(String clusterId, String namespace, String application, String policy, String database) {}

    /**
     * The object that asked for it.
     *
     * @param name name of the DatabaseBackup
     * @param uid its uid
     * @param attempt number of the attempt, from 1
     * @param madeBy who made the DatabaseBackup
     * @param keepUntil until when it is kept at least; null for one made by its policy
     */
    public record Backup(String name, String uid, int attempt, MadeBy madeBy, Instant keepUntil) {}

    /**
     * What was dumped.
     *
     * @param name name of the database on its server
     * @param serverVersion such as {@code 17.6}
     * @param bytes size on the server
     * @param snapshotAt the moment whose data the backup holds
     * @param lsn position in the write-ahead log just before it; null on a standby
     */
    public record Database(String name, String serverVersion, long bytes, Instant snapshotAt, String lsn) {

        /** Major version of the server. */
        public int major() {
            return Integer.parseInt(serverVersion.split("\\D")[0]);
        }
    }

    /**
     * The dump.
     *
     * @param format always {@code custom}: what {@code pg_dump --format=custom} writes
     * @param clientVersion version of pg_dump
     * @param compression how it is compressed
     * @param bytes sum of the segments
     * @param segments objects that make up the dump when joined in this order
     */
    public record Archive(
            String format, String clientVersion, Compression compression, long bytes, List<Segment> segments) {

        /** Major version of pg_dump. */
        public int clientMajor() {
            return Integer.parseInt(clientVersion.split("\\.")[0]);
        }
    }

    /**
     * Encryption by the client, around data, globals and settings alike.
     *
     * @param format always {@code age}
     * @param recipients public keys; the one-time key of the attempt is not among them
     */
    public record Encryption(String format, List<String> recipients) {}

    /**
     * How the dump is compressed.
     *
     * @param format {@code zstd-in-archive}: pg_restore reads it as it is; {@code zstd-outer}: through {@code zstd -d}
     * @param level level of zstd
     */
    public record Compression(CompressionFormat format, int level) {}

    /** Where compression happens. */
    public enum CompressionFormat {
        /** By pg_dump 16 and newer. */
        @JsonProperty("zstd-in-archive")
        IN_ARCHIVE,
        /** By zstd, around the whole archive. */
        @JsonProperty("zstd-outer")
        OUTER
    }

    /**
     * An object.
     *
     * @param name name in the manifest's folder
     * @param bytes its size
     * @param sha256 its hash in hexadecimal
     */
    public record Segment(String name, long bytes, String sha256) {}

    /**
     * A small file beside the dump.
     *
     * @param object the object; null when there is none
     * @param absent why there is none; null when there is one
     */
    public record SideFile(Segment object, String absent) {}

    /**
     * A table whose rows are in the archive.
     *
     * @param name schema and name, joined by a dot, unquoted
     * @param bytes its size on the server
     * @param estimatedRows the planner's estimate; null when it had none
     */
    public record Table(String name, long bytes, Long estimatedRows) {}
}

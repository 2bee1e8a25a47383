package dev.mainstay.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * What a task of a restore found or did: the one component that belongs to its kind.
 *
 * @param facts what was found before anything is changed, by {@link TaskKind#RESTORE_PLAN} and
 *     {@link TaskKind#RESTORE_READY}
 * @param copy what was restored, by {@link TaskKind#RESTORE_COPY} and {@link TaskKind#RESTORE_TEST}
 * @param swap which database stands where, by {@link TaskKind#RESTORE_SWAP} and {@link TaskKind#RESTORE_SETTLE}
 */
public record RestoreReport(Facts facts, Copy copy, Swap swap) {

    /**
     * What a plan is made of.
     *
     * @param serverVersion version of the server, such as {@code 17.6}
     * @param databaseExists whether the database that is to be replaced exists
     * @param databaseBytes its size; null when it doesn't exist
     * @param sessions how many sessions use it
     * @param snapshotAt the moment whose data the backup holds; null for a kept database
     * @param backupServerVersion version of the server that the backup was made of; null for a kept database
     * @param copyBytes size of the database as the backup says, or of the kept one
     * @param storedBytes size of the backup in the bucket; null for a kept database
     * @param errors how many findings keep the restore from succeeding
     * @param warnings how many don't
     * @param findings the first findings, errors before warnings, their messages cut
     * @param kept the databases that earlier restores of this one have kept, by {@link TaskKind#RESTORE_READY}; null where
     *     nobody has looked
     */
    public record Facts(
            String serverVersion,
            boolean databaseExists,
            Long databaseBytes,
            int sessions,
            Instant snapshotAt,
            String backupServerVersion,
            Long copyBytes,
            Long storedBytes,
            int errors,
            int warnings,
            List<Finding> findings,
            Kept kept) {

        /** Where nobody has looked for kept databases. */
        public Facts(
                String serverVersion,
                boolean databaseExists,
                Long databaseBytes,
                int sessions,
                Instant snapshotAt,
                String backupServerVersion,
                Long copyBytes,
                Long storedBytes,
                int errors,
                int warnings,
                List<Finding> findings) {
            this(
                    serverVersion,
                    databaseExists,
                    databaseBytes,
                    sessions,
                    snapshotAt,
                    backupServerVersion,
                    copyBytes,
                    storedBytes,
                    errors,
                    warnings,
                    findings,
                    null);
        }

        /** The findings; never null. */
        @Override
        public List<Finding> findings() {
            return findings == null ? List.of() : findings;
        }
    }

    /**
     * Databases that earlier restores have kept, as the server has them.
     *
     * @param count how many there are
     * @param databases the first of them, by name
     */
    public record Kept(int count, List<KeptDatabase> databases) {

        /** Most that are named. */
        public static final int MOST = 8;

        /** The databases; never null. */
        @Override
        public List<KeptDatabase> databases() {
            return databases == null ? List.of() : databases;
        }
    }

    /**
     * One of them.
     *
     * @param name its name
     * @param bytes its size; null where the role may not know
     */
    public record KeptDatabase(String name, Long bytes) {}

    /**
     * A restored copy that has passed its verification.
     *
     * @param bytes its size on the server
     * @param tables how many tables it has
     * @param rows how many rows they hold
     * @param rowsCompared whether the rows of each table were compared with what the backup is known to hold
     * @param leftOut the first entries of the backup that were left out, each with the reason
     * @param leftOutCount how many were left out in all
     * @param seconds from the first byte read to the end of ANALYZE
     */
    public record Copy(
            long bytes,
            int tables,
            long rows,
            boolean rowsCompared,
            List<String> leftOut,
            int leftOutCount,
            long seconds) {

        /** The entries; never null. */
        @Override
        public List<String> leftOut() {
            return leftOut == null ? List.of() : leftOut;
        }
    }

    /**
     * Which database stands where.
     *
     * @param state whether the copy has taken the place
     * @param swappedAt when; null where it has not, or where only the names tell
     * @param refusedMillis how long the database took no connections; null where that is not known
     * @param endedSessions how many sessions were ended; null where that is not known
     * @param kept whether the database that had the name before is kept; null in the word of an earlier version
     * @param previousBytes size of the database that is kept; null when none is, or the role may not know
     * @param leftOver by {@link TaskKind#RESTORE_SETTLE}: that the copy could not be dropped, why, and the statement that
     *     drops it; null when it is gone
     */
    public record Swap(
            State state,
            Instant swappedAt,
            Long refusedMillis,
            Integer endedSessions,
            Boolean kept,
            Long previousBytes,
            String leftOver) {

        /** Where no copy is left over. */
        public Swap(
                State state,
                Instant swappedAt,
                Long refusedMillis,
                Integer endedSessions,
                Boolean kept,
                Long previousBytes) {
            this(state, swappedAt, refusedMillis, endedSessions, kept, previousBytes, null);
        }

        /** Whether a database is kept. */
        public boolean keeps() {
            return kept == null ? previousBytes != null : kept;
        }
    }

    /** Where the copy is. */
    public enum State {
        /** The database is the one that was there before, and takes connections. */
        @JsonProperty("NotSwapped")
        NOT_SWAPPED,
        /** The copy has the database's name; the one before it has the other. */
        @JsonProperty("Swapped")
        SWAPPED
    }
}

package dev.mainstay.api.restore;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;

/** What the restore does, and what it costs. It is written before anything is changed, and stays. */
public record RestorePlan(
        @JsonPropertyDescription(
                "Name of the DatabaseBackup that is restored; absent for a kept database, and for source.path.")
        @Size(max = 253)
        String backup,

        @JsonPropertyDescription("BackupPolicy whose bucket it is in; absent for a kept database.") @Size(max = 253)
        String policy,

        @JsonPropertyDescription("Where it is; absent for a kept database.") @Size(max = 1024)
        String location,

        @JsonPropertyDescription("Host and port of the server.") @Size(max = 260)
        String server,

        @JsonPropertyDescription("Name of the database on its server.") @Size(max = 63)
        String database,

        @JsonPropertyDescription(
                "Name of the database that is restored into, beside the one in use; or the kept database "
                        + "that is put back; absent when the backup goes into the database itself.")
        @Size(max = 63)
        String copy,

        @JsonPropertyDescription(
                "Name under which the database in use is kept; absent when none is replaced, and so none kept.")
        @Size(max = 63)
        String previous,

        @JsonPropertyDescription("The moment whose data comes back.")
        Instant goesBackTo,

        @JsonPropertyDescription("How much of the newest writes will not be in the database then, such as 13h22m.")
        @Size(max = 32)
        String writesLost,

        @JsonPropertyDescription("Size of the database in use, for people.") @Size(max = 32)
        String databaseSize,

        @JsonPropertyDescription("Size of the database that comes back, for people.") @Size(max = 32)
        String copySize,

        @JsonPropertyDescription("How many sessions used the database when it was looked at.")
        Integer sessions,

        @JsonPropertyDescription("Version of the server.") @Size(max = 64)
        String serverVersion,

        @JsonPropertyDescription("What was found, most grave first; at most 16.") @Size(max = 16)
        List<@Size(max = 512) String> findings) {

    /** The findings; empty when there are none. */
    @Override
    public List<String> findings() {
        return findings == null ? List.of() : findings;
    }
}

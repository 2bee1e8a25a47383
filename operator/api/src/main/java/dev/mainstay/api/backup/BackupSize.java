package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** Sizes of a backup, for people, such as {@code 183 MiB}. */
public record BackupSize(
        @JsonPropertyDescription("Size of the database on its server.") @Size(max = 32)
        String database,

        @JsonPropertyDescription("Size of the backup in the bucket.") @Size(max = 32)
        String stored,

        @JsonPropertyDescription("Size of the backup in the bucket, in bytes.")
        Long storedBytes) {}

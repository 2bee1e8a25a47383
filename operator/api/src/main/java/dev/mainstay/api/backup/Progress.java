package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** How far an attempt is. */
public record Progress(
        @JsonPropertyDescription("Bytes uploaded so far; while the backup is read back, bytes read.")
        Long bytes,

        @JsonPropertyDescription("Share of the tables' bytes whose dump has ended; at most 99 until it is committed.")
        Integer percent,

        @JsonPropertyDescription("Table that is being dumped.") @Size(max = 256)
        String table) {}

package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How the dump is compressed: always zstd. */
public record Compression(
        @JsonPropertyDescription("Level of zstd, 1 to 19. Level 1 is nearly as fast as none at all.")
        @Default("1")
        @Min(1)
        @Max(19)
        Integer level) {

    /** The level; 1 when none is given. */
    @Override
    public Integer level() {
        return level == null ? Integer.valueOf(1) : level;
    }
}

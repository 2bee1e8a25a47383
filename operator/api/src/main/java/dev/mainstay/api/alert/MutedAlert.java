package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** What keeps an alert from being told. */
public record MutedAlert(
        @JsonPropertyDescription("The object that mutes it, such as MaintenanceMode shop-release.") @Size(max = 320)
        String by,

        @JsonPropertyDescription("Since when.") Instant since,

        @JsonPropertyDescription("When that ends at the latest; absent where no end is set.")
        Instant until,

        @JsonPropertyDescription("How often the alert fired and ended since, without that anybody was told.")
        Integer cameAndWent) {

    /** How often; never when nothing is said. */
    @Override
    public Integer cameAndWent() {
        return cameAndWent == null ? Integer.valueOf(0) : cameAndWent;
    }
}

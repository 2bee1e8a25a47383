package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Where backups are kept. */
public record Storage(
        @JsonPropertyDescription("Id of the cluster whose data under this policy's path is taken over; the message of "
                + "reason OwnedByOther prints it.")
        @Size(max = 253)
        String adopt,

        @JsonPropertyDescription("An S3 bucket.") @Required S3Storage s3) {}

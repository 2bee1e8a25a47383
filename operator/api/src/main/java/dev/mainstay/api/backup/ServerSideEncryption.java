package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Encryption at rest by the store. */
public record ServerSideEncryption(
        @JsonPropertyDescription("Algorithm, as the store calls it: AES256, aws:kms or aws:kms:dsse.")
        @Required
        @ValidationRule(
                value = "self in ['AES256', 'aws:kms', 'aws:kms:dsse']",
                message = "must be AES256, aws:kms or aws:kms:dsse")
        String algorithm,

        @JsonPropertyDescription("Key of the key management service; the bucket's own when left out.")
        @Size(min = 1, max = 2048)
        String kmsKeyId) {}

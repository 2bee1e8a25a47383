package dev.mainstay.api.backup;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * When requests to S3 carry flexible checksums. SDKs since 2025 add them by default, which several stores refuse
 * (plugin-barman-cloud issue 393, velero issue 8742).
 */
public enum ChecksumMode {
    /** {@link #WHEN_REQUIRED} for an endpoint of one's own, {@link #WHEN_SUPPORTED} for AWS. */
    @JsonProperty("Auto")
    AUTO,
    /** Only where the operation can't do without. */
    @JsonProperty("WhenRequired")
    WHEN_REQUIRED,
    /** Wherever the operation allows one. */
    @JsonProperty("WhenSupported")
    WHEN_SUPPORTED,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}

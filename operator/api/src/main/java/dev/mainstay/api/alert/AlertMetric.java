package dev.mainstay.api.alert;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What of an application an alert rule watches, without a query of its own. */
public enum AlertMetric {
    /** Requests a second. */
    @JsonProperty("RequestRate")
    REQUEST_RATE,
    /** The part of the requests that the application answered with 5xx. */
    @JsonProperty("ErrorRate")
    ERROR_RATE,
    /** How long 95 of 100 answers took at the most. */
    @JsonProperty("ResponseTime")
    RESPONSE_TIME,
    /** The processor time that the Pods use, of what their limits, or else their requests, allow. */
    @JsonProperty("Cpu")
    CPU,
    /** The memory that the Pods use, of what their limits, or else their requests, allow. */
    @JsonProperty("Memory")
    MEMORY,
    /** How full the fullest volume of the application is. */
    @JsonProperty("DiskSpace")
    DISK_SPACE,
    /** Whether the application is healthy by spec.health of its ManagedApplication. */
    @JsonProperty("HealthCheck")
    HEALTH_CHECK,
    /** The part of the look-ups in the caches that found something. */
    @JsonProperty("CacheHitRate")
    CACHE_HIT_RATE,
    /** The connections to the database servers, of those they allow. */
    @JsonProperty("DatabaseConnections")
    DATABASE_CONNECTIONS,
    /** How old the last good backup of the policy is whose last good backup is the oldest. */
    @JsonProperty("BackupAge")
    BACKUP_AGE,
    /** How long the certificate stays valid that ends first, of those that are served. */
    @JsonProperty("CertificateExpiry")
    CERTIFICATE_EXPIRY,
    /** A value of a newer version; not in the schema. */
    @JsonEnumDefaultValue
    @JsonProperty("Unrecognized")
    UNRECOGNIZED
}

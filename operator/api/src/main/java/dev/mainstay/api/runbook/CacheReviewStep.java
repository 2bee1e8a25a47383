package dev.mainstay.api.runbook;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.mainstay.api.FieldRules;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a cache of the application is looked at, and what is too much or too little. */
public record CacheReviewStep(
        @JsonPropertyDescription(
                "Name of the cache in spec.caches of the ManagedApplication; may be left out when it has only one.")
        @Size(min = 1, max = 63)
        @ValidationRule(value = FieldRules.LABEL_NAME, message = FieldRules.LABEL_NAME_MESSAGE)
        String cache,

        @JsonPropertyDescription("How long lookups, evictions and refused connections are counted; from 1s to 1h.")
        @Default("30s")
        @Size(min = 2, max = 32)
        @ValidationRule(
                value = FieldRules.SHORT_DURATION
                        + " && duration(self) >= duration('1s') && duration(self) <= duration('1h')",
                message = "must be a duration from 1s to 1h, such as 30s or 5m")
        String period,

        @JsonPropertyDescription(
                "Fewer hits than this, in percent of the lookups, are a finding; 0 judges them never. They are those "
                        + "of the period, or since the server's start when it has fewer than 100.")
        @Default("80")
        @Min(0)
        @Max(100)
        Integer minHitRatePercent,

        @JsonPropertyDescription("More memory in use than this, in percent of the server's maxmemory, is a finding. "
                + "Left out: 90, and only where maxmemory-policy is noeviction or volatile-*; a cache that may evict any key "
                + "is full by design.")
        @Min(1)
        @Max(100)
        Integer maxMemoryPercent,

        @JsonPropertyDescription("More memory of the process than this, in percent of what is stored, is a finding. "
                + "A server that stores less than 100 MiB is not judged.")
        @Default("150")
        @Min(101)
        @Max(10_000)
        Integer maxFragmentationPercent,

        @JsonPropertyDescription("More keys without a time to live than this, in percent of the sample, are a finding, "
                + "where the server can't evict such keys: without maxmemory, or with maxmemory-policy noeviction or "
                + "volatile-*.")
        @Default("20")
        @Min(0)
        @Max(100)
        Integer maxKeysWithoutTtlPercent,

        @JsonPropertyDescription("More evicted keys a minute than this are a finding; left out, they are only told.")
        @Min(0)
        @Max(1_000_000_000)
        Integer maxEvictedKeysPerMinute,

        @JsonPropertyDescription(
                "More clients that wait in a blocking command than this are a finding; left out, they are only told.")
        @Min(0)
        @Max(1_000_000)
        Integer maxBlockedClients,

        @JsonPropertyDescription("How many keys are looked at for a time to live.")
        @Default("10000")
        @Min(100)
        @Max(1_000_000)
        Integer sampleKeys) {

    /** How long is counted; 30 seconds when nothing is said. */
    @Override
    public String period() {
        return period == null ? "30s" : period;
    }

    /** The fewest hits; 80 percent when nothing is said. */
    @Override
    public Integer minHitRatePercent() {
        return minHitRatePercent == null ? Integer.valueOf(80) : minHitRatePercent;
    }

    /** The most fragmentation; 150 percent when nothing is said. */
    @Override
    public Integer maxFragmentationPercent() {
        return maxFragmentationPercent == null ? Integer.valueOf(150) : maxFragmentationPercent;
    }

    /** The most keys without a time to live; 20 percent when nothing is said. */
    @Override
    public Integer maxKeysWithoutTtlPercent() {
        return maxKeysWithoutTtlPercent == null ? Integer.valueOf(20) : maxKeysWithoutTtlPercent;
    }

    /** How many keys are looked at; 10,000 when nothing is said. */
    @Override
    public Integer sampleKeys() {
        return sampleKeys == null ? Integer.valueOf(10_000) : sampleKeys;
    }
}
